/*
 * Reading profiles. Whatever is not understood is an error that says where: a misspelt key must not
 * turn into another load.
 */
#include "profile.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>
#include <tracetrack/text.h>

#define PROFILE_CLIENTS_MAX 2000
#define PROFILE_STAGES_MAX 64

TT_PRINTF(3, 4)
static enum tt_rc profile_fail(const struct profile *p, struct tt_error *err, const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	tt_fail(err, TT_CONFIG, "profile %s: %s", p->name, text);
	tt_error_hint(err, "tracetrack-stress(1) describes profiles.");
	return TT_CONFIG;
}

enum tt_rc json_file_read(json_t **out, const char *path, struct tt_error *err)
{
	json_error_t why;
	FILE *file = fopen(path, "re");

	*out = NULL;
	if (!file)
		return tt_fail(err, TT_IO, "%s can't be read: %s", path, strerror(errno));
	*out = json_loadf(file, JSON_REJECT_DUPLICATES, &why);
	fclose(file);
	if (!*out)
		return tt_fail(err, TT_CONFIG, "%s: line %d, column %d: %s", path, why.line,
			why.column, why.text);
	return TT_OK;
}

/* ---- values of JSON */

/* What a key's value must be. */
#define PROFILE_MOST 1000000000 /* of any number */

static bool json_is_number_here(const json_t *value)
{
	return json_is_number(value) && json_number_value(value) >= 0 &&
	       json_number_value(value) <= PROFILE_MOST;
}

static bool json_is_whole(const json_t *value)
{
	return json_is_integer(value) && json_is_number_here(value);
}

static bool json_is_pair(const json_t *value)
{
	return json_is_number_here(value) ||
	       (json_array_size(value) == 2 && json_is_number_here(json_array_get(value, 0)) &&
		       json_is_number_here(json_array_get(value, 1)));
}

static bool json_is_truth(const json_t *value)
{
	return json_is_boolean(value);
}

static bool json_is_text(const json_t *value)
{
	return json_is_string(value);
}

static bool json_is_word(const json_t *value)
{
	return json_is_string(value) || json_is_whole(value);
}

static bool json_is_fields(const json_t *value)
{
	return json_is_object(value);
}

static bool json_is_rows(const json_t *value)
{
	return json_is_array(value);
}

static const struct profile_type {
	char letter; /* behind the key's name and a colon */
	const char *help;
	bool (*is)(const json_t *value);
} profile_types[] = {{'w', "a whole number from 0 to a thousand million", json_is_whole},
	{'n', "a number from 0 to a thousand million", json_is_number_here},
	{'p', "a number or two, [LEAST, MOST] or [FROM, TO], from 0 on", json_is_pair},
	{'b', "true or false", json_is_truth}, {'t', "a text", json_is_text},
	{'m', "a text or a whole number", json_is_word}, {'o', "an object", json_is_fields},
	{'a', "an array", json_is_rows}, {0, NULL, NULL}};

/* "help, loop" of " help:t loop:t ". */
static void profile_list_keys(char *dst, size_t size, const char *keys)
{
	size_t at = 0, len;

	*dst = '\0';
	for (; *(keys += strspn(keys, " ")) && at + 2 < size; keys += len + 2) {
		len = strcspn(keys, ":");
		at += tt_format(dst + at, size - at, "%s%.*s", at ? ", " : "", (int)len, keys);
	}
}

/* Every key must be one of those, and its value what stands behind the colon. */
static enum tt_rc profile_check_keys(const struct profile *p, json_t *json, const char *where,
	const char *keys, struct tt_error *err)
{
	const struct profile_type *type;
	const char *key, *at;
	json_t *value;
	char word[64], there_are[160];

	if (!json_is_object(json))
		return profile_fail(p, err, "%s is no object", where);
	json_object_foreach(json, key, value)
	{
		tt_format(word, sizeof(word), " %s:", key);
		at = strstr(keys, word);
		if (!at) {
			profile_list_keys(there_are, sizeof(there_are), keys);
			return profile_fail(
				p, err, "%s: what is \"%s\"? There are: %s", where, key, there_are);
		}
		for (type = profile_types; type->letter != at[strlen(word)]; type++)
			;
		if (!type->is(value))
			return profile_fail(
				p, err, "%s: \"%s\" must be %s", where, key, type->help);
	}
	return TT_OK;
}

static double json_number_or(json_t *json, const char *key, double fallback)
{
	json_t *value = json_object_get(json, key);

	return json_is_number(value) ? json_number_value(value) : fallback;
}

/* A number, or [LEAST, MOST]. */
static bool json_pair(json_t *json, double *least, double *most)
{
	if (json_is_number(json)) {
		*least = *most = json_number_value(json);
		return true;
	}
	if (json_array_size(json) != 2 || !json_is_number(json_array_get(json, 0)) ||
		!json_is_number(json_array_get(json, 1)))
		return false;
	*least = json_number_value(json_array_get(json, 0));
	*most = json_number_value(json_array_get(json, 1));
	return true;
}

/* Whole numbers between 0 and an hour of ms, LEAST <= MOST; without the key both stay. */
static enum tt_rc profile_range(const struct profile *p, json_t *json, const char *key,
	const char *where, long *least, long *most, struct tt_error *err)
{
	json_t *value = json_object_get(json, key);
	double a, b;

	if (!value)
		return TT_OK;
	if (!json_pair(value, &a, &b) || a < 0 || b < a || b > 3600000)
		return profile_fail(p, err, "%s: %s is a number or [LEAST, MOST]", where, key);
	*least = (long)a;
	*most = (long)b;
	return TT_OK;
}

static int profile_op_index(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; name && i < p->nops; i++) {
		if (strcmp(p->ops[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

/* A name that did not fit would be another's; one with control characters or quotes would get into
 * terminals and tables. */
static enum tt_rc profile_take_word(
	const struct profile *p, char *dst, const char *name, struct tt_error *err)
{
	char clean[PROFILE_NAME_MAX];

	if (strlen(name) >= PROFILE_NAME_MAX)
		return profile_fail(p, err, "\"%.40s\" is too long: a name has at most %d bytes",
			name, PROFILE_NAME_MAX - 1);
	tt_clean(clean, sizeof(clean), name, strlen(name));
	if (strcmp(clean, name) != 0 || strchr(name, '"'))
		return profile_fail(p, err, "\"%s\" can't be a name", name);
	tt_copy(dst, PROFILE_NAME_MAX, name);
	return TT_OK;
}

/* ---- values */

/* So that each is a range of the key bag_listed or bag_unbilled. */
#define OF_ROLE(role) \
	"b.family_id = any (array(select id from tracetrack.family where role = '" role "'))"
#define OF_DISPATCHERS \
	" and b.area_id = (select area_id from tracetrack.person where login = 'dispatcher001')"
#define UNBILLED "b.role = 'parent' and b.state = 'complete' and b.bill_id is null"

const struct profile_sample profile_samples[] = {{"child", OF_ROLE("child") OF_DISPATCHERS},
	{"parent", OF_ROLE("parent") OF_DISPATCHERS}, {"complete", UNBILLED OF_DISPATCHERS},
	{"unbilled", UNBILLED}, {NULL, NULL}};

static const struct profile_sample *profile_sample(const char *name)
{
	const struct profile_sample *s = profile_samples;

	while (s->name && strcmp(s->name, name) != 0)
		s++;
	return s->name ? s : NULL;
}

/* "SB2%07d": what stands before the number, its digits, what stands behind. */
static enum tt_rc value_read_form(
	const struct profile *p, struct profile_value *v, const char *form, struct tt_error *err)
{
	const char *percent = strchr(form, '%');

	if (!percent || percent[1] != '0' || percent[2] < '1' || percent[2] > '9' ||
		percent[3] != 'd' || strchr(percent + 4, '%'))
		return profile_fail(p, err, "value %s: \"form\" has no %%0Nd in it", v->name);
	tt_copy_n(v->prefix, sizeof(v->prefix), form, (size_t)(percent - form));
	tt_copy(v->suffix, sizeof(v->suffix), percent + 4);
	v->digits = percent[2] - '0';
	return TT_OK;
}

static enum tt_rc value_read_words(
	const struct profile *p, struct profile_value *v, json_t *json, struct tt_error *err)
{
	size_t i;

	v->nwords = json_array_size(json);
	v->words = tt_alloc((v->nwords + 1) * sizeof(*v->words));
	for (i = 0; i < v->nwords; i++) {
		v->words[i] = tt_strdup(json_string_value(json_array_get(json, i)));
		if (!v->words[i])
			return profile_fail(p, err, "value %s: every word is a text", v->name);
	}
	return v->nwords ? TT_OK : profile_fail(p, err, "value %s has no words", v->name);
}

static enum tt_rc value_read_to(
	const struct profile *p, struct profile_value *v, json_t *to, struct tt_error *err)
{
	static const char *const bounds[] = {"", "parents", "children", "bags"};
	size_t i;

	if (json_is_integer(to)) {
		v->to = (long)json_integer_value(to);
		if (v->to < v->from)
			return profile_fail(p, err, "value %s: \"to\" is below \"from\"", v->name);
		return TT_OK;
	}
	for (i = 1; json_is_string(to) && i < 4; i++) {
		if (strcmp(json_string_value(to), bounds[i]) == 0)
			v->bound = (enum profile_bound)i;
	}
	if (v->bound == BOUND_NONE)
		return profile_fail(p, err,
			"value %s: \"to\" is a number, \"parents\", "
			"\"children\" or \"bags\"",
			v->name);
	return TT_OK;
}

static enum tt_rc value_read_object(
	const struct profile *p, struct profile_value *v, json_t *json, struct tt_error *err)
{
	const char *form = json_string_value(json_object_get(json, "form"));
	const char *sample = json_string_value(json_object_get(json, "sample"));
	char where[64];
	enum tt_rc rc;

	tt_format(where, sizeof(where), "value %s", v->name);
	rc = profile_check_keys(p, json, where,
		" form:t from:w to:m next:b own:w round:b shared:w renewed_s:n sample:t ", err);
	if (rc == TT_OK)
		rc = form ? value_read_form(p, v, form, err)
			  : profile_fail(p, err, "value %s has no \"form\"", v->name);
	if (rc != TT_OK)
		return rc;
	v->sample = sample ? profile_sample(sample) : NULL;
	if (sample && !v->sample)
		return profile_fail(p, err, "value %s: there is no sample %s", v->name, sample);
	v->from = (long)json_number_or(json, "from", 1);
	v->has_from = json_object_get(json, "from") != NULL;
	v->is_next = json_is_true(json_object_get(json, "next"));
	v->own = (long)json_number_or(json, "own", 0);
	v->is_round = json_is_true(json_object_get(json, "round"));
	v->shared = (long)json_number_or(json, "shared", 0);
	v->renewed_s = json_number_or(json, "renewed_s", 0);
	if (v->is_next || v->is_round || v->own > 0 || v->shared > 0)
		return TT_OK;
	return value_read_to(p, v, json_object_get(json, "to"), err);
}

static enum tt_rc profile_read_values(struct profile *p, json_t *json, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	struct profile_value *v;
	const char *key;
	json_t *value;

	p->values = tt_alloc((json_object_size(json) + 1) * sizeof(*p->values));
	json_object_foreach(json, key, value)
	{
		if (rc != TT_OK)
			break;
		v = &p->values[p->nvalues++];
		rc = profile_take_word(p, v->name, key, err);
		if (rc == TT_OK)
			rc = json_is_array(value) ? value_read_words(p, v, value, err)
						  : value_read_object(p, v, value, err);
	}
	return rc;
}

/* ---- operations */

static bool profile_has_value(const struct profile *p, const char *name, size_t len)
{
	static const char *const own[] = {"own_parent", "run", "client", "kept", NULL};
	size_t i;

	for (i = 0; own[i]; i++) {
		if (strlen(own[i]) == len && strncmp(own[i], name, len) == 0)
			return true;
	}
	for (i = 0; i < p->nvalues; i++) {
		if (strlen(p->values[i].name) == len && !strncmp(p->values[i].name, name, len))
			return true;
	}
	return false;
}

static enum tt_rc op_check_values(
	const struct profile *p, const struct profile_op *op, struct tt_error *err)
{
	const char *at = op->send, *end;

	while ((at = strchr(at, '{'))) {
		end = strchr(++at, '}');
		if (!end || !profile_has_value(p, at, (size_t)(end - at)))
			return profile_fail(p, err, "operation %s: there is no value {%.*s}",
				op->name, end ? (int)(end - at) : 20, at);
	}
	return TT_OK;
}

/* A name that this program does not know would be a load of refusals. */
static enum tt_rc op_check_command(
	const struct profile *p, const struct profile_op *op, struct tt_error *err)
{
	static const char verbs[] = " scan raw undo finish short op state ";
	const struct tt_operation *near;
	char verb[32], name[64];

	tt_format(verb, sizeof(verb), " %.*s ", (int)strcspn(op->send, " @"), op->send);
	if (!strstr(verbs, verb) || strchr(op->send, '\n'))
		return profile_fail(p, err, "operation %s: there is no command%s", op->name, verb);
	if (strncmp(op->send, "op ", 3) != 0)
		return op_check_values(p, op, err);
	tt_copy_n(name, sizeof(name), op->send + 3, strcspn(op->send + 3, " "));
	if (!tt_operation_find(name)) {
		near = tt_operation_nearest(name);
		return profile_fail(p, err, "operation %s: there is no operation %s%s%s", op->name,
			name, near ? "; did you mean " : "", near ? near->name : "");
	}
	return op_check_values(p, op, err);
}

static enum tt_rc op_read(
	const struct profile *p, struct profile_op *op, json_t *json, struct tt_error *err)
{
	const char *send = json_string_value(json);
	char where[64];
	enum tt_rc rc;

	op->needs = -1;
	if (!send) {
		tt_format(where, sizeof(where), "operation %s", op->name);
		rc = profile_check_keys(p, json, where, " send:t needs:t keep:t ", err);
		if (rc != TT_OK)
			return rc;
		send = json_string_value(json_object_get(json, "send"));
		tt_copy(op->keep, sizeof(op->keep),
			json_string_value(json_object_get(json, "keep")));
	}
	if (!send || tt_copy(op->send, sizeof(op->send), send) != strlen(send))
		return profile_fail(
			p, err, "operation %s: \"send\" is missing or too long", op->name);
	if (strcmp(send, "@login") == 0 || strcmp(send, "@wrong-login") == 0) {
		op->kind = send[1] == 'l' ? OP_LOGIN : OP_WRONG_LOGIN;
		return TT_OK;
	}
	return op_check_command(p, op, err);
}

static enum tt_rc profile_read_ops(struct profile *p, json_t *json, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	const char *key, *needs;
	json_t *value;
	size_t i;

	p->ops = tt_alloc((json_object_size(json) + 1) * sizeof(*p->ops));
	json_object_foreach(json, key, value)
	{
		rc = profile_take_word(p, p->ops[p->nops].name, key, err);
		if (rc == TT_OK)
			rc = op_read(p, &p->ops[p->nops++], value, err);
		if (rc != TT_OK)
			return rc;
	}
	for (i = 0; i < p->nops; i++) {
		needs = json_string_value(
			json_object_get(json_object_get(json, p->ops[i].name), "needs"));
		p->ops[i].needs = profile_op_index(p, needs);
		if (needs && (p->ops[i].needs < 0 || p->ops[p->ops[i].needs].needs >= 0))
			return profile_fail(p, err, "operation %s needs %s, which is none",
				p->ops[i].name, needs);
	}
	return p->nops ? TT_OK : profile_fail(p, err, "it has no operations");
}

/* ---- classes */

static enum tt_rc class_read_mix(
	const struct profile *p, struct profile_class *c, json_t *mix, struct tt_error *err)
{
	const char *key;
	json_t *value;
	int i;

	c->weights = tt_alloc(p->nops * sizeof(*c->weights));
	json_object_foreach(mix, key, value)
	{
		i = profile_op_index(p, key);
		if (i < 0)
			return profile_fail(
				p, err, "class %s: there is no operation \"%s\"", c->name, key);
		if (!json_is_integer(value) || json_integer_value(value) < 0 ||
			json_integer_value(value) > 1000000)
			return profile_fail(p, err,
				"class %s: the weight of %s is a number from 0 "
				"to 1,000,000",
				c->name, key);
		if (p->ops[i].kind != OP_COMMAND)
			return profile_fail(p, err,
				"class %s: %s logs in, which only a script can begin with", c->name,
				key);
		c->weights[i] = (long)json_integer_value(value);
		c->weight += c->weights[i];
	}
	return c->weight > 0 ? TT_OK : profile_fail(p, err, "class %s: no weights", c->name);
}

static enum tt_rc class_read_step(const struct profile *p, const struct profile_class *c,
	struct profile_step *step, json_t *json, struct tt_error *err)
{
	const char *name = json_string_value(json);
	char where[64];
	enum tt_rc rc = TT_OK;

	*step = (struct profile_step){.times_min = 1, .times_max = 1};
	tt_format(where, sizeof(where), "script of %s", c->name);
	if (!name) {
		rc = profile_check_keys(
			p, json, where, " do:t times:p one_in:w wait_ms:p may_be_refused:b ", err);
		if (rc != TT_OK)
			return rc;
		name = json_string_value(json_object_get(json, "do"));
		step->one_in = (long)json_number_or(json, "one_in", 0);
		step->may_be_refused = json_is_true(json_object_get(json, "may_be_refused"));
		rc = profile_range(
			p, json, "times", where, &step->times_min, &step->times_max, err);
		if (rc == TT_OK)
			rc = profile_range(
				p, json, "wait_ms", where, &step->wait_min, &step->wait_max, err);
	}
	step->op = profile_op_index(p, name);
	if (rc == TT_OK && step->op < 0)
		rc = profile_fail(
			p, err, "%s: there is no operation \"%s\"", where, name ? name : "");
	return rc;
}

static enum tt_rc class_read_steps(const struct profile *p, const struct profile_class *c,
	struct profile_step **steps, size_t *n, json_t *json, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	size_t i;

	*n = json_array_size(json);
	*steps = tt_alloc((*n + 1) * sizeof(**steps));
	for (i = 0; i < *n && rc == TT_OK; i++)
		rc = class_read_step(p, c, &(*steps)[i], json_array_get(json, i), err);
	return rc;
}

/* Wrong logins, then one that is always done, then commands; or commands alone. */
static bool class_logs_in_well(const struct profile *p, const struct profile_class *c)
{
	const struct profile_step *s = c->steps, *end = c->steps + c->nsteps;

	if (c->starts_out) {
		while (s < end && p->ops[s->op].kind == OP_WRONG_LOGIN)
			s++;
		if (s == end || p->ops[s->op].kind != OP_LOGIN || s->one_in > 1 ||
			s->times_min != 1 || s->times_max != 1)
			return false;
		s++;
	}
	while (s < end && p->ops[s->op].kind == OP_COMMAND)
		s++;
	return s == end;
}

/* Else a round would be over before it began, again and again. */
static bool class_does_something(const struct profile_class *c)
{
	size_t i;

	for (i = 0; i < c->nsteps; i++) {
		if (c->steps[i].times_max > 0)
			return true;
	}
	return false;
}

static enum tt_rc class_read_script(
	const struct profile *p, struct profile_class *c, json_t *script, struct tt_error *err)
{
	enum tt_rc rc = class_read_steps(p, c, &c->steps, &c->nsteps, script, err);

	if (rc != TT_OK)
		return rc;
	if (!class_does_something(c))
		return profile_fail(p, err, "class %s has a script that does nothing", c->name);
	c->starts_out = p->ops[c->steps[0].op].kind != OP_COMMAND;
	if (!class_logs_in_well(p, c))
		return profile_fail(p, err,
			"class %s: a script logs in at its beginning, once, each time, or not at "
			"all",
			c->name);
	return TT_OK;
}

static enum tt_rc class_read_before(
	const struct profile *p, struct profile_class *c, json_t *before, struct tt_error *err)
{
	enum tt_rc rc = class_read_steps(p, c, &c->before, &c->nbefore, before, err);
	size_t i;

	if (rc == TT_OK && c->nbefore > 0 && c->starts_out)
		rc = profile_fail(p, err, "class %s: nothing comes before a login", c->name);
	for (i = 0; rc == TT_OK && i < c->nbefore; i++) {
		if (p->ops[c->before[i].op].kind != OP_COMMAND)
			rc = profile_fail(
				p, err, "class %s: nobody logs in before the work", c->name);
	}
	return rc;
}

/* The login's number has exactly the form %03d. */
static bool class_login_is_good(const char *login)
{
	const char *percent = strchr(login, '%');

	return *login &&
	       strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-%") == strlen(login) &&
	       (!percent || (strncmp(percent, "%03d", 4) == 0 && !strchr(percent + 1, '%')));
}

static enum tt_rc class_read(
	const struct profile *p, struct profile_class *c, json_t *json, struct tt_error *err)
{
	json_t *mix = json_object_get(json, "mix"), *script = json_object_get(json, "script");
	enum tt_rc rc;

	tt_copy(c->name, sizeof(c->name), json_string_value(json_object_get(json, "name")));
	rc = profile_check_keys(p, json, "a class",
		" name:t share:n login:t wait_ms:p before:a mix:o script:a rounds:w ", err);
	if (rc != TT_OK)
		return rc;
	tt_copy(c->login, sizeof(c->login), json_string_value(json_object_get(json, "login")));
	c->share = json_number_or(json, "share", 100);
	c->rounds = (long)json_number_or(json, "rounds", 0);
	if (!*c->name || !class_login_is_good(c->login) || c->share <= 0)
		return profile_fail(p, err,
			"a class needs \"name\", \"share\" and \"login\", which "
			"may have a %%03d in it");
	rc = profile_range(p, json, "wait_ms", c->name, &c->wait_min, &c->wait_max, err);
	if (rc != TT_OK)
		return rc;
	if (!mix == !script || (p->is_open && c->rounds > 0))
		return profile_fail(p, err,
			"class %s needs a mix or a script; rounds are for closed loops", c->name);
	rc = mix ? class_read_mix(p, c, mix, err) : class_read_script(p, c, script, err);
	return rc == TT_OK ? class_read_before(p, c, json_object_get(json, "before"), err) : rc;
}

static enum tt_rc profile_read_classes(struct profile *p, json_t *json, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	size_t i, n = json_array_size(json);

	p->classes = tt_alloc((n + 1) * sizeof(*p->classes));
	for (i = 0; i < n && rc == TT_OK; i++)
		rc = class_read(p, &p->classes[p->nclasses++], json_array_get(json, i), err);
	return rc == TT_OK && n == 0 ? profile_fail(p, err, "it has no classes") : rc;
}

/* ---- stages */

static enum tt_rc profile_read_stages(struct profile *p, json_t *json, struct tt_error *err)
{
	size_t i, n = json_array_size(json);
	struct profile_stage *s;
	enum tt_rc rc;
	json_t *row;

	if (n > PROFILE_STAGES_MAX)
		return profile_fail(p, err, "it has more than %d stages", PROFILE_STAGES_MAX);
	p->stages = tt_alloc((n + 1) * sizeof(*p->stages));
	for (i = 0; i < n; i++) {
		row = json_array_get(json, i);
		s = &p->stages[p->nstages++];
		rc = profile_check_keys(
			p, row, "a stage", " seconds:n level:p measured:b step:b ", err);
		if (rc != TT_OK)
			return rc;
		s->seconds = json_number_or(row, "seconds", 0);
		s->is_measured = !json_is_false(json_object_get(row, "measured"));
		s->is_step = json_is_true(json_object_get(row, "step"));
		if (!(s->seconds > 0 && s->seconds <= 86400) ||
			!json_pair(json_object_get(row, "level"), &s->from, &s->to) ||
			s->from < 0 || s->to < 0)
			return profile_fail(p, err,
				"a stage needs \"seconds\" and \"level\", a "
				"number or [FROM, TO]");
		p->peak = s->from > p->peak ? s->from : p->peak;
		p->peak = s->to > p->peak ? s->to : p->peak;
	}
	return p->peak > 0 ? TT_OK : profile_fail(p, err, "no stage has a level above 0");
}

double profile_seconds(const struct profile *p)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < p->nstages; i++)
		sum += p->stages[i].seconds;
	return sum;
}

/* ---- where it breaks */

static enum tt_rc profile_read_breaks(struct profile *p, json_t *json, struct tt_error *err)
{
	json_t *limits = json_object_get(json, "p95_ms"), *value;
	const char *key;
	enum tt_rc rc;
	int i;

	p->break_p95_ms = tt_alloc(p->nops * sizeof(*p->break_p95_ms));
	if (!json)
		return TT_OK;
	rc = profile_check_keys(p, json, "breaks", " error_percent:n p95_ms:o ", err);
	if (rc != TT_OK)
		return rc;
	p->break_error_percent = json_number_or(json, "error_percent", 0);
	json_object_foreach(limits, key, value)
	{
		i = profile_op_index(p, key);
		if (i < 0 || !json_is_number_here(value))
			return profile_fail(p, err, "breaks: p95_ms has a number for \"%s\"?", key);
		p->break_p95_ms[i] = json_number_value(value);
	}
	return TT_OK;
}

/* ---- the whole */

static enum tt_rc profile_read_head(struct profile *p, struct tt_error *err)
{
	const char *loop = json_string_value(json_object_get(p->json, "loop"));
	json_t *hold = json_object_get(p->json, "hold");
	enum tt_rc rc;

	rc = profile_check_keys(p, p->json, "the profile",
		" help:t loop:t clients:w timeout_s:n queue:w hold:o breaks:o "
		"classes:a operations:o values:o stages:a ",
		err);
	if (rc == TT_OK && hold)
		rc = profile_check_keys(p, hold, "hold", " seconds:n every_s:n ", err);
	if (rc != TT_OK)
		return rc;
	if (!loop || (strcmp(loop, "open") != 0 && strcmp(loop, "closed") != 0))
		return profile_fail(p, err, "\"loop\" is open or closed");
	p->is_open = strcmp(loop, "open") == 0;
	p->help = tt_strdup(json_string_value(json_object_get(p->json, "help")));
	p->clients = (long)json_number_or(p->json, "clients", 0);
	p->timeout_s = json_number_or(p->json, "timeout_s", 10);
	p->queue = (unsigned)json_number_or(p->json, "queue", PROFILE_QUEUE_MAX);
	p->hold_s = json_number_or(hold, "seconds", 0);
	p->hold_every_s = json_number_or(hold, "every_s", 0);
	if (p->clients < 1 || p->clients > PROFILE_CLIENTS_MAX)
		return profile_fail(
			p, err, "\"clients\" is a number from 1 to %d", PROFILE_CLIENTS_MAX);
	if (p->queue < 1 || p->queue > PROFILE_QUEUE_MAX)
		return profile_fail(
			p, err, "\"queue\" is a number from 1 to %d", PROFILE_QUEUE_MAX);
	if (!(p->timeout_s > 0 && p->timeout_s <= 600) || p->hold_s < 0 ||
		(hold && p->hold_every_s <= p->hold_s))
		return profile_fail(p, err, "a time is out of range");
	return TT_OK;
}

static enum tt_rc profile_read_parts(struct profile *p, struct tt_error *err)
{
	enum tt_rc rc = profile_read_head(p, err);

	if (rc == TT_OK)
		rc = profile_read_values(p, json_object_get(p->json, "values"), err);
	if (rc == TT_OK)
		rc = profile_read_ops(p, json_object_get(p->json, "operations"), err);
	if (rc == TT_OK)
		rc = profile_read_breaks(p, json_object_get(p->json, "breaks"), err);
	if (rc == TT_OK)
		rc = profile_read_classes(p, json_object_get(p->json, "classes"), err);
	if (rc == TT_OK)
		rc = profile_read_stages(p, json_object_get(p->json, "stages"), err);
	return rc;
}

enum tt_rc profile_take(struct profile *p, const char *name, json_t *json, struct tt_error *err)
{
	memset(p, 0, sizeof(*p));
	tt_copy(p->name, sizeof(p->name), name);
	p->json = json;
	return profile_read_parts(p, err);
}

static void profile_take_name(struct profile *p, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	char *dot;

	tt_clean(p->name, sizeof(p->name), base, strlen(base));
	dot = strrchr(p->name, '.');
	if (dot)
		*dot = '\0';
}

enum tt_rc profile_read(struct profile *p, const char *path, struct tt_error *err)
{
	enum tt_rc rc;

	memset(p, 0, sizeof(*p));
	profile_take_name(p, path);
	rc = json_file_read(&p->json, path, err);
	return rc == TT_OK ? profile_read_parts(p, err) : rc;
}

void profile_free(struct profile *p)
{
	size_t i, j;

	for (i = 0; i < p->nvalues; i++) {
		for (j = 0; j < p->values[i].nwords; j++)
			free(p->values[i].words[j]);
		free(p->values[i].words);
	}
	for (i = 0; i < p->nclasses; i++) {
		free(p->classes[i].weights);
		free(p->classes[i].before);
		free(p->classes[i].steps);
	}
	free(p->break_p95_ms);
	free(p->values);
	free(p->ops);
	free(p->classes);
	free(p->stages);
	free(p->help);
	json_decref(p->json);
	memset(p, 0, sizeof(*p));
}

/*
 * The table of settings and the four places they come from. Lines may be of any length: connection
 * strings are longer than the 200 bytes at which INI libraries cut.
 */
#include <tracetrack/settings.h>

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/text.h>

#define ROW(field) offsetof(struct tt_settings, field)
#define SETTINGS_FILE_MAX (1u << 20)

const struct tt_setting tt_setting_rows[] = {
	{"dsn", TT_SET_TEXT, ROW(dsn), 0, 0, NULL, "", NULL,
		"libpq connection string of the database, normally of its PgBouncer"},
	{"user", TT_SET_TEXT, ROW(user), 0, 0, NULL, "", NULL, "login name of the person"},
	{"password-file", TT_SET_TEXT, ROW(password_file), 0, 0, NULL, "", NULL,
		"file whose first line is the password; it must not be readable by others"},
	{"totp-file", TT_SET_TEXT, ROW(totp_file), 0, 0, NULL, "", NULL,
		"file whose first line is the secret of the second factor, or a code"},
	{"station", TT_SET_TEXT, ROW(station), 0, 0, NULL, "", NULL,
		"name of this station; the host's name when empty"},
	{"state-dir", TT_SET_TEXT, ROW(state_dir), 0, 0, NULL, "", NULL,
		"folder of the outbox; $XDG_STATE_HOME/tracetrack when empty"},
	{"scanner", TT_SET_LIST, ROW(scanner), 0, 0, NULL, "", NULL,
		"a scanner, as LANE=SOURCE[,option=value]...; may be given several times"},
	{"answer-within", TT_SET_INT, ROW(answer_within), 0, 60000, NULL, "35", "ms",
		"a scan that the database has not answered by then is shown as queued"},
	{"call-timeout", TT_SET_INT, ROW(call_timeout), 100, 600000, NULL, "8000", "ms",
		"a call without an answer by then is given up and its link closed"},
	{"idle-lock", TT_SET_INT, ROW(idle_lock), 0, 1440, NULL, "30", "min",
		"lock the station after so long without a scan or a key; 0 never does"},
	{"color", TT_SET_CHOICE, ROW(color), 0, 0, "auto|always|never", "auto", NULL,
		"colours on the screen; auto follows NO_COLOR and the terminal"},
	{"lines", TT_SET_CHOICE, ROW(lines), 0, 0, "auto|utf8|ascii", "auto", NULL,
		"characters for lines and bars"},
	{"bell", TT_SET_BOOL, ROW(bell), 0, 0, NULL, "on", NULL,
		"ring the terminal's bell when a scan is refused or in trouble"},
	{"read-only", TT_SET_BOOL, ROW(read_only), 0, 0, NULL, "off", NULL,
		"refuse every operation that changes something"},
	{"view", TT_SET_TEXT, ROW(view), 0, 0, NULL, "", NULL,
		"view that the screen begins with; several, divided by commas, take turns with "
		"--kiosk"},
	{"log", TT_SET_TEXT, ROW(log), 0, 0, NULL, "", NULL,
		"file for the log, - for stderr, empty for none"},
	{"log-level", TT_SET_CHOICE, ROW(log_level), 0, 0, "error|warn|info|debug", "info", NULL,
		"how much is logged"},
	{NULL, 0, 0, 0, 0, NULL, NULL, NULL, NULL},
};

static void list_add(struct tt_list *list, const char *value)
{
	list->items = tt_realloc(list->items, (list->count + 1) * sizeof(*list->items));
	list->items[list->count++] = tt_strdup(value);
}

static void list_fini(struct tt_list *list)
{
	while (list->count > 0)
		free(list->items[--list->count]);
	free(list->items);
	list->items = NULL;
}

/* Names compare with - and _ alike, letters in any case (for the environment). */
static bool settings_is_name(const char *row, const char *name)
{
	for (; *row && *name; row++, name++) {
		char c = *name == '_' ? '-' : (char)tolower((unsigned char)*name);

		if (*row != c)
			return false;
	}
	return *row == *name;
}

static const struct tt_setting *settings_find(const char *name)
{
	const struct tt_setting *row;

	for (row = tt_setting_rows; row->name; row++) {
		if (settings_is_name(row->name, name))
			return row;
	}
	return NULL;
}

/* A name as the table writes it. */
static void settings_name(char *dst, size_t size, const char *name)
{
	tt_copy(dst, size, name);
	for (; *dst; dst++)
		*dst = *dst == '_' ? '-' : (char)tolower((unsigned char)*dst);
}

const char *tt_settings_nearest(const char *name)
{
	const struct tt_setting *row;
	const char *best = NULL;
	unsigned least = UINT_MAX;
	char plain[64];

	settings_name(plain, sizeof(plain), name);
	for (row = tt_setting_rows; row->name; row++) {
		if (tt_is_nearer(plain, row->name, &least))
			best = row->name;
	}
	return best;
}

static bool settings_read_choice(const char *choices, const char *value, long *out)
{
	size_t len = strlen(value);
	long i;

	for (i = 0; choices; i++) {
		const char *end = strchr(choices, '|');
		size_t n = end ? (size_t)(end - choices) : strlen(choices);

		if (n == len && strncmp(choices, value, n) == 0) {
			*out = i;
			return true;
		}
		choices = end ? end + 1 : NULL;
	}
	return false;
}

static bool settings_read_int(const struct tt_setting *row, const char *value, long *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(value, &end, 10);
	if (errno || end == value || *end != '\0' || v < row->min || v > row->max)
		return false;
	*out = v;
	return true;
}

/* Store value in the field; says in `want` what was expected when it does not fit. */
static bool settings_store(
	const struct tt_setting *row, void *field, const char *value, char *want, size_t size)
{
	switch (row->type) {
	case TT_SET_TEXT:
		free(*(char **)field);
		*(char **)field = tt_strdup(value);
		return true;
	case TT_SET_LIST:
		if (*value != '\0')
			list_add(field, value);
		return true;
	case TT_SET_INT:
		tt_format(want, size, "a number from %ld to %ld", row->min, row->max);
		return settings_read_int(row, value, field);
	case TT_SET_BOOL:
		tt_copy(want, size, "on or off");
		return settings_read_choice("off|on", value, field) ||
		       settings_read_choice("no|yes", value, field) ||
		       settings_read_choice("false|true", value, field);
	case TT_SET_CHOICE:
		tt_format(want, size, "one of %s", row->choices);
		return settings_read_choice(row->choices, value, field);
	}
	return false;
}

enum tt_rc tt_settings_set(struct tt_settings *s, const char *name, const char *value,
	const char *where, enum tt_rc rc, struct tt_error *err)
{
	const struct tt_setting *row = settings_find(name);
	const char *nearest;
	char want[96];

	if (!row) {
		tt_fail(err, rc, "%s: unknown setting \"%.60s\"", where, name);
		nearest = tt_settings_nearest(name);
		if (nearest)
			tt_error_hint(err, "Did you mean %s? tracetrack.conf(5) lists them all.",
				nearest);
		return rc;
	}
	if (settings_store(row, (char *)s + row->offset, value, want, sizeof(want)))
		return TT_OK;
	return tt_fail(err, rc, "%s: %s must be %s, not \"%.60s\"", where, row->name, want, value);
}

void tt_settings_init(struct tt_settings *s)
{
	const struct tt_setting *row;
	char want[96];

	memset(s, 0, sizeof(*s));
	for (row = tt_setting_rows; row->name; row++)
		(void)settings_store(
			row, (char *)s + row->offset, row->fallback, want, sizeof(want));
}

void tt_settings_fini(struct tt_settings *s)
{
	const struct tt_setting *row;

	for (row = tt_setting_rows; row->name; row++) {
		void *field = (char *)s + row->offset;

		if (row->type == TT_SET_TEXT) {
			free(*(char **)field);
			*(char **)field = NULL;
		} else if (row->type == TT_SET_LIST) {
			list_fini(field);
		}
	}
}

/* Without the blanks around it; ended in place. */
static char *settings_trim(char *s)
{
	size_t len;

	s += strspn(s, " \t\r");
	len = strlen(s);
	while (len > 0 && strchr(" \t\r", s[len - 1]))
		s[--len] = '\0';
	return s;
}

static enum tt_rc settings_read_line(
	struct tt_settings *s, char *line, const char *where, struct tt_error *err)
{
	char *sep;

	line = settings_trim(line);
	if (*line == '\0' || strchr("#;[", *line))
		return TT_OK;
	sep = strchr(line, '=');
	if (!sep || sep == line) {
		tt_fail(err, TT_CONFIG, "%s: this is not \"name = value\": %.60s", where, line);
		tt_error_hint(err, "See tracetrack.conf(5) for the form of the file.");
		return TT_CONFIG;
	}
	*sep = '\0';
	return tt_settings_set(
		s, settings_trim(line), settings_trim(sep + 1), where, TT_CONFIG, err);
}

enum tt_rc tt_settings_read_text(
	struct tt_settings *s, const char *text, const char *where, struct tt_error *err)
{
	static const char bom[] = "\xef\xbb\xbf";
	enum tt_rc rc = TT_OK;
	char *copy, *at, *line, place[192];
	int number = 0;

	if (!tt_utf8_is_valid(text, strlen(text)))
		return tt_fail(err, TT_CONFIG, "%.160s: this is not text in UTF-8", where);
	copy = tt_strdup(text);
	at = strncmp(copy, bom, 3) == 0 ? copy + 3 : copy;
	while (rc == TT_OK && (line = strsep(&at, "\n"))) {
		tt_format(place, sizeof(place), "%.160s:%d", where, ++number);
		rc = settings_read_line(s, line, place, err);
	}
	free(copy);
	return rc;
}

static enum tt_rc settings_read_file(
	struct tt_settings *s, const char *path, bool must_exist, struct tt_error *err)
{
	struct tt_buf text = {0};
	enum tt_rc rc;
	char piece[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f) {
		if (errno == ENOENT && !must_exist)
			return TT_OK;
		return tt_fail(
			err, TT_CONFIG, "can't read the settings %s: %s", path, strerror(errno));
	}
	while (text.len <= SETTINGS_FILE_MAX && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		tt_buf_add(&text, piece, n);
	if (ferror(f))
		rc = tt_fail(
			err, TT_CONFIG, "can't read the settings %s: %s", path, strerror(errno));
	else if (text.len > SETTINGS_FILE_MAX || (text.data && strlen(text.data) != text.len))
		rc = tt_fail(err, TT_CONFIG, "%s: these are no settings", path);
	else
		rc = tt_settings_read_text(s, text.data ? text.data : "", path, err);
	fclose(f);
	tt_buf_fini(&text);
	return rc;
}

static enum tt_rc settings_read_user_file(struct tt_settings *s, struct tt_error *err)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char path[4096];

	if (base && *base == '/')
		tt_format(path, sizeof(path), "%s/tracetrack/tracetrack.conf", base);
	else if (home && *home)
		tt_format(path, sizeof(path), "%s/.config/tracetrack/tracetrack.conf", home);
	else
		return TT_OK;
	return settings_read_file(s, path, false, err);
}

static enum tt_rc settings_read_environment(struct tt_settings *s, struct tt_error *err)
{
	const struct tt_setting *row;
	enum tt_rc rc = TT_OK;
	char name[64], *p;
	const char *value;

	for (row = tt_setting_rows; row->name && rc == TT_OK; row++) {
		tt_format(name, sizeof(name), "TRACETRACK_%s", row->name);
		for (p = name; *p; p++)
			*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
		value = getenv(name);
		if (value)
			rc = tt_settings_set(s, row->name, value, name, TT_CONFIG, err);
	}
	return rc;
}

/*
 * Walk over the options that are settings. With s == NULL only --config is looked for; else they
 * are stored and taken out of argv. A bool may stand alone ("--read-only").
 */
static enum tt_rc settings_read_options(
	struct tt_settings *s, const char **config, int *argc, char **argv, struct tt_error *err)
{
	bool is_given[sizeof(tt_setting_rows) / sizeof(*tt_setting_rows)] = {false};
	enum tt_rc rc = TT_OK;
	int in, out = 1;

	for (in = 1; in < *argc && strcmp(argv[in], "--") != 0 && rc == TT_OK; in++) {
		const char *arg = argv[in], *value = strchr(arg, '=');
		const struct tt_setting *row = NULL;
		bool is_config;
		char name[64];

		tt_copy_n(name, sizeof(name), arg, value ? (size_t)(value - arg) : strlen(arg));
		is_config = strcmp(name, "--config") == 0;
		if (strncmp(name, "--", 2) == 0)
			row = settings_find(name + 2);
		if (!row && !is_config) {
			argv[out++] = argv[in];
			continue;
		}
		if (value)
			value++;
		else if (row && row->type == TT_SET_BOOL)
			value = "on";
		else if (in + 1 < *argc)
			value = argv[++in];
		else
			return tt_fail(err, TT_USAGE, "%s needs a value", name);
		if (row && row->type != TT_SET_LIST && is_given[row - tt_setting_rows])
			return tt_fail(err, TT_USAGE, "%s is given twice", name);
		if (!s && is_config && *config)
			return tt_fail(err, TT_USAGE, "%s is given twice", name);
		if (row)
			is_given[row - tt_setting_rows] = true;
		if (is_config)
			*config = value;
		else if (s)
			rc = tt_settings_set(s, row->name, value, name, TT_USAGE, err);
	}
	if (!s)
		return rc;
	while (in < *argc)
		argv[out++] = argv[in++];
	argv[out] = NULL;
	*argc = out;
	return rc;
}

/* A first walk over a copy of argv finds --config, since files come before options. */
static enum tt_rc settings_find_config(
	const char **config, int argc, char **argv, struct tt_error *err)
{
	char **copy = tt_alloc(((size_t)argc + 1) * sizeof(*copy));
	enum tt_rc rc;

	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	rc = settings_read_options(NULL, config, &argc, copy, err);
	free(copy);
	return rc;
}

enum tt_rc tt_settings_load(struct tt_settings *s, int *argc, char **argv, struct tt_error *err)
{
	const char *config = NULL;
	enum tt_rc rc;
	char host[256];

	tt_settings_init(s);
	rc = settings_find_config(&config, *argc, argv, err);
	if (rc == TT_OK)
		rc = settings_read_file(s, "/etc/tracetrack/tracetrack.conf", false, err);
	if (rc == TT_OK)
		rc = config ? settings_read_file(s, config, true, err)
			    : settings_read_user_file(s, err);
	if (rc == TT_OK)
		rc = settings_read_environment(s, err);
	if (rc == TT_OK)
		rc = settings_read_options(s, &config, argc, argv, err);
	if (rc == TT_OK && *s->station == '\0' && gethostname(host, sizeof(host)) == 0)
		rc = tt_settings_set(s, "station", host, "host name", TT_CONFIG, err);
	return rc;
}

/*
 * What there must be before the first station starts: files, logins, codes to ask for.
 */
#include "prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREPARE_WRONG_PASSWORD "wrong-password" /* in the folder of the outboxes, made first */
#define PREPARE_OWN_DESCRIPTORS 64
#define PREPARE_SAMPLES 4000 /* codes of a kind that are taken from the database */

enum tt_rc prepare_limit(const struct run *r, struct tt_error *err)
{
	rlim_t wanted = (rlim_t)(2 * r->nclients + PREPARE_OWN_DESCRIPTORS);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return TT_OK;
	if (limit.rlim_max < wanted) {
		tt_fail(err, TT_CONFIG, "%ld clients need %lu open files, and %lu are allowed",
			r->nclients, (unsigned long)wanted, (unsigned long)limit.rlim_max);
		tt_error_hint(err,
			"Raise the hard limit: ulimit -Hn %lu as root, or LimitNOFILE= of "
			"the service, or limits.conf(5).",
			(unsigned long)wanted);
		return TT_CONFIG;
	}
	limit.rlim_cur = wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	return TT_OK;
}

static enum tt_rc prepare_folder(const char *path, struct tt_error *err)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return tt_fail(
			err, TT_IO, "the folder %s can't be made: %s", path, strerror(errno));
	if (access(path, W_OK | X_OK) < 0)
		return tt_fail(
			err, TT_IO, "the folder %s can't be written: %s", path, strerror(errno));
	return TT_OK;
}

enum tt_rc prepare_out(const char *path, struct tt_error *err)
{
	enum tt_rc rc = prepare_folder(path, err);
	int fd;

	if (rc != TT_OK)
		return rc;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return tt_fail(
			err, TT_IO, "the folder %s can't be read: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return TT_OK;
	close(fd);
	tt_fail(err, TT_CONFLICT, "another run works in the folder %s", path);
	tt_error_hint(err, "Wait for it, or name another folder with --out.");
	return TT_CONFLICT;
}

/* With the report it is removed afterwards, so it must be a run's: a folder, no link to one, with
 * the file that a run makes first. */
static enum tt_rc prepare_state(const struct run *r, struct tt_error *err)
{
	const char *state = r->options.state;
	char path[512];
	struct stat st;

	tt_format(path, sizeof(path), "%s/" PREPARE_WRONG_PASSWORD, state);
	if (r->options.keeps_state || lstat(state, &st) < 0 ||
		(S_ISDIR(st.st_mode) && (access(path, F_OK) == 0 || rmdir(state) == 0)))
		return prepare_folder(state, err);
	tt_fail(err, TT_CONFIG, "%s is there already, and not of a run", state);
	tt_error_hint(
		err, "It would be removed with the outboxes: name another folder with --out.");
	return TT_CONFIG;
}

static enum tt_rc prepare_wrong_password(const struct run *r, struct tt_error *err)
{
	char path[512];
	int fd;

	tt_format(path, sizeof(path), "%s/" PREPARE_WRONG_PASSWORD, r->options.state);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, "this is not it\n", 15) != 15)
		return tt_fail(err, TT_IO, "%s can't be written: %s", path, strerror(errno));
	close(fd);
	return TT_OK;
}

enum tt_rc prepare_files(struct run *r, struct tt_error *err)
{
	char path[512];
	enum tt_rc rc = prepare_state(r, err);

	r->has_state = rc == TT_OK;
	if (rc == TT_OK)
		rc = prepare_wrong_password(r, err);
	if (rc != TT_OK)
		return rc;
	tt_format(path, sizeof(path), "%s/stations.err", r->options.out);
	r->host.errors = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (r->host.errors < 0)
		return tt_fail(err, TT_IO, "%s can't be written: %s", path, strerror(errno));
	return TT_OK;
}

/* The n-th person of a class and the file with the password; false when there is none. */
static bool prepare_has_password(
	const struct run *r, const struct profile_class *class, long n, struct client *c)
{
	const char *percent = strchr(class->login, '%');

	if (percent)
		tt_format(c->login, sizeof(c->login), "%.*s%03ld%s", (int)(percent - class->login),
			class->login, n, percent + 4);
	else
		tt_copy(c->login, sizeof(c->login), class->login);
	tt_format(c->password, sizeof(c->password), "%s/%s", r->options.passwords, c->login);
	return access(c->password, R_OK) == 0;
}

/* The n-th of those who log in so: people of their own as far as there are any, then from the
 * first again. */
static enum tt_rc prepare_login(const struct run *r, struct client *c, long n, struct tt_error *err)
{
	long people = 0;

	if (prepare_has_password(r, c->class, n, c))
		return TT_OK;
	while (people < 999 && prepare_has_password(r, c->class, people + 1, c))
		people++;
	if (people > 0 && prepare_has_password(r, c->class, (n - 1) % people + 1, c))
		return TT_OK;
	tt_fail(err, TT_CONFIG, "there is no password of %s in %s", c->login, r->options.passwords);
	tt_error_hint(err, "Give --passwords DIR, with a file for each login: what tracetrackctl "
			   "db demo --passwords has made.");
	return TT_CONFIG;
}

/* The class that is furthest behind its share, by how many of each there are. */
static size_t prepare_class(const struct profile *p, const long *have, long given)
{
	double sum = 0, lack, most = -1e9;
	size_t i, best = 0;

	for (i = 0; i < p->nclasses; i++)
		sum += p->classes[i].share;
	for (i = 0; i < p->nclasses; i++) {
		lack = p->classes[i].share / sum * (double)(given + 1) - (double)have[i];
		if (lack > most + 1e-9) {
			most = lack;
			best = i;
		}
	}
	return best;
}

static void prepare_client(struct run *r, struct client *c, long number)
{
	c->host = &r->host;
	c->number = (int)number;
	c->random = value_seed(r->options.seed, (int)number);
	uv_timer_init(&r->loop, &c->timer);
	c->timer.data = c;
	c->has_timer = true;
}

static long prepare_count_login(const struct profile *p, const long *have, const char *login)
{
	long n = 0;
	size_t i;

	for (i = 0; i < p->nclasses; i++)
		n += strcmp(p->classes[i].login, login) == 0 ? have[i] : 0;
	return n;
}

/* Every host-th is of this host. What a client is and does is a matter of its number alone, however
 * many hosts there are. */
enum tt_rc prepare_clients(struct run *r, struct tt_error *err)
{
	const struct profile *p = r->profile;
	long *have = tt_alloc(p->nclasses * sizeof(*have)), number;
	struct client *c = tt_alloc((size_t)r->nclients * sizeof(*c));
	enum tt_rc rc = TT_OK;
	size_t class;

	r->clients = c;
	for (number = 0; number < r->options.clients && rc == TT_OK; number++) {
		class = prepare_class(p, have, number);
		have[class]++;
		if (number % r->options.hosts != r->options.host)
			continue;
		prepare_client(r, c, number);
		c->class = &p->classes[class];
		rc = prepare_login(
			r, c++, prepare_count_login(p, have, p->classes[class].login), err);
	}
	free(have);
	return rc;
}

/* ---- codes from the database */

struct sample {
	char *code;
};

static void prepare_words(struct profile_value *v, const struct tt_rows *rows)
{
	size_t i;

	v->words = tt_alloc((rows->count + 1) * sizeof(*v->words));
	for (i = 0; i < rows->count; i++)
		v->words[v->nwords++] = tt_strdup(((struct sample *)tt_rows_at(rows, i))->code);
}

/* Bags from all over the database, in the area of the demonstration's people: each kind is read
 * once by its key, which takes as long as there are of them, be they many or few. Without the
 * owner's connection the numbers of stress/load have to do. */
void prepare_values(struct run *r)
{
	static const struct tt_column cols[] = {
		{"code", TT_TEXT, offsetof(struct sample, code), NULL, "", 0},
		{NULL, 0, 0, NULL, NULL, 0}};
	struct profile_value *v;
	struct tt_rows rows;
	struct tt_error ignored;
	char sql[700];

	for (v = r->profile->values; v < r->profile->values + r->profile->nvalues; v++) {
		if (!v->sample || !r->options.dsns.admin)
			continue;
		tt_format(sql, sizeof(sql),
			"select b.code from tracetrack.bag b where b.id %% %ld = %ld and %s"
			" order by random() limit %d",
			r->options.hosts, r->options.host, v->sample->condition, PREPARE_SAMPLES);
		if (server_ask(r->options.dsns.admin, false, sql, cols, sizeof(struct sample),
			    60000, &rows, &ignored) != TT_OK)
			continue;
		prepare_words(v, &rows);
		tt_rows_fini(&rows);
	}
}

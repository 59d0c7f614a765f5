/*
 * Drives headless stations as operators would, each in a closed loop, and keeps acknowledgement
 * logs (acklog.h). A station that dies, or that --kills takes, starts again on its state folder.
 *
 *	drive --logs DIR --state DIR --passwords DIR --prefix NAME [OPTION VALUE]...
 *
 *	--stations N		NAME-001 to NAME-N, as dispatcher001 and so on (4)
 *	--profile P		children, one-parent, rivals or everything (children)
 *	--base N		the first parent is SBn, of eight digits (90000000)
 *	--seed N		of all that is random (1)
 *	--seconds N		for so long (10), or until SIGTERM; 0: no limit
 *	--scans N		or until each has sent so many (0: no limit)
 *	--think MS		pause after an answer (0)
 *	--kills N		kill -9 one of them at N random moments (0), spread over
 *				--seconds, or one a second
 *	--parents N		of one-parent and rivals: so many, then no further (0: no limit)
 *	--together 1		nobody scans before all have logged in
 *	--answer-within MS	of the stations (their default)
 *	--heal N		seconds for the outboxes to get empty at the end (60)
 *	--program FILE		the station (build/tracetrack)
 *
 * SIGUSR1: kill -9 all of them now.
 *
 * At the end each waits until its outbox is empty, and this prints what it saw, a name and a figure
 * a line: "queued_own_p99_ms 41.2" is measured by this program's clock, queued_told_p99_ms by the
 * station's. Status: 0 all have ended well; 1 some would not, or ended by themselves; 64 usage.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <uv.h>

#include <tracetrack/clock.h>
#include <tracetrack/histogram.h>

#include "acklog.h"

#define DRIVE_CHILDREN 30   /* to a parent */
#define DRIVE_KNOWN 256     /* children and parents remembered for profile everything */
#define DRIVE_FAILURES 20   /* ends of its own, then one gives a station up */
#define DRIVE_LINE_MAX 8192 /* an answer is shorter */

struct options {
	const char *logs, *state, *passwords, *prefix, *profile, *program, *answer_within;
	long stations, base, seed, seconds, scans, think, kills, parents, together, heal;
};

enum client_state {
	CLIENT_STARTING, /* until its ready line */
	CLIENT_WAITING,  /* ready; for the others */
	CLIENT_WORKING,
	CLIENT_SYNCING, /* the last command is on its way */
	CLIENT_DONE,
};

struct client {
	enum client_state state;
	char name[64], login[32];
	int log, number; /* number from 0 */
	uv_process_t process;
	uv_pipe_t in, out;
	uv_timer_t timer;
	int open_handles; /* of the process that runs */
	char line[DRIVE_LINE_MAX];
	size_t len;
	uint64_t n, sent_ns;      /* the command under way, or the last */
	bool is_asked, is_killed; /* killed by us */
	long scans;
	int failures;

	/* what the operator does */
	char parent[16]; /* last scanned */
	bool is_sure;    /* children go there, as far as one can know */
	bool needs_parent;
	unsigned children;   /* sent to it */
	unsigned generation; /* of the parent, where parents are shared */
};

/* What is about to be asked. */
struct command {
	char line[128], code[32], parent[16];
	const char *action; /* of the event */
};

static struct {
	struct options options;
	uv_loop_t loop;
	struct client *clients;
	uv_timer_t end_timer, kill_timer, heal_timer;
	uv_signal_t signals[2], kill_signal;
	bool is_over, has_given_up;
	long running, waiting, kills, deaths, crashes;
	uint64_t seed, began_ns;
	double login_s; /* until the last of them had logged in */

	unsigned parents, children; /* handed out */
	unsigned generation;
	char known[DRIVE_KNOWN][32], known_parents[DRIVE_KNOWN][16];
	unsigned nknown, nknown_parents;

	struct tt_histogram own, queued_own, queued_told;
	uint64_t done, again, refused, queued, trouble, local;
	uint64_t db_ns, gap_ns; /* when the database answered last; its longest silence */
} drive;

static void client_spawn(struct client *c);
static void client_next(struct client *c);

/* ---- chance, from the seed alone */

static uint32_t drive_random(uint32_t below)
{
	drive.seed ^= drive.seed << 13;
	drive.seed ^= drive.seed >> 7;
	drive.seed ^= drive.seed << 17;
	return (uint32_t)((drive.seed >> 16) % below);
}

/* ---- what operators do */

static void drive_new_child(char dst[32])
{
	size_t n = tt_format(dst, 32, "%.10s-%06u", drive.options.prefix, drive.children++);
	char *p;

	for (p = dst; p < dst + n; p++) {
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	}
	tt_copy(drive.known[drive.nknown++ % DRIVE_KNOWN], 32, dst);
}

static void drive_new_parent(char dst[16])
{
	tt_format(dst, 16, "SB%08ld", drive.options.base + drive.parents++);
	tt_copy(drive.known_parents[drive.nknown_parents++ % DRIVE_KNOWN], 16, dst);
}

static const char *drive_known_child(void)
{
	return drive.known[drive_random(
		drive.nknown < DRIVE_KNOWN ? drive.nknown + !drive.nknown : DRIVE_KNOWN)];
}

static const char *drive_known_parent(void)
{
	return drive.known_parents[drive_random(
		drive.nknown_parents < DRIVE_KNOWN ? drive.nknown_parents + !drive.nknown_parents
						   : DRIVE_KNOWN)];
}

static void command_scan(struct command *cmd, const char *action, const char *code)
{
	cmd->action = action;
	tt_copy(cmd->code, sizeof(cmd->code), code);
	tt_format(cmd->line, sizeof(cmd->line), "scan %s\n", code);
}

static void client_take_parent(struct client *c, struct command *cmd, const char *code)
{
	tt_copy(c->parent, sizeof(c->parent), code);
	c->needs_parent = false;
	c->is_sure = true;
	c->children = 0;
	command_scan(cmd, "parent", code);
}

static void client_scan_child(struct client *c, struct command *cmd, const char *code)
{
	command_scan(cmd, "child", code);
	c->children++;
	if (c->is_sure)
		tt_copy(cmd->parent, sizeof(cmd->parent), c->parent);
}

static void profile_children(struct client *c, struct command *cmd)
{
	char code[32];

	if (c->needs_parent || c->children >= DRIVE_CHILDREN) {
		drive_new_parent(code);
		client_take_parent(c, cmd, code);
		return;
	}
	drive_new_child(code);
	client_scan_child(c, cmd, code);
}

/* Everybody at the same parent; whoever finds it full leads on to the next. */
static void profile_one_parent(struct client *c, struct command *cmd)
{
	char code[32];

	if (c->needs_parent) {
		tt_format(code, sizeof(code), "SB%08ld", drive.options.base + (long)c->generation);
		client_take_parent(c, cmd, code);
		return;
	}
	drive_new_child(code);
	client_scan_child(c, cmd, code);
}

/* Two parents, and everybody offers the same children to one of them. */
static void profile_rivals(struct client *c, struct command *cmd)
{
	char code[32];

	if (!c->needs_parent && c->children >= DRIVE_CHILDREN - 1) {
		c->generation++;
		c->needs_parent = true;
	}
	if (c->needs_parent) {
		tt_format(code, sizeof(code), "SB%08ld",
			drive.options.base + 2 * (long)c->generation + c->number % 2);
		client_take_parent(c, cmd, code);
		return;
	}
	tt_format(code, sizeof(code), "RIVAL-%.4ld-%u-%u", drive.options.base % 10000,
		c->generation, c->children);
	client_scan_child(c, cmd, code);
}

static void command_operation(
	struct command *cmd, const char *action, const char *code, const char *parent)
{
	cmd->action = action;
	tt_copy(cmd->code, sizeof(cmd->code), code);
	tt_format(cmd->line, sizeof(cmd->line), "op scan.%s code=%s%s%s\n", action, code,
		*parent ? " parent=" : "", parent);
}

static void command_verb(struct command *cmd, const char *action, const char *line)
{
	cmd->action = action;
	tt_copy(cmd->line, sizeof(cmd->line), line);
}

static void profile_everything(struct client *c, struct command *cmd)
{
	unsigned chance = drive_random(100);

	if (c->needs_parent || drive.nknown == 0 || chance < 58) {
		profile_children(c, cmd);
	} else if (chance < 62) {
		client_take_parent(c, cmd, drive_known_parent());
	} else if (chance < 70) {
		client_scan_child(c, cmd, drive_known_child());
	} else if (chance < 79) {
		command_verb(cmd, "undo", "undo\n");
		c->is_sure = false; /* that may have been its opening */
	} else if (chance < 82) {
		command_verb(cmd, "finish", "finish\n");
	} else if (chance < 85) {
		command_verb(cmd, "short", "short \"the truck leaves\"\n");
	} else if (chance < 93) {
		command_operation(cmd, "relink", drive_known_child(), drive_known_parent());
	} else {
		command_operation(cmd, "remove", drive_known_child(), "");
	}
}

static const struct profile {
	const char *name;
	void (*next)(struct client *c, struct command *cmd);
	bool is_shared;
} profiles[] = {
	{"children", profile_children, false},
	{"one-parent", profile_one_parent, true},
	{"rivals", profile_rivals, false},
	{"everything", profile_everything, false},
};

static const struct profile *drive_profile(void)
{
	size_t i, n = sizeof(profiles) / sizeof(*profiles);

	for (i = 0; i < n && strcmp(profiles[i].name, drive.options.profile) != 0; i++)
		;
	return i < n ? &profiles[i] : NULL;
}

static bool drive_is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

/* What the answer means for what comes next. */
static void client_learn(struct client *c, const char *outcome)
{
	static const char *const over[] = {"completed", "finished", "short_closed", "parent_full",
		"parent_closed", "no_parent", "is_child", "wrong_area", NULL};
	long most = drive.options.parents;

	if (!drive_is_one_of(outcome, over))
		return;
	if (!drive_profile()->is_shared) {
		c->needs_parent = true;
		return;
	}
	if (c->generation == drive.generation && (most == 0 || drive.generation + 1 < most))
		drive.generation++;
	c->needs_parent = c->generation != drive.generation;
	c->generation = drive.generation;
}

/* ---- asking */

static void client_on_written(uv_write_t *write, int status)
{
	(void)status;
	free(write->data);
	free(write);
}

static void client_send(struct client *c, const char *line)
{
	uv_write_t *write = tt_alloc(sizeof(*write));
	uv_buf_t buf = uv_buf_init(tt_strdup(line), (unsigned)strlen(line));

	write->data = buf.base;
	c->is_asked = true;
	c->sent_ns = tt_steady_ns();
	if (uv_write(write, (uv_stream_t *)&c->in, &buf, 1, client_on_written) != 0)
		client_on_written(write, 0);
}

/* Whoever has not ended by then never will. */
static void drive_on_heal(uv_timer_t *timer)
{
	long i;

	(void)timer;
	drive.has_given_up = true;
	for (i = 0; i < drive.options.stations; i++) {
		if (drive.clients[i].open_handles > 0)
			uv_process_kill(&drive.clients[i].process, SIGKILL);
	}
}

static void drive_await_the_end(void)
{
	if (!uv_is_active((uv_handle_t *)&drive.heal_timer))
		uv_timer_start(&drive.heal_timer, drive_on_heal,
			(uint64_t)(drive.options.heal + 30) * 1000, 0);
}

static void client_sync(struct client *c)
{
	char line[64];

	c->state = CLIENT_SYNCING;
	drive_await_the_end();
	tt_format(line, sizeof(line), "sync %ld\n", drive.options.heal);
	client_send(c, line);
}

static void client_next(struct client *c)
{
	struct command cmd = {.action = ""};

	if (c->state != CLIENT_WORKING || c->is_asked || c->is_killed)
		return;
	if (drive.is_over || (drive.options.scans > 0 && c->scans >= drive.options.scans)) {
		client_sync(c);
		return;
	}
	drive_profile()->next(c, &cmd);
	c->scans++;
	c->n++;
	acklog_write(c->log, "I %" PRIu64 " %s %s %s", c->n, cmd.action, acklog_word(cmd.code),
		acklog_word(cmd.parent));
	client_send(c, cmd.line);
}

static void client_on_timer(uv_timer_t *timer)
{
	client_next(timer->data);
}

static void client_think(struct client *c)
{
	if (drive.options.think > 0 && !drive.is_over)
		uv_timer_start(&c->timer, client_on_timer, (uint64_t)drive.options.think, 0);
	else
		client_next(c);
}

/* ---- answers */

static const char *json_word(const json_t *json, const char *name)
{
	const char *s = json_string_value(json_object_get(json, name));

	return s && *s && !strpbrk(s, " \n") ? s : "-";
}

static void drive_count(const json_t *answer, const char *class, uint64_t own_us)
{
	uint64_t now = tt_steady_ns();
	bool is_db = strcmp(json_word(answer, "durable"), "db") == 0;
	double told_ms = json_real_value(json_object_get(answer, "ms"));

	tt_histogram_add(&drive.own, own_us);
	if (strcmp(class, "queued") == 0) {
		drive.queued++;
		tt_histogram_add(&drive.queued_own, own_us);
		tt_histogram_add(&drive.queued_told, (uint64_t)(told_ms * 1000.0));
	} else if (!is_db && strcmp(class, "trouble") != 0) {
		drive.local++;
	} else if (strcmp(class, "done") == 0) {
		drive.done++;
	} else if (strcmp(class, "refused") == 0) {
		drive.refused++;
	} else if (strcmp(class, "trouble") == 0) {
		drive.trouble++;
	} else {
		drive.again++;
	}
	if (is_db && drive.db_ns > 0 && now - drive.db_ns > drive.gap_ns)
		drive.gap_ns = now - drive.db_ns;
	if (is_db)
		drive.db_ns = now;
}

static void client_answered(struct client *c, const json_t *answer)
{
	const char *outcome = json_word(answer, "outcome"), *class = json_word(answer, "class");

	drive_count(answer, class, (tt_steady_ns() - c->sent_ns) / 1000);
	acklog_write(c->log, "A %" PRIu64 " %s %s %s %lld %s %s", c->n, outcome,
		json_word(answer, "durable"), json_word(answer, "event"),
		(long long)json_integer_value(json_object_get(answer, "event_seq")),
		json_word(answer, "parent"), json_word(answer, "other"));
	client_learn(c, outcome);
	client_think(c);
}

static void client_synced(struct client *c, const json_t *answer)
{
	acklog_write(c->log, "E %lld %lld",
		(long long)json_integer_value(json_object_get(answer, "waiting")),
		(long long)json_integer_value(json_object_get(answer, "parked")));
	c->state = CLIENT_DONE;
	client_send(c, "quit\n");
}

static void drive_start_all(void)
{
	long i;

	for (i = 0; i < drive.options.stations; i++) {
		if (drive.clients[i].state != CLIENT_WAITING)
			continue;
		drive.clients[i].state = CLIENT_WORKING;
		client_next(&drive.clients[i]);
	}
}

static void client_ready(struct client *c)
{
	bool is_first = drive.login_s == 0.0;

	c->state = CLIENT_WAITING;
	c->needs_parent = true;
	drive.waiting++;
	if (is_first && drive.waiting >= drive.options.stations)
		drive.login_s = (double)(tt_steady_ns() - drive.began_ns) / 1e9;
	if (!drive.options.together || drive.login_s > 0.0)
		drive_start_all();
}

static void client_on_line(struct client *c, const char *line, size_t len)
{
	json_t *json = json_loadb(line, len, 0, NULL);

	if (!json) {
		fprintf(stderr, "drive: %s said: %.*s\n", c->name, (int)len, line);
		exit(1);
	}
	c->is_asked = false;
	if (c->state == CLIENT_STARTING)
		client_ready(c);
	else if (c->state == CLIENT_WORKING)
		client_answered(c, json);
	else if (c->state == CLIENT_SYNCING)
		client_synced(c, json);
	json_decref(json);
}

static void client_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct client *c = handle->data;

	(void)wanted;
	*buf = uv_buf_init(c->line + c->len, (unsigned)(sizeof(c->line) - c->len));
}

static void client_on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;
	char line[DRIVE_LINE_MAX], *end;
	size_t len;

	(void)buf;
	if (n <= 0)
		return;
	c->len += (size_t)n;
	while ((end = memchr(c->line, '\n', c->len))) {
		len = (size_t)(end - c->line);
		memcpy(line, c->line, len);
		c->len -= len + 1;
		memmove(c->line, end + 1, c->len);
		client_on_line(c, line, len);
	}
}

/* ---- processes */

static void client_on_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;

	if (--c->open_handles > 0)
		return;
	if (c->state != CLIENT_DONE && !drive.has_given_up && c->failures < DRIVE_FAILURES) {
		client_spawn(c);
		return;
	}
	if (--drive.running == 0)
		uv_stop(&drive.loop);
}

/* Nothing but us may end a station before it is asked to. */
static void client_judge_exit(struct client *c, int64_t status, int signal)
{
	bool is_early = c->state != CLIENT_DONE;

	if (is_early) {
		acklog_write(c->log, "D");
		drive.deaths++;
	}
	if (!c->is_killed && (is_early || status != 0 || signal != 0)) {
		drive.crashes++;
		c->failures++;
		fprintf(stderr, "drive: %s ended with status %d, signal %d; see %s/%s.err\n",
			c->name, (int)status, signal, drive.options.logs, c->name);
	}
	c->is_killed = false;
}

static void client_on_exit(uv_process_t *process, int64_t status, int signal)
{
	struct client *c = process->data;

	client_judge_exit(c, status, signal);
	if (c->state != CLIENT_DONE)
		c->state = CLIENT_STARTING;
	c->is_asked = false;
	uv_timer_stop(&c->timer);
	uv_close((uv_handle_t *)&c->process, client_on_closed);
	uv_close((uv_handle_t *)&c->in, client_on_closed);
	uv_close((uv_handle_t *)&c->out, client_on_closed);
}

static int client_open_errors(const struct client *c)
{
	char path[512];

	tt_format(path, sizeof(path), "%s/%s.err", drive.options.logs, c->name);
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void client_spawn(struct client *c)
{
	const struct options *o = &drive.options;
	char password[512];
	const char *args[] = {o->program, "--headless", "--station", c->name, "--user", c->login,
		"--password-file", password, "--state-dir", o->state,
		o->answer_within ? "--answer-within" : NULL, o->answer_within, NULL};
	int errors = client_open_errors(c), rc;
	uv_stdio_container_t stdio[3] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&c->in},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&c->out},
		{.flags = UV_INHERIT_FD, .data.fd = errors}};
	uv_process_options_t options = {.file = o->program,
		.args = (char **)(uintptr_t)args,
		.exit_cb = client_on_exit,
		.stdio = stdio,
		.stdio_count = 3};

	tt_format(password, sizeof(password), "%s/%s", o->passwords, c->login);
	c->state = CLIENT_STARTING;
	c->len = 0;
	c->open_handles = 3;
	uv_pipe_init(&drive.loop, &c->in, 0);
	uv_pipe_init(&drive.loop, &c->out, 0);
	c->process.data = c->in.data = c->out.data = c;
	rc = uv_spawn(&drive.loop, &c->process, &options);
	close(errors);
	if (rc != 0) {
		fprintf(stderr, "drive: %s: %s\n", o->program, uv_strerror(rc));
		exit(69);
	}
	uv_read_start((uv_stream_t *)&c->out, client_alloc, client_on_read);
}

/* ---- the run */

static void drive_end_when_over(void)
{
	long i;

	if (drive.kills < drive.options.kills)
		return;
	drive.is_over = true;
	drive_await_the_end();
	for (i = 0; i < drive.options.stations; i++) {
		if (drive.clients[i].state == CLIENT_WORKING)
			client_next(&drive.clients[i]);
	}
}

static void drive_on_end(uv_timer_t *timer)
{
	(void)timer;
	drive_end_when_over();
	if (!drive.is_over)
		uv_timer_start(&drive.end_timer, drive_on_end, 100, 0);
}

static void drive_on_signal(uv_signal_t *signal, int number)
{
	(void)signal;
	(void)number;
	drive.options.kills = drive.kills;
	uv_timer_start(&drive.end_timer, drive_on_end, 0, 0);
}

static uint64_t drive_kill_pause(void)
{
	long ms = drive.options.seconds * 1000 / (drive.options.kills + 1);

	return 1 + drive_random((uint32_t)(2 * (ms > 0 ? ms : 1000)));
}

static void client_kill(struct client *c)
{
	if (c->open_handles != 3 || c->state == CLIENT_DONE || c->is_killed ||
		uv_process_kill(&c->process, SIGKILL) != 0)
		return;
	c->is_killed = true;
	drive.kills++;
}

static void drive_on_kill_signal(uv_signal_t *signal, int number)
{
	long i;

	(void)signal;
	(void)number;
	for (i = 0; i < drive.options.stations; i++)
		client_kill(&drive.clients[i]);
}

static void drive_on_kill(uv_timer_t *timer)
{
	client_kill(&drive.clients[drive_random((uint32_t)drive.options.stations)]);
	if (drive.kills < drive.options.kills)
		uv_timer_start(timer, drive_on_kill, drive_kill_pause(), 0);
}

static void drive_start(void)
{
	const struct options *o = &drive.options;
	struct client *c;
	long i;

	drive.clients = tt_alloc((size_t)o->stations * sizeof(*drive.clients));
	drive.seed = (uint64_t)o->seed * 0x9e3779b97f4a7c15u + 1;
	drive.began_ns = tt_steady_ns();
	drive.running = o->stations;
	for (i = 0; i < o->stations; i++) {
		c = &drive.clients[i];
		c->number = (int)i;
		c->timer.data = c;
		tt_format(c->name, sizeof(c->name), "%s-%03ld", o->prefix, i + 1);
		tt_format(c->login, sizeof(c->login), "dispatcher%03ld", i + 1);
		c->log = acklog_open(o->logs, c->name);
		uv_timer_init(&drive.loop, &c->timer);
		client_spawn(c);
	}
	if (o->seconds > 0)
		uv_timer_start(&drive.end_timer, drive_on_end, (uint64_t)o->seconds * 1000, 0);
	if (o->kills > 0)
		uv_timer_start(&drive.kill_timer, drive_on_kill, drive_kill_pause(), 0);
}

static double drive_ms(const struct tt_histogram *h, double q)
{
	return (double)tt_histogram_quantile(h, q) / 1000.0;
}

static void drive_report(void)
{
	printf("answers %" PRIu64 "\ndone %" PRIu64 "\nagain %" PRIu64 "\nrefused %" PRIu64 "\n",
		drive.own.count, drive.done, drive.again, drive.refused);
	printf("queued %" PRIu64 "\ntrouble %" PRIu64 "\nlocal %" PRIu64 "\n", drive.queued,
		drive.trouble, drive.local);
	printf("kills %ld\ndeaths %ld\ncrashes %ld\nlogin_s %.2f\nsilence_s %.2f\n", drive.kills,
		drive.deaths, drive.crashes, drive.login_s, (double)drive.gap_ns / 1e9);
	printf("own_p50_ms %.1f\nown_p99_ms %.1f\nown_max_ms %.1f\n", drive_ms(&drive.own, 0.5),
		drive_ms(&drive.own, 0.99), (double)drive.own.max / 1000.0);
	printf("queued_own_p50_ms %.1f\nqueued_own_p99_ms %.1f\n", drive_ms(&drive.queued_own, 0.5),
		drive_ms(&drive.queued_own, 0.99));
	printf("queued_told_p50_ms %.1f\nqueued_told_p99_ms %.1f\n",
		drive_ms(&drive.queued_told, 0.5), drive_ms(&drive.queued_told, 0.99));
}

static int drive_count_unfinished(void)
{
	int n = 0;
	long i;

	for (i = 0; i < drive.options.stations; i++) {
		if (drive.clients[i].state == CLIENT_DONE)
			continue;
		fprintf(stderr, "drive: %s did not come to an end\n", drive.clients[i].name);
		n++;
	}
	return n;
}

static const struct {
	const char *name;
	size_t offset;
	bool is_number;
} drive_options[] = {
/* clang-format off */
#define TEXT(name, field) {name, offsetof(struct options, field), false}
#define NUMBER(name, field) {name, offsetof(struct options, field), true}
	/* clang-format on */
	TEXT("--logs", logs),
	TEXT("--state", state),
	TEXT("--passwords", passwords),
	TEXT("--prefix", prefix),
	TEXT("--profile", profile),
	TEXT("--program", program),
	TEXT("--answer-within", answer_within),
	NUMBER("--stations", stations),
	NUMBER("--base", base),
	NUMBER("--seed", seed),
	NUMBER("--seconds", seconds),
	NUMBER("--scans", scans),
	NUMBER("--think", think),
	NUMBER("--kills", kills),
	NUMBER("--parents", parents),
	NUMBER("--together", together),
	NUMBER("--heal", heal),
};

static void drive_usage(const char *why)
{
	fprintf(stderr, "drive: %s; see the head of tests/tools/drive.c\n", why);
	exit(64);
}

static void drive_read_options(struct options *o, int argc, char **argv)
{
	size_t n = sizeof(drive_options) / sizeof(*drive_options), j;
	int i;

	for (i = 1; i < argc; i += 2) {
		for (j = 0; j < n && strcmp(argv[i], drive_options[j].name) != 0; j++)
			;
		if (j == n || i + 1 == argc)
			drive_usage(argv[i]);
		if (drive_options[j].is_number)
			*(long *)(void *)((char *)o + drive_options[j].offset) =
				strtol(argv[i + 1], NULL, 10);
		else
			*(const char **)(void *)((char *)o + drive_options[j].offset) = argv[i + 1];
	}
	if (!o->logs || !o->state || !o->passwords || !o->prefix)
		drive_usage("--logs, --state, --passwords and --prefix are needed");
	if (!drive_profile())
		drive_usage("no such profile");
	if (o->stations < 1 || o->stations > 200)
		drive_usage("1 to 200 stations");
}

int main(int argc, char **argv)
{
	static const int numbers[] = {SIGTERM, SIGINT};
	int i;

	drive.options = (struct options){.stations = 4,
		.profile = "children",
		.base = 90000000,
		.seed = 1,
		.seconds = 10,
		.heal = 60,
		.program = "build/tracetrack"};
	drive_read_options(&drive.options, argc, argv);
	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&drive.loop);
	uv_timer_init(&drive.loop, &drive.end_timer);
	uv_timer_init(&drive.loop, &drive.kill_timer);
	uv_timer_init(&drive.loop, &drive.heal_timer);
	for (i = 0; i < 2; i++) {
		uv_signal_init(&drive.loop, &drive.signals[i]);
		uv_signal_start(&drive.signals[i], drive_on_signal, numbers[i]);
	}
	uv_signal_init(&drive.loop, &drive.kill_signal);
	uv_signal_start(&drive.kill_signal, drive_on_kill_signal, SIGUSR1);
	drive_start();
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	drive_report();
	return drive_count_unfinished() > 0 || drive.crashes > 0;
}

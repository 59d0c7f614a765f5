/*
 * The headless face: one command a line in, one JSON object a line out, in order. The next command
 * is read when the one before it has been answered.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/json.h>
#include <tracetrack/log.h>
#include <tracetrack/operation.h>
#include <tracetrack/schema.h>
#include <tracetrack/text.h>

#include "face.h"
#include "floor.h"
#include "input.h"
#include "line.h"
#include "output.h"

#define HEADLESS_PROTOCOL 1

struct headless;

/* The command under way. */
struct slot {
	struct headless *h;
	uint64_t seq;
	char cmd[16];
	bool is_raw; /* many scans: an answer each */
	unsigned expected, answered;
	struct tt_call call; /* of op */
	const struct tt_operation *op;
};

struct headless {
	uv_loop_t *loop;
	const struct face_options *options;
	struct floor floor;
	struct input input;
	uv_signal_t signals[3];
	uv_timer_t sync_timer, login_timer;
	struct slot *slot;
	struct tt_json json; /* the answer that is written */
	uint64_t seq;
	bool is_syncing;
	bool is_ready, is_ending, has_warned, is_input_over, is_alone;
	enum tt_rc rc;
	struct tt_error *err;
};

static void headless_end(struct headless *h)
{
	if (h->is_ending)
		return;
	h->is_ending = true;
	uv_stop(h->loop);
}

/* Write out what is in the writer, a line. */
static void headless_write(struct headless *h)
{
	tt_buf_add(&h->json.text, "\n", 1);
	if (!output_write(h->json.text.data, h->json.text.len)) {
		h->rc = tt_fail(h->err, TT_IO, "the output is gone");
		headless_end(h);
	}
	tt_json_clear(&h->json);
}

/* What is not known is left out. */
static void put_text(struct tt_json *to, const char *name, const char *s)
{
	if (s && *s)
		tt_json_text(to, name, s);
}

static void put_number(struct tt_json *to, const char *name, int64_t n)
{
	if (n != TT_NO_INT)
		tt_json_int(to, name, n);
}

static void put_time(struct tt_json *to, const char *name, tt_time t)
{
	char text[32];

	tt_time_format(text, sizeof(text), t);
	put_text(to, name, text);
}

static void put_answer(struct tt_json *to, const struct tt_answer *a)
{
	static const char *const durable[] = {"none", "outbox", "db"};
	char id[37];

	put_text(to, "code", a->code);
	tt_json_text(to, "outcome", a->outcome->name);
	tt_json_text(to, "class", tt_classes[a->cls].word);
	put_text(to, "action", a->action);
	put_text(to, "parent", a->parent);
	put_text(to, "bill", a->bill);
	put_text(to, "destination", a->destination);
	put_number(to, "position", a->position);
	put_number(to, "parents", a->parents);
	put_number(to, "count", a->children);
	put_number(to, "capacity", a->capacity);
	put_number(to, "grams", a->grams);
	put_number(to, "expected", a->expected);
	put_text(to, "state", a->state);
	put_text(to, "other", a->other);
	put_text(to, "other_by", a->other_by);
	put_text(to, "other_station", a->other_station);
	put_time(to, "other_at", a->other_at);
	tt_json_text(to, "message", a->message);
	put_text(to, "advice", a->advice);
	tt_json_text(to, "durable", durable[a->durable]);
	if (a->is_replayed)
		tt_json_bool(to, "replayed", true);
	if (!tt_uuid_is_nil(&a->event)) {
		tt_uuid_format(id, &a->event);
		tt_json_text(to, "event", id);
		tt_json_int(to, "event_seq", a->seq);
	}
	tt_json_real(to, "ms", a->ms);
	if (a->error.rc != TT_OK)
		tt_json_error(to, "error", &a->error);
}

static void slot_free(struct slot *slot)
{
	if (!slot)
		return;
	tt_call_fini(&slot->call);
	free(slot);
}

/* The answer of a slot begins with its own fields; others follow, up to slot_end. */
static struct tt_json *slot_begin(struct slot *slot)
{
	struct tt_json *json = &slot->h->json;

	tt_json_open(json, NULL, '{');
	tt_json_int(json, "seq", (int64_t)slot->seq);
	tt_json_text(json, "cmd", slot->cmd);
	return json;
}

/* The slot is gone after it. */
static void slot_end(struct slot *slot)
{
	struct headless *h = slot->h;

	tt_json_close(&h->json, '}');
	headless_write(h);
	h->slot = NULL;
	slot_free(slot);
	if (h->is_input_over)
		headless_end(h);
	else
		input_pause(&h->input, h->is_ending);
}

static void slot_fail(struct slot *slot, const struct tt_error *err)
{
	/* A right that is missing is a rule; a session that is, is trouble. */
	bool is_refused = err->rc == TT_REFUSED || strcmp(err->sqlstate, "42501") == 0;
	struct tt_json *json = slot_begin(slot);

	tt_json_text(json, "outcome", tt_rc_word(err->rc));
	tt_json_text(json, "class", is_refused ? "refused" : "trouble");
	tt_json_error(json, "error", err);
	slot_end(slot);
}

static struct slot *headless_slot(struct headless *h, const char *cmd)
{
	struct slot *slot = tt_alloc(sizeof(*slot));

	slot->h = h;
	slot->seq = ++h->seq;
	tt_clean(slot->cmd, sizeof(slot->cmd), cmd, strlen(cmd));
	h->slot = slot;
	input_pause(&h->input, true);
	return slot;
}

static void slot_end_raw(struct slot *slot)
{
	tt_json_close(&slot->h->json, ']');
	slot_end(slot);
}

/* How many there are is known when all bytes have been taken, which may be after some answers. */
static void slot_add_scan(struct slot *slot, const struct tt_answer *a)
{
	struct tt_json *json = &slot->h->json;

	tt_json_open(json, NULL, '{');
	put_answer(json, a);
	tt_json_close(json, '}');
	if (++slot->answered == slot->expected)
		slot_end_raw(slot);
}

static void headless_on_answered(void *ctx, const struct tt_answer *a)
{
	struct slot *slot = a->ticket;

	(void)ctx;
	if (!slot)
		return;
	if (slot->is_raw) {
		slot_add_scan(slot, a);
		return;
	}
	put_answer(slot_begin(slot), a);
	slot_end(slot);
}

/* ---- the commands */

static int headless_lane(struct slot *slot, const struct line *line)
{
	struct tt_error err;
	int lane = *line->lane ? tt_station_lane_find(slot->h->floor.station, line->lane) : 0;

	if (lane < 0) {
		(void)tt_fail(&err, TT_USAGE, "there is no lane \"%s\"", line->lane);
		slot_fail(slot, &err);
	}
	return lane;
}

static bool headless_wants_word(struct slot *slot, const struct line *line, const char *what)
{
	struct tt_error err;

	if (line->nwords == 1)
		return true;
	(void)tt_fail(&err, TT_USAGE, "%s needs %s", line->verb, what);
	tt_error_hint(&err, "Words with blanks are written as JSON strings.");
	slot_fail(slot, &err);
	return false;
}

static void command_scan(struct slot *slot, const struct line *line)
{
	struct tt_reading reading = {.grams = TT_NO_INT, .device = "headless"};
	char raw[512];
	int lane;

	if (!headless_wants_word(slot, line, "one code"))
		return;
	lane = headless_lane(slot, line);
	if (lane < 0)
		return;
	tt_clean(raw, sizeof(raw), line->words[0], strlen(line->words[0]));
	reading.raw = raw;
	reading.code = strcmp(raw, line->words[0]) == 0 && strlen(raw) <= TT_CODE_MAX ? raw : "";
	tt_station_scan(slot->h->floor.station, lane, &reading, slot);
}

static void command_raw(struct slot *slot, const struct line *line)
{
	uint8_t bytes[LINE_MAX_BYTES / 2];
	struct tt_error err;
	long n;
	int lane;

	if (!headless_wants_word(slot, line, "bytes in hex"))
		return;
	lane = headless_lane(slot, line);
	if (lane < 0)
		return;
	n = tt_unhex(bytes, sizeof(bytes), line->words[0]);
	if (n < 0) {
		(void)tt_fail(&err, TT_USAGE, "raw needs an even number of hex digits");
		slot_fail(slot, &err);
		return;
	}
	slot->is_raw = true;
	tt_json_open(slot_begin(slot), "scans", '[');
	slot->expected = floor_feed(&slot->h->floor, lane, bytes, (size_t)n, slot);
	if (slot->answered == slot->expected)
		slot_end_raw(slot);
}

static void command_undo(struct slot *slot, const struct line *line)
{
	int lane = headless_lane(slot, line);

	if (lane >= 0)
		tt_station_undo(slot->h->floor.station, lane, slot);
}

static void command_finish(struct slot *slot, const struct line *line)
{
	int lane = headless_lane(slot, line);

	if (lane >= 0)
		tt_station_finish(slot->h->floor.station, lane, slot);
}

static void command_short(struct slot *slot, const struct line *line)
{
	int lane;

	if (!headless_wants_word(slot, line, "a reason"))
		return;
	lane = headless_lane(slot, line);
	if (lane >= 0)
		tt_station_short(slot->h->floor.station, lane, line->words[0], slot);
}

static void headless_on_op(struct tt_call *call, void *ctx)
{
	struct slot *slot = ctx;
	struct tt_json *json;
	const char *outcome;

	if (call->rc != TT_OK) {
		slot_fail(slot, &call->error);
		return;
	}
	outcome = tt_operation_outcome(slot->op, &call->rows);
	outcome = outcome ? outcome : "ok";
	json = slot_begin(slot);
	tt_json_text(json, "op", slot->op->name);
	tt_json_text(json, "outcome", outcome);
	tt_json_text(json, "class", tt_classes[tt_outcome_find(outcome)->cls].word);
	tt_json_real(json, "ms", (double)call->us / 1000.0);
	tt_operation_json(json, "data", slot->op, &call->rows);
	slot_end(slot);
}

/* "name=value" words into the operation's parameters. */
static enum tt_rc headless_parameters(
	const struct tt_operation *op, void *args, const struct line *line, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	char name[64], *sep;
	size_t i;

	for (i = 1; i < line->nwords && rc == TT_OK; i++) {
		sep = strchr(line->words[i], '=');
		if (!sep)
			return tt_fail(
				err, TT_USAGE, "\"%.60s\" is not name=value", line->words[i]);
		tt_copy_n(name, sizeof(name), line->words[i], (size_t)(sep - line->words[i]));
		rc = tt_operation_give(op, args, name, sep + 1, err);
	}
	return rc == TT_OK ? tt_operation_complete(op, args, err) : rc;
}

static void headless_unknown_operation(struct slot *slot, const struct line *line)
{
	const struct tt_operation *near = NULL;
	struct tt_error err;

	if (line->nwords)
		near = tt_operation_nearest(line->words[0]);
	if (line->nwords)
		(void)tt_fail(&err, TT_USAGE, "there is no operation \"%.60s\"", line->words[0]);
	else
		(void)tt_fail(&err, TT_USAGE, "op needs the name of an operation");
	if (near)
		tt_error_hint(&err, "Did you mean %s?", near->name);
	else
		tt_error_hint(&err, "See tracetrackctl --help, as NOUN.VERB.");
	slot_fail(slot, &err);
}

static void command_op(struct slot *slot, const struct line *line)
{
	struct tt_station *st = slot->h->floor.station;
	const struct tt_operation *op = line->nwords ? tt_operation_find(line->words[0]) : NULL;
	struct tt_error err;
	void *args;

	if (!op) {
		headless_unknown_operation(slot, line);
		return;
	}
	slot->op = op;
	args = tt_operation_args_new(op);
	if (headless_parameters(op, args, line, &err) != TT_OK) {
		slot_fail(slot, &err);
	} else if (op->flags & TT_OP_EVENT) {
		tt_station_event(st, 0, op, args, slot);
	} else {
		slot->call.done = headless_on_op;
		slot->call.ctx = slot;
		tt_station_call(st, op, args, &slot->call);
	}
	tt_operation_args_free(op, args);
}

static void put_lane(struct tt_json *to, const struct tt_lane *lane)
{
	static const char *const states[] = {
		"empty", "open", "closed", "asking", "stopped", "bill"};

	tt_json_open(to, NULL, '{');
	tt_json_text(to, "name", lane->name);
	tt_json_text(to, "state", states[lane->state]);
	tt_json_int(to, "queued", (int64_t)lane->queued);
	tt_json_int(to, "scans", (int64_t)lane->scans);
	tt_json_int(to, "refused", (int64_t)lane->refused);
	tt_json_int(to, "doubles", (int64_t)lane->doubles);
	put_text(to, "parent", lane->parent);
	put_text(to, "bill", lane->bill);
	put_number(to, "count", lane->children);
	put_number(to, "capacity", lane->capacity);
	put_number(to, "grams", lane->grams);
	tt_json_close(to, '}');
}

static void put_outbox(struct tt_json *to, const struct tt_station *st)
{
	tt_time oldest = tt_station_oldest(st);

	tt_json_int(to, "waiting", (int64_t)tt_station_waiting(st));
	tt_json_int(to, "parked", (int64_t)tt_station_parked(st));
	tt_json_real(
		to, "oldest_s", oldest == TT_NO_TIME ? 0.0 : (double)(tt_now() - oldest) / 1e6);
}

static void put_source(struct tt_json *to, const struct tt_source_info *info, int lane)
{
	tt_json_open(to, NULL, '{');
	tt_json_text(to, "source", info->spec);
	tt_json_int(to, "lane", lane + 1);
	tt_json_text(to, "state", tt_source_state_word(info->state));
	tt_json_int(to, "frames", (int64_t)info->frames);
	tt_json_int(to, "unreadable", (int64_t)info->unreadable);
	tt_json_int(to, "hang_ups", (int64_t)info->hang_ups);
	tt_json_text(to, "error", info->error.message);
	tt_json_close(to, '}');
}

static void put_devices(struct tt_json *to, const struct floor *floor)
{
	struct tt_source_info info;
	size_t i;

	tt_json_open(to, "devices", '[');
	for (i = 0; i < floor->nsources; i++) {
		tt_source_info(floor->sources[i].source, &info);
		put_source(to, &info, floor->sources[i].lane);
	}
	tt_json_close(to, ']');
}

static void command_state(struct slot *slot, const struct line *line)
{
	static const char *const phases[] = {"logged_out", "logging_in", "working", "locked"};
	struct tt_station *st = slot->h->floor.station;
	struct tt_json *json = slot_begin(slot);
	size_t i;

	(void)line;
	put_outbox(json, st);
	put_text(json, "phase", phases[tt_station_phase(st)]);
	tt_json_text(json, "link", tt_link_is_up(tt_station_link(st)) ? "up" : "down");
	put_text(json, "link_error", tt_link_error(tt_station_link(st))->message);
	put_text(json, "user", tt_station_person(st)->login);
	tt_json_open(json, "lanes", '[');
	for (i = 0; i < tt_station_lanes(st); i++)
		put_lane(json, tt_station_lane(st, (int)i));
	tt_json_close(json, ']');
	put_devices(json, &slot->h->floor);
	slot_end(slot);
}

static void slot_answer_outbox(struct slot *slot)
{
	put_outbox(slot_begin(slot), slot->h->floor.station);
	slot_end(slot);
}

static void headless_end_sync(struct headless *h)
{
	h->is_syncing = false;
	uv_timer_stop(&h->sync_timer);
	slot_answer_outbox(h->slot);
}

static void headless_on_sync_timer(uv_timer_t *timer)
{
	headless_end_sync(timer->data);
}

static void command_sync(struct slot *slot, const struct line *line)
{
	struct headless *h = slot->h;
	double seconds = 60.0;
	struct tt_error err;
	char *end = "";

	if (line->nwords)
		seconds = strtod(line->words[0], &end);
	if (*end != '\0' || !(seconds >= 0.0 && seconds < 1e6)) {
		(void)tt_fail(&err, TT_USAGE, "sync needs seconds");
		slot_fail(slot, &err);
		return;
	}
	h->is_syncing = true;
	if (tt_station_waiting(h->floor.station) == 0)
		headless_end_sync(h);
	else
		uv_timer_start(
			&h->sync_timer, headless_on_sync_timer, (uint64_t)(seconds * 1000.0), 0);
}

static void command_quit(struct slot *slot, const struct line *line)
{
	struct headless *h = slot->h;

	(void)line;
	headless_end(h);
	slot_answer_outbox(slot);
}

static const struct headless_command {
	const char *verb;
	void (*run)(struct slot *slot, const struct line *line);
} headless_commands[] = {
	{"scan", command_scan},
	{"raw", command_raw},
	{"undo", command_undo},
	{"finish", command_finish},
	{"short", command_short},
	{"op", command_op},
	{"state", command_state},
	{"sync", command_sync},
	{"quit", command_quit},
};

static const struct headless_command *headless_find(const char *verb)
{
	size_t i;

	for (i = 0; i < sizeof(headless_commands) / sizeof(*headless_commands); i++) {
		if (strcmp(headless_commands[i].verb, verb) == 0)
			return &headless_commands[i];
	}
	return NULL;
}

static void headless_run_line(struct slot *slot, const struct line *line)
{
	const struct headless_command *command = headless_find(line->verb);
	struct tt_error err;

	if (command) {
		command->run(slot, line);
		return;
	}
	(void)tt_fail(&err, TT_USAGE, "there is no command \"%s\"", line->verb);
	tt_error_hint(&err, "scan raw undo finish short op state sync quit: see "
			    "tracetrack-headless(7).");
	slot_fail(slot, &err);
}

static void headless_on_line(void *ctx, const char *text, size_t len)
{
	struct headless *h = ctx;
	struct slot *slot;
	struct tt_error err;
	struct line line;
	enum tt_rc rc = line_parse(&line, text, len, &err);

	slot = headless_slot(h, line.verb);
	if (rc == TT_OK)
		headless_run_line(slot, &line);
	else
		slot_fail(slot, &err);
	line_fini(&line);
}

/* ---- start and session */

static void headless_print_ready(struct headless *h)
{
	struct tt_station *st = h->floor.station;
	const struct tt_person *p = tt_station_person(st);
	struct tt_json *json = &h->json;
	size_t i;

	tt_json_open(json, NULL, '{');
	tt_json_bool(json, "ready", true);
	tt_json_int(json, "protocol", HEADLESS_PROTOCOL);
	tt_json_text(json, "version", TT_VERSION);
	tt_json_int(json, "schema", tt_schema_version());
	tt_json_text(json, "station", tt_station_name(st));
	tt_json_text(json, "user", p->login);
	tt_json_text(json, "role", p->role);
	tt_json_text(json, "area", p->area);
	tt_json_open(json, "lanes", '[');
	for (i = 0; i < tt_station_lanes(st); i++)
		tt_json_text(json, NULL, tt_station_lane(st, (int)i)->name);
	tt_json_close(json, ']');
	tt_json_int(json, "pid", getpid());
	tt_json_int(json, "waiting", (int64_t)tt_station_waiting(st));
	tt_json_close(json, '}');
	headless_write(h);
}

static void headless_log_in(struct headless *h)
{
	tt_station_login(h->floor.station, h->options->settings->user, h->options->password);
}

static void headless_on_login_timer(uv_timer_t *timer)
{
	headless_log_in(timer->data);
}

static void headless_session_changed(struct headless *h)
{
	const struct tt_error *why = tt_station_login_error(h->floor.station);
	enum tt_phase phase = tt_station_phase(h->floor.station);

	if (tt_station_asks(h->floor.station) != TT_ASK_NOTHING) {
		h->rc = tt_ask_refuse(tt_station_asks(h->floor.station), h->err);
		headless_end(h);
	} else if (phase == TT_PHASE_WORKING && !h->is_ready) {
		h->is_ready = true;
		headless_print_ready(h);
		input_pause(&h->input, false);
	} else if (phase == TT_PHASE_LOGGED_OUT && !h->is_ready) {
		*h->err = *why;
		h->rc = why->rc;
		headless_end(h);
	} else if (phase == TT_PHASE_LOGGED_OUT || phase == TT_PHASE_LOCKED) {
		/* The session ended under way: open the next one. */
		uv_timer_start(&h->login_timer, headless_on_login_timer, 1000, 0);
	}
}

/* Before the first login a wrong connection string is an error, an absent database a notice. */
static void headless_link_changed(struct headless *h)
{
	const struct tt_link *link = tt_station_link(h->floor.station);
	const struct tt_error *why = tt_link_error(link);

	if (h->is_ready || !link || tt_link_state(link) != TT_LINK_DOWN)
		return;
	if (why->rc == TT_CONFIG || h->is_alone) {
		*h->err = *why;
		h->rc = why->rc;
		headless_end(h);
	} else if (!h->has_warned) {
		h->has_warned = true;
		dprintf(STDERR_FILENO, "tracetrack: %s; trying on\n", why->message);
	}
}

/* Nobody is there any more; what was asked is still answered. */
static void headless_on_end(void *ctx)
{
	struct headless *h = ctx;

	h->is_input_over = true;
	if (!h->slot)
		headless_end(h);
}

/* Whoever gave the commands has gone. Before the first login they are worth one try: a program that
 * nobody reads any more must not wait for a database. */
static void headless_on_hangup(void *ctx)
{
	struct headless *h = ctx;

	h->is_alone = true;
	if (!h->is_ready && h->input.held.len == 0)
		headless_end(h);
	else
		headless_link_changed(h);
}

static void headless_on_changed(void *ctx, unsigned changes)
{
	struct headless *h = ctx;

	if (!h->floor.station)
		return;
	if (changes & TT_CHANGE_LINK)
		headless_link_changed(h);
	if (changes & TT_CHANGE_SESSION)
		headless_session_changed(h);
	if (h->is_syncing && tt_station_waiting(h->floor.station) == 0)
		headless_end_sync(h);
}

static void headless_on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	headless_end(signal->data);
}

static void headless_watch_signals(struct headless *h)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	size_t i;

	for (i = 0; i < 3; i++) {
		uv_signal_init(h->loop, &h->signals[i]);
		h->signals[i].data = h;
		uv_signal_start(&h->signals[i], headless_on_signal, numbers[i]);
	}
}

static void headless_close(struct headless *h)
{
	size_t i;

	floor_close(&h->floor);
	input_close(&h->input);
	for (i = 0; i < 3; i++)
		uv_close((uv_handle_t *)&h->signals[i], NULL);
	uv_close((uv_handle_t *)&h->sync_timer, NULL);
	uv_close((uv_handle_t *)&h->login_timer, NULL);
	slot_free(h->slot);
	tt_json_fini(&h->json);
	uv_run(h->loop, UV_RUN_DEFAULT);
}

enum tt_rc headless_run(uv_loop_t *loop, const struct face_options *options, struct tt_error *err)
{
	struct headless h = {.loop = loop, .options = options, .err = err};
	struct floor_face face = {
		.answered = headless_on_answered, .changed = headless_on_changed, .ctx = &h};

	if (!options->password) {
		tt_fail(err, TT_USAGE, "--headless needs --user and --password-file");
		return TT_USAGE;
	}
	h.input = (struct input){.loop = loop,
		.on_line = headless_on_line,
		.on_end = headless_on_end,
		.on_hangup = headless_on_hangup,
		.ctx = &h};
	headless_watch_signals(&h);
	uv_timer_init(loop, &h.sync_timer);
	uv_timer_init(loop, &h.login_timer);
	h.sync_timer.data = h.login_timer.data = &h;
	h.rc = floor_open(&h.floor, loop, options->settings, &face, err);
	if (h.rc == TT_OK) {
		headless_log_in(&h);
		input_open(&h.input);
		input_pause(&h.input, true);
		uv_run(loop, UV_RUN_DEFAULT);
	}
	headless_close(&h);
	return h.rc;
}

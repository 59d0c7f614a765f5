/*
 * The headless face: one command a line in, one JSON object a line out, in order. The next command
 * is read when the one before it has been answered.
 */
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	json_t *scans;	/* of raw: an answer each */
	unsigned expected;
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

static void headless_write(struct headless *h, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	size_t len = strlen(text);

	text[len++] = '\n';
	if (!output_write(text, len)) {
		h->rc = tt_fail(h->err, TT_IO, "the output is gone");
		headless_end(h);
	}
	free(text);
}

static void set_text(json_t *to, const char *name, const char *s)
{
	if (s && *s)
		json_object_set_new(to, name, json_string(s));
}

static void set_number(json_t *to, const char *name, int64_t n)
{
	if (n != TT_NO_INT)
		json_object_set_new(to, name, json_integer(n));
}

static void set_time(json_t *to, const char *name, tt_time t)
{
	char text[32];

	tt_time_format(text, sizeof(text), t);
	set_text(to, name, text);
}

static json_t *error_json(const struct tt_error *err)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "code", tt_rc_word(err->rc), "message",
		err->message, "detail", err->detail, "hint", err->hint);
}

static json_t *headless_answer_json(const struct tt_answer *a)
{
	static const char *const durable[] = {"none", "outbox", "db"};
	json_t *json = json_object();
	char id[37];

	set_text(json, "code", a->code);
	json_object_set_new(json, "outcome", json_string(a->outcome->name));
	json_object_set_new(json, "class", json_string(tt_classes[a->cls].word));
	set_text(json, "action", a->action);
	set_text(json, "parent", a->parent);
	set_text(json, "bill", a->bill);
	set_text(json, "destination", a->destination);
	set_number(json, "position", a->position);
	set_number(json, "parents", a->parents);
	set_number(json, "count", a->children);
	set_number(json, "capacity", a->capacity);
	set_number(json, "grams", a->grams);
	set_number(json, "expected", a->expected);
	set_text(json, "state", a->state);
	set_text(json, "other", a->other);
	set_text(json, "other_by", a->other_by);
	set_text(json, "other_station", a->other_station);
	set_time(json, "other_at", a->other_at);
	json_object_set_new(json, "message", json_string(a->message));
	set_text(json, "advice", a->advice);
	json_object_set_new(json, "durable", json_string(durable[a->durable]));
	if (a->is_replayed)
		json_object_set_new(json, "replayed", json_true());
	if (!tt_uuid_is_nil(&a->event)) {
		tt_uuid_format(id, &a->event);
		json_object_set_new(json, "event", json_string(id));
		json_object_set_new(json, "event_seq", json_integer(a->seq));
	}
	json_object_set_new(json, "ms", json_real(a->ms));
	if (a->error.rc != TT_OK)
		json_object_set_new(json, "error", error_json(&a->error));
	return json;
}

static void slot_free(struct slot *slot)
{
	if (!slot)
		return;
	json_decref(slot->scans);
	tt_call_fini(&slot->call);
	free(slot);
}

/* The answer of a slot: its own fields in front. Takes over `fields`; the slot is gone after it. */
static void slot_answer(struct slot *slot, json_t *fields)
{
	struct headless *h = slot->h;
	json_t *json = json_object();

	json_object_set_new(json, "seq", json_integer((json_int_t)slot->seq));
	json_object_set_new(json, "cmd", json_string(slot->cmd));
	json_object_update(json, fields);
	json_decref(fields);
	headless_write(h, json);
	json_decref(json);
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

	slot_answer(slot, json_pack("{s:s,s:s,s:o}", "outcome", tt_rc_word(err->rc), "class",
		is_refused ? "refused" : "trouble", "error", error_json(err)));
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

static void headless_on_answered(void *ctx, const struct tt_answer *a)
{
	struct slot *slot = a->ticket;

	(void)ctx;
	if (!slot)
		return;
	if (!slot->scans) {
		slot_answer(slot, headless_answer_json(a));
		return;
	}
	json_array_append_new(slot->scans, headless_answer_json(a));
	if (slot->expected > 0 && json_array_size(slot->scans) == slot->expected)
		slot_answer(slot, json_pack("{s:O}", "scans", slot->scans));
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
	slot->scans = json_array();
	slot->expected = floor_feed(&slot->h->floor, lane, bytes, (size_t)n, slot);
	if (json_array_size(slot->scans) == slot->expected)
		slot_answer(slot, json_pack("{s:O}", "scans", slot->scans));
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
	const char *outcome;
	json_t *fields;

	if (call->rc != TT_OK) {
		slot_fail(slot, &call->error);
		return;
	}
	outcome = tt_operation_outcome(slot->op, &call->rows);
	fields = json_pack("{s:s,s:s,s:s,s:f,s:o}", "op", slot->op->name, "outcome",
		outcome ? outcome : "ok", "class",
		tt_classes[tt_outcome_find(outcome ? outcome : "ok")->cls].word, "ms",
		(double)call->us / 1000.0, "data", tt_operation_json(slot->op, &call->rows));
	slot_answer(slot, fields);
}

/* "name=value" words into the operation's parameters. */
static enum tt_rc headless_parameters(const struct tt_operation *op, void *args,
	const struct line *line, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	char name[64], *sep;
	size_t i;

	for (i = 1; i < line->nwords && rc == TT_OK; i++) {
		sep = strchr(line->words[i], '=');
		if (!sep)
			return tt_fail(err, TT_USAGE, "\"%.60s\" is not name=value",
				line->words[i]);
		tt_copy_n(name, sizeof(name), line->words[i], (size_t)(sep - line->words[i]));
		rc = tt_operation_set(op, args, name, sep + 1, err);
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

static json_t *headless_lane_json(const struct tt_lane *lane)
{
	static const char *const states[] = {
		"empty", "open", "closed", "asking", "stopped", "bill"};
	json_t *json = json_pack("{s:s,s:s,s:i,s:i,s:i,s:i}", "name", lane->name, "state",
		states[lane->state], "queued", (int)lane->queued, "scans", (int)lane->scans,
		"refused", (int)lane->refused, "doubles", (int)lane->doubles);

	set_text(json, "parent", lane->parent);
	set_text(json, "bill", lane->bill);
	set_number(json, "count", lane->children);
	set_number(json, "capacity", lane->capacity);
	set_number(json, "grams", lane->grams);
	return json;
}

static json_t *headless_outbox_json(const struct tt_station *st)
{
	tt_time oldest = tt_station_oldest(st);

	return json_pack("{s:I,s:I,s:f}", "waiting", (json_int_t)tt_station_waiting(st), "parked",
		(json_int_t)tt_station_parked(st), "oldest_s",
		oldest == TT_NO_TIME ? 0.0 : (double)(tt_now() - oldest) / 1e6);
}

static json_t *headless_devices_json(const struct floor *floor)
{
	struct tt_source_info info;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < floor->nsources; i++) {
		tt_source_info(floor->sources[i].source, &info);
		json_array_append_new(list, json_pack("{s:s,s:i,s:s,s:I,s:I,s:I,s:s}", "source",
			info.spec, "lane", floor->sources[i].lane + 1, "state",
			tt_source_state_word(info.state), "frames", (json_int_t)info.frames,
			"unreadable", (json_int_t)info.unreadable, "hang_ups",
			(json_int_t)info.hang_ups, "error", info.error.message));
	}
	return list;
}

static void command_state(struct slot *slot, const struct line *line)
{
	static const char *const phases[] = {"logged_out", "logging_in", "working", "locked"};
	struct tt_station *st = slot->h->floor.station;
	json_t *json = headless_outbox_json(st), *lanes = json_array();
	size_t i;

	(void)line;
	for (i = 0; i < tt_station_lanes(st); i++)
		json_array_append_new(lanes, headless_lane_json(tt_station_lane(st, (int)i)));
	set_text(json, "phase", phases[tt_station_phase(st)]);
	json_object_set_new(json, "link",
		json_string(tt_link_is_up(tt_station_link(st)) ? "up" : "down"));
	set_text(json, "link_error", tt_link_error(tt_station_link(st))->message);
	set_text(json, "user", tt_station_person(st)->login);
	json_object_set_new(json, "lanes", lanes);
	json_object_set_new(json, "devices", headless_devices_json(&slot->h->floor));
	slot_answer(slot, json);
}

static void headless_end_sync(struct headless *h)
{
	h->is_syncing = false;
	uv_timer_stop(&h->sync_timer);
	slot_answer(h->slot, headless_outbox_json(h->floor.station));
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
		uv_timer_start(&h->sync_timer, headless_on_sync_timer,
			(uint64_t)(seconds * 1000.0), 0);
}

static void command_quit(struct slot *slot, const struct line *line)
{
	struct headless *h = slot->h;

	(void)line;
	headless_end(h);
	slot_answer(slot, headless_outbox_json(h->floor.station));
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
	json_t *lanes = json_array(), *json;
	size_t i;

	for (i = 0; i < tt_station_lanes(st); i++)
		json_array_append_new(lanes, json_string(tt_station_lane(st, (int)i)->name));
	json = json_pack("{s:b,s:i,s:s,s:i,s:s,s:s,s:s,s:s,s:o,s:i,s:I}", "ready", 1, "protocol",
		HEADLESS_PROTOCOL, "version", TT_VERSION, "schema", tt_schema_version(), "station",
		tt_station_name(st), "user", p->login, "role", p->role, "area", p->area, "lanes",
		lanes, "pid", (int)getpid(), "waiting", (json_int_t)tt_station_waiting(st));
	headless_write(h, json);
	json_decref(json);
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
	uv_run(h->loop, UV_RUN_DEFAULT);
}

enum tt_rc headless_run(uv_loop_t *loop, const struct face_options *options, struct tt_error *err)
{
	struct headless h = {.loop = loop, .options = options, .err = err};
	struct floor_face face = {.answered = headless_on_answered,
		.changed = headless_on_changed,
		.ctx = &h};

	if (!options->password) {
		tt_fail(err, TT_USAGE, "--headless needs --user and --password-file");
		return TT_USAGE;
	}
	h.input = (struct input){.loop = loop, .on_line = headless_on_line,
		.on_end = headless_on_end, .on_hangup = headless_on_hangup, .ctx = &h};
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

/*
 * The plain face: line by line, for screen readers, dumb terminals and the curious. A line is a
 * code; a line that begins with : is a command. Nothing is drawn, nothing moves.
 */
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <tracetrack/operation.h>
#include <tracetrack/password.h>

#include "face.h"
#include "floor.h"
#include "input.h"
#include "line.h"
#include "output.h"

struct plain {
	uv_loop_t *loop;
	const struct face_options *options;
	struct floor floor;
	struct input input;
	uv_signal_t signals[3];
	bool is_asking_password; /* the next line is the password of `user` */
	enum tt_ask question;    /* or what the login under way waits for */
	bool was_down;
	char user[64];
	struct termios terminal;
	bool is_terminal, is_ending, is_alone, is_unheard;
	unsigned asked; /* typed scans and calls that are not answered yet */
	enum tt_rc rc;
	struct tt_error *err;
};

struct plain_call {
	struct plain *plain;
	struct tt_call call;
	const struct tt_operation *op;
};

static void plain_end(struct plain *p);

/* Nobody reads any more: who scans on would not hear what becomes of it. */
static void plain_is_unheard(struct plain *p)
{
	p->is_unheard = true;
	p->rc = tt_fail(p->err, TT_IO, "the output is gone");
	if (!p->is_ending)
		plain_end(p);
}

/* A line for people: cleaned here, whatever was put into it. */
static void plain_say(struct plain *p, const char *fmt, ...) TT_PRINTF(2, 3);
static void plain_say(struct plain *p, const char *fmt, ...)
{
	va_list ap, again;
	char *text, *clean;
	size_t len, size;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	len = n > 0 ? (size_t)n : 0;
	size = len * 10 + 2;
	text = tt_alloc(len + 1);
	clean = tt_alloc(size);
	vsnprintf(text, len + 1, fmt, again);
	va_end(again);
	len = tt_clean(clean, size - 1, text, len);
	clean[len++] = '\n';
	if (!output_write(clean, len) && !p->is_unheard)
		plain_is_unheard(p);
	free(text);
	free(clean);
}

static void plain_say_error(struct plain *p, const struct tt_error *err)
{
	plain_say(p, "[!!] %s%s%s", err->message, *err->hint ? ". " : "", err->hint);
}

/* A script's lines are taken one by one, each when the one before it is answered, so that what it
 * says comes in order; a person may type ahead. */
static void plain_pace(struct plain *p)
{
	bool is_logging_in = p->floor.station &&
			     tt_station_phase(p->floor.station) == TT_PHASE_LOGGING_IN &&
			     p->question == TT_ASK_NOTHING;

	input_pause(
		&p->input, p->is_ending || (!p->is_terminal && (p->asked > 0 || is_logging_in)));
}

static void plain_end(struct plain *p)
{
	p->is_ending = true;
	plain_pace(p);
	uv_stop(p->loop);
}

static void plain_asks(struct plain *p, unsigned more)
{
	p->asked += more;
	plain_pace(p);
}

static void plain_has_answer(struct plain *p)
{
	p->asked--;
	plain_pace(p);
}

static void plain_echo(struct plain *p, bool is_on)
{
	struct termios t = p->terminal;

	if (!p->is_terminal)
		return;
	if (!is_on)
		t.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

static void plain_ask_password(struct plain *p)
{
	p->is_asking_password = true;
	plain_echo(p, false);
	plain_say(p, "Password of %s:", p->user);
}

static void plain_ask(struct plain *p)
{
	const struct tt_error *why = tt_station_login_error(p->floor.station);

	p->question = tt_station_asks(p->floor.station);
	if (*why->message)
		plain_say_error(p, why);
	if (p->question == TT_ASK_NEW_PASSWORD)
		plain_echo(p, false);
	plain_say(p,
		p->question == TT_ASK_TOTP ? "Code of the authenticator of %s:"
					   : "New password of %s:",
		p->user);
}

static void plain_on_answered(void *ctx, const struct tt_answer *a)
{
	struct plain *p = ctx;
	const char *lane = tt_station_lane(p->floor.station, a->lane)->name;
	bool has_lanes = tt_station_lanes(p->floor.station) > 1;

	plain_say(p, "%s%s%s %s: %s%s%s", has_lanes ? lane : "", has_lanes ? " " : "",
		tt_classes[a->cls].ascii, a->outcome->label, a->message, *a->advice ? ". " : "",
		a->advice);
	if (a->parents != TT_NO_INT && a->cls == TT_CLASS_DONE)
		plain_say(p, "     %" PRId64 " of %" PRId64 " on %s", a->parents, a->capacity,
			a->bill);
	else if (a->children != TT_NO_INT && a->cls == TT_CLASS_DONE)
		plain_say(p, "     %" PRId64 " of %" PRId64 " in %s", a->children, a->capacity,
			a->parent);
	if (a->ticket == p)
		plain_has_answer(p);
}

static void plain_on_settled(void *ctx, const struct tt_answer *a)
{
	plain_say(ctx, "%s later, %s: %s", tt_classes[a->cls].ascii, a->outcome->label, a->message);
}

static void plain_session_changed(struct plain *p)
{
	const struct tt_person *who = tt_station_person(p->floor.station);
	const struct tt_error *why = tt_station_login_error(p->floor.station);

	switch (tt_station_phase(p->floor.station)) {
	case TT_PHASE_WORKING:
		if (*why->message)
			plain_say_error(p, why);
		plain_say(p, "%s: %s (%s%s%s). Scan, or type :help",
			tt_station_name(p->floor.station), who->login, who->role,
			*who->area ? ", " : "", who->area);
		break;
	case TT_PHASE_LOGGED_OUT:
	case TT_PHASE_LOCKED:
		if (*why->message)
			plain_say_error(p, why);
		if (!p->is_terminal && p->options->password && *why->message) {
			*p->err = *why;
			p->rc = why->rc;
			plain_end(p);
			break;
		}
		plain_say(p, "User:");
		p->user[0] = '\0';
		break;
	case TT_PHASE_LOGGING_IN:
		if (tt_station_asks(p->floor.station) != TT_ASK_NOTHING)
			plain_ask(p);
		break;
	}
}

static void plain_link_changed(struct plain *p)
{
	const struct tt_link *link = tt_station_link(p->floor.station);
	bool is_down;

	if (!link)
		return;
	is_down = tt_link_state(link) == TT_LINK_DOWN || (p->was_down && !tt_link_is_up(link));
	if (is_down && !p->was_down)
		plain_say(p, "[..] no database: %s. Scans are kept on this station",
			tt_link_error(link)->message);
	else if (!is_down && p->was_down)
		plain_say(p, "[OK] the database is back; %zu scans wait to be sent",
			tt_station_waiting(p->floor.station));
	p->was_down = is_down;
}

/* A script that has said all it had to say, with no database to log in to: it was worth one try. */
static void plain_give_up_alone(struct plain *p)
{
	const struct tt_link *link = tt_station_link(p->floor.station);

	if (!p->is_alone || p->is_terminal || !link || tt_link_state(link) != TT_LINK_DOWN ||
		tt_station_phase(p->floor.station) != TT_PHASE_LOGGING_IN)
		return;
	*p->err = *tt_link_error(link);
	p->rc = p->err->rc;
	plain_end(p);
}

static void plain_on_changed(void *ctx, unsigned changes)
{
	struct plain *p = ctx;

	if (!p->floor.station)
		return;
	if (changes & TT_CHANGE_LINK) {
		plain_link_changed(p);
		plain_give_up_alone(p);
	}
	if (changes & TT_CHANGE_SESSION) {
		plain_session_changed(p);
		plain_pace(p);
	}
}

static void plain_on_badge(void *ctx, const char *login)
{
	struct plain *p = ctx;

	tt_copy(p->user, sizeof(p->user), login);
	plain_ask_password(p);
}

/* ---- commands */

static void plain_undo(struct plain *p, const struct line *line)
{
	(void)line;
	plain_asks(p, 1);
	tt_station_undo(p->floor.station, 0, p);
}

static void plain_finish(struct plain *p, const struct line *line)
{
	(void)line;
	plain_asks(p, 1);
	tt_station_finish(p->floor.station, 0, p);
}

static void plain_short(struct plain *p, const struct line *line)
{
	if (line->nwords == 0) {
		plain_say(p, "[NO] :short needs the reason, as in :short \"label torn\"");
		return;
	}
	plain_asks(p, 1);
	tt_station_short(p->floor.station, 0, line->words[0], p);
}

static void plain_ok(struct plain *p, const struct line *line)
{
	(void)line;
	plain_asks(p, 1);
	tt_station_confirm(p->floor.station, 0, p);
}

static void plain_cancel(struct plain *p, const struct line *line)
{
	(void)line;
	plain_asks(p, 1);
	tt_station_cancel(p->floor.station, 0, p);
}

static void plain_print_row(struct plain *p, const struct tt_column *cols, const void *row)
{
	struct tt_buf text = {0};

	for (; cols->name; cols++) {
		tt_buf_clear(&text);
		tt_column_print(cols, row, true, &text);
		if (text.len > 0)
			plain_say(p, "     %s: %s", cols->name, text.data);
	}
	tt_buf_fini(&text);
}

static void plain_on_call(struct tt_call *call, void *ctx)
{
	struct plain_call *pc = ctx;
	size_t i;

	if (call->rc != TT_OK)
		plain_say_error(pc->plain, &call->error);
	for (i = 0; i < call->rows.count; i++) {
		if (i > 0)
			plain_say(pc->plain, "     -");
		plain_print_row(pc->plain, call->rows.cols, tt_rows_at(&call->rows, i));
	}
	tt_call_fini(call);
	plain_has_answer(pc->plain);
	free(pc);
}

static void plain_call(struct plain *p, const struct tt_operation *op, void *args)
{
	struct plain_call *pc = tt_alloc(sizeof(*pc));

	pc->plain = p;
	pc->op = op;
	plain_asks(p, 1);
	pc->call.done = plain_on_call;
	pc->call.ctx = pc;
	tt_station_call(p->floor.station, op, args, &pc->call);
}

/* :op NOUN.VERB name=value..., and :lookup, which is one of them. */
static void plain_operate(
	struct plain *p, const char *name, char *const *words, size_t n, const char *positional)
{
	const struct tt_operation *op = tt_operation_find(name), *near;
	struct tt_error err;
	enum tt_rc rc = TT_OK;
	char option[64], *sep;
	void *args;
	size_t i;

	if (!op) {
		near = tt_operation_nearest(name);
		plain_say(p, "[NO] there is no operation \"%s\"%s%s%s", name,
			near ? ". Did you mean " : "", near ? near->name : "", near ? "?" : "");
		return;
	}
	args = tt_operation_args_new(op);
	for (i = 0; i < n && rc == TT_OK; i++) {
		sep = positional ? NULL : strchr(words[i], '=');
		tt_copy_n(option, sizeof(option), words[i], sep ? (size_t)(sep - words[i]) : 0);
		rc = tt_operation_give(
			op, args, positional ? positional : option, sep ? sep + 1 : words[i], &err);
	}
	if (rc == TT_OK)
		rc = tt_operation_complete(op, args, &err);
	if (rc != TT_OK)
		plain_say_error(p, &err);
	else if (!(op->flags & TT_OP_EVENT))
		plain_call(p, op, args);
	if (rc == TT_OK && (op->flags & TT_OP_EVENT)) {
		plain_asks(p, 1);
		tt_station_event(p->floor.station, 0, op, args, p);
	}
	tt_operation_args_free(op, args);
}

static void plain_op(struct plain *p, const struct line *line)
{
	if (line->nwords == 0)
		plain_say(p, "[NO] :op needs the name of an operation, as in :op family.list");
	else
		plain_operate(p, line->words[0], line->words + 1, line->nwords - 1, NULL);
}

static void plain_lookup(struct plain *p, const struct line *line)
{
	plain_operate(p, "scan.lookup", line->words, line->nwords > 1 ? 1 : line->nwords, "code");
}

static void plain_state(struct plain *p, const struct line *line)
{
	const struct tt_station *st = p->floor.station;
	const struct tt_lane *lane;
	size_t i;

	(void)line;
	plain_say(p, "     database %s; %zu scans wait, %zu set aside",
		tt_link_is_up(tt_station_link(st)) ? "connected" : "away", tt_station_waiting(st),
		tt_station_parked(st));
	for (i = 0; i < tt_station_lanes(st); i++) {
		lane = tt_station_lane(st, (int)i);
		if (*lane->parent || *lane->bill)
			plain_say(p, "     lane %s: %s, %" PRId64 " of %" PRId64, lane->name,
				*lane->bill ? lane->bill : lane->parent,
				lane->children == TT_NO_INT ? 0 : lane->children,
				lane->capacity == TT_NO_INT ? 0 : lane->capacity);
		else
			plain_say(p, "     lane %s: no parent", lane->name);
	}
}

static void plain_lock(struct plain *p, const struct line *line)
{
	(void)line;
	tt_station_lock(p->floor.station);
}

static void plain_logout(struct plain *p, const struct line *line)
{
	(void)line;
	tt_station_logout(p->floor.station);
}

static void plain_quit(struct plain *p, const struct line *line)
{
	(void)line;
	plain_end(p);
}

static void plain_help(struct plain *p, const struct line *line);

static const struct plain_command {
	const char *verb, *help;
	void (*run)(struct plain *p, const struct line *line);
} plain_commands[] = {
	{"help", "this list", plain_help},
	{"undo", "take back the last scan", plain_undo},
	{"finish", "close the parent as complete", plain_finish},
	{"short", "close the parent short, with the reason", plain_short},
	{"ok", "take the offered move, or acknowledge a stop", plain_ok},
	{"cancel", "decline the offer, or leave the parent", plain_cancel},
	{"lookup", "say what a code is: :lookup CODE", plain_lookup},
	{"state", "the lanes and what waits", plain_state},
	{"op", "any operation: :op NOUN.VERB name=value...", plain_op},
	{"lock", "lock the station", plain_lock},
	{"logout", "log out", plain_logout},
	{"quit", "leave", plain_quit},
};

static void plain_help(struct plain *p, const struct line *line)
{
	size_t i;

	(void)line;
	plain_say(p, "     a line is a code that is scanned; commands begin with a colon:");
	for (i = 0; i < sizeof(plain_commands) / sizeof(*plain_commands); i++)
		plain_say(p, "     :%-8s %s", plain_commands[i].verb, plain_commands[i].help);
}

static void plain_command(struct plain *p, const char *text, size_t len)
{
	struct tt_error err;
	struct line line;
	size_t i, n = sizeof(plain_commands) / sizeof(*plain_commands);

	if (line_parse(&line, text, len, &err) != TT_OK) {
		plain_say_error(p, &err);
		line_fini(&line);
		return;
	}
	for (i = 0; i < n && strcmp(plain_commands[i].verb, line.verb) != 0; i++)
		;
	if (i < n)
		plain_commands[i].run(p, &line);
	else
		plain_say(p, "[NO] there is no command :%s; :help lists them", line.verb);
	line_fini(&line);
}

/* A badge typed by a keyboard scanner, where a name or a password is asked for. */
static void plain_take_badge(struct plain *p, const char *code)
{
	p->is_asking_password = false;
	plain_echo(p, true);
	tt_station_badge(p->floor.station, code);
}

static void plain_log_in(struct plain *p, const char *text, size_t len)
{
	char *password = tt_strndup(text, len);

	if (strncasecmp(password, TT_BADGE_PREFIX, strlen(TT_BADGE_PREFIX)) == 0) {
		plain_take_badge(p, password);
	} else if (!p->is_asking_password) {
		tt_clean(p->user, sizeof(p->user), text, len);
		if (*p->user)
			plain_ask_password(p);
	} else {
		p->is_asking_password = false;
		plain_echo(p, true);
		if (len == 0 && tt_station_is_manned(p->floor.station))
			plain_session_changed(p);
		else
			tt_station_login(p->floor.station, p->user, password);
	}
	explicit_bzero(password, len);
	free(password);
}

/* An empty line gives up. */
static void plain_tell(struct plain *p, const char *text, size_t len)
{
	char *answer = tt_strndup(text, len);

	p->question = TT_ASK_NOTHING;
	plain_echo(p, true);
	if (len > 0)
		tt_station_tell(p->floor.station, answer);
	else
		tt_station_give_up(p->floor.station);
	explicit_bzero(answer, len);
	free(answer);
	plain_pace(p);
}

static void plain_scan(struct plain *p, const char *text, size_t len)
{
	/* Answers may come during the call: hold the line until it is known how many. */
	plain_asks(p, 1);
	plain_asks(p, floor_frame(&p->floor, 0, text, len, 0, p));
	plain_has_answer(p);
}

/* Words without their colon are no scan: what a label says comes in capitals. */
static bool plain_is_command(struct plain *p, const char *text, size_t len)
{
	size_t i, n;

	for (i = 0; i < sizeof(plain_commands) / sizeof(*plain_commands); i++) {
		n = strlen(plain_commands[i].verb);
		if (len < n || memcmp(text, plain_commands[i].verb, n) != 0 ||
			(len > n && text[n] != ' '))
			continue;
		plain_say(
			p, "[NO] nothing was scanned: the command is :%s", plain_commands[i].verb);
		return true;
	}
	return false;
}

static void plain_on_line(void *ctx, const char *text, size_t len)
{
	struct plain *p = ctx;
	enum tt_phase phase = tt_station_phase(p->floor.station);

	if (p->question != TT_ASK_NOTHING)
		plain_tell(p, text, len);
	else if (len > 0 && text[0] == ':' && !p->is_asking_password)
		plain_command(p, text + 1, len - 1);
	else if (p->is_asking_password || phase == TT_PHASE_LOGGED_OUT || phase == TT_PHASE_LOCKED)
		plain_log_in(p, text, len);
	else if (len > 0 && !plain_is_command(p, text, len))
		plain_scan(p, text, len);
}

static void plain_on_end(void *ctx)
{
	struct plain *p = ctx;

	if (p->question != TT_ASK_NOTHING)
		p->rc = tt_ask_refuse(p->question, p->err);
	plain_end(p);
}

static void plain_on_hangup(void *ctx)
{
	struct plain *p = ctx;

	p->is_alone = true;
	plain_give_up_alone(p);
}

static void plain_on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	plain_end(signal->data);
}

static void plain_open(struct plain *p)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	size_t i;

	p->is_terminal = tcgetattr(STDIN_FILENO, &p->terminal) == 0;
	for (i = 0; i < 3; i++) {
		uv_signal_init(p->loop, &p->signals[i]);
		p->signals[i].data = p;
		uv_signal_start(&p->signals[i], plain_on_signal, numbers[i]);
	}
}

static void plain_close(struct plain *p)
{
	size_t i;

	plain_echo(p, true);
	if (p->floor.station && tt_station_waiting(p->floor.station) > 0)
		plain_say(p, "[..] %zu scans stay on this station; they are sent at the next start",
			tt_station_waiting(p->floor.station));
	floor_close(&p->floor);
	input_close(&p->input);
	for (i = 0; i < 3; i++)
		uv_close((uv_handle_t *)&p->signals[i], NULL);
	uv_run(p->loop, UV_RUN_DEFAULT);
}

enum tt_rc plain_run(uv_loop_t *loop, const struct face_options *options, struct tt_error *err)
{
	struct plain p = {.loop = loop, .options = options, .err = err};
	struct floor_face face = {.answered = plain_on_answered,
		.settled = plain_on_settled,
		.changed = plain_on_changed,
		.badge = plain_on_badge,
		.ctx = &p};

	p.input = (struct input){.loop = loop,
		.on_line = plain_on_line,
		.on_end = plain_on_end,
		.on_hangup = plain_on_hangup,
		.ctx = &p};
	plain_open(&p);
	p.rc = floor_open(&p.floor, loop, options->settings, &face, err);
	if (p.rc == TT_OK) {
		input_open(&p.input);
		tt_copy(p.user, sizeof(p.user), options->settings->user);
		if (options->password)
			tt_station_login(
				p.floor.station, options->settings->user, options->password);
		else
			plain_session_changed(&p);
		plain_pace(&p);
		uv_run(loop, UV_RUN_DEFAULT);
	}
	plain_close(&p);
	return p.rc;
}

/*
 * The screen on its loop: bytes in, one redraw before the loop waits, signals, the clock.
 */
#include <tracetrack/screen.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

#define SCREEN_ESCAPE_DIGIT_NS 1000000000ull /* Esc, then a digit: a function key */
#define SCREEN_BELL_GAP_MS 160
#define SCREEN_RETRY_MS 20
#define SCREEN_SAY_CODE 24 /* a longer code would push out what to do */

void screen_spoil(struct tt_screen *s)
{
	s->is_spoiled = true;
}

void screen_say(struct tt_screen *s, enum style style, const char *text)
{
	tt_copy(s->message, sizeof(s->message), text);
	s->message_style = style;
	screen_spoil(s);
}

void screen_end(struct tt_screen *s, enum tt_screen_end why)
{
	if (s->is_ended)
		return;
	s->is_ended = true;
	s->options.end(s->options.ctx, why);
}

const struct tt_lane *screen_lane(const struct tt_screen *s)
{
	return tt_station_lane(s->station, s->lane);
}

/* ---- sound: once for again, twice for refused, three times for trouble */

static void screen_on_bell(uv_timer_t *timer)
{
	struct tt_screen *s = timer->data;

	term_bell(&s->term);
	if (--s->bells > 0)
		uv_timer_start(&s->bell, screen_on_bell, SCREEN_BELL_GAP_MS, 0);
}

void screen_ring(struct tt_screen *s, int bells)
{
	if (!s->options.settings->bell || bells == 0)
		return;
	s->bells = bells;
	screen_on_bell(&s->bell);
}

/* ---- drawing */

static void screen_on_retry(uv_timer_t *timer)
{
	(void)timer;
}

/* Views in sight: from the top to the first that is no dialog. */
static void screen_tell_seen(struct tt_screen *s)
{
	struct view *v = s->top, *below;
	bool is_dialog = true;

	for (; v && is_dialog; v = below) {
		is_dialog = (v->ops->flags & (VIEW_DIALOG | VIEW_LINE)) != 0;
		below = v->below;
		if (v->ops->seen)
			v->ops->seen(v);
	}
}

static void screen_before_wait(uv_prepare_t *handle)
{
	struct tt_screen *s = handle->data;

	if (!s->is_spoiled)
		return;
	if (!term_is_ready(&s->term)) {
		uv_timer_start(&s->retry, screen_on_retry, SCREEN_RETRY_MS, 0);
		return;
	}
	s->is_spoiled = false;
	frame_draw(s);
	term_update(&s->term);
	screen_tell_seen(s);
	/* What they asked for was refused at once. */
	if (s->is_spoiled)
		uv_timer_start(&s->retry, screen_on_retry, 0, 0);
}

static void screen_on_tick(uv_timer_t *timer)
{
	struct tt_screen *s = timer->data;
	uint64_t ms = (uint64_t)(tt_now() / 1000);

	screen_spoil(s);
	uv_timer_start(&s->tick, screen_on_tick, 1000 - ms % 1000, 0);
}

/* ---- views that want to be woken */

static struct view *screen_next_wake(const struct tt_screen *s)
{
	struct view *v, *next = NULL;

	for (v = s->top; v; v = v->below) {
		if (v->wake_ns && (!next || v->wake_ns < next->wake_ns))
			next = v;
	}
	return next;
}

static void screen_on_wake(uv_timer_t *timer)
{
	const struct view_event event = {.kind = VIEW_WAKE};
	struct tt_screen *s = timer->data;
	uint64_t now = tt_steady_ns();
	struct view *v;

	while (!s->is_closed && (v = screen_next_wake(s)) != NULL && v->wake_ns <= now) {
		v->wake_ns = 0;
		view_send(v, &event);
	}
	screen_arm_wake(s);
}

void screen_arm_wake(struct tt_screen *s)
{
	const struct view *v = s->is_closed ? NULL : screen_next_wake(s);
	uint64_t now = tt_steady_ns();

	if (!v) {
		uv_timer_stop(&s->wake);
		return;
	}
	uv_update_time(s->loop);
	uv_timer_start(&s->wake, screen_on_wake,
		v->wake_ns > now ? (v->wake_ns - now) / 1000000 + 1 : 0, 0);
}

/* ---- keys */

/* Esc and then a digit, pressed one after the other, is a function key where nothing is typed. */
static int screen_escaped_digit(struct tt_screen *s, int key)
{
	uint64_t now = tt_steady_ns(), since = now - s->escaped_ns;

	s->escaped_ns = key == KEYS_ESC ? now : 0;
	if (since > SCREEN_ESCAPE_DIGIT_NS || key < '0' || key > '9')
		return key;
	return KEYS_F(key == '0' ? 10 : key - '0');
}

/* The colon of an empty field opens the prompt, and Home and End are those of the list below it;
 * any other is text. */
static bool screen_is_text(const struct view *v, const struct tt_editor *field, int key)
{
	if (field->len > 0)
		return true;
	if (key == KEYS_HOME || key == KEYS_END)
		return !v->ops->list;
	return key != ':' || v->ops == &view_prompt;
}

/* A wall screen has keys to log in and to leave. */
bool screen_takes_keys(const struct tt_screen *s)
{
	return !s->options.is_kiosk || s->top->ops == &view_login || s->top->ops == &view_ask;
}

/* A letter that is no command here; where scans are awaited people try to type them. */
static void screen_say_no_key(struct tt_screen *s, int key)
{
	char text[100];

	if (s->top->ops == &view_scan)
		tt_copy(text, sizeof(text),
			"Nothing is typed here. Scan, or press : and type: scan CODE");
	else
		tt_format(text, sizeof(text), "%c does nothing here; F1 shows the keys.", key);
	screen_say(s, STYLE_WARNING, text);
}

void screen_key(struct tt_screen *s, int key)
{
	struct view *v = s->top;
	struct tt_editor *field = v->ops->field ? v->ops->field(v) : NULL;
	struct view_event event = {.kind = VIEW_KEY, .key = key};
	const struct tt_command *command;

	screen_spoil(s);
	if (!field)
		key = screen_escaped_digit(s, key);
	if (field && screen_is_text(v, field, key) && view_edit(field, key)) {
		event.kind = VIEW_EDITED;
		view_send(v, &event);
		return;
	}
	command = command_for_key(s, v->ops->scope, key);
	if (command) {
		command_run(s, command, "");
		return;
	}
	if (!screen_takes_keys(s))
		return;
	event.key = key;
	if (!(view_send(v, &event) & VIEW_HANDLED) && key > ' ' && key < 0x7f)
		screen_say_no_key(s, key);
}

/* ---- bursts. Where something can be typed, characters show at once and are taken back when they
 * turn out to be a scan; elsewhere they wait for the wedge's judgement. */

static struct tt_editor *screen_field(const struct tt_screen *s)
{
	return s->top->ops->field ? s->top->ops->field(s->top) : NULL;
}

static void screen_on_char(void *ctx, uint32_t ch)
{
	struct tt_screen *s = ctx;

	if (!s->is_closed && (!s->is_echoed || ch == '\r' || ch == '\n'))
		screen_key(s, (int)ch);
}

/* Put view and field back to what they were before the burst. */
static void screen_take_back(struct tt_screen *s)
{
	struct view_event event = {.kind = VIEW_EDITED};
	struct view *v;

	for (v = s->top; v && v != s->burst_view; v = v->below)
		;
	while (v && s->top != v)
		view_close(s->top);
	if (!v || !screen_field(s))
		return;
	*screen_field(s) = s->burst_field;
	view_send(s->top, &event);
}

static void screen_on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	struct tt_screen *s = ctx;

	if (s->is_closed || (s->is_echoed && (flags & TT_FRAME_UNTERMINATED)))
		return;
	/* A slow line brings at once what a person typed. It is no scan then, and is run only by an
	 * Enter of its own. */
	if (s->is_echoed && s->top->ops == &view_prompt && prompt_is_command(s->top))
		return;
	if (s->is_echoed)
		screen_take_back(s);
	screen_scan(s, bytes, len, flags);
}

static const struct tt_wedge_events screen_wedge_events = {screen_on_char, screen_on_frame};

void screen_scan(struct tt_screen *s, const void *bytes, size_t len, unsigned flags)
{
	if (s->options.wedge)
		s->options.wedge(s->options.ctx, s->lane, bytes, len, flags);
}

static void screen_on_burst(uv_timer_t *timer);

/* Wait for the end of what the wedge holds. */
static void screen_arm_burst(struct tt_screen *s)
{
	uint64_t deadline = tt_wedge_deadline(&s->wedge), now = tt_steady_ns();

	if (s->is_closed)
		return;
	if (deadline == 0) {
		uv_timer_stop(&s->burst);
		return;
	}
	uv_update_time(s->loop);
	uv_timer_start(
		&s->burst, screen_on_burst, deadline > now ? (deadline - now) / 1000000 + 1 : 0, 0);
}

/* A character begins what may be a burst: remember what it may have to go back to. */
static void screen_begin_burst(struct tt_screen *s)
{
	struct tt_editor *field = screen_field(s);

	s->is_echoed = field != NULL;
	s->burst_view = s->top;
	if (field)
		s->burst_field = *field;
}

static void screen_raw_char(void *ctx, uint32_t ch)
{
	struct tt_screen *s = ctx;
	uint64_t now = tt_steady_ns();

	if (s->is_closed)
		return;
	if ((s->top->ops->flags & VIEW_BURST_IS_TEXT) && screen_field(s)) {
		screen_key(s, (int)ch);
		return;
	}
	tt_wedge_expire(&s->wedge, now, &screen_wedge_events, s);
	if (s->is_closed)
		return;
	if (tt_wedge_deadline(&s->wedge) == 0)
		screen_begin_burst(s);
	tt_wedge_feed(&s->wedge, ch, now, &screen_wedge_events, s);
	if (s->is_echoed && ch != '\r' && ch != '\n' && !s->is_closed)
		screen_key(s, (int)ch);
}

/* A function key ends what was typed before it. */
static void screen_raw_key(void *ctx, int key)
{
	struct tt_screen *s = ctx;

	if (s->is_closed)
		return;
	tt_wedge_expire(&s->wedge, tt_wedge_deadline(&s->wedge), &screen_wedge_events, s);
	screen_key(s, key);
}

static const struct keys_events screen_keys_events = {screen_raw_char, screen_raw_key};

static void screen_on_escape(uv_timer_t *timer)
{
	struct tt_screen *s = timer->data;

	keys_expire(&s->keys, &screen_keys_events, s);
	screen_arm_burst(s);
}

/* Wait for the rest of a key string, from its first byte on. */
static void screen_arm_escape(struct tt_screen *s)
{
	if (s->is_closed)
		return;
	s->escape_ns = 0;
	uv_timer_stop(&s->escape);
	if (!keys_is_waiting(&s->keys))
		return;
	s->escape_ns = tt_steady_ns() + (uint64_t)term_escape_delay() * 1000000u;
	uv_update_time(s->loop);
	uv_timer_start(&s->escape, screen_on_escape, term_escape_delay(), 0);
}

/* Everything that waits, before anything is drawn. False at the end of input. */
static bool screen_read(struct tt_screen *s)
{
	char bytes[4096];
	ssize_t n;

	do {
		n = read(s->term.fd, bytes, sizeof(bytes));
		if (n > 0) {
			tt_station_touch(s->station);
			if (s->escape_ns && tt_steady_ns() > s->escape_ns)
				keys_late(&s->keys, (uint8_t)*bytes, &screen_keys_events, s);
			keys_feed(&s->keys, bytes, (size_t)n, &screen_keys_events, s);
		}
	} while (n == (ssize_t)sizeof(bytes) || (n < 0 && errno == EINTR));
	screen_arm_escape(s);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void screen_gone(struct tt_screen *s)
{
	uv_poll_stop(&s->input);
	screen_end(s, TT_SCREEN_HANGUP);
}

static void screen_on_input(uv_poll_t *poll, int status, int events)
{
	struct tt_screen *s = poll->data;

	(void)events;
	if (status < 0 || !screen_read(s)) {
		screen_gone(s);
		return;
	}
	screen_arm_burst(s);
}

static void screen_on_burst(uv_timer_t *timer)
{
	struct tt_screen *s = timer->data;

	/* What waits may belong to the burst; a late wake-up must not tear it apart. */
	if (!screen_read(s)) {
		screen_gone(s);
		return;
	}
	tt_wedge_expire(&s->wedge, tt_steady_ns(), &screen_wedge_events, s);
	screen_arm_burst(s);
}

/* ---- signals */

static void screen_on_signal(uv_signal_t *handle, int number);

/* Stops by the signal itself, which the kernel ignores where no shell is left to continue us: at
 * the end of an ssh connection and on a console of its own a stop would be for ever. */
static void screen_suspend(struct tt_screen *s)
{
	term_suspend(&s->term);
	uv_signal_stop(&s->stop);
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	uv_signal_start(&s->stop, screen_on_signal, SIGTSTP);
	term_resume(&s->term);
}

static void screen_on_signal(uv_signal_t *handle, int number)
{
	struct tt_screen *s = handle->data;

	screen_spoil(s);
	switch (number) {
	case SIGWINCH:
		term_resize(&s->term);
		break;
	case SIGTSTP:
		screen_suspend(s);
		break;
	case SIGCONT:
		term_resume(&s->term);
		break;
	default:
		screen_gone(s);
	}
}

static void screen_watch(struct tt_screen *s, uv_signal_t *handle, int number)
{
	uv_signal_init(s->loop, handle);
	handle->data = s;
	uv_signal_start(handle, screen_on_signal, number);
	uv_unref((uv_handle_t *)handle);
	s->handles++;
}

static void screen_timer(struct tt_screen *s, uv_timer_t *timer)
{
	uv_timer_init(s->loop, timer);
	timer->data = s;
	uv_unref((uv_handle_t *)timer);
	s->handles++;
}

/* ---- life */

static enum tt_rc screen_start(struct tt_screen *s, struct tt_error *err)
{
	int rc = uv_poll_init(s->loop, &s->input, s->term.fd);

	if (rc < 0)
		return tt_fail(
			err, TT_DEVICE, "the terminal can't be watched: %s", uv_strerror(rc));
	s->handles = 2;
	s->input.data = s->before_wait.data = s;
	uv_poll_start(&s->input, UV_READABLE | UV_DISCONNECT, screen_on_input);
	uv_prepare_init(s->loop, &s->before_wait);
	uv_prepare_start(&s->before_wait, screen_before_wait);
	uv_unref((uv_handle_t *)&s->before_wait);
	screen_timer(s, &s->tick);
	screen_timer(s, &s->escape);
	screen_timer(s, &s->burst);
	screen_timer(s, &s->bell);
	screen_timer(s, &s->retry);
	screen_timer(s, &s->wake);
	screen_timer(s, &s->rotate);
	screen_watch(s, &s->winch, SIGWINCH);
	screen_watch(s, &s->stop, SIGTSTP);
	screen_watch(s, &s->cont, SIGCONT);
	screen_watch(s, &s->hup, SIGHUP);
	screen_on_tick(&s->tick);
	return TT_OK;
}

void screen_refresh(struct tt_screen *s)
{
	if (s->top->ops == &view_list)
		list_refresh(s->top);
	else if (s->top->ops == &view_record)
		record_refresh(s->top);
}

/* Nobody works here: the login view. Somebody begins to: away with it. While somebody works it may
 * lie there for a badge that wants to take over, and stays to say why that failed. */
static void screen_follow_phase(struct tt_screen *s)
{
	struct view *login = view_find(s, &view_login);
	enum tt_phase phase = tt_station_phase(s->station);
	bool has_begun = phase == TT_PHASE_WORKING && s->phase != TT_PHASE_WORKING &&
			 tt_station_login_error(s->station)->message[0] == '\0';

	if (has_begun) {
		if (login)
			view_close(login);
		begin_person(s);
		if (login)
			screen_say(s, STYLE_PLAIN,
				s->term.notice[0] || !s->options.hint ? s->term.notice
								      : s->options.hint);
	} else if (!tt_station_is_manned(s->station) && !login) {
		view_open(s, &view_login, NULL);
	}
	s->phase = phase;
}

enum tt_rc tt_screen_open(struct tt_screen **out, struct uv_loop_s *loop,
	struct tt_station *station, const struct tt_screen_options *options, struct tt_error *err)
{
	struct tt_screen *s = tt_alloc(sizeof(*s));
	enum tt_rc rc;

	s->loop = loop;
	s->station = station;
	s->options = *options;
	tt_tally_init(&s->tally, tt_now());
	rc = term_open(&s->term, options->settings, err);
	if (rc != TT_OK) {
		free(s);
		return rc;
	}
	rc = screen_start(s, err);
	if (rc != TT_OK) {
		term_close(&s->term);
		free(s);
		return rc;
	}
	view_open(s, &view_scan, NULL);
	screen_follow_phase(s);
	screen_say(s, STYLE_WARNING, s->term.notice);
	screen_before_wait(&s->before_wait);
	*out = s;
	return TT_OK;
}

static void screen_on_closed(uv_handle_t *handle)
{
	struct tt_screen *s = handle->data;

	if (--s->handles > 0)
		return;
	explicit_bzero(s, sizeof(*s));
	free(s);
}

void tt_screen_close(struct tt_screen *s)
{
	size_t i;

	if (!s)
		return;
	uv_handle_t *const handles[] = {(uv_handle_t *)&s->input, (uv_handle_t *)&s->before_wait,
		(uv_handle_t *)&s->tick, (uv_handle_t *)&s->escape, (uv_handle_t *)&s->burst,
		(uv_handle_t *)&s->bell, (uv_handle_t *)&s->retry, (uv_handle_t *)&s->wake,
		(uv_handle_t *)&s->rotate, (uv_handle_t *)&s->winch, (uv_handle_t *)&s->stop,
		(uv_handle_t *)&s->cont, (uv_handle_t *)&s->hup};

	s->is_closed = s->is_ended = true;
	while (s->top)
		view_close(s->top);
	for (i = 0; i < TT_LANES_MAX; i++)
		tt_scanlist_fini(&s->lists[i]);
	tt_history_fini(&s->history);
	tt_rows_fini(&s->rights);
	for (i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		uv_close(handles[i], screen_on_closed);
	term_close(&s->term);
}

/* ---- what the station tells */

static int screen_bells(const struct tt_answer *answer)
{
	static const int bells[TT_CLASS_COUNT] = {
		[TT_CLASS_AGAIN] = 1, [TT_CLASS_REFUSED] = 2, [TT_CLASS_TROUBLE] = 3};

	return bells[answer->cls];
}

/* What to do now; away from the scan view also what happened. */
static void screen_say_answer(struct tt_screen *s, const struct tt_answer *a)
{
	char text[512];

	if (s->top->ops != &view_scan)
		tt_format(text, sizeof(text), "%s %s. %s", term_mark(&s->term, a->cls), a->message,
			a->advice);
	else if (a->is_settlement)
		tt_format(text, sizeof(text), "Saved before, now %s: %s. %s",
			tt_classes[a->cls].word, a->message, a->advice);
	else if (a->advice[0] != '\0' && a->cls != TT_CLASS_DONE && a->code[0] != '\0' &&
		 strlen(a->code) <= SCREEN_SAY_CODE)
		tt_format(text, sizeof(text), "%s: %s", a->code, a->advice);
	else
		tt_copy(text, sizeof(text), a->advice);
	screen_say(s, a->cls >= TT_CLASS_REFUSED ? STYLE_CLASS + a->cls : STYLE_PLAIN, text);
}

static void screen_tell_view(struct tt_screen *s, const struct tt_answer *answer)
{
	struct view_event event = {.kind = VIEW_ANSWER, .answer = answer};

	view_send(s->top, &event);
}

static int screen_lane_of(const struct tt_answer *answer)
{
	return answer->lane >= 0 && answer->lane < TT_LANES_MAX ? answer->lane : 0;
}

void tt_screen_answered(struct tt_screen *s, const struct tt_answer *answer)
{
	int lane = screen_lane_of(answer);

	tt_scanlist_add(&s->lists[lane], answer);
	tt_tally_add(&s->tally, answer);
	screen_say_answer(s, answer);
	screen_ring(s, screen_bells(answer));
	screen_tell_view(s, answer);
}

/* A good end needs no words, but those about waiting must go. */
static void screen_say_settled(struct tt_screen *s, const struct tt_answer *answer)
{
	const struct tt_answer *last = tt_scanlist_at(&s->lists[screen_lane_of(answer)], 0);

	if (last && tt_uuid_is_equal(&last->event, &answer->event))
		screen_say(s, STYLE_PLAIN, answer->advice);
}

void tt_screen_settled(struct tt_screen *s, const struct tt_answer *answer)
{
	int lane = screen_lane_of(answer);
	bool is_known = tt_scanlist_settle(&s->lists[lane], answer);

	tt_tally_settle(&s->tally, answer);
	if (answer->cls >= TT_CLASS_REFUSED) {
		if (!is_known)
			tt_scanlist_add(&s->lists[lane], answer);
		screen_say_answer(s, answer);
		screen_ring(s, screen_bells(answer));
	} else {
		screen_say_settled(s, answer);
	}
	screen_tell_view(s, answer);
}

void tt_screen_changed(struct tt_screen *s, unsigned changes)
{
	struct view_event event = {.kind = VIEW_CHANGED, .changes = changes};

	if (changes & TT_CHANGE_SESSION)
		screen_follow_phase(s);
	if (changes & TT_CHANGE_DEVICES)
		scanners_follow(s);
	view_send(s->top, &event);
}

void tt_screen_badge(struct tt_screen *s, const char *login)
{
	struct view_event event = {.kind = VIEW_BADGE, .text = login};
	struct view *v = view_find(s, &view_login);

	if (!v)
		v = view_open(s, &view_login, NULL);
	view_send(v, &event);
}

bool tt_screen_take(struct tt_screen *s, int lane, const struct tt_reading *reading)
{
	struct view_event event = {.kind = VIEW_READING, .reading = reading};

	(void)lane;
	return (view_send(s->top, &event) & VIEW_HANDLED) != 0;
}

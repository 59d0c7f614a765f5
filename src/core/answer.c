/*
 * Answers: from verdicts or by the station itself, with sentences from the outcome table.
 */
#include <inttypes.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/text.h>

#include "engine.h"

struct answer_words {
	const struct tt_answer *a;
	const char *undone;
	char number[24];
};

static const char *words_number(struct answer_words *w, int64_t n)
{
	if (n == TT_NO_INT)
		return NULL;
	tt_format(w->number, sizeof(w->number), "%" PRId64, n);
	return w->number;
}

/* "13:58" today, "19 Nov 13:58" before. */
static const char *words_when(struct answer_words *w, tt_time t)
{
	time_t then = (time_t)(t / 1000000), now = (time_t)(tt_now() / 1000000);
	struct tm a, b;

	if (t == TT_NO_TIME || !localtime_r(&then, &a) || !localtime_r(&now, &b))
		return NULL;
	strftime(w->number, sizeof(w->number),
		a.tm_yday == b.tm_yday && a.tm_year == b.tm_year ? "%H:%M" : "%e %b %H:%M", &a);
	return w->number;
}

static const char *answer_value(void *ctx, const char *name)
{
	struct answer_words *w = ctx;
	const struct tt_answer *a = w->a;

	if (strcmp(name, "code") == 0)
		return a->code;
	if (strcmp(name, "parent") == 0)
		return a->parent;
	if (strcmp(name, "within") == 0)
		return strcmp(a->parent, a->code) == 0 ? NULL : a->parent;
	if (strcmp(name, "bill") == 0)
		return a->bill;
	if (strcmp(name, "destination") == 0)
		return a->destination;
	if (strcmp(name, "state") == 0)
		return a->state;
	if (strcmp(name, "other") == 0)
		return a->other;
	if (strcmp(name, "by") == 0)
		return a->other_by;
	if (strcmp(name, "where") == 0)
		return a->other_station;
	if (strcmp(name, "when") == 0)
		return words_when(w, a->other_at);
	if (strcmp(name, "undone") == 0)
		return w->undone;
	if (strcmp(name, "position") == 0)
		return words_number(w, a->position);
	if (strcmp(name, "children") == 0)
		return words_number(w, a->children);
	if (strcmp(name, "parents") == 0)
		return words_number(w, a->parents);
	return strcmp(name, "capacity") == 0 ? words_number(w, a->capacity) : NULL;
}

void answer_word(struct tt_answer *a, const char *undone)
{
	const char *message, *advice;
	struct answer_words w = {a, undone, ""};

	tt_outcome_wording(a->outcome, a->action, &message, &advice);
	tt_template_fill(a->message, sizeof(a->message), message, answer_value, &w);
	tt_template_fill(a->advice, sizeof(a->advice), advice, answer_value, &w);
}

void answer_init(struct tt_answer *a, int lane, const char *code, const char *outcome,
	uint64_t started_ns, void *ticket)
{
	memset(a, 0, sizeof(*a));
	a->ticket = ticket;
	a->lane = lane;
	a->at = tt_now();
	a->outcome = tt_outcome_find(outcome);
	a->cls = a->outcome->cls;
	a->ms = (double)(tt_steady_ns() - started_ns) / 1e6;
	a->position = a->children = a->capacity = a->grams = TT_NO_INT;
	a->parents = a->expected = TT_NO_INT;
	a->opened_at = a->other_at = TT_NO_TIME;
	tt_clean(a->code, sizeof(a->code), code ? code : "", code ? strlen(code) : 0);
}

static void answer_text(char *dst, size_t size, const char *src)
{
	tt_clean(dst, size, src ? src : "", src ? strlen(src) : 0);
}

/* The server's word for an action, "scan.child" as people say it. */
static const char *answer_undone(const char *action)
{
	static const char *const rows[][2] = {{"child", "linking"}, {"parent", "opening"},
		{"finish", "finishing"}, {"short", "closing short"}, {"relink", "moving"},
		{"remove", "removing"}};
	size_t i;

	for (i = 0; action && i < sizeof(rows) / sizeof(*rows); i++) {
		if (strstr(action, rows[i][0]))
			return rows[i][1];
	}
	return action;
}

void answer_place(struct tt_answer *a, const struct tt_event *event)
{
	bool is_bill = event->action && strncmp(event->action, "bill.", 5) == 0;

	answer_text(is_bill ? a->bill : a->parent, sizeof(a->parent), event->parent);
}

void answer_from_verdict(
	struct tt_answer *a, const struct tt_event *event, const struct tt_verdict *v)
{
	a->event = event->event;
	a->seq = event->seq == TT_NO_INT ? 0 : event->seq;
	a->durable = TT_DURABLE_DB;
	a->is_replayed = v->replayed == 1;
	a->position = v->position;
	a->children = v->children;
	a->capacity = v->capacity;
	a->grams = v->grams;
	a->opened_at = v->opened_at;
	a->other_at = v->other_at;
	answer_text(a->action, sizeof(a->action), event->action);
	if (v->code)
		answer_text(a->code, sizeof(a->code), v->code);
	answer_place(a, event);
	if (v->parent)
		answer_text(a->parent, sizeof(a->parent), v->parent);
	if (v->bill) {
		answer_text(a->bill, sizeof(a->bill), v->bill);
		answer_text(a->destination, sizeof(a->destination), v->destination);
		a->parents = v->parents;
		a->expected = v->expected;
	}
	answer_text(a->family, sizeof(a->family), v->family);
	answer_text(a->state, sizeof(a->state), v->state);
	answer_text(a->other, sizeof(a->other), v->other);
	answer_text(a->other_by, sizeof(a->other_by), v->other_by);
	answer_text(a->other_station, sizeof(a->other_station), v->other_station);
	answer_word(a, answer_undone(v->undone));
}

void answer_local(struct tt_station *st, int lane, const char *code, const char *outcome,
	uint64_t started_ns, void *ticket)
{
	struct tt_answer a;

	answer_init(&a, lane, code, outcome, started_ns, ticket);
	tt_copy(a.parent, sizeof(a.parent), st->lanes[lane].pub.parent);
	tt_copy(a.bill, sizeof(a.bill), st->lanes[lane].pub.bill);
	answer_word(&a, NULL);
	if (a.cls == TT_CLASS_TROUBLE) {
		(void)tt_fail(&a.error, TT_DENIED, "%s", a.message);
		tt_error_hint(&a.error, "%s", a.advice);
	}
	if (st->events.answered)
		st->events.answered(st->ctx, &a);
}

/*
 * Scanners, lanes and the engine. A specification is LANE=SOURCE[,option=value]...; scanners with
 * the same lane name share it.
 */
#include "floor.h"

#include <string.h>

#include <tracetrack/feedback.h>
#include <tracetrack/log.h>
#include <tracetrack/text.h>

static void floor_scan(struct floor_source *from, const struct tt_scan *scan)
{
	struct floor *floor = from->floor;
	struct tt_reading reading = {.code = scan->kind == TT_SCAN_CODE ? scan->code : "",
		.raw = scan->raw,
		.device = from->device,
		.grams = scan->grams,
		.unreadable = scan->kind == TT_SCAN_UNREADABLE ? &scan->error : NULL};
	bool is_typed = from >= floor->typed && from < floor->typed + TT_LANES_MAX;

	if (floor->face.take && floor->face.take(floor->face.ctx, from->lane, &reading))
		return;
	floor->fed++;
	tt_station_scan(floor->station, from->lane, &reading, is_typed ? floor->ticket : from);
}

static void floor_on_scan(void *ctx, struct tt_source *source, const struct tt_scan *scan)
{
	(void)source;
	floor_scan(ctx, scan);
}

static void floor_on_state(
	void *ctx, struct tt_source *source, enum tt_source_state state, const struct tt_error *err)
{
	struct floor_source *from = ctx;
	struct floor *floor = from->floor;

	(void)source;
	tt_log(err ? TT_LOG_WARN : TT_LOG_INFO, "scanner %s is %s%s%s", from->device,
		tt_source_state_word(state), err ? ": " : "", err ? err->message : "");
	if (floor->face.changed)
		floor->face.changed(floor->face.ctx, FLOOR_DEVICES);
}

static const struct tt_source_callbacks floor_callbacks = {
	.on_scan = floor_on_scan,
	.on_state = floor_on_state,
};

static bool floor_is_scanner(const struct floor *floor, const void *ticket)
{
	const struct floor_source *from = ticket;

	return from >= floor->sources && from < floor->sources + floor->nsources;
}

/* What is safe is acknowledged, and what was not worth keeping, which would be sent again else. */
static void floor_give_feedback(const struct floor_source *from, const struct tt_answer *a)
{
	static const enum tt_feedback_kind kinds[TT_CLASS_COUNT] = {
		[TT_CLASS_DONE] = TT_FEEDBACK_GOOD,
		[TT_CLASS_QUEUED] = TT_FEEDBACK_AGAIN,
		[TT_CLASS_AGAIN] = TT_FEEDBACK_AGAIN,
		[TT_CLASS_REFUSED] = TT_FEEDBACK_REFUSED,
		[TT_CLASS_TROUBLE] = TT_FEEDBACK_TROUBLE,
	};

	if (a->durable != TT_DURABLE_NONE || a->cls != TT_CLASS_TROUBLE)
		tt_feedback(from->source, TT_FEEDBACK_ACK);
	tt_feedback(from->source, kinds[a->cls]);
}

static void floor_on_answered(void *ctx, const struct tt_answer *answer)
{
	struct tt_answer mine = *answer;
	struct floor *floor = ctx;

	if (floor_is_scanner(floor, answer->ticket)) {
		floor_give_feedback(answer->ticket, answer);
		mine.ticket = NULL;
	}
	if (floor->face.answered)
		floor->face.answered(floor->face.ctx, &mine);
}

static void floor_on_settled(void *ctx, const struct tt_answer *answer)
{
	struct floor *floor = ctx;

	if (floor->face.settled)
		floor->face.settled(floor->face.ctx, answer);
}

static void floor_on_changed(void *ctx, unsigned changes)
{
	struct floor *floor = ctx;

	if (floor->face.changed)
		floor->face.changed(floor->face.ctx, changes);
}

static void floor_on_badge(void *ctx, const char *login)
{
	struct floor *floor = ctx;

	if (floor->face.badge)
		floor->face.badge(floor->face.ctx, login);
}

static const struct tt_station_events floor_events = {
	.answered = floor_on_answered,
	.settled = floor_on_settled,
	.changed = floor_on_changed,
	.badge = floor_on_badge,
};

/* Split LANE=SPEC: the lane's index among names, added when new. */
static enum tt_rc floor_lane_of(const char *text, char names[][32], size_t *n, int *lane,
	const char **spec, struct tt_error *err)
{
	const char *sep = strchr(text, '=');
	char name[32];
	size_t i;

	if (!sep || sep == text || sep - text > 30) {
		tt_fail(err, TT_USAGE, "scanner \"%.80s\" is not LANE=SOURCE", text);
		tt_error_hint(err, "For example: --scanner left=serial:/dev/ttyACM0. See "
				   "tracetrack-scanners(7).");
		return TT_USAGE;
	}
	tt_copy_n(name, sizeof(name), text, (size_t)(sep - text));
	*spec = sep + 1;
	for (i = 0; i < *n && strcmp(names[i], name) != 0; i++)
		;
	if (i == TT_LANES_MAX)
		return tt_fail(err, TT_USAGE, "there can be %d lanes at most", TT_LANES_MAX);
	if (i == *n)
		tt_copy(names[(*n)++], 32, name);
	*lane = (int)i;
	return tt_source_check(*spec, err);
}

static enum tt_rc floor_open_source(struct floor *floor, struct floor_source *from, int lane,
	const char *spec, struct tt_error *err)
{
	from->floor = floor;
	from->lane = lane;
	tt_copy_n(from->device, sizeof(from->device), spec, strcspn(spec, ","));
	return tt_source_open(floor->loop, spec, &floor_callbacks, from, &from->source, err);
}

static enum tt_rc floor_open_sources(
	struct floor *floor, const int *lanes, const char *const *specs, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	size_t i;

	for (i = 0; i < tt_station_lanes(floor->station) && rc == TT_OK; i++)
		rc = floor_open_source(floor, &floor->typed[i], (int)i, "wedge", err);
	for (i = 0; i < floor->settings->scanner.count && rc == TT_OK; i++) {
		rc = floor_open_source(floor, &floor->sources[i], lanes[i], specs[i], err);
		floor->nsources += rc == TT_OK;
	}
	return rc;
}

enum tt_rc floor_open(struct floor *floor, uv_loop_t *loop, const struct tt_settings *settings,
	const struct floor_face *face, struct tt_error *err)
{
	const char *names[TT_LANES_MAX], *specs[FLOOR_SOURCES_MAX];
	char text[TT_LANES_MAX + 1][32];
	int lanes[FLOOR_SOURCES_MAX];
	enum tt_rc rc = TT_OK;
	size_t nlanes = 0, i;

	memset(floor, 0, sizeof(*floor));
	floor->loop = loop;
	floor->settings = settings;
	floor->face = *face;
	if (settings->scanner.count > FLOOR_SOURCES_MAX)
		return tt_fail(
			err, TT_USAGE, "there can be %d scanners at most", FLOOR_SOURCES_MAX);
	for (i = 0; i < settings->scanner.count && rc == TT_OK; i++)
		rc = floor_lane_of(
			settings->scanner.items[i], text, &nlanes, &lanes[i], &specs[i], err);
	if (rc != TT_OK)
		return rc;
	if (nlanes == 0)
		tt_copy(text[nlanes++], 32, "main");
	for (i = 0; i < nlanes; i++)
		names[i] = text[i];
	rc = tt_station_open(
		&floor->station, loop, settings, names, nlanes, &floor_events, floor, err);
	return rc == TT_OK ? floor_open_sources(floor, lanes, specs, err) : rc;
}

void floor_close(struct floor *floor)
{
	size_t i;

	for (i = 0; i < FLOOR_SOURCES_MAX; i++)
		tt_source_close(floor->sources[i].source);
	for (i = 0; i < TT_LANES_MAX; i++)
		tt_source_close(floor->typed[i].source);
	memset(floor->sources, 0, sizeof(floor->sources));
	memset(floor->typed, 0, sizeof(floor->typed));
	tt_station_close(floor->station);
	floor->station = NULL;
}

unsigned floor_feed(struct floor *floor, int lane, const void *bytes, size_t len, void *ticket)
{
	floor->ticket = ticket;
	floor->fed = 0;
	tt_source_feed(floor->typed[lane].source, bytes, len);
	floor->ticket = NULL;
	return floor->fed;
}

unsigned floor_frame(
	struct floor *floor, int lane, const void *bytes, size_t len, unsigned flags, void *ticket)
{
	floor->ticket = ticket;
	floor->fed = 0;
	tt_source_frame(floor->typed[lane].source, bytes, len, flags);
	floor->ticket = NULL;
	return floor->fed;
}

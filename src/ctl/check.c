/*
 * check: one line and a status by the convention of monitoring plugins (Monitoring Plugins
 * Development Guidelines, sections 2 and 4): "TRACETRACK OK - text | name=value;warn;crit ...",
 * 0 ok, 1 warning, 2 critical, 3 unknown.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/schema.h>

#include "integrity.h"
#include "watch.h"

enum check_state { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };
static const char *const check_words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

/* A figure and where it is bad: from so much on, or below so much. TT_NO_INT: never. */
struct check_limit {
	const char *option, *figure;
	bool is_low;
	int64_t warning, critical;
};
static const struct check_limit check_limits[] = {
	{"--exceptions", "exceptions", false, 1, 20},
	{"--exceptions-age", "exceptions_oldest", false, 3600, 86400},
	{"--notifications", "notifications", false, 10, 100},
	{"--connections", "connections_used", false, 80, 95},
	{"--waiting", "waiting", false, 10, 50},
	{"--transaction", "oldest_transaction", false, 60, 600},
	{"--replicas", "replicas", true, TT_NO_INT, TT_NO_INT},
	{"--lag", "replica_lag", false, 10, 60},
	{"--behind", "behind", false, 100000, 1000000},
	{"--partitions", "partitions", true, 2, 1},
	{"--unsealed", "unsealed", false, 3600, 86400},
	{"--pool-wait", "pool_wait", false, 1, 5},
};
#define CHECK_LIMITS (sizeof(check_limits) / sizeof(*check_limits))

struct check {
	enum check_state state;
	struct tt_buf said, figures;
	struct check_limit limits[CHECK_LIMITS];
};

static void check_say(struct check *check, enum check_state state, const char *fmt, ...)
	TT_PRINTF(3, 4);
static void check_say(struct check *check, enum check_state state, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (state > check->state)
		check->state = state;
	tt_buf_printf(&check->said, "%s%s", check->said.len ? "; " : "", text);
}

/* "10", "10,60" or "-,60"; - is never. */
static bool check_read_limit(struct check_limit *limit, const char *text)
{
	int64_t *const to[] = {&limit->warning, &limit->critical};
	char *end;
	size_t i;

	for (i = 0; i < 2; i++) {
		*to[i] = TT_NO_INT;
		if (i == 1 && *text == '\0')
			return true;
		if (*text == '-') {
			text++;
		} else {
			*to[i] = strtoll(text, &end, 10);
			if (end == text || *to[i] < 0 || *text == '+' || *text == ' ')
				return false;
			text = end;
		}
		if (i == 0 && *text == ',')
			text++;
		else if (*text != '\0')
			return false;
	}
	return true;
}

static enum tt_rc check_read_limits(
	const struct ctl *ctl, struct check *check, struct tt_error *err)
{
	const char *text;
	size_t i;

	memcpy(check->limits, check_limits, sizeof(check_limits));
	for (i = 0; i < CHECK_LIMITS; i++) {
		text = ctl_option(ctl, check_limits[i].option);
		if (text && !check_read_limit(&check->limits[i], text))
			return tt_fail(err, TT_USAGE,
				"%s must be two numbers such as 10,60, - for never, not \"%.40s\"",
				check_limits[i].option, text);
	}
	return TT_OK;
}

static bool check_exceeds(const struct check_limit *limit, int64_t value, int64_t edge)
{
	return edge != TT_NO_INT && (limit->is_low ? value < edge : value >= edge);
}

static void check_figure(
	struct check *check, const struct check_limit *limit, const char *unit, int64_t value)
{
	int64_t edge = limit->critical;
	enum check_state state = CHECK_OK;

	if (check_exceeds(limit, value, limit->critical))
		state = CHECK_CRITICAL;
	else if (check_exceeds(limit, value, edge = limit->warning))
		state = CHECK_WARNING;
	if (state != CHECK_OK)
		check_say(check, state, "%s %" PRId64 "%s, %s %s %" PRId64, limit->figure, value,
			unit, state == CHECK_CRITICAL ? "critical" : "warning",
			limit->is_low ? "below" : "from", edge);
}

/* A range is bad outside of it: "10" above 10, "2:" below 2. */
static void check_edge(struct check *check, const struct check_limit *limit, int64_t edge)
{
	tt_buf_puts(&check->figures, ";");
	if (edge != TT_NO_INT)
		tt_buf_printf(&check->figures, limit->is_low ? "%" PRId64 ":" : "%" PRId64,
			limit->is_low || edge == 0 ? edge : edge - 1);
}

static void check_all_limits(struct check *check, const struct watch *watch)
{
	const struct check_limit *limit;
	const struct tt_column *col;
	const char *unit;
	int64_t value;

	for (limit = check->limits; limit < check->limits + CHECK_LIMITS; limit++) {
		col = watch_column(watch, limit->figure);
		value = watch_value(watch, col);
		if (value == TT_NO_INT)
			continue;
		unit = col->unit ? col->unit : "";
		check_figure(check, limit, unit, value);
		tt_buf_printf(&check->figures, " %s=%" PRId64 "%s", col->name, value, unit);
		check_edge(check, limit, limit->warning);
		check_edge(check, limit, limit->critical);
	}
}

/* What has no limit that one could set. */
static void check_state_of(struct check *check, const struct watch *watch)
{
	int64_t schema = watch_value(watch, watch_column(watch, "schema"));
	int wanted = tt_schema_version();

	if (watch_value(watch, watch_column(watch, "writable")) != 1 &&
		watch_value(watch, watch_column(watch, "replica")) != 1)
		check_say(check, CHECK_CRITICAL, "the database takes no writes");
	if (schema != wanted)
		check_say(check, CHECK_CRITICAL, "schema %" PRId64 ", this program wants %d",
			schema, wanted);
	tt_buf_printf(&check->figures, " scans=%" PRId64 "c size=%" PRId64 "B",
		watch_value(watch, watch_column(watch, "scans")),
		watch_value(watch, watch_column(watch, "size")));
}

static enum tt_rc check_integrity(
	struct ctl *ctl, struct check *check, const char *seconds, struct tt_error *err)
{
	struct integrity it = {0};
	char *end;
	long n = strtol(seconds, &end, 10);
	enum tt_rc rc = TT_OK;
	size_t i;

	if (*end || n < 1 || n > 3600)
		return tt_fail(err, TT_USAGE,
			"--integrity must be seconds from 1 to 3600, not "
			"\"%.60s\"",
			seconds);
	rc = integrity_run(&it, ctl, n, err);
	for (i = 0; rc == TT_OK && i < it.nbroken; i++)
		check_say(check, CHECK_CRITICAL, "%s broken: %s", it.broken[i].part,
			it.broken[i].first);
	if (rc == TT_OK && it.slow.len > 0)
		check_say(check, CHECK_WARNING,
			"no time for %s: more than a statement may take; "
			"--integrity 20 or more gives it longer",
			it.slow.data);
	if (rc == TT_OK)
		tt_buf_printf(&check->figures,
			" integrity_broken=%zu;;0 integrity_unfinished=%" PRId64, it.nbroken,
			it.unfinished);
	integrity_fini(&it);
	return rc;
}

/* What is said must not look like figures, nor like a second line. */
static void check_print(const char *state, const char *said, const char *figures)
{
	char clean[1024], *p;

	tt_clean(clean, sizeof(clean), said, strlen(said));
	for (p = clean; (p = strchr(p, '|')); p++)
		*p = '/';
	printf("TRACETRACK %s - %s%s%s\n", state, clean, *figures ? " |" : "", figures);
}

int ctl_check_failed(enum tt_rc rc, struct tt_error *err)
{
	bool is_down = rc == TT_UNAVAILABLE || rc == TT_TIMEOUT;
	enum check_state state = is_down ? CHECK_CRITICAL : CHECK_UNKNOWN;
	struct tt_buf said = {0};

	tt_buf_printf(&said, "%s%s%s", err->message, *err->hint ? ". " : "", err->hint);
	check_print(check_words[state], said.data, "");
	tt_buf_fini(&said);
	err->message[0] = '\0';
	return (int)state;
}

static void check_tell(struct check *check, const struct watch *watch)
{
	if (check->state == CHECK_OK)
		tt_buf_printf(&check->said,
			"schema %" PRId64 ", %" PRId64 " scans, %" PRId64 " exceptions%s",
			watch_value(watch, watch_column(watch, "schema")),
			watch_value(watch, watch_column(watch, "scans")),
			watch_value(watch, watch_column(watch, "exceptions")),
			watch->has_pool ? "" : ", pool not told");
	check_print(check_words[check->state], check->said.data, check->figures.data);
}

enum tt_rc ctl_check(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	const char *seconds = ctl_option(ctl, "--integrity");
	struct watch watch = {0};
	struct check check = {0};
	enum tt_rc rc = ctl_no_more(argc, argv, err);

	if (rc == TT_OK && ctl->format != CTL_TEXT)
		rc = tt_fail(err, TT_USAGE, "check is neither JSON nor CSV");
	if (rc == TT_OK)
		rc = check_read_limits(ctl, &check, err);
	if (rc == TT_OK)
		rc = watch_take(ctl, &watch, !ctl_has(ctl, "--no-pool"), err);
	if (rc == TT_OK) {
		check_state_of(&check, &watch);
		check_all_limits(&check, &watch);
	}
	if (rc == TT_OK && seconds)
		rc = check_integrity(ctl, &check, seconds, err);
	if (rc == TT_OK) {
		check_tell(&check, &watch);
		ctl->plugin_status = (int)check.state;
	}
	watch_fini(&watch);
	tt_buf_fini(&check.said);
	tt_buf_fini(&check.figures);
	return rc;
}

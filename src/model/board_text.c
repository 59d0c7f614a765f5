/*
 * What the dashboard says of its figures: tiles, comparisons, and what somebody must look at.
 */
#include <tracetrack/board.h>

#include <tracetrack/scanlist.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

/* ---- tiles */

static void board_count(char *dst, size_t size, int64_t n)
{
	if (n == TT_NO_INT || n < 0)
		tt_copy(dst, size, "-");
	else
		tt_format_count(dst, size, (uint64_t)n);
}

static void board_share(char *dst, size_t size, int64_t part, int64_t whole)
{
	if (part == TT_NO_INT || whole == TT_NO_INT)
		tt_copy(dst, size, "-");
	else
		tt_format(dst, size, "%.1f %%",
			whole > 0 ? 100.0 * (double)part / (double)whole : 0.0);
}

size_t tt_board_tiles(const struct tt_board *b, struct tt_board_tile t[TT_BOARD_TILES])
{
	const struct {
		const char *label;
		int64_t value;
		bool warns;
	} counts[] = {
		{"scans today", b->scans, false},
		{"last hour", b->last_hour, false},
		{"last minute", b->per_minute, false},
		{"parents open", b->parents_open, false},
		{"opened today", b->opened, false},
		{"closed today", b->closed, false},
		{"bills open", b->bills_open, false},
		{"bills done", b->bills_completed, false},
		{"short", b->parents_short, false},
		{"exceptions", b->exceptions, true},
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++, n++) {
		t[n].label = counts[i].label;
		t[n].is_warning = counts[i].warns && counts[i].value > 0;
		board_count(t[n].value, sizeof(t[n].value), counts[i].value);
		if (i != 5)
			continue;
		n++;
		t[n] = (struct tt_board_tile){"refused", "", false};
		board_share(t[n].value, sizeof(t[n].value), b->refused, b->scans);
		n++;
		t[n] = (struct tt_board_tile){"weight today", "-", false};
		if (b->grams != TT_NO_INT)
			tt_format_kg(t[n].value, sizeof(t[n].value), b->grams);
	}
	return n;
}

/* ---- against other days */

static void board_rate(char *dst, size_t size, const char *when, int64_t now, int64_t then)
{
	char count[24];

	board_count(count, sizeof(count), then);
	if (then > 0 && now != TT_NO_INT)
		tt_format(dst, size, "%s %s (%+.0f %%)", when, count,
			100.0 * (double)(now - then) / (double)then);
	else
		tt_format(dst, size, "%s %s", when, count);
}

void tt_board_rates(const struct tt_board *b, char *dst, size_t size)
{
	char yesterday[64], week[64];

	board_rate(yesterday, sizeof(yesterday), "yesterday", b->last_hour, b->hour_yesterday);
	board_rate(week, sizeof(week), "a week ago", b->last_hour, b->hour_last_week);
	tt_format(dst, size, "%s, %s", yesterday, week);
}

/* ---- the database */

void tt_pulse_text(const struct tt_pulse *p, double ms, char *dst, size_t size)
{
	size_t used = 0;

	tt_copy(dst, size, "");
	if (ms > 0)
		used += tt_format(dst, size, "answers in %.*f ms", ms < 9.95 ? 1 : 0, ms);
	if (p->connections == TT_NO_INT)
		return;
	used += tt_format(dst + used, size - used, "%s%lld of %lld connections active",
		used ? ", " : "", (long long)p->active, (long long)p->connections);
	if (p->waiting > 0)
		used += tt_format(dst + used, size - used, ", %lld waiting for a lock, %.1f s",
			(long long)p->waiting, (double)p->longest_wait_ms / 1000);
	if (p->lag_ms != TT_NO_INT)
		used += tt_format(dst + used, size - used, ", replica %.1f s behind",
			(double)p->lag_ms / 1000);
	if (p->longest_ms != TT_NO_INT && p->longest_ms > 0)
		tt_format(dst + used, size - used, ", %.1f s: %s", (double)p->longest_ms / 1000,
			p->longest);
}

/* ---- what somebody must look at */

#define BOARD_LONG_WAIT_MS 1000

static void board_alarm_silent(const struct tt_board *b, char *dst, size_t size)
{
	const struct tt_board_row *first = NULL;
	size_t n = 0, i;

	for (i = 0; i < b->nstations; i++) {
		if (!b->stations[i].is_silent)
			continue;
		if (n++ == 0)
			first = &b->stations[i];
	}
	if (n == 1)
		tt_format(dst, size, "%s is silent: is it on, has it a network?", first->name);
	else if (n > 1)
		tt_format(dst, size, "%s and %zu more are silent: have they a network?",
			first->name, n - 1);
}

static void board_alarm_exceptions(const struct tt_board *b, char *dst, size_t size)
{
	char since[32];

	if (b->exceptions == TT_NO_INT || b->exceptions <= 0)
		return;
	tt_table_time(since, sizeof(since), b->exceptions_since, tt_now());
	tt_format(dst, size, "%lld %s%s%s: resolve with :exceptions", (long long)b->exceptions,
		b->exceptions == 1 ? "exception waits" : "exceptions wait",
		since[0] ? b->exceptions == 1 ? " since " : ", the oldest since " : "", since);
}

void tt_board_alarm(const struct tt_board *b, const struct tt_pulse *p, bool is_away,
	size_t waiting, char *dst, size_t size)
{
	char part[5][120] = {"", "", "", "", ""};
	size_t used = 0, i;

	if (is_away)
		tt_copy(part[0], sizeof(part[0]), "the database is away: these figures are old");
	if (waiting > 0)
		tt_format(part[1], sizeof(part[1]), "%zu %s here for the database", waiting,
			waiting == 1 ? "scan waits" : "scans wait");
	board_alarm_silent(b, part[2], sizeof(part[2]));
	if (p->waiting > 0 && p->longest_wait_ms >= BOARD_LONG_WAIT_MS)
		tt_format(part[3], sizeof(part[3]),
			"the database is held up for %.1f s: see :health",
			(double)p->longest_wait_ms / 1000);
	board_alarm_exceptions(b, part[4], sizeof(part[4]));
	tt_copy(dst, size, "");
	for (i = 0; i < 5; i++) {
		if (part[i][0] != '\0')
			used += tt_format(
				dst + used, size - used, "%s%s", used ? "; " : "", part[i]);
	}
}

/*
 * Counts since the start and of the last hour, and how counts, ages and weights are written.
 */
#include <tracetrack/scanlist.h>

#include <inttypes.h>
#include <string.h>

#include <tracetrack/text.h>

#define TALLY_MINUTE INT64_C(60000000)

void tt_tally_init(struct tt_tally *t, tt_time now)
{
	memset(t, 0, sizeof(*t));
	t->since = now;
}

static bool tally_is_scan(const struct tt_answer *answer)
{
	static const char *const actions[] = {
		"scan.parent", "scan.child", "bill.scan", "bill.add", NULL};
	size_t i;

	for (i = 0; actions[i] && strcmp(answer->action, actions[i]) != 0; i++)
		;
	return actions[i] && strcmp(answer->outcome->name, "double_read") != 0;
}

void tt_tally_settle(struct tt_tally *t, const struct tt_answer *answer)
{
	if (answer->cls == TT_CLASS_REFUSED)
		t->refused++;
	if (strcmp(answer->outcome->name, "opened") == 0)
		t->parents++;
}

void tt_tally_add(struct tt_tally *t, const struct tt_answer *answer)
{
	int64_t minute = answer->at / TALLY_MINUTE;
	size_t slot = (size_t)(minute % 60);

	tt_tally_settle(t, answer);
	if (!tally_is_scan(answer))
		return;
	t->scans++;
	if (t->stamps[slot] != minute) {
		t->stamps[slot] = minute;
		t->minutes[slot] = 0;
	}
	t->minutes[slot]++;
}

uint64_t tt_tally_last_hour(const struct tt_tally *t, tt_time now)
{
	int64_t minute = now / TALLY_MINUTE;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < 60; i++) {
		if (t->stamps[i] > minute - 60 && t->stamps[i] <= minute)
			sum += t->minutes[i];
	}
	return sum;
}

void tt_format_age(char *dst, size_t size, int64_t us)
{
	int64_t s = us < 0 ? 0 : us / 1000000;

	if (s < 60)
		tt_format(dst, size, "%" PRId64 " s", s);
	else if (s < 3600)
		tt_format(dst, size, "%" PRId64 " min", s / 60);
	else if (s < 86400)
		tt_format(dst, size, "%" PRId64 " h %02" PRId64, s / 3600, s / 60 % 60);
	else
		tt_format(dst, size, "%" PRId64 " d", s / 86400);
}

void tt_format_count(char *dst, size_t size, uint64_t n)
{
	char digits[24], out[32];
	size_t len, i, used = 0;

	len = tt_format(digits, sizeof(digits), "%" PRIu64, n);
	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	tt_copy(dst, size, out);
}

void tt_format_bytes(char *dst, size_t size, int64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	double n = (double)bytes / 1000;
	size_t i;

	if (bytes < 1000) {
		tt_copy(dst, size, "");
		if (bytes != TT_NO_INT)
			tt_format(dst, size, "%" PRId64 " B", bytes);
		return;
	}
	for (i = 0; n >= 999.95 && i < 3; i++)
		n /= 1000;
	tt_format(dst, size, "%.1f %s", n, units[i]);
}

void tt_format_kg(char *dst, size_t size, int64_t grams)
{
	int64_t tenths = (grams + 50) / 100;

	if (grams == TT_NO_INT)
		tt_copy(dst, size, "");
	else
		tt_format(dst, size, "%" PRId64 ".%" PRId64 " kg", tenths / 10, tenths % 10);
}

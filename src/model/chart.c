/*
 * Values to cells.
 */
#include <tracetrack/chart.h>

int64_t tt_chart_most(const int64_t *values, const int64_t *others, size_t count)
{
	static const int64_t steps[] = {5, 10, 20};
	int64_t most = 0, scale = 1;
	size_t i;

	for (i = 0; i < count; i++) {
		if (values[i] > most)
			most = values[i];
		if (others && others[i] > most)
			most = others[i];
	}
	for (;; scale *= 10) {
		for (i = 0; i < 3; i++) {
			if (most <= steps[i] * scale || scale > INT64_MAX / 1000)
				return steps[i] * scale;
		}
	}
}

/* Eighths of the whole column. */
static int64_t chart_height(int64_t value, int64_t most, int rows)
{
	int64_t eighths;

	if (value <= 0 || most <= 0)
		return 0;
	if (value > most)
		value = most;
	eighths = (int64_t)((double)value * rows * 8 / (double)most);
	return eighths > 0 ? eighths : 1;
}

int tt_chart_eighths(int64_t value, int64_t most, int rows, int row)
{
	int64_t eighths = chart_height(value, most, rows) - (int64_t)row * 8;

	return eighths < 0 ? 0 : eighths > 8 ? 8 : (int)eighths;
}

int tt_chart_row(int64_t value, int64_t most, int rows)
{
	int64_t eighths = chart_height(value, most, rows);

	return eighths == 0 ? -1 : (int)((eighths - 1) / 8);
}

/*
 * Wall clock, steady clock, ISO 8601, UUID version 7. All text is UTC but the screen's time of day.
 */
#include <tracetrack/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <tracetrack/text.h>

tt_time tt_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (tt_time)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

uint64_t tt_steady_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Whole seconds and the rest, rounded down so that times before 1970 work too. */
static time_t clock_split(tt_time t, int *us)
{
	tt_time s = t / 1000000, rest = t % 1000000;

	if (rest < 0) {
		rest += 1000000;
		s--;
	}
	*us = (int)rest;
	return (time_t)s;
}

/* Exactly so many digits, and the sign behind them. Returns where that ends. */
static char *clock_put(char *p, int count, int n, char sign)
{
	int i;

	for (i = count - 1; i >= 0; i--, n /= 10)
		p[i] = (char)('0' + n % 10);
	p[count] = sign;
	return p + count + 1;
}

void tt_time_format(char *dst, size_t size, tt_time t)
{
	char text[32] = "", *p = text;
	struct tm tm;
	time_t s;
	int us;

	s = clock_split(t, &us);
	/* Years beyond 9999 can't be written so that they are read again. */
	if (t != TT_NO_TIME && gmtime_r(&s, &tm) && tm.tm_year >= -1900 && tm.tm_year <= 8099) {
		p = clock_put(p, 4, tm.tm_year + 1900, '-');
		p = clock_put(p, 2, tm.tm_mon + 1, '-');
		p = clock_put(p, 2, tm.tm_mday, 'T');
		p = clock_put(p, 2, tm.tm_hour, ':');
		p = clock_put(p, 2, tm.tm_min, ':');
		p = clock_put(p, 2, tm.tm_sec, '.');
		clock_put(p, 6, us, 'Z');
	}
	tt_copy(dst, size, text);
}

void tt_time_of_day(char *dst, size_t size, tt_time t)
{
	struct tm tm;
	time_t s;
	int us;

	s = clock_split(t, &us);
	if (t == TT_NO_TIME || !localtime_r(&s, &tm)) {
		tt_copy(dst, size, "");
		return;
	}
	tt_format(dst, size, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Exactly so many digits at *s, which moves behind them. */
static bool clock_digits(const char **s, int count, int *n)
{
	for (*n = 0; count > 0; count--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*n = *n * 10 + (**s - '0');
	}
	return true;
}

static bool clock_sign(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* The fraction of a second at *s as microseconds; without one it is 0. */
static bool clock_fraction(const char **s, int *us)
{
	int digits, scale = 100000;

	*us = 0;
	if (!clock_sign(s, '.'))
		return true;
	for (digits = 0; **s >= '0' && **s <= '9'; (*s)++, digits++, scale /= 10)
		*us += (**s - '0') * scale;
	return digits > 0;
}

/* The zone that is all of s, in seconds east of UTC. */
static bool clock_zone(const char *s, long *offset)
{
	bool is_west = *s == '-';
	int h, m = 0;

	*offset = 0;
	if (strcmp(s, "Z") == 0 || *s == '\0')
		return true;
	if (!clock_sign(&s, '+') && !clock_sign(&s, '-'))
		return false;
	if (!clock_digits(&s, 2, &h) || (clock_sign(&s, ':') && !clock_digits(&s, 2, &m)))
		return false;
	*offset = (is_west ? -1 : 1) * (h * 3600L + m * 60L);
	return *s == '\0' && h <= 15 && m <= 59;
}

static bool clock_date_and_time(const char **s, struct tm *tm)
{
	return clock_digits(s, 4, &tm->tm_year) && clock_sign(s, '-') &&
	       clock_digits(s, 2, &tm->tm_mon) && clock_sign(s, '-') &&
	       clock_digits(s, 2, &tm->tm_mday) && (clock_sign(s, 'T') || clock_sign(s, ' ')) &&
	       clock_digits(s, 2, &tm->tm_hour) && clock_sign(s, ':') &&
	       clock_digits(s, 2, &tm->tm_min) && clock_sign(s, ':') &&
	       clock_digits(s, 2, &tm->tm_sec);
}

bool tt_time_parse(const char *s, tt_time *t)
{
	struct tm tm, same;
	long offset;
	time_t whole;
	int us;

	memset(&tm, 0, sizeof(tm));
	if (!clock_date_and_time(&s, &tm) || !clock_fraction(&s, &us) || !clock_zone(s, &offset))
		return false;
	if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	same = tm;
	whole = timegm(&tm);
	/* timegm makes 2 March of 30 February; a leap second may go on to the next minute. */
	if (same.tm_sec < 60 && (same.tm_mon != tm.tm_mon || same.tm_mday != tm.tm_mday))
		return false;
	*t = ((tt_time)whole - offset) * 1000000 + us;
	return true;
}

static void clock_random(void *dst, size_t len)
{
	if (getrandom(dst, len, 0) != (ssize_t)len)
		abort();
}

struct tt_uuid tt_uuid_v7(void)
{
	uint64_t ms = (uint64_t)(tt_now() / 1000);
	struct tt_uuid u;
	int i;

	clock_random(u.b, sizeof(u.b));
	for (i = 0; i < 6; i++)
		u.b[i] = (uint8_t)(ms >> (40 - 8 * i));
	u.b[6] = (uint8_t)(0x70 | (u.b[6] & 0x0f));
	u.b[8] = (uint8_t)(0x80 | (u.b[8] & 0x3f));
	return u;
}

void tt_uuid_format(char dst[37], const struct tt_uuid *u)
{
	static const size_t dash[] = {4, 6, 8, 10};
	size_t i, next = 0;
	char *p = dst;

	for (i = 0; i < 16; i++) {
		if (next < 4 && i == dash[next]) {
			*p++ = '-';
			next++;
		}
		tt_hex(p, &u->b[i], 1);
		p += 2;
	}
}

bool tt_uuid_parse(const char *s, struct tt_uuid *u)
{
	static const char shape[] = "........-....-....-....-............";
	char hex[33];
	size_t i, n = 0;

	if (strlen(s) != 36)
		return false;
	for (i = 0; i < 36; i++) {
		if ((shape[i] == '-') != (s[i] == '-'))
			return false;
		if (s[i] != '-')
			hex[n++] = s[i];
	}
	hex[n] = '\0';
	return tt_unhex(u->b, sizeof(u->b), hex) == 16;
}

bool tt_uuid_is_nil(const struct tt_uuid *u)
{
	static const struct tt_uuid nil;

	return tt_uuid_is_equal(u, &nil);
}

bool tt_uuid_is_equal(const struct tt_uuid *a, const struct tt_uuid *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

uint32_t tt_random_below(uint32_t n)
{
	uint64_t r;

	clock_random(&r, sizeof(r));
	return (uint32_t)(r % n);
}

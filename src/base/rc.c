/*
 * Errors: one table gives each code its word and its exit status.
 */
#include <tracetrack/rc.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <tracetrack/text.h>

static const struct {
	const char *word;
	int status;
	const char *help;
} rc_rows[TT_RC_COUNT] = {
	[TT_OK] = {"ok", 0, "it is done"},
	[TT_USAGE] = {"usage", EX_USAGE, "the command, an option or a word of it is wrong"},
	[TT_DATA] = {"bad_data", EX_DATAERR, "input that can't be understood"},
	[TT_REFUSED] = {"refused", 1, "a rule of the warehouse says no, or the check failed"},
	[TT_DENIED] = {"not_permitted", EX_NOPERM, "not permitted, or not logged in"},
	[TT_CONFLICT] = {"try_again", EX_TEMPFAIL, "somebody else holds it; try again"},
	[TT_UNAVAILABLE] = {"unavailable", EX_UNAVAILABLE,
		"the database can't be reached just now"},
	[TT_TIMEOUT] = {"timeout", EX_UNAVAILABLE,
		"no answer in time; it may or may not have happened"},
	[TT_DEVICE] = {"device", EX_UNAVAILABLE, "a scanner or the terminal is missing or broken"},
	[TT_IO] = {"io", EX_IOERR, "the disk, a file or the output failed"},
	[TT_CONFIG] = {"configuration", EX_CONFIG,
		"settings, the connection's login, the database's version or the installation "
		"are wrong"},
	[TT_INTERNAL] = {"internal", EX_SOFTWARE, "a fault of this program"},
};

static void rc_vformat(char *dst, size_t size, const char *fmt, va_list ap)
{
	char raw[1024];
	int n = vsnprintf(raw, sizeof(raw), fmt, ap);

	if (n < 0)
		n = 0;
	if ((size_t)n >= sizeof(raw))
		n = (int)sizeof(raw) - 1;
	while (n > 0 && raw[n - 1] == '\n')
		n--;
	tt_clean(dst, size, raw, (size_t)n);
}

enum tt_rc tt_fail(struct tt_error *err, enum tt_rc rc, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return rc;
	memset(err, 0, sizeof(*err));
	err->rc = rc;
	va_start(ap, fmt);
	rc_vformat(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	return rc;
}

void tt_error_detail(struct tt_error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return;
	va_start(ap, fmt);
	rc_vformat(err->detail, sizeof(err->detail), fmt, ap);
	va_end(ap);
}

void tt_error_hint(struct tt_error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return;
	va_start(ap, fmt);
	rc_vformat(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
}

const char *tt_rc_word(enum tt_rc rc)
{
	return (unsigned)rc < TT_RC_COUNT ? rc_rows[rc].word : "internal";
}

const char *tt_rc_help(enum tt_rc rc)
{
	return rc_rows[(unsigned)rc < TT_RC_COUNT ? rc : TT_INTERNAL].help;
}

int tt_rc_exit_status(enum tt_rc rc)
{
	return (unsigned)rc < TT_RC_COUNT ? rc_rows[rc].status : EX_SOFTWARE;
}

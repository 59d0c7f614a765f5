/*
 * One line of progress on standard error, drawn over itself a few times a second and gone at the
 * end; nothing at all without a terminal.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <tracetrack/clock.h>

#include "ctl.h"
#include "progress.h"

#define PROGRESS_EVERY_NS 200000000u

void ctl_progress_begin(struct ctl_progress *p, const struct ctl *ctl)
{
	p->is_shown = !ctl->is_no_progress && isatty(STDERR_FILENO);
	p->is_drawn = false;
	p->began_ns = p->told_ns = tt_steady_ns();
}

/* How long the rest takes if it goes on like this. */
static void progress_rest(const struct ctl_progress *p, int64_t done, int64_t total)
{
	uint64_t seconds = (p->told_ns - p->began_ns) / 1000000000u;

	if (seconds < 2 || done <= 0)
		return;
	seconds = (uint64_t)((double)seconds * (double)(total - done) / (double)done);
	fprintf(stderr, ", %" PRIu64 ":%02" PRIu64 " to go", seconds / 60, seconds % 60);
}

void ctl_progress_tell(struct ctl_progress *p, const char *what, int64_t done, int64_t total)
{
	uint64_t now = tt_steady_ns();

	if (!p->is_shown || now - p->told_ns < PROGRESS_EVERY_NS)
		return;
	p->told_ns = now;
	p->is_drawn = true;
	fprintf(stderr, "\r%s %" PRId64, what, done);
	if (total >= done && total > 0) {
		fprintf(stderr, " of %" PRId64 " (%d %%)", total,
			(int)((double)done * 100 / (double)total));
		progress_rest(p, done, total);
	}
	fputs("\033[K", stderr);
}

void ctl_progress_end(struct ctl_progress *p)
{
	if (p->is_drawn)
		fputs("\r\033[K", stderr);
	p->is_drawn = false;
}

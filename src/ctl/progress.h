/* What long work shows of itself while it runs. */
#ifndef TRACETRACK_CTL_PROGRESS_H
#define TRACETRACK_CTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct ctl;

struct ctl_progress {
	bool is_shown, is_drawn;
	uint64_t began_ns, told_ns;
};

/* Shown on a terminal only, and not with --no-progress. */
void ctl_progress_begin(struct ctl_progress *p, const struct ctl *ctl);
/* "what 12 of 30 (40 %)", at most five times a second; total 0 is not known. */
void ctl_progress_tell(struct ctl_progress *p, const char *what, int64_t done, int64_t total);
/* Wipe the line. To be called before anything else is said. */
void ctl_progress_end(struct ctl_progress *p);

#endif

/* What the commands that print have in common. */
#ifndef TRACETRACK_CTL_PAPER_H
#define TRACETRACK_CTL_PAPER_H

#include <tracetrack/paper.h>
#include <tracetrack/qr.h>
#include <tracetrack/zone.h>

#include "ctl.h"

/* To the file, or for "-" to standard output if that is no terminal. What has characters that no
 * font can draw is written all the same, and said on standard error. With --remote only "-". */
TT_MUST_CHECK enum tt_rc ctl_paper_write(const struct ctl *ctl, const struct tt_paper *paper,
	const char *file, struct tt_error *err);

/* Where and when the site is. Connects; free with ctl_site_fini. */
struct ctl_site {
	struct tt_zone *zone;
	char day[16]; /* the business day that it is, "2026-11-21" */
};
TT_MUST_CHECK enum tt_rc ctl_site(struct ctl *ctl, struct ctl_site *site, struct tt_error *err);
void ctl_site_fini(struct ctl_site *site);

/* On standard output, as the terminal can show it. */
void ctl_show_qr(const struct ctl *ctl, const struct tt_qr *qr);

#endif

/*
 * Where printed pages go.
 */
#include "paper.h"

#include <string.h>
#include <unistd.h>

#include <tracetrack/file.h>

static enum tt_rc paper_to_stdout(const struct tt_paper *paper, struct tt_error *err)
{
	if (isatty(STDOUT_FILENO)) {
		tt_fail(err, TT_USAGE, "a PDF does not go to a terminal");
		tt_error_hint(err, "Name a file, or the command that takes it: --pdf - | lp");
		return TT_USAGE;
	}
	if (fwrite(paper->pdf.data, 1, paper->pdf.len, stdout) == paper->pdf.len)
		return TT_OK;
	return tt_fail(err, TT_IO, "the output can't be written");
}

enum tt_rc ctl_paper_write(
	const struct ctl *ctl, const struct tt_paper *paper, const char *file, struct tt_error *err)
{
	enum tt_rc rc;

	if (strcmp(file, "-") == 0)
		rc = paper_to_stdout(paper, err);
	else if (ctl->is_remote)
		rc = tt_fail(err, TT_DENIED, "by ssh a PDF goes to standard output: --pdf -");
	else
		rc = tt_file_write(file, paper->pdf.data, paper->pdf.len, err);
	if (rc == TT_OK && paper->boxes > 0)
		fprintf(stderr,
			"tracetrackctl: no font here has %u character%s of \"%s\" and the like: "
			"printed as boxes\n  Install the package fonts-noto-core.\n",
			paper->boxes, paper->boxes == 1 ? "" : "s", paper->boxed_text);
	return rc;
}

enum tt_rc ctl_site(struct ctl *ctl, struct ctl_site *site, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("system.site");
	void *args = tt_operation_args_new(op);
	struct tt_call call = {0};
	const void *row;
	enum tt_rc rc = ctl_connect(ctl, err);

	if (rc == TT_OK)
		rc = ctl_call(ctl, op, args, &call, err);
	if (rc == TT_OK) {
		row = tt_rows_at(&call.rows, 0);
		tt_copy(site->day, sizeof(site->day),
			*(char *const *)tt_field(tt_column_find(op->result, "day"), row));
		rc = tt_zone_open(&site->zone,
			*(char *const *)tt_field(tt_column_find(op->result, "zone"), row), err);
	}
	tt_call_fini(&call);
	tt_operation_args_free(op, args);
	return rc;
}

void ctl_site_fini(struct ctl_site *site)
{
	tt_zone_free(site->zone);
	site->zone = NULL;
}

/*
 * bill print: a bill as PDF or text, from what bill.show says of it.
 */
#include <tracetrack/outcome.h>
#include <tracetrack/paper_bill.h>

#include "paper.h"

static enum tt_rc bill_put(const struct ctl *ctl, const struct tt_paper_bill *bill,
	const char *file, struct tt_error *err)
{
	struct tt_paper paper = {0};
	struct tt_buf text = {0};
	enum tt_rc rc = TT_OK;

	if (file) {
		rc = tt_paper_bill(&paper, bill, err);
		if (rc == TT_OK)
			rc = ctl_paper_write(ctl, &paper, file, err);
	} else {
		tt_paper_bill_text(bill, &text);
		fputs(text.data, stdout);
	}
	tt_paper_fini(&paper);
	tt_buf_fini(&text);
	return rc;
}

static enum tt_rc bill_print_rows(const struct ctl *ctl, const struct tt_rows *rows,
	const struct tt_zone *zone, const char *file, struct tt_error *err)
{
	struct tt_paper_shown shown;
	enum tt_rc rc = tt_paper_bill_read(&shown, rows, zone, err);

	if (rc == TT_OK)
		rc = bill_put(ctl, &shown.bill, file, err);
	tt_paper_shown_fini(&shown);
	return rc;
}

static enum tt_rc bill_ask(
	struct ctl *ctl, const char *number, struct tt_call *call, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("bill.show");
	void *args = tt_operation_args_new(op);
	enum tt_rc rc = tt_operation_set(op, args, "bill", number, err);

	if (rc == TT_OK)
		rc = ctl_authenticate(ctl, err);
	if (rc == TT_OK)
		rc = ctl_call(ctl, op, args, call, err);
	if (rc == TT_OK)
		rc = ctl_judge(tt_operation_outcome(op, &call->rows), err);
	if (rc == TT_REFUSED)
		tt_fail(err, rc, "there is no bill \"%.64s\"", number);
	tt_operation_args_free(op, args);
	return rc;
}

enum tt_rc ctl_bill_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	const char *file = ctl_option(ctl, "--pdf");
	struct tt_call call = {0};
	struct ctl_site site = {0};
	enum tt_rc rc = TT_OK;

	if (file && ctl_has(ctl, "--text"))
		rc = tt_fail(err, TT_USAGE, "--text and --pdf exclude each other");
	if (rc == TT_OK && ctl->format != CTL_TEXT) {
		rc = tt_fail(err, TT_USAGE, "a printed bill is neither JSON nor CSV");
		tt_error_hint(err, "Use: tracetrackctl bill show NUMBER --json");
	}
	if (rc == TT_OK && argc == 0)
		rc = tt_fail(err, TT_USAGE, "which bill?");
	if (rc == TT_OK)
		rc = ctl_no_more(argc - 1, argv + 1, err);
	if (rc == TT_OK)
		rc = ctl_site(ctl, &site, err);
	if (rc == TT_OK)
		rc = bill_ask(ctl, argv[0], &call, err);
	if (rc == TT_OK)
		rc = bill_print_rows(ctl, &call.rows, site.zone, file, err);
	tt_call_fini(&call);
	ctl_site_fini(&site);
	return rc;
}

/*
 * label print: labels for codes of the site's families, on paper or on the screen.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/paper_label.h>

#include "paper.h"

struct label_family {
	const char *name, *role, *pattern, *example;
	int64_t is_active;
};

static struct label_family label_family_at(const struct tt_rows *rows, size_t i)
{
	const void *row = tt_rows_at(rows, i);
	struct label_family family;

	family.name = *(char *const *)tt_field(tt_column_find(rows->cols, "name"), row);
	family.role = *(char *const *)tt_field(tt_column_find(rows->cols, "role"), row);
	family.pattern = *(char *const *)tt_field(tt_column_find(rows->cols, "pattern"), row);
	family.example = *(char *const *)tt_field(tt_column_find(rows->cols, "example"), row);
	family.is_active = *(int64_t *)tt_field(tt_column_find(rows->cols, "active"), row);
	return family;
}

static bool label_matches(const struct label_family *family, const char *code)
{
	regex_t pattern;
	bool matches;

	if (family->is_active != 1 || regcomp(&pattern, family->pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	matches = regexec(&pattern, code, 0, NULL, 0) == 0;
	regfree(&pattern);
	return matches;
}

/* The family of a code, a child's last: what is anything else is no child. NULL: of none. */
static const char *label_family(const struct tt_rows *rows, const char *code)
{
	struct label_family family;
	int pass;
	size_t i;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < rows->count; i++) {
			family = label_family_at(rows, i);
			if ((strcmp(family.role, "child") == 0) == (pass == 1) &&
				label_matches(&family, code))
				return family.name;
		}
	}
	return NULL;
}

static enum tt_rc label_of_none(const struct tt_rows *rows, const char *code, struct tt_error *err)
{
	struct tt_buf examples = {0};
	struct label_family family;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		family = label_family_at(rows, i);
		if (family.is_active == 1 && family.example)
			tt_buf_printf(&examples, "%s%s", examples.len ? ", " : "", family.example);
	}
	tt_fail(err, TT_REFUSED, "%.64s is no code of this site: a scan of it would be refused",
		code);
	tt_error_hint(err, "Codes look like %s.", examples.data ? examples.data : "nothing yet");
	tt_buf_fini(&examples);
	return TT_REFUSED;
}

/* White on black by colour, so that the scanner sees it whatever the terminal's colours are. */
static void label_show_line(const char *line, size_t len, bool colored)
{
	if (colored)
		printf("\033[37;40m%.*s\033[0m\n", (int)len, line);
	else
		printf("%.*s\n", (int)len, line);
}

void ctl_show_qr(const struct ctl *ctl, const struct tt_qr *qr)
{
	bool ascii = ctl->settings.lines == TT_LINES_ASCII ||
		     (ctl->settings.lines == TT_LINES_AUTO && !ctl->is_utf8);
	bool is_tty = isatty(STDOUT_FILENO);
	bool colored = is_tty && ctl->settings.color != TT_COLOR_NEVER && !getenv("NO_COLOR");
	struct tt_buf text = {0};
	const char *line, *end;

	if (is_tty)
		tt_qr_text(qr, ascii ? TT_QR_ASCII_LIGHT : TT_QR_BLOCKS_LIGHT, 2, &text);
	else
		tt_qr_text(qr, ascii ? TT_QR_ASCII : TT_QR_BLOCKS, TT_QR_QUIET, &text);
	for (line = text.data; *line; line = end + 1) {
		end = strchr(line, '\n');
		label_show_line(line, (size_t)(end - line), colored);
	}
	tt_buf_fini(&text);
}

static void label_show(const struct ctl *ctl, const struct tt_label *label, const struct tt_qr *qr)
{
	char what[128];

	ctl_show_qr(ctl, qr);
	tt_clean(what, sizeof(what), label->what, strlen(label->what));
	printf("    %s  %s\n", label->code, what);
}

static enum tt_rc label_show_all(
	const struct ctl *ctl, const struct tt_label *labels, size_t count, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	struct tt_qr qr;
	size_t i;

	for (i = 0; i < count && rc == TT_OK; i++) {
		rc = tt_qr_make(&qr, labels[i].code, TT_QR_DIRTY, err);
		if (rc == TT_OK)
			label_show(ctl, &labels[i], &qr);
		tt_qr_fini(&qr);
	}
	return rc;
}

static enum tt_rc label_families(struct ctl *ctl, struct tt_call *call, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("family.list");
	void *args = tt_operation_args_new(op);
	enum tt_rc rc = ctl_connect(ctl, err);

	if (rc == TT_OK)
		rc = ctl_authenticate(ctl, err);
	if (rc == TT_OK)
		rc = ctl_call(ctl, op, args, call, err);
	tt_operation_args_free(op, args);
	return rc;
}

static enum tt_rc label_print(struct ctl *ctl, const struct tt_label_size *size, const char *file,
	bool on_screen, struct tt_label *labels, size_t count, struct tt_error *err)
{
	struct tt_paper paper = {0};
	struct tt_call call = {0};
	enum tt_rc rc = label_families(ctl, &call, err);
	size_t i;

	for (i = 0; i < count && rc == TT_OK; i++) {
		labels[i].what = label_family(&call.rows, labels[i].code);
		if (!labels[i].what)
			rc = label_of_none(&call.rows, labels[i].code, err);
	}
	if (rc == TT_OK && file)
		rc = tt_paper_labels(&paper, size, labels, count, err);
	if (rc == TT_OK && file)
		rc = ctl_paper_write(ctl, &paper, file, err);
	if (rc == TT_OK && (on_screen || !file))
		rc = label_show_all(ctl, labels, count, err);
	tt_paper_fini(&paper);
	tt_call_fini(&call);
	return rc;
}

/* Codes are ASCII, whatever a language makes of i. */
static void label_upper(char *code)
{
	for (; *code; code++) {
		if (*code >= 'a' && *code <= 'z')
			*code = (char)(*code - 'a' + 'A');
	}
}

enum tt_rc ctl_label_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	const char *file = ctl_option(ctl, "--pdf"), *name = ctl_option(ctl, "--size");
	bool on_screen = ctl_has(ctl, "--qr");
	const struct tt_label_size *size = NULL;
	struct tt_label *labels;
	enum tt_rc rc = tt_label_size_find(&size, name ? name : tt_label_sizes[0].name, err);
	int i;

	if (rc == TT_OK && ctl->format != CTL_TEXT)
		rc = tt_fail(err, TT_USAGE, "a label is neither JSON nor CSV");
	if (rc == TT_OK && on_screen && file && strcmp(file, "-") == 0)
		rc = tt_fail(err, TT_USAGE, "--qr and --pdf - are both for standard output");
	if (rc == TT_OK && argc == 0)
		rc = tt_fail(err, TT_USAGE, "which codes?");
	if (rc != TT_OK)
		return rc;
	labels = tt_alloc((size_t)argc * sizeof(*labels));
	for (i = 0; i < argc; i++) {
		label_upper(argv[i]);
		labels[i].code = argv[i];
	}
	rc = label_print(ctl, size, file, on_screen, labels, (size_t)argc, err);
	free(labels);
	return rc;
}

/*
 * One pass over the bytes: a record is gathered into one buffer, its cells ended by NUL in place,
 * so that no file, however large, takes more than a record and a chunk.
 */
#include <tracetrack/csv_reader.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* -1 at the end of the file. */
static int csv_get(struct tt_csv *csv)
{
	if (csv->at == csv->have) {
		csv->at = 0;
		csv->have = csv->is_eof ? 0 : fread(csv->chunk, 1, sizeof(csv->chunk), csv->file);
		csv->is_eof = csv->have == 0;
		if (csv->have > 0 && csv->on_bytes)
			csv->on_bytes(csv->ctx, csv->chunk, csv->have);
	}
	return csv->have ? (unsigned char)csv->chunk[csv->at++] : -1;
}

static void csv_unget(struct tt_csv *csv, int ch)
{
	if (ch >= 0)
		csv->at--;
}

static enum tt_rc csv_fail(const struct tt_csv *csv, uint64_t line, const char *what,
	const char *hint, struct tt_error *err)
{
	tt_fail(err, TT_DATA, "%s, line %llu: %s", csv->path, (unsigned long long)line, what);
	tt_error_hint(err, "%s", hint);
	return TT_DATA;
}

static enum tt_rc csv_add(struct tt_csv *csv, int ch, struct tt_error *err)
{
	char byte = (char)ch;

	if (csv->text.len >= TT_CSV_MAX_RECORD)
		return csv_fail(csv, csv->line, "a record of more than 64 KiB",
			"Is this a CSV file? A quote that is never closed makes long records, too.",
			err);
	if (byte == '\0' && ch == 0)
		return csv_fail(csv, csv->next_line, "a NUL byte", "Save it as CSV in UTF-8.", err);
	tt_buf_add(&csv->text, &byte, 1);
	return TT_OK;
}

/* Ends the cell under way with a NUL; offsets become pointers when the record is complete. */
static enum tt_rc csv_end_cell(struct tt_csv *csv, size_t *start, struct tt_error *err)
{
	if (csv->count == TT_CSV_MAX_CELLS)
		return csv_fail(csv, csv->line, "more than 64 cells",
			"Leave only the columns that are imported.", err);
	csv->cells[csv->count++] = (const char *)*start;
	tt_buf_add(&csv->text, "", 1);
	*start = csv->text.len;
	return TT_OK;
}

/* What is between quotes; the first one is taken already. */
static enum tt_rc csv_read_quoted(struct tt_csv *csv, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	int ch;

	while (rc == TT_OK) {
		ch = csv_get(csv);
		if (ch < 0)
			return csv_fail(csv, csv->line, "a quote is opened here and never closed",
				"Write a quote inside a cell twice.", err);
		if (ch == '"') {
			ch = csv_get(csv);
			if (ch != '"') {
				csv_unget(csv, ch);
				return TT_OK;
			}
		}
		csv->next_line += ch == '\n';
		rc = csv_add(csv, ch, err);
	}
	return rc;
}

/* True at the end of a line, which is taken. */
static bool csv_takes_end(struct tt_csv *csv, int ch)
{
	int next;

	if (ch == '\r') {
		next = csv_get(csv);
		if (next != '\n')
			csv_unget(csv, next);
	}
	if (ch != '\r' && ch != '\n')
		return ch < 0;
	csv->next_line++;
	return true;
}

static enum tt_rc csv_read_record(struct tt_csv *csv, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	size_t start = 0;
	bool was_quoted = false;
	int ch;

	tt_buf_clear(&csv->text);
	csv->count = 0;
	csv->line = csv->next_line;
	while (rc == TT_OK) {
		ch = csv_get(csv);
		if (csv_takes_end(csv, ch)) {
			csv->is_end = ch < 0 && csv->text.len == 0 && !was_quoted;
			return csv_end_cell(csv, &start, err);
		}
		if (ch == csv->separator) {
			rc = csv_end_cell(csv, &start, err);
			was_quoted = false;
		} else if (ch == '"' && csv->text.len == start && !was_quoted) {
			rc = csv_read_quoted(csv, err);
			was_quoted = true;
		} else if (was_quoted && ch != ' ') {
			return csv_fail(csv, csv->next_line, "text behind a closing quote",
				"Write a quote inside a cell twice.", err);
		} else if (!was_quoted) {
			rc = csv_add(csv, ch, err);
		}
	}
	return rc;
}

static bool csv_is_blank(const struct tt_csv *csv)
{
	return csv->count == 1 && csv->cells[0][strspn(csv->cells[0], " \t")] == '\0';
}

enum tt_rc tt_csv_next(struct tt_csv *csv, struct tt_error *err)
{
	enum tt_rc rc;
	size_t i;

	do {
		rc = csv_read_record(csv, err);
		if (rc == TT_OK && ferror(csv->file))
			rc = tt_fail(err, TT_IO, "can't read %s: %s", csv->path, strerror(EIO));
		if (rc != TT_OK)
			return rc;
		for (i = 0; i < csv->count; i++)
			csv->cells[i] = csv->text.data + (size_t)csv->cells[i];
	} while (!csv->is_end && csv_is_blank(csv));
	if (!tt_utf8_is_valid(csv->text.data, csv->text.len))
		return csv_fail(csv, csv->line, "this is not UTF-8",
			"Save it as \"CSV UTF-8\"; Latin-1 and Windows letters are not read.", err);
	return TT_OK;
}

static enum tt_rc csv_no_text(const struct tt_csv *csv, const char *what, struct tt_error *err)
{
	tt_fail(err, TT_DATA, "%s is %s", csv->path, what);
	tt_error_hint(err, "Save it as CSV in UTF-8.");
	return TT_DATA;
}

/* The separator that the first line has most of, outside quotes; "sep=;" is taken out. */
static void csv_guess(struct tt_csv *csv)
{
	static const char known[] = ",;\t";
	size_t counts[3] = {0}, i, best = 0, end;
	bool is_quoted = false;
	const char *at, *text = csv->chunk + csv->at;

	for (end = csv->at; end < csv->have; end++) {
		is_quoted ^= csv->chunk[end] == '"';
		at = memchr(known, csv->chunk[end], 3);
		if (at && !is_quoted)
			counts[at - known]++;
		if (!is_quoted && (csv->chunk[end] == '\n' || csv->chunk[end] == '\r'))
			break;
	}
	for (i = 1; i < 3; i++)
		best = counts[i] > counts[best] ? i : best;
	csv->separator = known[best];
	if (end - csv->at == 5 && strncmp(text, "sep=", 4) == 0) {
		csv->separator = text[4];
		csv->at = end;
		(void)csv_takes_end(csv, csv_get(csv));
	}
}

static enum tt_rc csv_begin(struct tt_csv *csv, struct tt_error *err)
{
	csv_unget(csv, csv_get(csv));
	if (ferror(csv->file))
		return tt_fail(err, TT_IO, "can't read %s: %s", csv->path, strerror(errno));
	if (csv->have >= 4 && memcmp(csv->chunk, "PK\3\4", 4) == 0)
		return csv_no_text(csv, "a spreadsheet or archive, not CSV", err);
	if (csv->have >= 2 &&
		(memcmp(csv->chunk, "\xff\xfe", 2) == 0 || memcmp(csv->chunk, "\xfe\xff", 2) == 0))
		return csv_no_text(csv, "UTF-16", err);
	if (csv->have >= 3 && memcmp(csv->chunk, "\xef\xbb\xbf", 3) == 0)
		csv->at += 3;
	csv_guess(csv);
	return TT_OK;
}

enum tt_rc tt_csv_open_fd(struct tt_csv *csv, int fd, const char *name, struct tt_error *err)
{
	struct stat st;
	enum tt_rc rc = TT_OK;

	csv->file = fd < 0 ? NULL : fdopen(fd, "r");
	tt_clean(csv->path, sizeof(csv->path), name, strlen(name));
	csv->next_line = 1;
	if (!csv->file)
		return tt_fail(err, TT_IO, "can't read %s: %s", csv->path, strerror(errno));
	if (fstat(fd, &st) < 0)
		rc = tt_fail(err, TT_IO, "can't read %s: %s", csv->path, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		rc = tt_fail(err, TT_IO, "can't read %s: it is a folder", csv->path);
	else if (!S_ISREG(st.st_mode))
		rc = tt_fail(err, TT_IO, "can't read %s: it must be a file, to be read twice",
			csv->path);
	if (rc == TT_OK)
		rc = csv_begin(csv, err);
	if (rc != TT_OK)
		tt_csv_close(csv);
	return rc;
}

enum tt_rc tt_csv_open(struct tt_csv *csv, const char *path, struct tt_error *err)
{
	return tt_csv_open_fd(
		csv, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), path, err);
}

void tt_csv_close(struct tt_csv *csv)
{
	if (csv->file)
		fclose(csv->file);
	csv->file = NULL;
	tt_buf_fini(&csv->text);
}

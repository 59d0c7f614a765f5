/*
 * Files of rows as spreadsheets write them, and bytes that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/csv_reader.h>

static char path[] = "/tmp/base-csv-reader-XXXXXX";

static int set_up(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *bytes, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void put_record(const struct tt_csv *csv, struct tt_buf *out)
{
	size_t i;

	tt_buf_printf(out, "%llu", (unsigned long long)csv->line);
	for (i = 0; i < csv->count; i++)
		tt_buf_printf(out, "[%s]", csv->cells[i]);
	tt_buf_puts(out, "\n");
}

/* All records of a file, each with its line; then what is wrong with it. Free it. */
static char *read_bytes(const char *bytes, size_t len)
{
	struct tt_csv csv = {0};
	struct tt_buf out = {0};
	struct tt_error err = {0};
	enum tt_rc rc;

	write_file(bytes, len);
	tt_buf_puts(&out, "");
	rc = tt_csv_open(&csv, path, &err);
	while (rc == TT_OK) {
		rc = tt_csv_next(&csv, &err);
		if (rc != TT_OK || csv.is_end)
			break;
		put_record(&csv, &out);
	}
	if (rc != TT_OK) {
		assert_int_equal(rc, TT_DATA);
		assert_true(err.hint[0] != '\0');
		tt_buf_puts(&out,
			strstr(err.message, "line") ? strstr(err.message, "line") : err.message);
	}
	tt_csv_close(&csv);
	return out.data;
}

static void reads(const char *text, const char *want)
{
	char *got = read_bytes(text, strlen(text));

	assert_string_equal(got, want);
	free(got);
}

static void plain_records(void **state)
{
	(void)state;
	reads("a,b\n1,2\n", "1[a][b]\n2[1][2]\n");
	reads("a,b\n1,2", "1[a][b]\n2[1][2]\n");
	reads("a,b\r\n1,\r\n", "1[a][b]\n2[1][]\n");
	reads("a\r1\r", "1[a]\n2[1]\n");
	reads("a\n\n \t\n1\n\n", "1[a]\n4[1]\n");
	reads("a,b\n,\n", "1[a][b]\n2[][]\n");
}

static void byte_order_mark(void **state)
{
	(void)state;
	reads("\xef\xbb\xbf"
	      "a,b\n1,2\n",
		"1[a][b]\n2[1][2]\n");
	reads("\xef\xbb\xbf"
	      "\"a\",b\n",
		"1[a][b]\n");
	reads("\xef\xbb\xbf", "");
	reads("", "");
}

static void separators(void **state)
{
	(void)state;
	reads("a;b\n1,5;2\n", "1[a][b]\n2[1,5][2]\n");
	reads("a\tb\n1;2\t3\n", "1[a][b]\n2[1;2][3]\n");
	reads("\"x;y;z\",b\n", "1[x;y;z][b]\n");
	reads("sep=;\r\na;b\r\n", "2[a][b]\n");
	reads("sep=|\na|b\n", "2[a][b]\n");
}

static void quoted_cells(void **state)
{
	(void)state;
	reads("a,b\n\"x\ny\",\"he said \"\"no\"\"\"\nz,\"\"\n",
		"1[a][b]\n2[x\ny][he said \"no\"]\n4[z][]\n");
	reads("a\n\"x\r\ny\"\r\nz\r\n", "1[a]\n2[x\r\ny]\n4[z]\n");
	reads("a,b\n\"1\" ,2\n", "1[a][b]\n2[1][2]\n");
	reads("a\n5\" pipe\n", "1[a]\n2[5\" pipe]\n");
	reads("a\n\"\"\n", "1[a]\n");
}

static void no_text(void **state)
{
	char *got;

	(void)state;
	reads("a\n\"x\ny\n", "1[a]\nline 2: a quote is opened here and never closed");
	reads("a\n\"x\"y\n", "1[a]\nline 2: text behind a closing quote");
	reads("a\nok\nCAF\xc9\n", "1[a]\n2[ok]\nline 3: this is not UTF-8");
	got = read_bytes("a\nx\0y\n", 6);
	assert_string_equal(got, "1[a]\nline 2: a NUL byte");
	free(got);
	got = read_bytes("a\n\"x\n\0\"\n", 8);
	assert_string_equal(got, "1[a]\nline 3: a NUL byte");
	free(got);
}

static char *many(size_t n, const char *piece)
{
	struct tt_buf out = {0};

	while (n-- > 0)
		tt_buf_puts(&out, piece);
	return out.data;
}

/* A cell may go over the end of a chunk; a record and its cells are limited. */
static void long_records(void **state)
{
	char *cell = many(TT_CSV_MAX_RECORD - 2, "x"), *commas = many(TT_CSV_MAX_CELLS, "x,");
	struct tt_buf text = {0};
	char *got;

	(void)state;
	tt_buf_printf(&text, "a\n%s\n", cell);
	got = read_bytes(text.data, text.len);
	assert_int_equal(strlen(got), strlen("1[a]\n2[]\n") + strlen(cell));
	free(got);
	tt_buf_clear(&text);
	tt_buf_printf(&text, "a\n%sxxx\n", cell);
	reads(text.data, "1[a]\nline 2: a record of more than 64 KiB");
	tt_buf_clear(&text);
	tt_buf_printf(&text, "a\n%sx\n", commas);
	reads(text.data, "1[a]\nline 2: more than 64 cells");
	tt_buf_fini(&text);
	free(commas);
	free(cell);
}

static void count_bytes(void *ctx, const void *data, size_t len)
{
	(void)data;
	*(size_t *)ctx += len;
}

static void every_byte_is_told(void **state)
{
	size_t bytes = 0;
	struct tt_csv csv = {.on_bytes = count_bytes, .ctx = &bytes};
	struct tt_error err;

	(void)state;
	write_file("\xef\xbb\xbfsep=;\na;b\n", 13);
	assert_int_equal(tt_csv_open(&csv, path, &err), TT_OK);
	do {
		assert_int_equal(tt_csv_next(&csv, &err), TT_OK);
	} while (!csv.is_end);
	tt_csv_close(&csv);
	assert_int_equal(bytes, 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_records),
		cmocka_unit_test(byte_order_mark),
		cmocka_unit_test(separators),
		cmocka_unit_test(quoted_cells),
		cmocka_unit_test(no_text),
		cmocka_unit_test(long_records),
		cmocka_unit_test(every_byte_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

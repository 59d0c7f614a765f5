/*
 * links: base
 *
 * Files of rows: every record has cells of valid UTF-8 and lines that only grow, or the file is
 * refused with a clean message that names it.
 */
#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tracetrack/csv_reader.h>

static void must_be_record(const struct tt_csv *csv, uint64_t *line)
{
	size_t i;

	must(csv->line > *line);
	*line = csv->line;
	must(csv->count >= 1 && csv->count <= TT_CSV_MAX_CELLS);
	for (i = 0; i < csv->count; i++) {
		must(strlen(csv->cells[i]) <= TT_CSV_MAX_RECORD);
		must(tt_utf8_is_valid(csv->cells[i], strlen(csv->cells[i])));
	}
}

static enum tt_rc read_all(const char *path, struct tt_error *err)
{
	struct tt_csv csv = {0};
	enum tt_rc rc = tt_csv_open(&csv, path, err);
	uint64_t line = 0;

	while (rc == TT_OK) {
		rc = tt_csv_next(&csv, err);
		if (rc != TT_OK || csv.is_end)
			break;
		must_be_record(&csv, &line);
	}
	tt_csv_close(&csv);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct tt_error err = {.rc = TT_OK};
	char path[64];
	enum tt_rc rc;

	if (fd < 0)
		fd = memfd_create("fuzz", 0);
	must(fd >= 0 && ftruncate(fd, 0) == 0);
	must(pwrite(fd, data, size, 0) == (ssize_t)size);
	tt_format(path, sizeof(path), "/proc/self/fd/%d", fd);
	rc = read_all(path, &err);
	must(rc == TT_OK || (rc == TT_DATA && strncmp(err.message, path, strlen(path)) == 0));
	must_be_clean(err.message);
	must_be_clean(err.hint);
	return 0;
}

/*
 * A file of rows or a text, made at once: what a screen shows is small.
 */
#include "export.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tracetrack/csv.h>
#include <tracetrack/file.h>

#include "screen_impl.h"

#define EXPORT_PATH 4096

void export_row(struct exported *x, const void *row)
{
	if (x->count++ == 0)
		tt_csv_names(x->cols, &x->text);
	tt_csv_row(x->cols, row, &x->text);
}

/* A file that was not there before; -1 with errno. */
static int export_open(struct tt_screen *s, const struct exported *x, char *path, size_t size)
{
	time_t now = time(NULL);
	char at[32] = "";
	struct tm tm;
	size_t n;
	int i, fd = -1;

	if (!tt_station_dir(s->station, path, size - 80)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	n = strlen(path);
	n += tt_format(path + n, size - n, "/exports");
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return -1;
	if (localtime_r(&now, &tm))
		strftime(at, sizeof(at), "%Y%m%d-%H%M%S", &tm);
	for (i = 1; fd < 0 && i < 100; i++) {
		tt_format(path + n, size - n, "/%s-%s-%02d%s", x->name, at, i,
			x->suffix ? x->suffix : ".csv");
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

static bool export_save(int fd, const struct tt_buf *text)
{
	int cause = tt_write_all(fd, text->data, text->len);

	if (cause == 0 && fsync(fd) < 0)
		cause = errno;
	if (close(fd) < 0 && cause == 0)
		cause = errno;
	errno = cause;
	return cause == 0;
}

/* The whole file, or none; says what is where, or why not. Frees x. */
static void export_file(struct tt_screen *s, struct exported *x, const char *what)
{
	char path[EXPORT_PATH], text[EXPORT_PATH + 128];
	int fd = export_open(s, x, path, sizeof(path));
	const char *name;

	if (fd >= 0 && export_save(fd, &x->text)) {
		/* The name first: a narrow screen cuts the folder. */
		name = strrchr(path, '/');
		tt_format(text, sizeof(text), "%s in %s of %.*s", what, name + 1,
			(int)(name - path), path);
		screen_say(s, STYLE_PLAIN, text);
	} else {
		tt_format(text, sizeof(text), "It could not be written: %s.", strerror(errno));
		if (fd >= 0)
			unlink(path);
		screen_say(s, STYLE_WARNING, text);
	}
	tt_buf_fini(&x->text);
}

void export_write(struct tt_screen *s, struct exported *x, bool is_all)
{
	char what[100];

	if (x->count == 0) {
		screen_say(s, STYLE_WARNING, "There is nothing to export.");
		tt_buf_fini(&x->text);
		return;
	}
	tt_format(what, sizeof(what), "%zu %s%s", x->count, x->count == 1 ? "row" : "rows",
		is_all ? "" : " (what is shown; tracetrackctl gives all)");
	export_file(s, x, what);
}

void export_write_text(struct tt_screen *s, struct exported *x, const char *what)
{
	char text[44];

	tt_format(text, sizeof(text), "%.40s", what);
	export_file(s, x, text);
}

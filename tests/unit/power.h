/*
 * A disk whose power can be cut, under SQLite: what was written and not synced is gone then.
 * power_install makes it the standard; every file's content is copied aside when it is synced.
 */
#ifndef TESTS_UNIT_POWER_H
#define TESTS_UNIT_POWER_H

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/text.h>

#define POWER_FILES 8

struct power_file {
	sqlite3_file *file; /* NULL: this row is free */
	char path[256];
	sqlite3_io_methods methods;
	const sqlite3_io_methods *real;
};

static struct {
	sqlite3_vfs vfs, *real;
	struct power_file files[POWER_FILES];
	unsigned syncs, db_syncs; /* of all files, and of those that are no log */
	bool is_failing;          /* syncs fail */
} power;

static struct power_file *power_find(const sqlite3_file *file)
{
	size_t i;

	for (i = 0; i < POWER_FILES && power.files[i].file != file; i++)
		;
	if (i == POWER_FILES)
		abort();
	return &power.files[i];
}

static void power_copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char block[4096];
	ssize_t n;

	while (in >= 0 && out >= 0 && (n = read(in, block, sizeof(block))) > 0) {
		if (write(out, block, (size_t)n) != n)
			abort();
	}
	close(in);
	close(out);
}

static int power_sync(sqlite3_file *file, int flags)
{
	struct power_file *f = power_find(file);
	char aside[300];

	if (power.is_failing)
		return SQLITE_IOERR_FSYNC;
	power.syncs++;
	power.db_syncs += !strstr(f->path, "-wal");
	tt_format(aside, sizeof(aside), "%s.synced", f->path);
	power_copy(f->path, aside);
	return f->real->xSync(file, flags);
}

static int power_close(sqlite3_file *file)
{
	struct power_file *f = power_find(file);

	f->file = NULL;
	return f->real->xClose(file);
}

static int power_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
	int rc = power.real->xOpen(power.real, path, file, flags, out);
	struct power_file *f;

	(void)vfs;
	if (rc != SQLITE_OK || !path)
		return rc;
	f = power_find(NULL);
	f->file = file;
	f->real = file->pMethods;
	f->methods = *f->real;
	f->methods.xSync = power_sync;
	f->methods.xClose = power_close;
	file->pMethods = &f->methods;
	tt_copy(f->path, sizeof(f->path), path);
	return rc;
}

static void power_install(void)
{
	if (power.real)
		return;
	power.real = sqlite3_vfs_find(NULL);
	power.vfs = *power.real;
	power.vfs.zName = "power";
	power.vfs.xOpen = power_open;
	if (sqlite3_vfs_register(&power.vfs, 1) != SQLITE_OK)
		abort();
}

/* Nobody has the file of the database open any more. What was synced of it and of its log stays. */
static inline void power_cut(const char *db)
{
	static const char *const parts[] = {"", "-wal", "-journal"};
	char path[300], aside[320];
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		tt_format(path, sizeof(path), "%s%s", db, parts[i]);
		tt_format(aside, sizeof(aside), "%s.synced", path);
		if (unlink(path) == 0)
			(void)rename(aside, path);
	}
}

#endif

/*
 * The outbox on SQLite. One insert a scan; settled rows leave with the next insert.
 *
 *	event(place, epoch, seq, id, at, session, device, lane, action, code, parent, grams,
 *	      reason, target, state)
 *	state: 0 waits, 1 parked (why says the reason)
 *	kept(name, value)	families and the like; "epoch" is that of new events, "boot" the
 *				start of the machine that it belongs to
 *
 * A settled row is deleted, but for the newest, whose seq the next one must follow: it is marked
 * state 2. Writing is one transaction: settle what was answered, insert what is new.
 */
#include <tracetrack/outbox.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/log.h>
#include <tracetrack/text.h>

enum { STATE_WAITS, STATE_PARKED, STATE_SETTLED };

enum outbox_statement {
	ST_BEGIN,
	ST_COMMIT,
	ST_ROLLBACK,
	ST_ADD,
	ST_NEXT,
	ST_DELETE,
	ST_MARK,
	ST_PARK,
	ST_OLDEST,
	ST_COUNT,
	ST_LAST,
	ST_LAST_SEQ,
	ST_LAST_STATE,
	ST_KEEP,
	ST_KEPT,
	ST_TOTAL
};

/* clang-format off */
/* Columns of an event in the order of outbox_columns; place and state are the outbox's own. */
#define EVENT_FIELDS                                                                               \
	"id, at, session, device, lane, action, code, parent, grams, reason, target, epoch, seq"
/* clang-format on */

static const char *const outbox_sql[ST_TOTAL] = {
	[ST_BEGIN] = "begin immediate",
	[ST_COMMIT] = "commit",
	[ST_ROLLBACK] = "rollback",
	[ST_ADD] = "insert into event(" EVENT_FIELDS ", place, state) "
		   "values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0)",
	[ST_NEXT] = "select " EVENT_FIELDS ", place from event where place > ?1 and state = 0 "
		    "order by place limit 1",
	[ST_DELETE] = "delete from event where place = ?1",
	[ST_MARK] = "update event set state = 2 where place = ?1",
	[ST_PARK] = "update event set state = 1, why = ?2 where place = ?1",
	[ST_OLDEST] = "select min(at) from event where state < 2",
	[ST_COUNT] = "select count(*) from event where state = ?1",
	[ST_LAST] = "select coalesce(max(place), 0) from event",
	[ST_LAST_SEQ] = "select coalesce(max(seq), 0) from event where epoch = ?1",
	[ST_LAST_STATE] = "select state from event order by place desc limit 1",
	[ST_KEEP] = "insert or replace into kept(name, value) values(?1, ?2)",
	[ST_KEPT] = "select value from kept where name = ?1",
};

static const char outbox_schema[] =
	"create table if not exists event(place integer primary key, epoch integer not null,"
	" seq integer not null, id text not null,"
	" at text not null, session integer, device text, lane integer, action text not null,"
	" code text, parent text, grams integer, reason text, target text,"
	" state integer not null, why text);"
	"create table if not exists kept(name text primary key, value text) without rowid;";

/* Of the first form, in which numbers were places. */
static const char outbox_upgrade[] =
	"begin;"
	"alter table event rename column seq to place;"
	"alter table event add column epoch integer;"
	"alter table event add column seq integer;"
	"update event set seq = place,"
	" epoch = (select cast(value as integer) from kept where name = 'epoch');"
	"commit;";

static const char *const outbox_columns[] = {"event", "at", "session", "device", "lane", "action",
	"code", "parent", "grams", "reason", "target", "epoch", "seq"};
#define OUTBOX_COLUMNS (int)(sizeof(outbox_columns) / sizeof(*outbox_columns))

#define OUTBOX_SETTLED_MAX 64

struct tt_outbox {
	sqlite3 *db;
	sqlite3_stmt *st[ST_TOTAL];
	const struct tt_column *cols[OUTBOX_COLUMNS]; /* of outbox_columns */
	int lock_fd;
	char path[512];
	int64_t epoch, seq; /* seq: the newest of this epoch */
	int64_t last;       /* the newest place */
	bool is_last_settled;
	bool is_unsynced; /* something was written since the last sync */
	bool has_failed;  /* the last sync has */
	size_t waiting, parked;
	int64_t settled[OUTBOX_SETTLED_MAX]; /* to be taken away with the next write */
	size_t nsettled;
};

static enum tt_rc outbox_fail(struct tt_outbox *o, struct tt_error *err, const char *what)
{
	int code = sqlite3_errcode(o->db);
	enum tt_rc rc =
		tt_fail(err, TT_IO, "the outbox can't be %s: %s", what, sqlite3_errmsg(o->db));

	tt_error_detail(err, "%s", o->path);
	if (code == SQLITE_FULL)
		tt_error_hint(err, "The disk is full. Make room there; nothing saved is lost.");
	else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		tt_error_hint(err, "The file is damaged. Keep a copy of it for the administrator, "
				   "then move it away and start again.");
	else
		tt_error_hint(err, "Check the disk and the rights of that folder.");
	return rc;
}

/* Bind a field of the event; where nothing is bound, "no value", is NULL. Texts are lent. */
static void outbox_bind(
	sqlite3_stmt *st, int at, const struct tt_column *col, const struct tt_event *event)
{
	const void *field = tt_field(col, event);
	struct tt_buf text = {0};

	switch (col->type) {
	case TT_TEXT:
		sqlite3_bind_text(st, at, *(char *const *)field, -1, SQLITE_STATIC);
		break;
	case TT_INT:
	case TT_GRAMS:
		if (*(const int64_t *)field != TT_NO_INT)
			sqlite3_bind_int64(st, at, *(const int64_t *)field);
		break;
	default:
		if (tt_column_bind(col, event, &text))
			sqlite3_bind_text(st, at, text.data, (int)text.len, SQLITE_TRANSIENT);
		tt_buf_fini(&text);
		break;
	}
}

static bool outbox_run(struct tt_outbox *o, enum outbox_statement which, int64_t arg)
{
	sqlite3_stmt *st = o->st[which];
	int rc;

	if (sqlite3_bind_parameter_count(st) > 0)
		sqlite3_bind_int64(st, 1, arg);
	rc = sqlite3_step(st);
	sqlite3_reset(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

static int64_t outbox_number(struct tt_outbox *o, enum outbox_statement which, int64_t arg)
{
	sqlite3_stmt *st = o->st[which];
	int64_t n = 0;

	if (sqlite3_bind_parameter_count(st) > 0)
		sqlite3_bind_int64(st, 1, arg);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return n;
}

/* Inside a transaction: take away what was settled. `newest` is the place that stays. */
static bool outbox_take_settled(struct tt_outbox *o, int64_t newest)
{
	bool is_good = true;
	size_t i;

	for (i = 0; i < o->nsettled && is_good; i++)
		is_good =
			outbox_run(o, o->settled[i] == newest ? ST_MARK : ST_DELETE, o->settled[i]);
	if (is_good && o->is_last_settled && newest > o->last)
		is_good = outbox_run(o, ST_DELETE, o->last);
	return is_good;
}

static void outbox_forget_settled(struct tt_outbox *o, int64_t newest)
{
	o->is_last_settled = false;
	for (; o->nsettled > 0; o->nsettled--)
		o->is_last_settled |= o->settled[o->nsettled - 1] == newest;
}

static bool outbox_insert(struct tt_outbox *o, const struct tt_event *event)
{
	sqlite3_stmt *st = o->st[ST_ADD];
	int i, rc;

	for (i = 0; i < OUTBOX_COLUMNS; i++)
		outbox_bind(st, i + 1, o->cols[i], event);
	sqlite3_bind_int64(st, OUTBOX_COLUMNS + 1, event->place);
	rc = sqlite3_step(st);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc == SQLITE_DONE;
}

enum tt_rc tt_outbox_add(struct tt_outbox *o, struct tt_event *event, struct tt_error *err)
{
	enum tt_rc rc;

	event->epoch = o->epoch;
	event->seq = o->seq + 1;
	event->place = o->last + 1;
	if (outbox_run(o, ST_BEGIN, 0) && outbox_take_settled(o, event->place) &&
		outbox_insert(o, event) && outbox_run(o, ST_COMMIT, 0)) {
		outbox_forget_settled(o, event->place);
		o->seq = event->seq;
		o->last = event->place;
		o->is_unsynced = true;
		o->waiting++;
		return TT_OK;
	}
	rc = outbox_fail(o, err, "written");
	if (!sqlite3_get_autocommit(o->db))
		outbox_run(o, ST_ROLLBACK, 0);
	event->seq = TT_NO_INT;
	return rc;
}

/* SQLite's own setting for this, synchronous, is for every commit or for none; the log's file has
 * the same call for one at will. */
static bool outbox_sync_log(struct tt_outbox *o)
{
	sqlite3_file *wal = NULL;

	sqlite3_file_control(o->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &wal);
	return wal && wal->pMethods &&
	       wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) == SQLITE_OK;
}

/* fsync(2) tells of a fault once: what it has not written counts as written the next time. So all
 * of the log is written once more then, into the database, and the log begins anew. */
static bool outbox_write_again(struct tt_outbox *o)
{
	return sqlite3_wal_checkpoint_v2(o->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
	       SQLITE_OK;
}

enum tt_rc tt_outbox_sync(struct tt_outbox *o, struct tt_error *err)
{
	if (!o->is_unsynced)
		return TT_OK;
	o->has_failed = !(o->has_failed ? outbox_write_again(o) : outbox_sync_log(o));
	if (o->has_failed) {
		(void)tt_fail(err, TT_IO, "the outbox can't be written to the disk");
		tt_error_detail(err, "%s", o->path);
		tt_error_hint(err, "Check the disk and its messages in the system's log.");
		return TT_IO;
	}
	o->is_unsynced = false;
	return TT_OK;
}

bool tt_outbox_next(struct tt_outbox *o, int64_t after, struct tt_event *event)
{
	sqlite3_stmt *st = o->st[ST_NEXT];
	struct tt_error err;
	bool found;
	int i;

	tt_columns_init(tt_event_columns, event);
	sqlite3_bind_int64(st, 1, after);
	found = sqlite3_step(st) == SQLITE_ROW;
	for (i = 0; found && i < OUTBOX_COLUMNS; i++) {
		if (tt_column_parse(o->cols[i], event, (const char *)sqlite3_column_text(st, i),
			    &err) != TT_OK)
			tt_log(TT_LOG_ERROR, "outbox row not understood: %s", err.message);
	}
	if (found)
		event->place = sqlite3_column_int64(st, OUTBOX_COLUMNS);
	sqlite3_reset(st);
	return found;
}

void tt_outbox_flush(struct tt_outbox *o)
{
	int64_t newest = o->last;

	if (o->nsettled == 0)
		return;
	if (outbox_run(o, ST_BEGIN, 0) && outbox_take_settled(o, newest) &&
		outbox_run(o, ST_COMMIT, 0)) {
		bool was = o->is_last_settled;

		outbox_forget_settled(o, newest);
		o->is_last_settled |= was;
		return;
	}
	tt_log(TT_LOG_WARN, "outbox not tidied: %s", sqlite3_errmsg(o->db));
	if (!sqlite3_get_autocommit(o->db))
		outbox_run(o, ST_ROLLBACK, 0);
}

void tt_outbox_settle(struct tt_outbox *o, int64_t place)
{
	if (o->nsettled == OUTBOX_SETTLED_MAX)
		tt_outbox_flush(o);
	if (o->nsettled < OUTBOX_SETTLED_MAX)
		o->settled[o->nsettled++] = place;
	if (o->waiting > 0)
		o->waiting--;
}

void tt_outbox_park(struct tt_outbox *o, int64_t place, const char *why)
{
	sqlite3_bind_text(o->st[ST_PARK], 2, why, -1, SQLITE_TRANSIENT);
	if (!outbox_run(o, ST_PARK, place))
		tt_log(TT_LOG_ERROR, "event not set aside: %s", sqlite3_errmsg(o->db));
	o->is_unsynced = true;
	if (o->waiting > 0)
		o->waiting--;
	o->parked++;
}

size_t tt_outbox_waiting(const struct tt_outbox *o)
{
	return o->waiting;
}

size_t tt_outbox_parked(const struct tt_outbox *o)
{
	return o->parked;
}

int64_t tt_outbox_epoch(const struct tt_outbox *o)
{
	return o->epoch;
}

tt_time tt_outbox_oldest(struct tt_outbox *o)
{
	sqlite3_stmt *st = o->st[ST_NEXT];
	tt_time t = TT_NO_TIME;
	const char *at;

	if (o->waiting == 0)
		return t;
	sqlite3_bind_int64(st, 1, 0);
	if (sqlite3_step(st) == SQLITE_ROW) {
		at = (const char *)sqlite3_column_text(st, 1);
		if (!at || !tt_time_parse(at, &t))
			t = TT_NO_TIME;
	}
	sqlite3_reset(st);
	return t;
}

void tt_outbox_keep(struct tt_outbox *o, const char *name, const char *value)
{
	sqlite3_stmt *st = o->st[ST_KEEP];

	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_DONE)
		tt_log(TT_LOG_WARN, "%s not kept: %s", name, sqlite3_errmsg(o->db));
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}

char *tt_outbox_kept(struct tt_outbox *o, const char *name)
{
	sqlite3_stmt *st = o->st[ST_KEPT];
	char *value = NULL;

	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW)
		value = tt_strdup((const char *)sqlite3_column_text(st, 0));
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return value;
}

/* mkdir -p with mode 0700 for what is made. */
static enum tt_rc outbox_make_dir(const char *dir, struct tt_error *err)
{
	char path[480], *p;

	tt_copy(path, sizeof(path), dir);
	for (p = path + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST) {
			tt_fail(err, TT_IO, "the outbox's folder %s can't be made: %s", path,
				strerror(errno));
			tt_error_hint(err, "Choose another with --state-dir, or mend its rights.");
			return TT_IO;
		}
		*p = c;
		if (c == '\0')
			return TT_OK;
	}
}

/* One process an outbox: the lock goes with the process, whatever ends it. */
static enum tt_rc outbox_lock(struct tt_outbox *o, const char *dir, struct tt_error *err)
{
	char path[512];

	tt_format(path, sizeof(path), "%s/lock", dir);
	o->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (o->lock_fd < 0) {
		tt_fail(err, TT_IO, "the outbox's folder %s can't be written: %s", dir,
			strerror(errno));
		tt_error_hint(err, "Choose another with --state-dir, or mend its rights.");
		return TT_IO;
	}
	if (flock(o->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return TT_OK;
	tt_fail(err, TT_CONFLICT, "this station is already running here");
	tt_error_detail(err, "%s is in use by another process", dir);
	tt_error_hint(err, "End the other one, or give this one a name of its own: --station NAME");
	return TT_CONFLICT;
}

static enum tt_rc outbox_prepare(struct tt_outbox *o, struct tt_error *err)
{
	/* A scan is one small row: a commit that fits a block of the disk is written sooner. */
	static const char pragmas[] =
		"pragma page_size = 1024;"
		"pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -128;"
		"pragma locking_mode = exclusive; pragma wal_autocheckpoint = 256;"
		"pragma temp_store = memory;";
	int i, persist = 1;

	/* One thread only: without locks. Refused where SQLite is in use already. */
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_soft_heap_limit64(1 << 20);
	if (sqlite3_open(o->path, &o->db) != SQLITE_OK ||
		sqlite3_exec(o->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_exec(o->db, outbox_schema, NULL, NULL, NULL) != SQLITE_OK ||
		(sqlite3_table_column_metadata(o->db, NULL, "event", "place", NULL, NULL, NULL,
			 NULL, NULL) != SQLITE_OK &&
			sqlite3_exec(o->db, outbox_upgrade, NULL, NULL, NULL) != SQLITE_OK))
		return outbox_fail(o, err, "opened");
	sqlite3_file_control(o->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
	for (i = 0; i < OUTBOX_COLUMNS; i++)
		o->cols[i] = tt_column_find(tt_event_columns, outbox_columns[i]);
	for (i = 0; i < ST_TOTAL; i++) {
		if (sqlite3_prepare_v3(o->db, outbox_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
			    &o->st[i], NULL) != SQLITE_OK)
			return outbox_fail(o, err, "prepared");
	}
	return TT_OK;
}

/* What tells one start of the machine from another, proc(5); "" where it can't be known. */
static void outbox_boot_id(char *to, size_t size)
{
	FILE *from = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!from || !fgets(to, (int)size, from))
		*to = '\0';
	to[strcspn(to, "\n")] = '\0';
	if (from)
		fclose(from);
}

/* The epoch of this start of the machine, or a new one. */
static bool outbox_take_epoch(struct tt_outbox *o)
{
	char *epoch = tt_outbox_kept(o, "epoch"), *boot = tt_outbox_kept(o, "boot");
	char now[64], text[24];
	bool is_good = true;

	outbox_boot_id(now, sizeof(now));
	if (epoch && boot && *now && strcmp(boot, now) == 0) {
		o->epoch = strtoll(epoch, NULL, 10);
	} else {
		o->epoch = tt_now();
		tt_format(text, sizeof(text), "%" PRId64, o->epoch);
		is_good = outbox_run(o, ST_BEGIN, 0);
		tt_outbox_keep(o, "epoch", text);
		tt_outbox_keep(o, "boot", now);
		is_good = is_good && outbox_run(o, ST_COMMIT, 0);
	}
	free(epoch);
	free(boot);
	return is_good;
}

static enum tt_rc outbox_load(struct tt_outbox *o, struct tt_error *err)
{
	if (!outbox_take_epoch(o))
		return outbox_fail(o, err, "written");
	if (sqlite3_exec(o->db, "update event set state = 0 where state = 1", NULL, NULL, NULL) !=
		SQLITE_OK)
		return outbox_fail(o, err, "written");
	o->last = outbox_number(o, ST_LAST, 0);
	o->seq = outbox_number(o, ST_LAST_SEQ, o->epoch);
	o->waiting = (size_t)outbox_number(o, ST_COUNT, STATE_WAITS);
	o->is_last_settled = outbox_number(o, ST_LAST_STATE, 0) == STATE_SETTLED;
	return TT_OK;
}

enum tt_rc tt_outbox_open(struct tt_outbox **out, const char *dir, struct tt_error *err)
{
	struct tt_outbox *o = tt_alloc(sizeof(*o));
	enum tt_rc rc;

	o->lock_fd = -1;
	*out = NULL;
	tt_format(o->path, sizeof(o->path), "%s/outbox.db", dir);
	rc = outbox_make_dir(dir, err);
	if (rc == TT_OK)
		rc = outbox_lock(o, dir, err);
	if (rc == TT_OK)
		rc = outbox_prepare(o, err);
	if (rc == TT_OK)
		rc = outbox_load(o, err);
	if (rc != TT_OK) {
		tt_outbox_close(o);
		return rc;
	}
	*out = o;
	return TT_OK;
}

void tt_outbox_close(struct tt_outbox *o)
{
	int i;

	if (!o)
		return;
	if (o->db && o->st[ST_TOTAL - 1])
		tt_outbox_flush(o);
	for (i = 0; i < ST_TOTAL; i++)
		sqlite3_finalize(o->st[i]);
	sqlite3_close(o->db);
	if (o->lock_fd >= 0)
		close(o->lock_fd);
	free(o);
}

/*
 * The invariants, as far as the time allows: part by part and piece by piece, and the next time on
 * from there. Where it stopped, and what was found broken in this round, is kept beside the
 * session.
 */
#include <inttypes.h>
#include <string.h>

#include <tracetrack/clock.h>

#include "integrity.h"

/* A call of system.integrity, and how long a statement of it may take: by itself what the role has,
 * else what the call before it in the transaction has allowed. */
#define INTEGRITY_CALL 4     /* s */
#define INTEGRITY_LONG 20    /* s */
#define INTEGRITY_WAIT 35000 /* ms */

static const void *integrity_field(const struct tt_rows *rows, size_t row, const char *name)
{
	return tt_field(tt_column_find(rows->cols, name), tt_rows_at(rows, row));
}

static const char *integrity_text(const struct tt_rows *rows, size_t row, const char *name)
{
	const char *text = *(char *const *)integrity_field(rows, row, name);

	return text ? text : "";
}

static int64_t integrity_number(const struct tt_rows *rows, size_t row, const char *name)
{
	return *(const int64_t *)integrity_field(rows, row, name);
}

/* ---- what is known from the last time */

static void integrity_break(struct integrity *it, const char *part, const char *first)
{
	struct integrity_broken *b;

	for (b = it->broken; b < it->broken + it->nbroken; b++) {
		if (strcmp(b->part, part) == 0)
			return;
	}
	if (it->nbroken == INTEGRITY_BROKEN_MAX)
		return;
	it->nbroken++;
	tt_copy(b->part, sizeof(b->part), part);
	tt_clean(b->first, sizeof(b->first), first, strlen(first));
}

static void integrity_forget(struct integrity *it, const char *part)
{
	size_t i, n = 0;

	for (i = 0; i < it->nbroken; i++) {
		if (strcmp(it->broken[i].part, part) != 0)
			it->broken[n++] = it->broken[i];
	}
	it->nbroken = n;
}

/* The first line is where to go on, each other a part and what is wrong with it. */
static void integrity_load(struct integrity *it)
{
	char line[INTEGRITY_TEXT + 64], *text;
	FILE *f = fopen(it->path, "re");

	if (!f)
		return;
	if (fgets(line, sizeof(line), f) &&
		sscanf(line, "%31[a-z_] %" SCNd64, it->part, &it->after) != 2)
		it->part[0] = '\0';
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		text = strchr(line, ' ');
		if (text)
			*text++ = '\0';
		if (text)
			integrity_break(it, line, text);
	}
	fclose(f);
}

/* One that can't be kept begins anew the next time. */
static void integrity_save(const struct integrity *it)
{
	FILE *f;
	size_t i;

	ctl_state_folders(it->path);
	f = fopen(it->path, "we");
	if (!f)
		return;
	fprintf(f, "%s %" PRId64 "\n", *it->part ? it->part : "-", it->after);
	for (i = 0; i < it->nbroken; i++)
		fprintf(f, "%s %s\n", it->broken[i].part, it->broken[i].first);
	fclose(f);
}

/* ---- calls */

/* A part of which nothing was done takes longer than it may: it is passed over. */
static void integrity_take(struct integrity *it, const struct tt_rows *rows)
{
	int64_t after = it->after;
	size_t i, stop = rows->count;

	for (i = 0; i < rows->count; i++) {
		if ((i > 0 || after == 0) && integrity_number(rows, i, "times") != TT_NO_INT)
			integrity_forget(it, integrity_text(rows, i, "part"));
		if (strcmp(integrity_text(rows, i, "state"), "broken") == 0)
			integrity_break(it, integrity_text(rows, i, "part"),
				integrity_text(rows, i, "first"));
		if (stop == rows->count && integrity_number(rows, i, "after") != TT_NO_INT)
			stop = i;
	}
	if (stop == 0 && integrity_number(rows, 0, "after") == after) {
		tt_buf_printf(&it->slow, "%s%s", it->slow.len ? ", " : "",
			integrity_text(rows, 0, "part"));
		it->nslow++;
		stop++;
	}
	it->unfinished = it->nslow + (int64_t)(rows->count - stop);
	tt_copy(it->part, sizeof(it->part),
		stop < rows->count ? integrity_text(rows, stop, "part") : "");
	it->after = stop < rows->count ? integrity_number(rows, stop, "after") : 0;
}

static enum tt_rc integrity_call(struct integrity *it, int64_t seconds, bool is_in_transaction,
	struct tt_call *call, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("system.integrity");
	void *args = tt_operation_args_new(op);
	enum tt_rc rc;

	*(int64_t *)tt_operation_arg(op, args, "seconds") = seconds;
	*(int64_t *)tt_operation_arg(op, args, "after") = it->after;
	if (*it->part)
		*(char **)tt_operation_arg(op, args, "part") = tt_strdup(it->part);
	call->timeout_ms = INTEGRITY_WAIT;
	rc = ctl_call_within(it->ctl, op, args, is_in_transaction, call, err);
	tt_operation_args_free(op, args);
	return rc;
}

/* The first call does nothing, but its transaction has time then. */
static enum tt_rc integrity_long_call(
	struct integrity *it, int64_t seconds, struct tt_call *call, struct tt_error *err)
{
	struct tt_call first = {0};
	enum tt_rc rc = ctl_begin(it->ctl, err);

	if (rc == TT_OK)
		rc = integrity_call(it, 0, true, &first, err);
	if (rc == TT_OK)
		rc = integrity_call(it, seconds, true, call, err);
	if (rc == TT_OK)
		rc = ctl_commit(it->ctl, err);
	tt_call_fini(&first);
	return rc;
}

static enum tt_rc integrity_piece(struct integrity *it, int64_t left, struct tt_error *err)
{
	bool is_long = left >= INTEGRITY_LONG / 2;
	int64_t most = is_long ? INTEGRITY_LONG : INTEGRITY_CALL;
	struct tt_call call = {0};
	enum tt_rc rc;

	if (left < most)
		most = left;
	rc = is_long ? integrity_long_call(it, most, &call, err)
		     : integrity_call(it, most, false, &call, err);
	if (rc == TT_OK && call.rows.count > 0)
		integrity_take(it, &call.rows);
	tt_call_fini(&call);
	return rc;
}

enum tt_rc integrity_run(
	struct integrity *it, struct ctl *ctl, int64_t seconds, struct tt_error *err)
{
	uint64_t begun = tt_steady_ns();
	int64_t left = seconds > 0 ? seconds : 1;
	enum tt_rc rc = ctl_authenticate(ctl, err);

	*it = (struct integrity){.ctl = ctl};
	ctl_state_path(ctl, "integrity", it->path, sizeof(it->path));
	integrity_load(it);
	while (rc == TT_OK && left > 0) {
		rc = integrity_piece(it, left, err);
		left = seconds - (int64_t)((tt_steady_ns() - begun) / 1000000000u);
		if (!*it->part)
			break;
	}
	if (rc == TT_OK)
		integrity_save(it);
	return rc;
}

void integrity_fini(struct integrity *it)
{
	tt_buf_fini(&it->slow);
}

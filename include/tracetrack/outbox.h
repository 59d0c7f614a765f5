/*
 * The outbox: every scan is written to this station's disk before anything else happens to it, and
 * leaves only when the database has answered. SQLite in WAL mode. What add returned TT_OK for
 * survives this process, however it ends; what sync returned TT_OK for survives a power cut. Nobody
 * is told that a scan is safe here before sync; where the database answers first, which has synced
 * its own log by then, this disk is spared the work.
 *
 * A power cut may take events that were sent and not yet synced, and with them their numbers. So
 * numbers begin anew, in a new epoch, whenever the machine was started anew.
 *
 * A settled row is taken away together with the next write, not by a write of its own: settling may
 * be forgotten in a crash, which is harmless, since sending an event again changes nothing.
 *
 * The newest row stays even when settled, so that seq goes on without a gap after a restart.
 */
#ifndef TRACETRACK_OUTBOX_H
#define TRACETRACK_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/clock.h>
#include <tracetrack/event.h>
#include <tracetrack/rc.h>

struct tt_outbox;

/* Open DIR/outbox.db, made when missing (DIR too, mode 0700). TT_CONFLICT when another process has
 * it; TT_IO when the folder can't be written or the file is damaged (says what to do). */
TT_MUST_CHECK enum tt_rc tt_outbox_open(
	struct tt_outbox **out, const char *dir, struct tt_error *err);
/* Settles what can be settled. NULL is taken. */
void tt_outbox_close(struct tt_outbox *outbox);

/* What event numbers are counted in: microseconds of when it began, with this outbox or with the
 * first use since the machine was started. */
int64_t tt_outbox_epoch(const struct tt_outbox *outbox);

/* Store an event; fills its epoch, seq and place. TT_IO: it is not stored. */
TT_MUST_CHECK enum tt_rc tt_outbox_add(
	struct tt_outbox *outbox, struct tt_event *event, struct tt_error *err);
/* On TT_OK everything added is on the disk itself. Costs nothing when it is already. */
TT_MUST_CHECK enum tt_rc tt_outbox_sync(struct tt_outbox *outbox, struct tt_error *err);

/* The oldest event with a place above `after` that waits to be sent. False when there is none. The
 * caller frees its fields by tt_columns_fini(tt_event_columns, ...). */
bool tt_outbox_next(struct tt_outbox *outbox, int64_t after, struct tt_event *event);

/* The database has answered: it need not be sent again. */
void tt_outbox_settle(struct tt_outbox *outbox, int64_t place);
/* The database can't take it (a fault, not a rule): set it aside, keep it, say why. Parked events
 * are tried again at the next open. */
void tt_outbox_park(struct tt_outbox *outbox, int64_t place, const char *why);
/* Write down what was settled, now. */
void tt_outbox_flush(struct tt_outbox *outbox);

/* Events that wait, parked ones apart; when the oldest was scanned (TT_NO_TIME: none). */
size_t tt_outbox_waiting(const struct tt_outbox *outbox);
size_t tt_outbox_parked(const struct tt_outbox *outbox);
tt_time tt_outbox_oldest(struct tt_outbox *outbox);

/* A small store of texts by name beside the events (families, policy), for starting without the
 * database. get: NULL when unknown; the caller frees. */
void tt_outbox_keep(struct tt_outbox *outbox, const char *name, const char *value);
char *tt_outbox_kept(struct tt_outbox *outbox, const char *name);

#endif

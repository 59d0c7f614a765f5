/*
 * What a lane shows: its last answers, newest first, and counts since the start. A queued answer
 * turns into its verdict in place when that arrives.
 */
#ifndef TRACETRACK_SCANLIST_H
#define TRACETRACK_SCANLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/station.h>

#define TT_SCANLIST_MAX 48

/* Start from a zeroed struct. Fields but entries are for reading. */
struct tt_scanlist {
	struct tt_answer *entries; /* a ring */
	size_t count;
	size_t head; /* of the newest */
};

void tt_scanlist_fini(struct tt_scanlist *list);
void tt_scanlist_add(struct tt_scanlist *list, const struct tt_answer *answer);
/* Replace the entry of the same event, keeping when it was scanned. False when it has left the
 * list. */
bool tt_scanlist_settle(struct tt_scanlist *list, const struct tt_answer *answer);
/* The index-th, 0 the newest; NULL past the last. Borrowed until the next add. */
const struct tt_answer *tt_scanlist_at(const struct tt_scanlist *list, size_t index);

/* What an answer says besides its code: "17/30", "here as 16, 14:02 by asha", or the message
 * without the code in front. */
void tt_answer_reason(const struct tt_answer *answer, char *dst, size_t size);

/* Counts since the start. A double read is no scan; undo and finish are none either. */
struct tt_tally {
	tt_time since;
	uint64_t scans, parents, refused;
	/* Of the last 60 minutes: scans of minute m are in minutes[m % 60] as long as stamps agree.
	 */
	uint32_t minutes[60];
	int64_t stamps[60];
};
void tt_tally_init(struct tt_tally *t, tt_time now);
void tt_tally_add(struct tt_tally *t, const struct tt_answer *answer);
/* The verdict on an answer that was counted as queued. */
void tt_tally_settle(struct tt_tally *t, const struct tt_answer *answer);
uint64_t tt_tally_last_hour(const struct tt_tally *t, tt_time now);

/* "8 s", "12 min", "3 h 05", "2 d": how long something is or was. */
void tt_format_age(char *dst, size_t size, int64_t us);
/* Whole numbers with a comma at each thousand: "1,284". */
void tt_format_count(char *dst, size_t size, uint64_t n);
/* "512 B", "21.1 MB", by thousands. "" for TT_NO_INT. */
void tt_format_bytes(char *dst, size_t size, int64_t bytes);
/* Grams as kilograms: "17.0 kg". "" for TT_NO_INT. */
void tt_format_kg(char *dst, size_t size, int64_t grams);

#endif

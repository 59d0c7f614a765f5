/*
 * Answers to the scanner: what the operator hears and sees at the device itself.
 *
 * One driver per protocol; each is a row of byte strings, an empty one meaning that the device has
 * nothing for it. "none" says nothing at all and fits every scanner.
 */
#ifndef TRACETRACK_FEEDBACK_H
#define TRACETRACK_FEEDBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tt_feedback_kind {
	TT_FEEDBACK_ACK,     /* the scan is safe, here or there: the device may forget it */
	TT_FEEDBACK_GOOD,    /* done */
	TT_FEEDBACK_AGAIN,   /* already done, nothing changed */
	TT_FEEDBACK_REFUSED, /* a rule says no */
	TT_FEEDBACK_TROUBLE, /* unreadable, or something is broken */
	TT_FEEDBACK_STOP,    /* read no more until GO (hard stop) */
	TT_FEEDBACK_GO,
	TT_FEEDBACK_COUNT
};

struct tt_feedback_bytes {
	uint8_t len;
	uint8_t bytes[15];
};

struct tt_driver {
	const char *name;
	const char *help;
	bool is_ssi; /* input comes in packets of the Simple Serial Interface, not in lines */
	struct tt_feedback_bytes send[TT_FEEDBACK_COUNT];
};

/* All drivers; ends with a row whose name is NULL. The first is "none". */
extern const struct tt_driver tt_driver_table[];
/* NULL when there is none of that name. */
const struct tt_driver *tt_driver_find(const char *name);

struct tt_source;
/* Send it to the device of the source. Never blocks: what the device does not take at once waits in
 * a queue of 256 bytes; what does not fit, or has no device to go to, is dropped and counted.
 *
 * ACK answers the scan that the source gave last; for what is empty or unreadable, and so never
 * saved, the source sends it by itself. With zebra-ssi an unanswered packet is sent again
 * by the scanner; the source gives it out once only. With honeywell-host-ack the scanner stays
 * silent for up to 10 s and wants exactly one of GOOD, AGAIN, REFUSED, TROUBLE per scan. */
void tt_feedback(struct tt_source *source, enum tt_feedback_kind kind);

#endif

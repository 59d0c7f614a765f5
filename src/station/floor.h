/*
 * The floor: scanners and engine put together. Each scanner is a source with a lane; its scans go
 * to the engine, answers go back to it and on to the face.
 */
#ifndef TRACETRACK_STATION_FLOOR_H
#define TRACETRACK_STATION_FLOOR_H

#include <uv.h>

#include <tracetrack/settings.h>
#include <tracetrack/source.h>
#include <tracetrack/station.h>

#define FLOOR_SOURCES_MAX 16

struct floor;

struct floor_source {
	struct floor *floor;
	int lane;
	char device[64]; /* name for the ledger */
	struct tt_source *source;
};

/* What a face is told; any may be NULL. A scan of a scanner has no ticket. */
struct floor_face {
	void (*answered)(void *ctx, const struct tt_answer *answer);
	void (*settled)(void *ctx, const struct tt_answer *answer);
	void (*changed)(void *ctx, unsigned changes); /* enum tt_change, and FLOOR_DEVICES */
	void (*badge)(void *ctx, const char *login);
	/* A reading, before it goes to its lane; true when the face took it for itself. */
	bool (*take)(void *ctx, int lane, const struct tt_reading *reading);
	void *ctx;
};
#define FLOOR_DEVICES (1u << 8)

struct floor {
	uv_loop_t *loop;
	const struct tt_settings *settings;
	struct tt_station *station;
	struct floor_face face;
	struct floor_source sources[FLOOR_SOURCES_MAX];
	size_t nsources;
	struct floor_source typed[TT_LANES_MAX]; /* what faces bring as bytes, one for each lane */
	void *ticket;                            /* of floor_feed, during the call */
	unsigned fed;                            /* scans that the feeding made */
};

/* TT_USAGE for scanners that can't be understood, else as tt_station_open. */
TT_MUST_CHECK enum tt_rc floor_open(struct floor *floor, uv_loop_t *loop,
	const struct tt_settings *settings, const struct floor_face *face, struct tt_error *err);
void floor_close(struct floor *floor);

/* Bytes as from a scanner of the lane; every scan in them gets the ticket. Returns how many there
 * were. With whole_frame they are one frame without its end, and flags is of enum tt_frame_flag. */
unsigned floor_feed(struct floor *floor, int lane, const void *bytes, size_t len, void *ticket);
unsigned floor_frame(
	struct floor *floor, int lane, const void *bytes, size_t len, unsigned flags, void *ticket);

#endif

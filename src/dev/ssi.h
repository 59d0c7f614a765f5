/*
 * Zebra's Simple Serial Interface (SSI), as in the programmer's guide 72E-40451:
 *
 *	length, opcode, source, status, data..., checksum high, checksum low
 *
 * length counts all but the checksum; the checksum is the two's complement of the sum of all bytes
 * before it. The decoder (source 0) sends DECODE_DATA and wants ACK from the host (source 4); what
 * is not acknowledged is sent again with the retransmit bit set.
 *
 * Pure: no input or output; the time is handed in.
 */
#ifndef TRACETRACK_DEV_SSI_H
#define TRACETRACK_DEV_SSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/frame.h>

enum {
	SSI_ACK = 0xd0,
	SSI_NAK = 0xd1,
	SSI_DECODE_DATA = 0xf3,
};

#define SSI_PACKET_MAX 257 /* length byte 255, and the checksum */

struct ssi {
	uint64_t last_ns;
	bool is_over;           /* the message is longer than TT_FRAME_MAX */
	bool is_expected_again; /* a NAK is out: a retransmission is news */
	bool is_owed;           /* the last message was given out and waits for its ACK */
	size_t used;
	uint8_t packet[SSI_PACKET_MAX];
	size_t len; /* of the message, over its packets */
	uint8_t message[TT_FRAME_MAX];
	size_t given_len; /* what was given out last, to know it again */
	uint8_t given[TT_FRAME_MAX];
};

struct ssi_events {
	/* A code: its data, with the AIM identifier that its barcode type stands for in front when
	 * the scanner sent none. */
	tt_frame_fn on_frame;
	/* Bytes that must go to the scanner now: NAK, or ACK for what is no code. */
	void (*on_answer)(void *ctx, const uint8_t *bytes, size_t len);
};

void ssi_reset(struct ssi *ssi);
void ssi_feed(struct ssi *ssi, const void *bytes, size_t len, uint64_t now_ns,
	const struct ssi_events *events, void *ctx);
/* The ACK for the last message was sent. */
void ssi_acked(struct ssi *ssi);
bool ssi_has_part(const struct ssi *ssi);

/* Two's complement of the sum of bytes[len]. */
uint16_t ssi_checksum(const uint8_t *bytes, size_t len);

#endif

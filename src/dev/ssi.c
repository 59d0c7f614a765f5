/*
 * SSI packets in, codes out.
 *
 *	packet complete -> checksum wrong: NAK (resend)
 *	                -> DECODE_DATA, more to come: collect, ACK
 *	                -> DECODE_DATA, last: give out; the ACK comes when the scan is saved
 *	                -> ACK or NAK of ours: nothing
 *	                -> anything else: ACK
 *
 * A retransmission of what was given out already is not given out again: it is answered by the ACK
 * that is still owed, or at once when it was sent and got lost.
 */
#include "ssi.h"

#include <string.h>

#define SSI_GAP_NS 500000000ull /* silence that ends a broken packet */
#define SSI_HEADER 4
#define SSI_STATUS_AGAIN 0x01
#define SSI_STATUS_MORE 0x02

static const uint8_t ssi_ack[] = {0x04, SSI_ACK, 0x04, 0x00, 0xff, 0x28};
static const uint8_t ssi_nak_resend[] = {0x05, SSI_NAK, 0x04, 0x00, 0x01, 0xff, 0x25};

/* Barcode types of DECODE_DATA whose AIM identifier decides how the data are read. */
static const struct {
	uint8_t type;
	const char *aim;
} ssi_types[] = {
	{0x01, "]A0"},
	{0x02, "]F0"},
	{0x03, "]C0"},
	{0x06, "]I0"},
	{0x07, "]G0"},
	{0x08, "]E0"},
	{0x09, "]E0"},
	{0x0a, "]E4"},
	{0x0b, "]E0"},
	{0x0f, "]C1"},
	{0x11, "]L0"},
	{0x1b, "]d1"},
	{0x1c, "]Q1"},
	{0x2d, "]z0"},
	{0x30, "]e0"},
	{0x31, "]e0"},
	{0x32, "]e0"},
	{0xc1, "]d2"},
	{0xc2, "]Q3"},
};

uint16_t ssi_checksum(const uint8_t *bytes, size_t len)
{
	uint16_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum = (uint16_t)(sum + bytes[i]);
	return (uint16_t)(0x10000u - sum);
}

void ssi_reset(struct ssi *ssi)
{
	ssi->used = ssi->len = ssi->given_len = 0;
	ssi->is_over = ssi->is_expected_again = ssi->is_owed = false;
}

void ssi_acked(struct ssi *ssi)
{
	ssi->is_owed = false;
}

bool ssi_has_part(const struct ssi *ssi)
{
	return ssi->used > 0 || ssi->len > 0;
}

static const char *ssi_aim(uint8_t type)
{
	for (size_t i = 0; i < sizeof(ssi_types) / sizeof(ssi_types[0]); i++)
		if (ssi_types[i].type == type)
			return ssi_types[i].aim;
	return "";
}

static void ssi_collect(struct ssi *ssi, const uint8_t *data, size_t len)
{
	if (len > sizeof(ssi->message) - ssi->len) {
		len = sizeof(ssi->message) - ssi->len;
		ssi->is_over = true;
	}
	memcpy(ssi->message + ssi->len, data, len);
	ssi->len += len;
}

/* The first packet of a message starts with the barcode type. */
static void ssi_take(struct ssi *ssi, const uint8_t *data, size_t len)
{
	const char *aim;

	if (ssi->len == 0 && len > 0) {
		aim = ssi_aim(data[0]);
		data++;
		len--;
		if (len == 0 || data[0] != ']')
			ssi_collect(ssi, (const uint8_t *)aim, strlen(aim));
	}
	ssi_collect(ssi, data, len);
}

/* Scanners that were set up for lines before still put their line end in. */
static size_t ssi_trimmed(const struct ssi *ssi)
{
	size_t len = ssi->len;

	while (len > 0 && (ssi->message[len - 1] == '\r' || ssi->message[len - 1] == '\n'))
		len--;
	return len;
}

static bool ssi_is_given(const struct ssi *ssi)
{
	return ssi->given_len == ssi->len && memcmp(ssi->given, ssi->message, ssi->len) == 0;
}

static void ssi_finish(struct ssi *ssi, bool is_again, const struct ssi_events *events, void *ctx)
{
	unsigned flags = ssi->is_over ? TT_FRAME_OVERFLOW : 0;
	size_t len = ssi->len = ssi_trimmed(ssi);
	bool is_old = is_again && !ssi->is_expected_again && ssi_is_given(ssi);

	ssi->len = 0;
	ssi->is_over = ssi->is_expected_again = false;
	if (is_old && ssi->is_owed)
		return;
	if (is_old || len == 0) {
		events->on_answer(ctx, ssi_ack, sizeof(ssi_ack));
		return;
	}
	memcpy(ssi->given, ssi->message, len);
	ssi->given_len = len;
	ssi->is_owed = true;
	events->on_frame(ctx, ssi->given, len, flags);
}

static void ssi_packet(struct ssi *ssi, const struct ssi_events *events, void *ctx)
{
	uint8_t opcode = ssi->packet[1], status = ssi->packet[3];

	if (opcode == SSI_ACK || opcode == SSI_NAK)
		return;
	if (opcode != SSI_DECODE_DATA) {
		events->on_answer(ctx, ssi_ack, sizeof(ssi_ack));
		return;
	}
	ssi_take(ssi, ssi->packet + SSI_HEADER, ssi->packet[0] - (size_t)SSI_HEADER);
	if (status & SSI_STATUS_MORE)
		events->on_answer(ctx, ssi_ack, sizeof(ssi_ack));
	else
		ssi_finish(ssi, (status & SSI_STATUS_AGAIN) != 0, events, ctx);
}

static bool ssi_is_whole(const struct ssi *ssi)
{
	return ssi->used > 0 && ssi->used == (size_t)ssi->packet[0] + 2;
}

static bool ssi_is_valid(const struct ssi *ssi)
{
	size_t n = ssi->packet[0];

	return ssi_checksum(ssi->packet, n) == (ssi->packet[n] << 8 | ssi->packet[n + 1]);
}

static void ssi_byte(struct ssi *ssi, uint8_t byte, const struct ssi_events *events, void *ctx)
{
	if (ssi->used == 0 && byte < SSI_HEADER)
		return;
	ssi->packet[ssi->used++] = byte;
	if (!ssi_is_whole(ssi))
		return;
	ssi->used = 0;
	if (ssi_is_valid(ssi)) {
		ssi_packet(ssi, events, ctx);
	} else {
		ssi->is_expected_again = true;
		events->on_answer(ctx, ssi_nak_resend, sizeof(ssi_nak_resend));
	}
}

void ssi_feed(struct ssi *ssi, const void *bytes, size_t len, uint64_t now_ns,
	const struct ssi_events *events, void *ctx)
{
	const uint8_t *p = bytes;

	if (ssi->used > 0 && now_ns - ssi->last_ns > SSI_GAP_NS)
		ssi->used = 0;
	ssi->last_ns = now_ns;
	for (size_t i = 0; i < len; i++)
		ssi_byte(ssi, p[i], events, ctx);
}

/*
 * Answers to scanners, and the packets of the Simple Serial Interface.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/feedback.h>
#include <tracetrack/text.h>

#include "../../src/dev/ssi.h"

#define MS 1000000ull

/* What came of the packets: "frame:TEXT answer:HEX ". */
static char ssi_log[4 * TT_FRAME_MAX];

static void ssi_on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	size_t used = strlen(ssi_log);

	(void)ctx;
	snprintf(ssi_log + used, sizeof(ssi_log) - used, "frame%s:%.*s ",
		flags & TT_FRAME_OVERFLOW ? "(over)" : "", (int)len, (const char *)bytes);
}

static void ssi_on_answer(void *ctx, const uint8_t *bytes, size_t len)
{
	size_t used = strlen(ssi_log);
	char hex[64];

	(void)ctx;
	tt_hex(hex, bytes, len);
	snprintf(ssi_log + used, sizeof(ssi_log) - used, "answer:%s ", hex);
}

static const struct ssi_events ssi_events = {ssi_on_frame, ssi_on_answer};
static struct ssi ssi;

static int ssi_setup(void **state)
{
	(void)state;
	memset(&ssi, 0, sizeof(ssi));
	ssi_log[0] = '\0';
	return 0;
}

static size_t ssi_build(uint8_t *packet, uint8_t opcode, uint8_t status, const char *data)
{
	size_t len = strlen(data), n = len + 4;
	uint16_t sum;

	packet[0] = (uint8_t)n;
	packet[1] = opcode;
	packet[2] = 0;
	packet[3] = status;
	memcpy(packet + 4, data, len);
	sum = ssi_checksum(packet, n);
	packet[n] = (uint8_t)(sum >> 8);
	packet[n + 1] = (uint8_t)sum;
	return n + 2;
}

static void ssi_feed_at(const void *bytes, size_t len, uint64_t now_ns)
{
	ssi_feed(&ssi, bytes, len, now_ns, &ssi_events, NULL);
}

static void ssi_feed_packet(uint8_t opcode, uint8_t status, const char *data)
{
	uint8_t packet[SSI_PACKET_MAX];

	ssi_feed_at(packet, ssi_build(packet, opcode, status, data), 1);
}

static void packets_we_send_are_well_formed(void **state)
{
	const struct tt_driver *driver = tt_driver_find("zebra-ssi");

	(void)state;
	assert_non_null(driver);
	assert_true(driver->is_ssi);
	for (int kind = 0; kind < TT_FEEDBACK_COUNT; kind++) {
		const struct tt_feedback_bytes *p = &driver->send[kind];
		uint16_t sum;

		assert_true(p->len >= 6);
		assert_int_equal(p->bytes[0], p->len - 2);
		assert_int_equal(p->bytes[2], 4);
		sum = ssi_checksum(p->bytes, p->bytes[0]);
		assert_int_equal(p->bytes[p->len - 2], sum >> 8);
		assert_int_equal(p->bytes[p->len - 1], sum & 0xff);
	}
	assert_int_equal(driver->send[TT_FEEDBACK_ACK].bytes[1], 0xd0);
	assert_int_equal(driver->send[TT_FEEDBACK_STOP].bytes[1], 0xea);
	assert_int_equal(driver->send[TT_FEEDBACK_GO].bytes[1], 0xe9);
}

static void honeywell_answers_are_its_escape_commands(void **state)
{
	const struct tt_driver *driver = tt_driver_find("honeywell-host-ack");

	(void)state;
	assert_int_equal(driver->send[TT_FEEDBACK_GOOD].len, 3);
	assert_memory_equal(driver->send[TT_FEEDBACK_GOOD].bytes, "\0337,", 3);
	assert_int_equal(driver->send[TT_FEEDBACK_REFUSED].len, 6);
	assert_memory_equal(driver->send[TT_FEEDBACK_REFUSED].bytes, "\0338,\0338,", 6);
	assert_int_equal(driver->send[TT_FEEDBACK_ACK].len, 0);
}

static void the_first_driver_says_nothing(void **state)
{
	(void)state;
	assert_string_equal(tt_driver_table[0].name, "none");
	for (int kind = 0; kind < TT_FEEDBACK_COUNT; kind++)
		assert_int_equal(tt_driver_table[0].send[kind].len, 0);
	assert_null(tt_driver_find("nonesuch"));
}

static void a_code_comes_with_its_symbology_and_no_answer_yet(void **state)
{
	(void)state;
	ssi_feed_packet(SSI_DECODE_DATA, 0,
		"\x03"
		"SB00001");
	ssi_feed_packet(SSI_DECODE_DATA, 0,
		"\x0f"
		"2112");
	ssi_feed_packet(SSI_DECODE_DATA, 0, "\x0f]C12113\r\n");
	ssi_feed_packet(SSI_DECODE_DATA, 0,
		"\x7e"
		"X");
	assert_string_equal(ssi_log, "frame:]C0SB00001 frame:]C12112 frame:]C12113 frame:X ");
}

static void bytes_may_come_one_by_one(void **state)
{
	uint8_t packet[SSI_PACKET_MAX];
	size_t len = ssi_build(packet, SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");

	(void)state;
	for (size_t i = 0; i < len; i++) {
		assert_string_equal(ssi_log, "");
		ssi_feed_at(packet + i, 1, 1);
	}
	assert_string_equal(ssi_log, "frame:]C0CH1 ");
	assert_false(ssi_has_part(&ssi));
}

static void a_wrong_checksum_asks_for_it_again(void **state)
{
	uint8_t packet[SSI_PACKET_MAX];
	size_t len = ssi_build(packet, SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");

	(void)state;
	packet[5] ^= 1;
	ssi_feed_at(packet, len, 1);
	assert_string_equal(ssi_log, "answer:05d1040001ff25 ");
	ssi_feed_packet(SSI_DECODE_DATA, 1,
		"\x03"
		"CH1");
	assert_string_equal(ssi_log, "answer:05d1040001ff25 frame:]C0CH1 ");
}

static void a_retransmission_is_given_out_once(void **state)
{
	(void)state;
	ssi_feed_packet(SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");
	ssi_feed_packet(SSI_DECODE_DATA, 1,
		"\x03"
		"CH1");
	assert_string_equal(ssi_log, "frame:]C0CH1 ");
	ssi_acked(&ssi);
	ssi_feed_packet(SSI_DECODE_DATA, 1,
		"\x03"
		"CH1");
	assert_string_equal(ssi_log, "frame:]C0CH1 answer:04d00400ff28 ");
	ssi_feed_packet(SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");
	assert_string_equal(ssi_log, "frame:]C0CH1 answer:04d00400ff28 frame:]C0CH1 ");
}

static void a_resent_code_after_a_wrong_checksum_is_news(void **state)
{
	uint8_t packet[SSI_PACKET_MAX];
	size_t len = ssi_build(packet, SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");

	(void)state;
	ssi_feed_packet(SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");
	ssi_acked(&ssi);
	packet[5] ^= 1;
	ssi_feed_at(packet, len, 1);
	ssi_feed_packet(SSI_DECODE_DATA, 1,
		"\x03"
		"CH1");
	assert_string_equal(ssi_log, "frame:]C0CH1 answer:05d1040001ff25 frame:]C0CH1 ");
}

static void a_long_code_comes_in_several_packets(void **state)
{
	(void)state;
	ssi_feed_packet(SSI_DECODE_DATA, 2,
		"\x1c"
		"AAA");
	assert_true(ssi_has_part(&ssi));
	ssi_feed_packet(SSI_DECODE_DATA, 2, "BBB");
	ssi_feed_packet(SSI_DECODE_DATA, 0, "CCC");
	assert_string_equal(ssi_log, "answer:04d00400ff28 answer:04d00400ff28 frame:]Q1AAABBBCCC ");
}

static void too_long_a_code_is_reported(void **state)
{
	char data[252] = "\x1c";

	(void)state;
	memset(data + 1, 'A', 250);
	for (int i = 0; i < 17; i++)
		ssi_feed_packet(SSI_DECODE_DATA, 2, data);
	ssi_log[0] = '\0';
	ssi_feed_packet(SSI_DECODE_DATA, 0, "end");
	assert_memory_equal(ssi_log, "frame(over):]Q1AAA", 18);
}

static void what_is_no_code_is_acknowledged_but_answers_are_not(void **state)
{
	(void)state;
	ssi_feed_packet(0xf6, 0, "\x01");
	assert_string_equal(ssi_log, "answer:04d00400ff28 ");
	ssi_feed_packet(SSI_ACK, 0, "");
	ssi_feed_packet(SSI_NAK, 0, "\x01");
	assert_string_equal(ssi_log, "answer:04d00400ff28 ");
}

static void noise_is_forgotten_after_a_silence(void **state)
{
	uint8_t packet[SSI_PACKET_MAX];
	size_t len = ssi_build(packet, SSI_DECODE_DATA, 0,
		"\x03"
		"CH1");

	(void)state;
	ssi_feed_at("\x01\x00\xfe"
		    "abc",
		6, 1);
	assert_true(ssi_has_part(&ssi));
	ssi_feed_at(packet, len, 1 + 600 * MS);
	assert_string_equal(ssi_log, "frame:]C0CH1 ");
}

#define SSI_TEST(name) cmocka_unit_test_setup(name, ssi_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SSI_TEST(packets_we_send_are_well_formed),
		SSI_TEST(honeywell_answers_are_its_escape_commands),
		SSI_TEST(the_first_driver_says_nothing),
		SSI_TEST(a_code_comes_with_its_symbology_and_no_answer_yet),
		SSI_TEST(bytes_may_come_one_by_one),
		SSI_TEST(a_wrong_checksum_asks_for_it_again),
		SSI_TEST(a_retransmission_is_given_out_once),
		SSI_TEST(a_resent_code_after_a_wrong_checksum_is_news),
		SSI_TEST(a_long_code_comes_in_several_packets),
		SSI_TEST(too_long_a_code_is_reported),
		SSI_TEST(what_is_no_code_is_acknowledged_but_answers_are_not),
		SSI_TEST(noise_is_forgotten_after_a_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

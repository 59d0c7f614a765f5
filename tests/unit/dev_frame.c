/*
 * Framing: what ends a frame, what is dropped, and what is reported.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/frame.h>

#define MS 1000000ull

/* Frames as they come, joined: "text|" or "text!FLAGS|". */
static char frame_log[8 * TT_FRAME_MAX];

static void frame_note(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	size_t used = strlen(frame_log);

	(void)ctx;
	memcpy(frame_log + used, bytes, len);
	used += len;
	if (flags)
		used += (size_t)sprintf(frame_log + used, "!%u", flags);
	strcpy(frame_log + used, "|");
}

static struct tt_framer frame_new(unsigned ends, unsigned idle_gap_ms)
{
	struct tt_frame_options options = {.ends = ends, .idle_gap_ms = idle_gap_ms};
	struct tt_framer f;

	frame_log[0] = '\0';
	tt_framer_init(&f, &options);
	return f;
}

static void frame_feed_at(struct tt_framer *f, const char *text, uint64_t now_ns)
{
	tt_framer_feed(f, text, strlen(text), now_ns, frame_note, NULL);
}

static void frame_feed(struct tt_framer *f, const char *text)
{
	frame_feed_at(f, text, 1);
}

static void ends_at_cr_lf_or_both(void **state)
{
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	frame_feed(&f, "SB00001\rCH1\nCH2\r\nCH3\r\n\r\n\nCH4");
	assert_string_equal(frame_log, "SB00001|CH1|CH2|CH3|");
	assert_true(tt_framer_has_part(&f));
	frame_feed(&f, "\r");
	assert_string_equal(frame_log, "SB00001|CH1|CH2|CH3|CH4|");
	assert_false(tt_framer_has_part(&f));
}

static void gives_the_same_however_bytes_are_cut(void **state)
{
	static const char text[] = "SB00001\r\nCH1\nCH2\r\rCH3\r\n";
	struct tt_framer f;

	(void)state;
	for (size_t cut = 0; cut < sizeof(text); cut++) {
		f = frame_new(0, 0);
		tt_framer_feed(&f, text, cut, 1, frame_note, NULL);
		tt_framer_feed(&f, text + cut, sizeof(text) - 1 - cut, 2, frame_note, NULL);
		assert_string_equal(frame_log, "SB00001|CH1|CH2|CH3|");
	}
}

static void tab_ends_only_where_asked_for(void **state)
{
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	frame_feed(&f, "A\tB\r");
	assert_string_equal(frame_log, "A\tB|");
	f = frame_new(TT_END_TAB, 0);
	frame_feed(&f, "A\tB\rC\t");
	assert_string_equal(frame_log, "A|B\rC|");
}

static void gs_and_other_controls_are_kept(void **state)
{
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	frame_feed(&f, "\x1d"
		       "01\x1e\x04\x07\r");
	assert_string_equal(frame_log, "\x1d"
				       "01\x1e\x04\x07|");
}

static void takes_what_is_between_stx_and_etx(void **state)
{
	struct tt_framer f = frame_new(TT_END_ETX, 0);

	(void)state;
	frame_feed(&f, "noise\x02"
		       "A\r\nB\x03\r\n\x02"
		       "C\x03\x03\x02\x03");
	assert_string_equal(frame_log, "A\r\nB|C|");
}

static void reports_a_frame_that_a_new_stx_cuts_off(void **state)
{
	struct tt_framer f = frame_new(TT_END_ETX, 0);

	(void)state;
	frame_feed(&f, "\x02"
		       "AB\x02"
		       "CD\x03");
	assert_string_equal(frame_log, "AB!4|CD|");
}

static void a_frame_of_the_cap_is_whole(void **state)
{
	static char text[TT_FRAME_MAX + 2];
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	memset(text, 'x', TT_FRAME_MAX);
	text[TT_FRAME_MAX] = '\r';
	frame_feed(&f, text);
	assert_int_equal(strlen(frame_log), TT_FRAME_MAX + 1);
	assert_null(strchr(frame_log, '!'));
}

static void reports_overflow_once_and_drops_up_to_the_end(void **state)
{
	static char text[3 * TT_FRAME_MAX + 1];
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	frame_feed(&f, text);
	assert_int_equal(strlen(frame_log), TT_FRAME_MAX + 3);
	assert_string_equal(frame_log + TT_FRAME_MAX, "!2|");
	frame_feed(&f, "rest\rCH1\r");
	assert_string_equal(frame_log + TT_FRAME_MAX, "!2|CH1|");
}

static void drops_the_first_part_when_opened_in_the_middle(void **state)
{
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	tt_framer_restart(&f, true);
	frame_feed(&f, "001\rSB00002\r");
	assert_string_equal(frame_log, "SB00002|");
	tt_framer_restart(&f, false);
	frame_feed(&f, "SB00003\r");
	assert_string_equal(frame_log, "SB00002|SB00003|");
}

static void forgets_a_part_when_restarted(void **state)
{
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	frame_feed(&f, "SB0");
	tt_framer_restart(&f, false);
	frame_feed(&f, "CH1\r");
	assert_string_equal(frame_log, "CH1|");
}

static void silence_ends_a_frame_only_where_asked_for(void **state)
{
	struct tt_framer f = frame_new(0, 0);

	(void)state;
	frame_feed_at(&f, "CH1", 1);
	assert_int_equal(tt_framer_deadline(&f), 0);
	tt_framer_expire(&f, 3600 * 1000 * MS, frame_note, NULL);
	assert_string_equal(frame_log, "");
}

static void silence_ends_a_frame_marked_unterminated(void **state)
{
	struct tt_framer f = frame_new(0, 150);

	(void)state;
	assert_int_equal(tt_framer_deadline(&f), 0);
	frame_feed_at(&f, "CH1", 10 * MS);
	assert_int_equal(tt_framer_deadline(&f), 160 * MS);
	tt_framer_expire(&f, 159 * MS, frame_note, NULL);
	assert_string_equal(frame_log, "");
	tt_framer_expire(&f, 160 * MS, frame_note, NULL);
	assert_string_equal(frame_log, "CH1!1|");
	assert_int_equal(tt_framer_deadline(&f), 0);
}

static void silence_is_seen_though_nobody_asked_in_time(void **state)
{
	struct tt_framer f = frame_new(0, 150);

	(void)state;
	frame_feed_at(&f, "CH1", 10 * MS);
	frame_feed_at(&f, "CH2\r", 900 * MS);
	assert_string_equal(frame_log, "CH1!1|CH2|");
}

static void silence_ends_the_dropping_after_an_overflow(void **state)
{
	static char text[TT_FRAME_MAX + 10];
	struct tt_framer f = frame_new(0, 150);

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	frame_feed_at(&f, text, 10 * MS);
	frame_feed_at(&f, "CH2\r", 900 * MS);
	assert_string_equal(frame_log + TT_FRAME_MAX, "!2|CH2|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_at_cr_lf_or_both),
		cmocka_unit_test(gives_the_same_however_bytes_are_cut),
		cmocka_unit_test(tab_ends_only_where_asked_for),
		cmocka_unit_test(gs_and_other_controls_are_kept),
		cmocka_unit_test(takes_what_is_between_stx_and_etx),
		cmocka_unit_test(reports_a_frame_that_a_new_stx_cuts_off),
		cmocka_unit_test(a_frame_of_the_cap_is_whole),
		cmocka_unit_test(reports_overflow_once_and_drops_up_to_the_end),
		cmocka_unit_test(drops_the_first_part_when_opened_in_the_middle),
		cmocka_unit_test(forgets_a_part_when_restarted),
		cmocka_unit_test(silence_ends_a_frame_only_where_asked_for),
		cmocka_unit_test(silence_ends_a_frame_marked_unterminated),
		cmocka_unit_test(silence_is_seen_though_nobody_asked_in_time),
		cmocka_unit_test(silence_ends_the_dropping_after_an_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

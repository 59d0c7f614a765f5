/*
 * Families: which kind of code something is, by patterns as people write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/operation.h>

#include "../../src/core/family.h"
#include "../../src/core/wire.h"

/* A set of one parent family with that pattern. */
static void load(struct family_set *set, const char *pattern)
{
	const struct tt_operation *op = tt_operation_find("family.list");
	struct tt_rows rows = {.cols = op->result, .size = op->result_size};
	struct wire_family *row = tt_rows_add(&rows);

	row->role = tt_strdup("parent");
	row->pattern = tt_strdup(pattern);
	row->active = 1;
	family_set_load(set, &rows);
	tt_rows_fini(&rows);
}

/* What comes before a class, a group or a choice may be optional, or one of several. */
static void a_pattern_takes_what_it_matches(void **state)
{
	static const struct {
		const char *pattern, *code;
		bool is_taken;
	} rows[] = {
		{"^SB[0-9]{5,8}$", "SB00001", true},
		{"^SB[0-9]{5,8}$", "SC00001", false},
		{"^SB[0-9]{5,8}$", "S", false},
		{"^SB[0-9]{5,8}$", "SB", false},
		{"^AB?1$", "A1", true},
		{"^AB*1$", "A1", true},
		{"^AB{0,2}1$", "A1", true},
		{"^AB+1$", "AB1", true},
		{"^AB+1$", "A1", false},
		{"^(X)?Y$", "Y", true},
		{"^AB(C)?$", "AB", true},
		{"^AB|CD$", "XCD", true},
		{"^TT:(OK|UNDO)$", "TT:UNDO", true},
		{"^TT:(OK|UNDO)$", "TT:ON", false},
		{"^TT:(OK|UNDO)$", "T:OK", false},
		{"^A(B|C)|D$", "XD", true},
		{"^A(B)|(D)$", "XD", true},
		{"^A((B|C)|D)$", "AD", true},
		{"^A\\.B$", "A.B", true},
		{"^A\\.B$", "AXB", false},
		{"^.B$", "AB", true},
		{"^(\xc3\xa9)?B$", "B", true},
		{"^ABCDEFGHIJKLMNOPQRSTUVWXYZ$", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", true},
		{"^ABCDEFGHIJKLMNOPQRSTUVWXYZ$", "ABCDEFGHIJKLMNOPQRSTUVWXY", false},
		{"B$", "AB", true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct family_set set = {0};

		load(&set, rows[i].pattern);
		if ((family_kind_of(&set, rows[i].code) == KIND_PARENT) != rows[i].is_taken)
			fail_msg("%s and %s", rows[i].pattern, rows[i].code);
		family_set_fini(&set);
	}
}

static void a_pattern_that_is_none_is_left_out(void **state)
{
	struct family_set set = {0};

	(void)state;
	load(&set, "^SB[0-9$");
	assert_int_equal(set.count, 0);
	assert_int_equal(family_kind_of(&set, "SB1"), KIND_UNKNOWN);
	family_set_fini(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_takes_what_it_matches),
		cmocka_unit_test(a_pattern_that_is_none_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The table of nouns fits the table of operations. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/command.h>
#include <tracetrack/form.h>

#include "../../src/tui/nouns.h"

static void test_rows_are_whole(void **state)
{
	const struct noun *noun;

	(void)state;
	for (noun = nouns; noun->name; noun++) {
		assert_non_null(noun->title);
		assert_non_null(noun->help);
		assert_true(noun->list || noun->detail);
		assert_true(!noun->list || noun->key);
		assert_ptr_equal(noun_find(noun->name), noun);
		assert_non_null(tt_command_find(noun->name));
		assert_string_equal(tt_command_find(noun->name)->group, "screens");
	}
	assert_null(noun_find("nothing"));
}

static void test_keys_are_columns(void **state)
{
	const struct tt_operation *op;
	const struct noun *noun;
	size_t n = 0;

	(void)state;
	for (noun = nouns; noun->name; noun++) {
		op = noun_operation(noun->list);
		if (!op)
			continue;
		n++;
		assert_true(op->flags & TT_OP_LIST);
		assert_non_null(tt_column_find(op->result, noun->key));
		assert_true(!noun->after || tt_column_find(op->result, noun->after));
		op = noun_operation(noun->search);
		assert_true(!op || tt_column_find(op->result, noun->key));
		assert_true(!op || tt_column_find(op->params, noun->filter));
		op = noun_operation(noun->scan);
		assert_true(!op || tt_column_find(op->params, "code"));
		assert_true(!op || tt_column_find(op->params, noun->key));
	}
	assert_true(n >= 8);
}

/* Reports go round, and have their bars. */
static void test_reports_go_round(void **state)
{
	const struct noun *noun, *next;
	const struct tt_operation *op;
	size_t n;

	(void)state;
	for (noun = nouns; noun->name; noun++) {
		op = noun_operation(noun->list);
		assert_true(!noun->bar || tt_column_find(op->result, noun->bar)->type == TT_INT);
		next = noun;
		for (n = 0; noun->next && (n == 0 || next != noun); n++) {
			next = noun_find(next->next);
			assert_non_null(next);
			assert_true(n < 10);
		}
	}
	op = noun_operation(noun_history.list);
	assert_non_null(tt_column_find(op->result, noun_history.key));
}

/* What is offered can be filled in, and a row fills in what it is done to. */
static void test_actions_have_forms(void **state)
{
	const struct tt_operation *op;
	const struct noun *noun;
	char name[64];
	size_t i, n = 0;

	(void)state;
	for (noun = nouns; noun->name; noun++) {
		op = noun_operation(noun->create);
		assert_true(!op || tt_form_is_possible(op));
		for (i = 0; noun_action(noun, i, name, sizeof(name)); i++) {
			op = noun_operation(name);
			if (!op)
				continue;
			n++;
			assert_true(tt_form_is_possible(op));
			assert_non_null(tt_column_find(op->params, noun->key));
		}
	}
	assert_true(n >= 15);
	assert_null(noun_action(noun_find("audit"), 0, name, sizeof(name)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_keys_are_columns),
		cmocka_unit_test(test_reports_go_round),
		cmocka_unit_test(test_actions_have_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

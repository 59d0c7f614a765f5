/*
 * Prints the operation table, a line for each operation:
 *
 *	operation_table			as the database would have to define it: name, function,
 *					right, parameters (p_...), result columns, outcomes;
 *					divided by tabs, names divided by commas, - for none,
 *					and in their order, by which they are called
 *	operation_table --reading	the names of those that change nothing
 *	operation_table --doors		name, "command" or "hidden", and each parameter that a
 *					person gives as name=value, with a value of its type
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>
#include <tracetrack/outcome.h>

static void table_names(const struct tt_column *cols, const char *prefix)
{
	size_t i, n = tt_column_count(cols);

	fputs(n ? "\t" : "\t-", stdout);
	for (i = 0; i < n; i++)
		printf("%s%s%s", i ? "," : "", prefix, cols[i].name);
}

static void table_outcomes(const struct tt_operation *op)
{
	const struct tt_outcome *row;
	bool is_first = true;

	putchar('\t');
	for (row = tt_outcomes; row->name; row++) {
		if (!tt_operation_gives(op, row->name))
			continue;
		printf("%s%s", is_first ? "" : ",", row->name);
		is_first = false;
	}
	fputs(is_first ? "-" : "", stdout);
}

static void table_definition(const struct tt_operation *op)
{
	printf("%s\t%s\t%s", op->name, op->function, op->right ? op->right : "-");
	table_names(op->params, "p_");
	table_names(op->result, "");
	table_outcomes(op);
	putchar('\n');
}

static void table_reading(const struct tt_operation *op)
{
	if (op->flags & TT_OP_READ)
		puts(op->name);
}

static void table_value(const struct tt_operation *op, const struct tt_column *col)
{
	/* clang-format off */
	static const char *const of_type[] = {[TT_TEXT] = "X", [TT_INT] = "1", [TT_GRAMS] = "5",
		[TT_BOOL] = "yes", [TT_TIME] = "2026-01-01T00:00:00Z",
		[TT_ID] = "01890a5d-ac96-774b-bcce-b302099a8057", [TT_JSON] = "{}",
		[TT_SECRET] = "X"};
	/* clang-format on */
	const char *words = col->type == TT_TEXT ? tt_choices(op, col) : NULL;
	char word[64];

	printf("\t%s=%s", col->name,
		tt_choice_next(&words, word, sizeof(word)) ? word : of_type[col->type]);
}

static void table_doors(const struct tt_operation *op)
{
	const struct tt_column *col;

	printf("%s\t%s", op->name, op->flags & TT_OP_HIDDEN ? "hidden" : "command");
	for (col = op->params; col && col->name; col++) {
		if (!(col->flags & TT_HIDDEN))
			table_value(op, col);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	void (*put)(const struct tt_operation *op) = table_definition;
	const struct tt_operation *op;

	if (argc > 1 && strcmp(argv[1], "--reading") == 0)
		put = table_reading;
	else if (argc > 1 && strcmp(argv[1], "--doors") == 0)
		put = table_doors;
	else if (argc > 1)
		return 64;
	for (op = tt_operations; op->name; op++)
		put(op);
	return 0;
}

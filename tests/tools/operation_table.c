/*
 * Prints the operation table as the database would have to define it, a line each:
 * name, function, right, parameters (p_...), result columns, outcomes; divided by tabs, names
 * divided by commas, - for none, and sorted but for events, which go by the order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>
#include <tracetrack/outcome.h>

static int table_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void table_names(const struct tt_operation *op, const struct tt_column *cols,
	const char *prefix)
{
	size_t i, n = tt_column_count(cols);
	const char **names = calloc(n + 1, sizeof(*names));

	for (i = 0; names && i < n; i++)
		names[i] = cols[i].name;
	if (names && !(op->flags & TT_OP_EVENT))
		qsort(names, n, sizeof(*names), table_compare);
	fputs(n ? "\t" : "\t-", stdout);
	for (i = 0; names && i < n; i++)
		printf("%s%s%s", i ? "," : "", prefix, names[i]);
	free(names);
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

int main(void)
{
	const struct tt_operation *op;

	for (op = tt_operations; op->name; op++) {
		printf("%s\t%s\t%s", op->name, op->function, op->right ? op->right : "-");
		table_names(op, op->params, "p_");
		table_names(op, op->result, "");
		table_outcomes(op);
		putchar('\n');
	}
	return 0;
}

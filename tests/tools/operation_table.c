/*
 * Prints the operation table as the database would have to define it, a line each:
 * name, function, right, parameters (p_...), result columns; divided by tabs, names divided
 * by commas, - for none, and sorted but for events, which go by the order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>

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

int main(void)
{
	const struct tt_operation *op;

	for (op = tt_operations; op->name; op++) {
		printf("%s\t%s\t%s", op->name, op->function, op->right ? op->right : "-");
		table_names(op, op->params, "p_");
		table_names(op, op->result, "");
		putchar('\n');
	}
	return 0;
}

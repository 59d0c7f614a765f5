/*
 * The SQL that a station sends for an operation, for other clients to send the same:
 *
 *	statement NOUN.VERB [PARAMETER=EXPRESSION]...
 *
 * A parameter without an expression is null. Status: 0; 64 usage.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>

static const char *statement_expression(const char *name, int argc, char **argv)
{
	size_t len = strlen(name);
	int i;

	for (i = 2; i < argc; i++) {
		if (strncmp(argv[i], name, len) == 0 && argv[i][len] == '=')
			return argv[i] + len + 1;
	}
	return "null";
}

int main(int argc, char **argv)
{
	const struct tt_operation *op = argc > 1 ? tt_operation_find(argv[1]) : NULL;
	const char *p;
	char *end;
	long number;

	if (!op) {
		fprintf(stderr, "usage: statement NOUN.VERB [PARAMETER=EXPRESSION]...\n");
		return 64;
	}
	for (p = tt_operation_sql(op); *p; p++) {
		if (*p != '$' || !isdigit((unsigned char)p[1])) {
			putchar(*p);
			continue;
		}
		number = strtol(p + 1, &end, 10);
		fputs(statement_expression(op->params[number - 1].name, argc, argv), stdout);
		p = end - 1;
	}
	puts(";");
	return 0;
}

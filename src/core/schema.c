/* What this program expects of a database. */
#include <tracetrack/schema.h>

#include <stdlib.h>

int tt_schema_version(void)
{
	const struct tt_sql_file *file;
	int version = 0;

	for (file = tt_sql_files; file->name; file++) {
		if (file->kind == TT_SQL_MIGRATION && atoi(file->name) > version)
			version = atoi(file->name);
	}
	return version;
}

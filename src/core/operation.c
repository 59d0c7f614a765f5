/*
 * What can be done with a row of the operation table, whatever the operation.
 */
#include <tracetrack/operation.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/password.h>

const struct tt_operation *tt_operation_find(const char *name)
{
	const struct tt_operation *op;

	for (op = tt_operations; op->name; op++) {
		if (strcmp(op->name, name) == 0)
			return op;
	}
	return NULL;
}

const struct tt_operation *tt_operation_nearest(const char *name)
{
	const struct tt_operation *op, *best = NULL;
	unsigned least = UINT_MAX;

	for (op = tt_operations; op->name; op++) {
		if (!(op->flags & TT_OP_HIDDEN) && tt_is_nearer(name, op->name, &least))
			best = op;
	}
	return best;
}

static bool operation_has_json(const struct tt_operation *op)
{
	const struct tt_column *col = op->result;

	while (col->name && col->type != TT_JSON)
		col++;
	return col->name != NULL;
}

static char *operation_build_sql(const struct tt_operation *op)
{
	bool is_named = op->flags & TT_OP_OPEN;
	const struct tt_column *col;
	struct tt_buf sql = {0};
	int n = 0;

	tt_buf_puts(&sql, "select ");
	for (col = op->result; col->name && is_named; col++)
		tt_buf_printf(&sql, "%s%s", col->name, col[1].name ? ", " : " from ");
	if (!is_named && operation_has_json(op))
		tt_buf_puts(&sql, "* from ");
	tt_buf_printf(&sql, "%s(", op->function);
	for (col = op->params; col && col->name; col++) {
		tt_buf_puts(&sql, n ? ", " : "");
		if (is_named)
			tt_buf_printf(&sql, "p_%s => ", col->name);
		tt_buf_printf(&sql, "$%d", ++n);
	}
	tt_buf_puts(&sql, ")");
	return sql.data;
}

const char *tt_operation_sql(const struct tt_operation *op)
{
	static char **built;
	size_t i = (size_t)(op - tt_operations), total = 0;

	while (!built && tt_operations[total].name)
		total++;
	if (!built)
		built = tt_alloc(total * sizeof(*built));
	if (!built[i])
		built[i] = operation_build_sql(op);
	return built[i];
}

void *tt_operation_args_new(const struct tt_operation *op)
{
	void *args = tt_alloc(op->params_size ? op->params_size : 1);

	tt_columns_init(op->params, args);
	return args;
}

void tt_operation_args_free(const struct tt_operation *op, void *args)
{
	if (!args)
		return;
	tt_columns_fini(op->params, args);
	free(args);
}

void *tt_operation_arg(const struct tt_operation *op, void *args, const char *name)
{
	const struct tt_column *col = tt_column_find(op->params, name);

	if (!col)
		abort();
	return tt_field(col, args);
}

static void operation_set_text(
	const struct tt_operation *op, void *args, const char *name, const char *value)
{
	char **field = tt_operation_arg(op, args, name);

	free(*field);
	*field = tt_strdup(value);
}

void tt_operation_set_hashed(
	const struct tt_operation *op, void *args, const struct tt_hashed *hashed)
{
	operation_set_text(op, args, "salt", hashed->salt);
	operation_set_text(op, args, "verifier", hashed->verifier);
	*(int64_t *)tt_operation_arg(op, args, "ops") = hashed->ops;
	*(int64_t *)tt_operation_arg(op, args, "mem") = hashed->mem;
}

/* Options are written with -, columns with _. */
static void operation_column_name(char *dst, size_t size, const char *option)
{
	tt_copy(dst, size, option);
	tt_replace(dst, '-', '_');
}

static enum tt_rc operation_unknown_option(
	const struct tt_operation *op, const char *name, struct tt_error *err)
{
	const struct tt_column *col, *best = NULL;
	unsigned least = UINT_MAX;

	for (col = op->params; col && col->name; col++) {
		if (!(col->flags & TT_HIDDEN) && tt_is_nearer(name, col->name, &least))
			best = col;
	}
	tt_fail(err, TT_USAGE, "%s has no option \"%.60s\"", op->name, name);
	if (best)
		tt_error_hint(err, "Did you mean %s?", best->name);
	return TT_USAGE;
}

/* The parameter that a person calls so; NULL for none. */
static const struct tt_column *operation_parameter(
	const struct tt_operation *op, const char *name, struct tt_error *err)
{
	const struct tt_column *col;
	char wanted[64];

	operation_column_name(wanted, sizeof(wanted), name);
	col = tt_column_find(op->params, wanted);
	if (col && !(col->flags & TT_HIDDEN))
		return col;
	(void)operation_unknown_option(op, wanted, err);
	return NULL;
}

enum tt_rc tt_operation_set(const struct tt_operation *op, void *args, const char *name,
	const char *value, struct tt_error *err)
{
	const struct tt_column *col = operation_parameter(op, name, err);
	const char *words;
	enum tt_rc rc = TT_OK;
	char word[64];

	if (!col)
		return TT_USAGE;
	if (!value)
		return tt_fail(err, TT_USAGE, "--%s needs a value", name);
	words = col->type == TT_TEXT ? tt_choices(op, col) : NULL;
	if (words && value && *value)
		rc = tt_choice_read(col->name, words, value, word, sizeof(word), err);
	if (rc == TT_OK)
		rc = tt_column_parse(col, args, words && value && *value ? word : value, err);
	if (rc == TT_OK && strcmp(col->name, "limit") == 0 && value &&
		*(int64_t *)tt_field(col, args) < 1)
		rc = tt_fail(err, TT_USAGE, "limit must be 1 or more, not \"%.60s\"", value);
	return rc == TT_OK ? TT_OK : (err ? (err->rc = TT_USAGE) : TT_USAGE);
}

static bool operation_has_value(const struct tt_column *col, const void *args)
{
	struct tt_buf text = {0};
	bool has = tt_column_bind(col, args, &text);

	tt_buf_fini(&text);
	return has;
}

enum tt_rc tt_operation_give(const struct tt_operation *op, void *args, const char *name,
	const char *value, struct tt_error *err)
{
	const struct tt_column *col = operation_parameter(op, name, err);

	if (!col)
		return TT_USAGE;
	if (operation_has_value(col, args))
		return tt_fail(err, TT_USAGE, "%s is given twice", col->name);
	return tt_operation_set(op, args, name, value, err);
}

const struct tt_column *tt_operation_positional(const struct tt_operation *op, const void *args)
{
	const struct tt_column *col;

	for (col = op->params; col && col->name; col++) {
		if ((col->flags & TT_POSITIONAL) && !operation_has_value(col, args))
			return col;
	}
	return NULL;
}

enum tt_rc tt_operation_complete(const struct tt_operation *op, void *args, struct tt_error *err)
{
	const struct tt_column *col = tt_column_find(op->params, "event");

	if (col && tt_uuid_is_nil(tt_field(col, args)))
		*(struct tt_uuid *)tt_field(col, args) = tt_uuid_v7();
	for (col = op->params; col && col->name; col++) {
		if ((col->flags & TT_REQUIRED) && !operation_has_value(col, args))
			return tt_fail(
				err, TT_USAGE, "%s needs %s: %s", op->name, col->name, col->help);
	}
	return TT_OK;
}

static void column_json(struct tt_json *json, const struct tt_column *col, const void *row)
{
	const void *field = tt_field(col, row);
	struct tt_buf text = {0};

	if (!operation_has_value(col, row)) {
		tt_json_value(json, col->name, NULL);
		return;
	}
	switch (col->type) {
	case TT_INT:
	case TT_GRAMS:
		tt_json_int(json, col->name, *(const int64_t *)field);
		break;
	case TT_BOOL:
		tt_json_bool(json, col->name, *(const int64_t *)field != 0);
		break;
	case TT_JSON:
		tt_json_copy(json, col->name, *(char *const *)field);
		break;
	case TT_SECRET:
		break;
	case TT_TEXT:
	case TT_TIME:
	case TT_ID:
		tt_column_print(col, row, false, &text);
		tt_json_text(json, col->name, text.data);
		break;
	}
	tt_buf_fini(&text);
}

void tt_row_json(
	struct tt_json *json, const char *name, const struct tt_column *cols, const void *row)
{
	tt_json_open(json, name, '{');
	for (; cols && cols->name; cols++) {
		if (cols->type != TT_SECRET)
			column_json(json, cols, row);
	}
	tt_json_close(json, '}');
}

void tt_operation_json(struct tt_json *json, const char *name, const struct tt_operation *op,
	const struct tt_rows *rows)
{
	bool is_list = op->flags & TT_OP_LIST;
	size_t i, count = is_list || rows->count == 0 ? rows->count : 1;

	if (is_list)
		tt_json_open(json, name, '[');
	for (i = 0; i < count; i++)
		tt_row_json(json, is_list ? NULL : name, rows->cols, tt_rows_at(rows, i));
	if (is_list)
		tt_json_close(json, ']');
	else if (count == 0)
		tt_json_value(json, name, NULL);
}

const char *tt_operation_outcome(const struct tt_operation *op, const struct tt_rows *rows)
{
	const struct tt_column *col = tt_column_find(op->result, "outcome");

	if (!col || rows->count == 0 || (op->flags & TT_OP_LIST))
		return NULL;
	return *(char *const *)tt_field(col, tt_rows_at(rows, 0));
}

/*
 * links: base
 *
 * Files of settings: taken, or refused with a clean message that names the place. What was taken
 * stands in the struct and is taken again.
 */
#include "fuzz.h"

#include <tracetrack/settings.h>

/* Everything that is set fits its row. */
static void must_fit(const struct tt_settings *s)
{
	for (const struct tt_setting *row = tt_setting_rows; row->name; row++) {
		const void *field = (const char *)s + row->offset;

		if (row->type == TT_SET_TEXT)
			must(*(char *const *)field);
		else if (row->type == TT_SET_INT)
			must(*(const long *)field >= row->min && *(const long *)field <= row->max);
		else if (row->type == TT_SET_BOOL)
			must(*(const long *)field == 0 || *(const long *)field == 1);
		else if (row->type == TT_SET_CHOICE)
			must(*(const long *)field >= 0 && *(const long *)field < 8);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = tt_strndup((const char *)data, size);
	struct tt_error err = {.rc = TT_OK};
	struct tt_settings s;
	enum tt_rc rc;

	tt_settings_init(&s);
	rc = tt_settings_read_text(&s, text, "file", &err);
	must(rc == TT_OK || (rc == TT_CONFIG && strncmp(err.message, "file:", 5) == 0));
	must_be_clean(err.message);
	must_be_clean(err.hint);
	must_fit(&s);
	if (rc == TT_OK)
		must(tt_settings_read_text(&s, text, "file", &err) == TT_OK);
	tt_settings_fini(&s);
	free(text);
	return 0;
}

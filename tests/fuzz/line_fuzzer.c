/*
 * links: base
 *
 * Lines of the headless protocol: taken apart, or refused with a clean message. The words of a line
 * that was taken, written as JSON strings, give the same words again.
 */
#include "fuzz.h"

#include <jansson.h>

/* In no archive, and pure. */
#include "../../src/station/line.c"

static void add_quoted(struct tt_buf *out, const char *word)
{
	json_t *json = json_string(word);
	char *text = json_dumps(json, JSON_ENCODE_ANY);

	must(text != NULL);
	tt_buf_printf(out, " %s", text);
	free(text);
	json_decref(json);
}

static void must_be_same(const struct line *line)
{
	struct tt_buf again = {0};
	struct tt_error err;
	struct line other;

	tt_buf_printf(&again, "%s@%s", line->verb, line->lane);
	for (size_t i = 0; i < line->nwords; i++)
		add_quoted(&again, line->words[i]);
	if (again.len <= LINE_MAX_BYTES && !strpbrk(line->verb, "\" \t") &&
		!strpbrk(line->lane, "\" \t")) {
		must(line_parse(&other, again.data, again.len, &err) == TT_OK);
		must(other.nwords == line->nwords);
		must(strcmp(other.verb, line->verb) == 0 && strcmp(other.lane, line->lane) == 0);
		for (size_t i = 0; i < line->nwords; i++)
			must(strcmp(other.words[i], line->words[i]) == 0);
		line_fini(&other);
	}
	tt_buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tt_error err = {.rc = TT_OK};
	struct line line;
	enum tt_rc rc = line_parse(&line, (const char *)data, size, &err);

	must(rc == TT_OK || rc == TT_USAGE);
	must(line.nwords <= LINE_WORDS_MAX);
	if (rc == TT_OK) {
		must(line.verb[0] && strlen(line.verb) < sizeof(line.verb));
		must_be_same(&line);
	} else {
		must(err.message[0]);
		must_be_clean(err.message);
	}
	line_fini(&line);
	return 0;
}

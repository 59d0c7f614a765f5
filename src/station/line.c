/*
 * Words of a line. Quoting is JSON's, so that any program can write it.
 */
#include "line.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

/* The length of a JSON string at s, quotes included; 0 when it does not end. */
static size_t line_quoted(const char *s, const char *end)
{
	const char *p;

	for (p = s + 1; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			return (size_t)(p + 1 - s);
	}
	return 0;
}

static enum tt_rc line_unquote(struct tt_buf *word, const char *s, size_t len, struct tt_error *err)
{
	json_error_t why;
	json_t *json = json_loadb(s, len, JSON_DECODE_ANY, &why);

	if (!json_is_string(json)) {
		json_decref(json);
		return tt_fail(err, TT_USAGE, "a quoted word is no JSON string");
	}
	tt_buf_puts(word, json_string_value(json));
	json_decref(json);
	return TT_OK;
}

/* How much at s is of a word, and not quoted. */
static size_t line_plain(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && *p != ' ' && *p != '\t' && *p != '"')
		p++;
	return (size_t)(p - s);
}

/* One word at *s, which moves behind it. */
static enum tt_rc line_word(
	struct tt_buf *word, const char **s, const char *end, struct tt_error *err)
{
	enum tt_rc rc;
	size_t n;

	while (*s < end && **s != ' ' && **s != '\t') {
		n = line_plain(*s, end);
		if (n > 0) {
			tt_buf_add(word, *s, n);
			*s += n;
			continue;
		}
		n = line_quoted(*s, end);
		if (n == 0)
			return tt_fail(err, TT_USAGE, "a quoted word does not end");
		rc = line_unquote(word, *s, n, err);
		if (rc != TT_OK)
			return rc;
		*s += n;
	}
	return TT_OK;
}

static enum tt_rc line_take_verb(struct line *line, const char *word, struct tt_error *err)
{
	size_t len = strcspn(word, "@");

	if (len == 0)
		return tt_fail(err, TT_USAGE, "the line does not begin with a command");
	if (len >= sizeof(line->verb))
		return tt_fail(err, TT_USAGE, "unknown command");
	tt_copy_n(line->verb, sizeof(line->verb), word, len);
	tt_copy(line->lane, sizeof(line->lane), word[len] == '@' ? word + len + 1 : "");
	return TT_OK;
}

enum tt_rc line_parse(struct line *line, const char *text, size_t len, struct tt_error *err)
{
	const char *end = text + len;
	enum tt_rc rc = TT_OK;
	struct tt_buf word = {0};

	memset(line, 0, sizeof(*line));
	if (len > LINE_MAX_BYTES)
		return tt_fail(err, TT_USAGE, "the line is longer than %d bytes", LINE_MAX_BYTES);
	if (memchr(text, '\0', len) || !tt_utf8_is_valid(text, len))
		return tt_fail(err, TT_USAGE, "the line is not text in UTF-8");
	for (;;) {
		while (text < end && (*text == ' ' || *text == '\t'))
			text++;
		if (text == end || rc != TT_OK)
			break;
		tt_buf_clear(&word);
		rc = line_word(&word, &text, end, err);
		if (rc != TT_OK)
			break;
		if (line->verb[0] == '\0')
			rc = line_take_verb(line, word.data ? word.data : "", err);
		else if (line->nwords == LINE_WORDS_MAX)
			rc = tt_fail(err, TT_USAGE, "too many words");
		else
			line->words[line->nwords++] = tt_strdup(word.data ? word.data : "");
	}
	tt_buf_fini(&word);
	if (rc == TT_OK && line->verb[0] == '\0')
		rc = tt_fail(err, TT_USAGE, "an empty line is no command");
	return rc;
}

void line_fini(struct line *line)
{
	while (line->nwords > 0)
		free(line->words[--line->nwords]);
}

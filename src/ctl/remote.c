/*
 * --remote: one command of somebody who came in by ssh, and nothing besides. What the client asked
 * for is in SSH_ORIGINAL_COMMAND; it is taken apart here, never by a shell. Options that name files
 * or another database are refused: the account of the service can read what its people must not.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

#define REMOTE_WORDS 256

static const char *const remote_commands[] = {
	"bill print", "label print", "summary print", "login", "logout"};

static const char *const remote_options[] = {"json", "csv", "yes", "no-input", "help", "version",
	"user", "color", "lines", "call-timeout", "pdf", "text", "qr", "size", "date"};

static const char *const remote_never[] = {
	"config", "new-password-file", "password-file", "dsn", "state-dir", "log", "log-level"};

static bool remote_is_in(const char *const *list, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return true;
	}
	return false;
}
#define IS_IN(list, name) remote_is_in(list, sizeof(list) / sizeof(*(list)), name)

/* Parameters of operations are data for the database: none names a file. */
static bool remote_is_parameter(const char *name)
{
	const struct tt_operation *op;
	char column[64], *p;

	tt_copy(column, sizeof(column), name);
	for (p = column; *p; p++) {
		if (*p == '-')
			*p = '_';
	}
	for (op = tt_operations; op->name; op++) {
		if (tt_column_find(op->params, column))
			return true;
	}
	return false;
}

static enum tt_rc remote_check_word(const char *word, struct tt_error *err)
{
	char name[64];

	if (strncmp(word, "--", 2) != 0)
		return TT_OK;
	tt_copy_n(name, sizeof(name), word + 2, strcspn(word + 2, "="));
	if (!IS_IN(remote_never, name) &&
		(IS_IN(remote_options, name) || remote_is_parameter(name)))
		return TT_OK;
	tt_fail(err, TT_DENIED, "%.60s is not for those who come by ssh", word);
	tt_error_hint(err, "What names files or another database stays on the machine itself.");
	return TT_DENIED;
}

enum tt_rc ctl_remote_may(const struct ctl_command *command, struct tt_error *err)
{
	char name[64];

	tt_format(name, sizeof(name), "%s%s%s", command->noun, command->verb ? " " : "",
		command->verb ? command->verb : "");
	if (IS_IN(remote_commands, name))
		return TT_OK;
	return tt_fail(err, TT_DENIED, "%s is not for those who come by ssh", name);
}

/* The next word of *s, quotes undone in place as a shell would; NULL behind the last. False when a
 * quote is not closed. */
static bool remote_word(char **s, char **word)
{
	char *from = *s + strspn(*s, " \t\n"), *to = from, quote = '\0';

	*word = *from ? from : NULL;
	for (; *from && (quote || !strchr(" \t\n", *from)); from++) {
		if (quote ? *from == quote : *from == '\'' || *from == '"')
			quote = quote ? '\0' : *from;
		else if (*from == '\\' && quote != '\'' && from[1] != '\0')
			*to++ = *++from;
		else
			*to++ = *from;
	}
	*s = *from ? from + 1 : from;
	*to = '\0';
	return quote == '\0';
}

static enum tt_rc remote_split(char *command, char **words, int *count, struct tt_error *err)
{
	char *word;

	for (;;) {
		if (!remote_word(&command, &word))
			return tt_fail(err, TT_USAGE, "a quote is not closed");
		if (!word)
			return TT_OK;
		if (*count == REMOTE_WORDS)
			return tt_fail(
				err, TT_USAGE, "a command has at most %d words", REMOTE_WORDS - 1);
		words[(*count)++] = word;
	}
}

enum tt_rc ctl_remote(struct ctl *ctl, int *argc, char ***argv, struct tt_error *err)
{
	const char *asked = getenv("SSH_ORIGINAL_COMMAND");
	char **words = tt_alloc((REMOTE_WORDS + 1) * sizeof(*words));
	int count = 0, i;
	enum tt_rc rc;

	ctl->is_remote = true;
	ctl->remote_words = words;
	ctl->remote_command = tt_strdup(asked ? asked : "");
	words[count++] = (*argv)[0];
	rc = remote_split(ctl->remote_command, words, &count, err);
	/* Those who work on the machine too may say it as they do there. */
	if (rc == TT_OK && count > 1 && strcmp(words[1], "tracetrackctl") == 0)
		memmove(words + 1, words + 2, (size_t)(--count) * sizeof(*words));
	for (i = 1; i < count && rc == TT_OK; i++)
		rc = remote_check_word(words[i], err);
	*argc = count;
	*argv = words;
	return rc;
}

void ctl_remote_fini(struct ctl *ctl)
{
	free(ctl->remote_words);
	free(ctl->remote_command);
}

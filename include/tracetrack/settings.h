/*
 * Settings: one table of rows {name, type, range, default, unit, help}. Each is an option --name,
 * a variable TRACETRACK_NAME and a line "name = value" of an INI file. Stronger first: options,
 * environment, the user's file, /etc, built in.
 */
#ifndef TRACETRACK_SETTINGS_H
#define TRACETRACK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/rc.h>

enum tt_setting_type { TT_SET_TEXT, TT_SET_INT, TT_SET_BOOL, TT_SET_CHOICE, TT_SET_LIST };

struct tt_list {
	char **items;
	size_t count;
};

/* Texts are owned by the struct and never NULL ("" when unset). */
struct tt_settings {
	char *dsn;
	char *user;
	char *password_file;
	char *totp_file;
	char *station;
	char *state_dir;
	struct tt_list scanner; /* "LANE=SOURCE[,option=value]..." each */
	long answer_within;     /* ms */
	long call_timeout;      /* ms */
	long idle_lock;         /* minutes, 0 never */
	long color;             /* index into the row's choices */
	long lines;
	long bell;
	long read_only;
	char *view; /* names divided by commas */
	char *log;
	long log_level; /* enum tt_log_level */
};

enum { TT_COLOR_AUTO, TT_COLOR_ALWAYS, TT_COLOR_NEVER };
enum { TT_LINES_AUTO, TT_LINES_UTF8, TT_LINES_ASCII };

struct tt_setting {
	const char *name;
	enum tt_setting_type type;
	size_t offset;
	long min, max;        /* of TT_SET_INT */
	const char *choices;  /* of TT_SET_CHOICE: "auto|always|never" */
	const char *fallback; /* the built-in value as text */
	const char *unit;
	const char *help;
};

/* Ends with a row whose name is NULL. */
extern const struct tt_setting tt_setting_rows[];

/*
 * Everything in order of strength. Options that are settings are taken out of argv (argc shrinks);
 * the others stay for the program, and all after "--" stay as they are. --config FILE replaces the
 * user's file and must then exist. One that is no list may be given once. Call tt_settings_fini
 * after it whatever it returns. TT_USAGE for options, TT_CONFIG for files and the environment;
 * messages say where, and propose the nearest name for an unknown one.
 */
TT_MUST_CHECK enum tt_rc tt_settings_load(
	struct tt_settings *s, int *argc, char **argv, struct tt_error *err);

/* Built-in values only. */
void tt_settings_init(struct tt_settings *s);
void tt_settings_fini(struct tt_settings *s);

/* Set one by name; `where` goes in front of a message. rc is what an error returns. A list is
 * appended to. */
TT_MUST_CHECK enum tt_rc tt_settings_set(struct tt_settings *s, const char *name, const char *value,
	const char *where, enum tt_rc rc, struct tt_error *err);

/* The setting whose name is nearest, for "did you mean"; NULL when none is near. */
const char *tt_settings_nearest(const char *name);

/* Read lines "name = value" of a file called `where`; messages start with WHERE:LINE. Empty lines,
 * lines that start with # or ;, and [sections] mean nothing. */
TT_MUST_CHECK enum tt_rc tt_settings_read_text(
	struct tt_settings *s, const char *text, const char *where, struct tt_error *err);

#endif

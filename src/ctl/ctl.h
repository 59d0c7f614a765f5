/* tracetrackctl's parts. */
#ifndef TRACETRACK_CTL_CTL_H
#define TRACETRACK_CTL_CTL_H

#include <stdbool.h>
#include <stdio.h>
#include <uv.h>

#include <tracetrack/link.h>
#include <tracetrack/operation.h>
#include <tracetrack/password.h>
#include <tracetrack/settings.h>

#define CTL_OPTIONS 16

enum ctl_format { CTL_TEXT, CTL_JSON, CTL_CSV };

struct ctl_command;

struct ctl {
	struct tt_settings settings;
	enum ctl_format format;
	bool has_two_formats; /* --json and --csv */
	bool is_no_input, is_yes, is_no_progress;
	bool is_utf8;   /* the terminal's letters */
	bool is_remote; /* --remote */
	char **remote_words, *remote_command;
	uv_loop_t loop;
	struct tt_link *link;
	char *token;
	char *password;                    /* that one logged in with, until it proves something */
	const char *new_password_file;     /* for a login with a one-time password */
	char once[TT_ONCE_LENGTH];         /* the one-time password that is being set; "" none */
	bool is_own_session;               /* opened for this call: closed after it */
	const struct ctl_command *command; /* that runs, when it is no operation */
	const char *values[CTL_OPTIONS];   /* of its options; NULL: not given, "": stands alone */
	int plugin_status;                 /* of a check; 0: the error's */
};

/* command.c */
/* "--name VALUE", "--name=VALUE", or alone. */
struct ctl_option {
	const char *name;
	const char *value; /* "FILE"; "a|b": one of these; NULL: it stands alone */
	const char *help;
};
/* A command that is no operation. argv has the words behind its name, without options. */
struct ctl_command {
	const char *noun, *verb; /* verb NULL: one word */
	enum tt_rc (*run)(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
	const struct ctl_option *options; /* NULL: none; at most CTL_OPTIONS, then name NULL */
	const char *words;                /* "FILE", "CODE...", "" */
	const char *help;
};
extern const struct ctl_command ctl_commands[]; /* ends with noun NULL */
extern const struct ctl_option ctl_flags[];     /* of every command; settings are options too */
extern const struct ctl_option ctl_secret_options[]; /* of operations that set a secret */

const struct ctl_command *ctl_command_find(const char *noun, const char *verb);
/* One that is for the command line. */
const struct tt_operation *ctl_operation_find(const char *noun, const char *verb);
/* The names of all commands and operations one after the other, as typed; false behind the last. */
bool ctl_name_at(size_t i, char *dst, size_t size);
void ctl_command_name(const struct ctl_command *c, char *dst, size_t size);
void ctl_command_help(const struct ctl_command *c, FILE *out);
/* TT_USAGE, with the nearest. */
enum tt_rc ctl_command_unknown(const char *noun, const char *verb, struct tt_error *err);

/* option.c */
/* Take the options of ctl->command out of argv into ctl->values; argc shrinks. Behind -- all are
 * words. TT_USAGE for an option that is unknown, given twice or without its value. */
TT_MUST_CHECK enum tt_rc ctl_take_options(
	struct ctl *ctl, int *argc, char **argv, struct tt_error *err);
/* The value of an option of ctl->command, which must have it; NULL when it is not given. */
const char *ctl_option(const struct ctl *ctl, const char *name);
bool ctl_has(const struct ctl *ctl, const char *name);
/* TT_USAGE, with the nearest of rows, flags and settings; command NULL: of no command. */
enum tt_rc ctl_option_unknown(
	const struct ctl_option *rows, const char *command, const char *arg, struct tt_error *err);
/* Whether an option's value may be the next word: "--x" is another option. */
bool ctl_takes_next(const char *next);
/* TT_USAGE when a word is left over. */
TT_MUST_CHECK enum tt_rc ctl_no_more(int argc, char **argv, struct tt_error *err);

/* client.c */
/* TT_CONFIG when no database is named anywhere. */
TT_MUST_CHECK enum tt_rc ctl_need_dsn(const struct ctl *ctl, struct tt_error *err);
TT_MUST_CHECK enum tt_rc ctl_connect(struct ctl *ctl, struct tt_error *err);
/* The kept session, or one for --user; TT_DENIED when there is neither. */
TT_MUST_CHECK enum tt_rc ctl_authenticate(struct ctl *ctl, struct tt_error *err);
TT_MUST_CHECK enum tt_rc ctl_call(struct ctl *ctl, const struct tt_operation *op, void *args,
	struct tt_call *call, struct tt_error *err);
/* A transaction of several calls on one connection: what is called within it begins and ends
 * here. */
TT_MUST_CHECK enum tt_rc ctl_begin(struct ctl *ctl, struct tt_error *err);
TT_MUST_CHECK enum tt_rc ctl_commit(struct ctl *ctl, struct tt_error *err);
/* As ctl_call, and the link may stay in the transaction that was begun before. A call has its own
 * timeout_ms or 0. */
TT_MUST_CHECK enum tt_rc ctl_call_within(struct ctl *ctl, const struct tt_operation *op, void *args,
	bool is_in_transaction, struct tt_call *call, struct tt_error *err);
void ctl_disconnect(struct ctl *ctl);
/* The path of a file that is kept from one run to the next. */
void ctl_state_path(const struct ctl *ctl, const char *name, char *dst, size_t size);
/* Make the folders of a file's path; what fails shows when the file is opened. */
void ctl_state_folders(const char *path);
enum tt_rc ctl_login(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_logout(struct ctl *ctl, int argc, char **argv, struct tt_error *err);

/* ask.c */
/* Asks on the terminal without echo; TT_USAGE, naming the option that would have told, without one.
 * Free with tt_password_free. */
TT_MUST_CHECK enum tt_rc ctl_ask_password(struct ctl *ctl, const char *prompt, const char *option,
	char **password, struct tt_error *err);

/* secret.c: what an operation hides in its parameters. */
/* A code of the second factor that was not given. */
TT_MUST_CHECK enum tt_rc ctl_secret_totp(
	struct ctl *ctl, const struct tt_operation *op, void *args, struct tt_error *err);
/* Whether it takes --new-password-file. */
bool ctl_secret_is_new(const struct tt_operation *op);
/* Proof of the own password, and a new secret, from the file or asked for; with a session. */
TT_MUST_CHECK enum tt_rc ctl_secret_fill(struct ctl *ctl, const struct tt_operation *op, void *args,
	const char *file, struct tt_error *err);
/* Put the one-time password into the answer of who was given it. */
void ctl_secret_tell(struct ctl *ctl, const struct tt_rows *rows);
/* What is for a camera, an authenticator's address or a badge, as a QR code on a terminal. */
void ctl_secret_draw(
	const struct ctl *ctl, const struct tt_operation *op, const struct tt_rows *rows);
/* "password" or "PIN", from a file, or asked for twice; TT_USAGE for one that is no good. Free with
 * tt_password_free, whatever it returns. */
TT_MUST_CHECK enum tt_rc ctl_new_password(struct ctl *ctl, const char *what, const char *file,
	bool is_pin, char **secret, struct tt_error *err);

/* operate.c: any row of the operation table. */
/* argv: what stands behind its name, up to NULL. */
enum tt_rc ctl_operate(
	struct ctl *ctl, const struct tt_operation *op, char **argv, struct tt_error *err);
void ctl_operation_help(const struct tt_operation *op, FILE *out);
/* Whether "--name" or "--name=VALUE" is a parameter of op. */
bool ctl_operation_takes(const struct tt_operation *op, const char *option);

/* What a refusal says: TT_DENIED with its message, else TT_REFUSED or TT_CONFLICT without one, for
 * the answer itself says it. An outcome of another class is TT_OK. */
TT_MUST_CHECK enum tt_rc ctl_judge(const char *outcome, struct tt_error *err);

/* What "rate_limited" says of an "import" or "export": TT_CONFLICT, with the time to wait. */
enum tt_rc ctl_too_many(const char *what, const struct tt_rows *rows, struct tt_error *err);

/* print.c */
void ctl_print_rows(const struct ctl *ctl, const struct tt_operation *op,
	const struct tt_rows *rows, FILE *out);
void ctl_print_error(const struct ctl *ctl, const struct tt_error *err);

/* database.c */
enum tt_rc ctl_db_init(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_db_migrate(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_db_status(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_db_demo(struct ctl *ctl, int argc, char **argv, struct tt_error *err);

/* import.c */
enum tt_rc ctl_import_bags(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_import_children(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_import_bills(struct ctl *ctl, int argc, char **argv, struct tt_error *err);

/* check.c, metrics.c, completion.c */
enum tt_rc ctl_check(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_metrics(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_completion(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
/* What a check that could not be made prints; returns the status of the plugin. */
int ctl_check_failed(enum tt_rc rc, struct tt_error *err);

/* remote.c */
/* Replace argv by what the ssh client asked for; the words live until ctl_remote_fini. TT_DENIED
 * for options that name files or another database. */
TT_MUST_CHECK enum tt_rc ctl_remote(struct ctl *ctl, int *argc, char ***argv, struct tt_error *err);
/* TT_DENIED for a command that is not for those who come by ssh. Operations all are. */
TT_MUST_CHECK enum tt_rc ctl_remote_may(const struct ctl_command *command, struct tt_error *err);
void ctl_remote_fini(struct ctl *ctl);

/* export.c */
enum tt_rc ctl_export_bags(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_export_scans(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_export_bills(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_export_audit(struct ctl *ctl, int argc, char **argv, struct tt_error *err);

/* bill.c, label.c, summary.c */
enum tt_rc ctl_summary_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_bill_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_label_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err);

#endif

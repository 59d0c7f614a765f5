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

enum ctl_format { CTL_TEXT, CTL_JSON, CTL_CSV };

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
	char *password;	       /* that one logged in with, until it proves something */
	const char *new_password_file; /* for a login with a one-time password */
	char once[TT_ONCE_LENGTH]; /* the one-time password that is being set; "" none */
	bool is_own_session; /* opened for this call: closed after it */
};

/* A command that is no operation. argv[0] is the first word after its name. */
struct ctl_command {
	const char *noun, *verb; /* verb NULL: one word */
	enum tt_rc (*run)(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
	const char *options, *help;
};
extern const struct ctl_command ctl_commands[]; /* ends with noun NULL */

/* client.c */
/* TT_CONFIG when no database is named anywhere. */
TT_MUST_CHECK enum tt_rc ctl_need_dsn(const struct ctl *ctl, struct tt_error *err);
TT_MUST_CHECK enum tt_rc ctl_connect(struct ctl *ctl, struct tt_error *err);
/* The kept session, or one for --user; TT_DENIED when there is neither. */
TT_MUST_CHECK enum tt_rc ctl_authenticate(struct ctl *ctl, struct tt_error *err);
TT_MUST_CHECK enum tt_rc ctl_call(struct ctl *ctl, const struct tt_operation *op, void *args,
	struct tt_call *call, struct tt_error *err);
/* The same, and the link may stay in the transaction that was begun before. */
TT_MUST_CHECK enum tt_rc ctl_call_within(struct ctl *ctl, const struct tt_operation *op, void *args,
	bool is_in_transaction, struct tt_call *call, struct tt_error *err);
void ctl_disconnect(struct ctl *ctl);
enum tt_rc ctl_login(struct ctl *ctl, int argc, char **argv, struct tt_error *err);
enum tt_rc ctl_logout(struct ctl *ctl, int argc, char **argv, struct tt_error *err);

/* ask.c */
/* Asks on the terminal without echo; TT_USAGE, naming the option that would have told, without one.
 * Free with tt_password_free. */
TT_MUST_CHECK enum tt_rc ctl_ask_password(struct ctl *ctl, const char *prompt, const char *option,
	char **password, struct tt_error *err);

/* secret.c: what an operation hides in its parameters. */
/* A code of the second factor that was not given. */
TT_MUST_CHECK enum tt_rc ctl_secret_totp(struct ctl *ctl, const struct tt_operation *op,
	void *args, struct tt_error *err);
/* Whether it takes --new-password-file. */
bool ctl_secret_is_new(const struct tt_operation *op);
/* Proof of the own password, and a new secret, from the file or asked for; with a session. */
TT_MUST_CHECK enum tt_rc ctl_secret_fill(struct ctl *ctl, const struct tt_operation *op,
	void *args, const char *file, struct tt_error *err);
/* Put the one-time password into the answer of who was given it. */
void ctl_secret_tell(struct ctl *ctl, const struct tt_rows *rows);
/* What is for a camera, an authenticator's address or a badge, as a QR code on a terminal. */
void ctl_secret_draw(const struct ctl *ctl, const struct tt_operation *op,
	const struct tt_rows *rows);
/* "password" or "PIN", from a file, or asked for twice; TT_USAGE for one that is no good. Free with
 * tt_password_free, whatever it returns. */
TT_MUST_CHECK enum tt_rc ctl_new_password(struct ctl *ctl, const char *what, const char *file,
	bool is_pin, char **secret, struct tt_error *err);

/* operate.c: any row of the operation table. */
enum tt_rc ctl_operate(struct ctl *ctl, const struct tt_operation *op, int argc, char **argv,
	struct tt_error *err);
void ctl_operation_help(const struct tt_operation *op, FILE *out);

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

/* remote.c */
/* Replace argv by what the ssh client asked for; the words live until ctl_remote_fini. TT_DENIED
 * for options that name files or another database. */
TT_MUST_CHECK enum tt_rc ctl_remote(struct ctl *ctl, int *argc, char ***argv,
	struct tt_error *err);
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

/* An option of a command that is no operation: "--name VALUE" or "--name=VALUE". */
struct ctl_option {
	const char *name;
	const char **value; /* borrowed from argv; untouched when the option is not given */
};
/* Take the options of rows, which ends with name NULL, out of argv; argc shrinks. TT_USAGE when a
 * value is missing. */
TT_MUST_CHECK enum tt_rc ctl_take_options(const struct ctl_option *rows, int *argc, char **argv,
	struct tt_error *err);
/* A word that stands alone: "--name". Take those of rows, which ends with name NULL. */
struct ctl_flag {
	const char *name;
	bool *is_given;
};
void ctl_take_flags(const struct ctl_flag *rows, int *argc, char **argv);
/* TT_USAGE when a word is left over. */
TT_MUST_CHECK enum tt_rc ctl_no_more(int argc, char **argv, struct tt_error *err);

#endif

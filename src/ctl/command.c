/*
 * The commands that are no operations, with their options. The same rows parse, print the help and
 * complete in the shell.
 */
#include <limits.h>
#include <string.h>

#include "ctl.h"

/* clang-format off */
#define END {NULL, NULL, NULL}

const struct ctl_option ctl_flags[] = {
	{"--json", NULL, "answer in JSON"},
	{"--csv", NULL, "answer as comma-separated values"},
	{"--no-input", NULL, "never ask"},
	{"--no-progress", NULL, "no line of progress on a terminal"},
	{"--yes", NULL, "answer yes where it would ask"},
	{"--config", "FILE", "settings, in place of the person's own"},
	{"--help", NULL, "all commands; behind one, what it takes"},
	{"--version", NULL, "say which version this is"},
	END};

const struct ctl_option ctl_secret_options[] = {
	{"--new-password-file", "FILE", "file whose first line is the new password or PIN"}, END};

static const struct ctl_option command_init[] = {
	{"--admin", "LOGIN", "the first administrator"},
	{"--new-password-file", "FILE", "file whose first line is the password"}, END};
static const struct ctl_option command_demo[] = {
	{"--passwords", "DIR", "folder for a file with the password of each"},
	{"--dispatchers", "N", "how many dispatchers, 200 when not given"}, END};
static const struct ctl_option command_bill[] = {
	{"--pdf", "FILE", "write a PDF; - is the output"},
	{"--text", NULL, "text, as without --pdf"}, END};
#define IMPORT_OPTIONS \
	{"--all-or-nothing", NULL, "the usual: nothing stays when a row is refused"}, \
	{"--good-rows", NULL, "leave out rows that are refused"}, \
	{"--dry-run", NULL, "do all of it and take it back"}, \
	{"--errors", "FILE", "where refused rows are written"}, \
	{"--event", "UUID", "the import's id"}, {"--batch", "ROWS", "rows of a transaction"}
static const struct ctl_option command_import[] = {IMPORT_OPTIONS,
	{"--area", "AREA", "of new parents"}, END};
static const struct ctl_option command_import_bills[] = {IMPORT_OPTIONS, END};
static const struct ctl_option command_export[] = {{"--ndjson", NULL, "a JSON object a line"},
	{"--raw", NULL, "leave texts that look like formulas"},
	{"--area", "AREA", "of this area only"}, {"--from", "TIME", "since then"},
	{"--to", "TIME", "before then"}, {"--after", "KEY", "go on behind this key"},
	{"--output", "FILE", "write it there, whole or not at all"},
	{"-o", "FILE", "the same"}, END};
static const struct ctl_option command_summary[] = {
	{"--date", "DATE", "business day such as 2026-11-21; today's when not given"},
	{"--text", NULL, "text, the usual"}, {"--pdf", "FILE", "write a PDF; - is the output"},
	END};
static const struct ctl_option command_label[] = {
	{"--pdf", "FILE", "write a PDF; - is the output"},
	{"--size", "100x50|100x150|50x25|a4-24|a4-21|a4-65", "of a label, or of a sheet of them"},
	{"--qr", NULL, "draw them on the screen"}, END};
#define LIMIT "WARN,CRIT"
static const struct ctl_option command_check[] = {
	{"--exceptions", LIMIT, "open exceptions; 1,20"},
	{"--exceptions-age", LIMIT, "seconds that the oldest one waits; 3600,86400"},
	{"--notifications", LIMIT, "notifications that nobody has acknowledged; 10,100"},
	{"--connections", LIMIT, "percent of the server's connections in use; 80,95"},
	{"--waiting", LIMIT, "connections that wait for a lock; 10,50"},
	{"--transaction", LIMIT, "seconds since the oldest transaction began; 60,600"},
	{"--replicas", LIMIT, "replicas that stream, bad below; -,-"},
	{"--lag", LIMIT, "seconds that the last replica is behind; 10,60"},
	{"--behind", LIMIT, "events that figures are not rolled up for; 100000,1000000"},
	{"--partitions", LIMIT, "months of the ledger made ahead, bad below; 2,1"},
	{"--unsealed", LIMIT, "seconds that the oldest row waits for its seal; 3600,86400"},
	{"--pool-wait", LIMIT, "seconds that a client waits for the pool; 1,5"},
	{"--no-pool", NULL, "don't ask PgBouncer's console"},
	{"--integrity", "SECONDS", "check the invariants for so long; needs a session"}, END};
/* clang-format on */
static const struct ctl_option command_metrics[] = {
	{"--file", "FILE", "write it there, whole or not at all"},
	{"--no-pool", NULL, "don't ask PgBouncer's console"}, END};

const struct ctl_command ctl_commands[] = {
	{"db", "init", ctl_db_init, command_init, "",
		"make the schema in an empty database, and the first administrator"},
	{"db", "migrate", ctl_db_migrate, NULL, "", "bring the schema up to date"},
	{"db", "status", ctl_db_status, NULL, "", "say which version the schema has"},
	{"db", "demo", ctl_db_demo, command_demo, "",
		"make demonstration people with random passwords"},
	{"bill", "print", ctl_bill_print, command_bill, "NUMBER", "a bill as a PDF or as text"},
	{"import", "bags", ctl_import_bags, command_import, "FILE",
		"parents and children from a CSV file"},
	{"import", "children", ctl_import_children, command_import, "FILE",
		"children into parents that are there, from a CSV file"},
	{"import", "bills", ctl_import_bills, command_import_bills, "FILE",
		"bills, and parents onto them, from a CSV file"},
	{"export", "bags", ctl_export_bags, command_export, "", "all bags as CSV or JSON lines"},
	{"export", "scans", ctl_export_scans, command_export, "",
		"all that happened, as CSV or JSON lines"},
	{"export", "bills", ctl_export_bills, command_export, "", "all bills"},
	{"export", "audit", ctl_export_audit, command_export, "", "who changed what"},
	{"summary", "print", ctl_summary_print, command_summary, "",
		"the end of a day: bills and scans by person, scans by area"},
	{"label", "print", ctl_label_print, command_label, "CODE...",
		"labels with QR codes, as a PDF or on the screen"},
	{"check", NULL, ctl_check, command_check, "",
		"health and backlog by the convention of monitoring plugins; status 0 to 3"},
	{"metrics", NULL, ctl_metrics, command_metrics, "", "figures for Prometheus"},
	{"completion", NULL, ctl_completion, NULL, "bash|zsh|fish",
		"the script by which that shell completes"},
	{"login", NULL, ctl_login, ctl_secret_options, "",
		"log in and keep the session for later calls"},
	{"logout", NULL, ctl_logout, NULL, "", "end the kept session"},
	{NULL, NULL, NULL, NULL, NULL, NULL},
};

void ctl_command_name(const struct ctl_command *c, char *dst, size_t size)
{
	tt_format(dst, size, "%s%s%s", c->noun, c->verb ? " " : "", c->verb ? c->verb : "");
}

const struct ctl_command *ctl_command_find(const char *noun, const char *verb)
{
	const struct ctl_command *c;

	for (c = ctl_commands; c->noun; c++) {
		if (strcmp(c->noun, noun) == 0 && (!c->verb || (verb && !strcmp(c->verb, verb))))
			return c;
	}
	return NULL;
}

const struct tt_operation *ctl_operation_find(const char *noun, const char *verb)
{
	const struct tt_operation *op;
	char name[128];

	tt_format(name, sizeof(name), "%s.%s", noun, verb ? verb : "");
	op = tt_operation_find(name);
	return op && !(op->flags & TT_OP_HIDDEN) ? op : NULL;
}

bool ctl_name_at(size_t i, char *dst, size_t size)
{
	const struct tt_operation *op = tt_operations;
	const struct ctl_command *c = ctl_commands;

	for (; c->noun; c++, i--) {
		if (i == 0) {
			ctl_command_name(c, dst, size);
			return true;
		}
	}
	for (; op->name; op++) {
		if (op->flags & TT_OP_HIDDEN || i-- > 0)
			continue;
		tt_copy(dst, size, op->name);
		*strchr(dst, '.') = ' ';
		return true;
	}
	return false;
}

/* "user list, user create"; nothing when there is no such noun. */
static void command_verbs(const char *noun, struct tt_buf *out)
{
	size_t i, n = strlen(noun);
	char name[64];

	for (i = 0; ctl_name_at(i, name, sizeof(name)); i++) {
		if (strncmp(name, noun, n) == 0 && name[n] == ' ')
			tt_buf_printf(out, "%s%s", out->len ? ", " : "", name);
	}
}

enum tt_rc ctl_command_unknown(const char *noun, const char *verb, struct tt_error *err)
{
	char typed[128], name[64], near[64] = "";
	struct tt_buf verbs = {0};
	unsigned least = UINT_MAX;
	size_t i;

	tt_format(typed, sizeof(typed), "%.60s%s%.60s", noun, verb ? " " : "", verb ? verb : "");
	for (i = 0; ctl_name_at(i, name, sizeof(name)); i++) {
		if (tt_is_nearer(typed, name, &least))
			tt_copy(near, sizeof(near), name);
	}
	command_verbs(noun, &verbs);
	if (!verb && verbs.len)
		tt_fail(err, TT_USAGE, "%s what?", noun);
	else
		tt_fail(err, TT_USAGE, "there is no command \"%s\"", typed);
	if (verb && *near)
		tt_error_hint(err, "Did you mean: tracetrackctl %s?", near);
	else if (verbs.len)
		tt_error_hint(err, "There are: %s", verbs.data);
	else if (*near)
		tt_error_hint(err, "Did you mean: tracetrackctl %s?", near);
	else
		tt_error_hint(err, "tracetrackctl --help lists the commands.");
	tt_buf_fini(&verbs);
	return TT_USAGE;
}

void ctl_command_help(const struct ctl_command *c, FILE *out)
{
	const struct ctl_option *row;
	char name[64];

	ctl_command_name(c, name, sizeof(name));
	fprintf(out, "usage: tracetrackctl %s%s%s", name, *c->words ? " " : "", c->words);
	for (row = c->options; row && row->name; row++)
		fprintf(out, row->value ? " [%s %s]" : " [%s]", row->name, row->value);
	fprintf(out, "\n%s\n", c->help);
	for (row = c->options; row && row->name; row++)
		fprintf(out, "%s  %-14s %s\n", row == c->options ? "\n" : "", row->name, row->help);
}

/*
 * tracetrack-stress: many real stations at once, and what came of it.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/log.h>
#include <tracetrack/process.h>
#include <tracetrack/settings.h>

#include "agent.h"
#include "end.h"
#include "gate.h"
#include "lead.h"
#include "prepare.h"
#include "report.h"
#include "run.h"

enum { STATUS_PASSED, STATUS_FAILED, STATUS_INCOMPLETE };

struct arguments {
	struct tt_settings settings;
	struct run_options run;
	const char *profile, *gates;
	double threshold, least_ms;
	bool wants_help, wants_version;
	const char *words[4];
	int nwords;
	char program[PATH_MAX], state[PATH_MAX]; /* unless they are given */
};

/* ---- arguments */

enum option_type { OPTION_TEXT, OPTION_LONG, OPTION_REAL, OPTION_FLAG };

static const struct option_row {
	const char *name;
	enum option_type type;
	size_t offset;
	double least, most;
	const char *value, *help;
} option_rows[] = {
#define AT(field) offsetof(struct arguments, field)
	{"--clients", OPTION_LONG, AT(run.clients), 1, 2000, "N",
		"stations, instead of the profile's"},
	{"--time-scale", OPTION_REAL, AT(run.scale), 0.0001, 100, "F",
		"all times of the profile's stages times F"},
	{"--hosts", OPTION_LONG, AT(run.hosts), 1, 64, "N",
		"lead N hosts, which do the work: tracetrack-stress agent RUN on each"},
	{"--rate", OPTION_REAL, AT(run.rate), 0.1, 100000, "PER_S",
		"of an open loop's peak, instead of the profile's"},
	{"--seed", OPTION_LONG, AT(run.seed), 0, 1e15, "N",
		"the same operations for the same seed"},
	{"--out", OPTION_TEXT, AT(run.out), 0, 0, "DIR",
		"folder of the report (stress-report; of an agent stress-agent-N)"},
	{"--gates", OPTION_TEXT, AT(gates), 0, 0, "FILE",
		"what must be reached, instead of the profile's gates; none: nothing"},
	{"--passwords", OPTION_TEXT, AT(run.passwords), 0, 0, "DIR",
		"a file for each login; $TRACETRACK_DEMO_PASSWORDS"},
	{"--dsn-admin", OPTION_TEXT, AT(run.dsns.admin), 0, 0, "CONNINFO",
		"the owner, for the end state; $TRACETRACK_DSN_ADMIN"},
	{"--dsn-monitor", OPTION_TEXT, AT(run.dsns.monitor), 0, 0, "CONNINFO",
		"statistics of PostgreSQL; $TRACETRACK_DSN_MONITOR"},
	{"--dsn-console", OPTION_TEXT, AT(run.dsns.console), 0, 0, "CONNINFO",
		"PgBouncer's console; $TRACETRACK_DSN_CONSOLE"},
	{"--program", OPTION_TEXT, AT(run.program), 0, 0, "FILE", "the station (tracetrack)"},
	{"--give-up", OPTION_REAL, AT(run.give_up_s), 1, 3600, "SECONDS",
		"end a run whose database answers nothing (15)"},
	{"--state", OPTION_TEXT, AT(run.state), 0, 0, "DIR",
		"folder of the outboxes, kept (in the report's, removed)"},
	{"--ui", OPTION_FLAG, AT(run.has_ui), 0, 0, NULL,
		"a live view on the terminal; q ends the run"},
	{"--quiet", OPTION_FLAG, AT(run.is_quiet), 0, 0, NULL,
		"nothing on standard error but errors"},
	{"--threshold", OPTION_REAL, AT(threshold), 0, 10000, "PERCENT",
		"of compare: worse by more is a regression (20)"},
	{"--least-ms", OPTION_REAL, AT(least_ms), 0, 10000, "MS",
		"of compare: a time that grew by less is none (0.5)"},
	{"--help", OPTION_FLAG, AT(wants_help), 0, 0, NULL, "this text"},
	{"--version", OPTION_FLAG, AT(wants_version), 0, 0, NULL, "the version"},
#undef AT
};

static void main_help(void)
{
	char left[64];
	size_t i;

	puts("usage: tracetrack-stress run PROFILE [OPTION]...\n"
	     "       tracetrack-stress agent RUN [OPTION]...\n"
	     "       tracetrack-stress compare OLD.json NEW.json [--threshold PERCENT]\n"
	     "       tracetrack-stress profiles\n");
	for (i = 0; i < sizeof(option_rows) / sizeof(*option_rows); i++) {
		tt_format(left, sizeof(left), "%s %s", option_rows[i].name,
			option_rows[i].value ? option_rows[i].value : "");
		printf("  %-24s%s\n", left, option_rows[i].help);
	}
	puts("  --dsn CONNINFO          the stations' database, by its PgBouncer; "
	     "$TRACETRACK_DSN\n\n"
	     "Status: 0 passed, 1 a gate or comparison failed, 2 incomplete, 64 usage.\n"
	     "Manual: tracetrack-stress(1), tracetrack-stress-report(5).");
}

static enum tt_rc main_set(
	const struct option_row *row, struct arguments *a, const char *value, struct tt_error *err)
{
	void *field = (char *)a + row->offset;
	double number;
	char *end;

	if (row->type == OPTION_TEXT) {
		*(const char **)field = value;
		return TT_OK;
	}
	number = strtod(value, &end);
	if (*end != '\0' || end == value || !(number >= row->least && number <= row->most) ||
		(row->type == OPTION_LONG && number != (double)(long)number))
		return tt_fail(err, TT_USAGE, "%s is a number from %g to %g, not \"%.40s\"",
			row->name, row->least, row->most, value);
	if (row->type == OPTION_REAL)
		*(double *)field = number;
	else
		*(long *)field = (long)number;
	return TT_OK;
}

static const struct option_row *main_option(const char *arg, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(option_rows) / sizeof(*option_rows); i++) {
		if (strlen(option_rows[i].name) == len && !strncmp(option_rows[i].name, arg, len))
			return &option_rows[i];
	}
	return NULL;
}

static enum tt_rc main_unknown(const char *arg, struct tt_error *err)
{
	const char *near = NULL;
	unsigned least = UINT_MAX;
	char name[64];
	size_t i;

	tt_copy_n(name, sizeof(name), arg, strcspn(arg, "="));
	tt_fail(err, TT_USAGE, "unknown option \"%s\"", name);
	for (i = 0; i < sizeof(option_rows) / sizeof(*option_rows); i++) {
		if (tt_is_nearer(name, option_rows[i].name, &least))
			near = option_rows[i].name;
	}
	if (near)
		tt_error_hint(err, "Did you mean %s?", near);
	else
		tt_error_hint(err, "tracetrack-stress --help lists them.");
	return TT_USAGE;
}

static enum tt_rc main_take_options(
	struct arguments *a, int argc, char **argv, struct tt_error *err)
{
	const struct option_row *row;
	enum tt_rc rc = TT_OK;
	const char *value;
	size_t len;
	int i;

	for (i = 1; i < argc && rc == TT_OK; i++) {
		if (strncmp(argv[i], "--", 2) != 0) {
			if (a->nwords == 4)
				return tt_fail(err, TT_USAGE, "what is \"%.60s\"?", argv[i]);
			a->words[a->nwords++] = argv[i];
			continue;
		}
		len = strcspn(argv[i], "=");
		row = main_option(argv[i], len);
		if (!row)
			return main_unknown(argv[i], err);
		value = argv[i][len] == '=' ? argv[i] + len + 1 : NULL;
		if (row->type == OPTION_FLAG) {
			*(bool *)((char *)a + row->offset) = true;
			continue;
		}
		if (!value && i + 1 < argc)
			value = argv[++i];
		rc = value ? main_set(row, a, value, err)
			   : tt_fail(err, TT_USAGE, "%s needs a value", row->name);
	}
	return rc;
}

static const char *main_or(const char *given, const char *variable)
{
	const char *value = given ? given : getenv(variable);

	return value && *value ? value : NULL;
}

/* ---- files beside the program */

/* Where this program is, and what belongs to it: in the build tree, or installed. */
static void main_beside(char *dst, size_t size, const char *const *places, const char *name)
{
	char exe[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	for (; *places; places++) {
		tt_format(dst, size, "%s/%s%s", exe, *places, name);
		if (access(dst, R_OK) == 0)
			return;
	}
}

static const char *const profile_places[] = {
	"../stress/profiles/", "../../stress/profiles/", "../share/tracetrack/profiles/", NULL};
static const char *const gate_places[] = {
	"../stress/gates/", "../../stress/gates/", "../share/tracetrack/gates/", NULL};
static const char *const program_places[] = {"", NULL};

/* ---- run */

static int main_remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void main_finish_files(const struct arguments *a, const struct run *run)
{
	char path[PATH_MAX];
	struct stat st;

	if (!run->has_state)
		return;
	if (!a->run.keeps_state)
		(void)nftw(a->run.state, main_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	tt_format(path, sizeof(path), "%s/stations.err", a->run.out);
	if (stat(path, &st) == 0 && st.st_size == 0)
		(void)unlink(path);
}

static void main_complain(const struct tt_error *err)
{
	dprintf(STDERR_FILENO, "tracetrack-stress: %s\n", err->message);
	if (*err->hint)
		dprintf(STDERR_FILENO, "  %s\n", err->hint);
}

static int main_incomplete(
	const struct arguments *a, const char *profile, const struct tt_error *why)
{
	json_t *report = report_make_failed(&a->run, profile, why->message);
	struct tt_error err;

	main_complain(why);
	if (access(a->run.out, W_OK) == 0 && report_write(report, a->run.out, &err) == TT_OK)
		report_print(report, stdout);
	json_decref(report);
	return STATUS_INCOMPLETE;
}

/* The report, its files, the verdict. */
static int main_conclude(
	struct arguments *a, struct run *r, json_t *gates, const struct report_extras *before)
{
	struct report_extras extras = {.settings = before->settings};
	json_t *statements = server_statements(a->run.dsns.monitor);
	json_t *tables = server_tables(a->run.dsns.monitor), *report;
	struct tt_error err;
	bool is_met, is_complete;

	/* The end state reads all of every table: after those that count that. */
	extras.end_state = end_check(r);
	if (statements)
		extras.statements = server_statements_since(before->statements, statements);
	if (tables && before->tables)
		extras.tables = server_tables_since(before->tables, tables);
	report = report_make(r, &extras);
	is_met = gates_judge(report, gates);
	is_complete = json_is_true(json_object_get(report, "complete"));
	report_print(report, stdout);
	if (report_write(report, a->run.out, &err) != TT_OK) {
		main_complain(&err);
		is_complete = false;
	}
	json_decref(report);
	json_decref(statements);
	json_decref(tables);
	json_decref(extras.statements);
	json_decref(extras.tables);
	json_decref(extras.end_state);
	return !is_complete ? STATUS_INCOMPLETE : is_met ? STATUS_PASSED : STATUS_FAILED;
}

static int main_run_profile(
	struct arguments *a, struct profile *p, json_t *gates, struct tt_error *err)
{
	static struct run run;
	struct report_extras before = {0};
	int status = STATUS_INCOMPLETE;
	enum tt_rc rc;

	run.options = a->run;
	run.profile = p;
	run.host.errors = -1;
	before.settings = server_settings(&a->run.dsns);
	before.statements = server_statements(a->run.dsns.monitor);
	before.tables = server_tables(a->run.dsns.monitor);
	rc = a->run.hosts > 1 ? lead_execute(&run, err) : run_execute(&run, err);
	if (rc == TT_OK)
		status = main_conclude(a, &run, gates, &before);
	else
		status = main_incomplete(a, p->name, err);
	main_finish_files(a, &run);
	lead_fini(&run);
	run_fini(&run);
	json_decref(before.settings);
	json_decref(before.statements);
	json_decref(before.tables);
	return status;
}

static enum tt_rc main_read_gates(
	const struct arguments *a, const struct profile *p, json_t **gates, struct tt_error *err)
{
	char path[PATH_MAX], name[64];

	*gates = NULL;
	if (a->gates && strcmp(a->gates, "none") == 0)
		return TT_OK;
	if (a->gates)
		return gates_read(gates, a->gates, p, err);
	tt_format(name, sizeof(name), "%s.json", p->name);
	main_beside(path, sizeof(path), gate_places, name);
	return access(path, R_OK) == 0 ? gates_read(gates, path, p, err) : TT_OK;
}

static void main_find_profile(char *path, size_t size, const char *word)
{
	char name[NAME_MAX];

	if (strchr(word, '/') || strstr(word, ".json")) {
		tt_copy(path, size, word);
		return;
	}
	tt_format(name, sizeof(name), "%s.json", word);
	main_beside(path, size, profile_places, name);
}

static enum tt_rc main_complete_dsns(struct arguments *a, struct tt_error *err)
{
	struct run_options *o = &a->run;

	o->dsns.station = *a->settings.dsn ? a->settings.dsn : NULL;
	o->dsns.admin = main_or(o->dsns.admin, "TRACETRACK_DSN_ADMIN");
	o->dsns.monitor = main_or(o->dsns.monitor, "TRACETRACK_DSN_MONITOR");
	o->dsns.console = main_or(o->dsns.console, "TRACETRACK_DSN_CONSOLE");
	o->settings = &a->settings;
	if (o->dsns.station)
		return TT_OK;
	tt_fail(err, TT_CONFIG, "no database is named");
	tt_error_hint(err, "Give --dsn or set TRACETRACK_DSN; eval \"$(contrib/sandbox env)\" "
			   "names a sandbox.");
	return TT_CONFIG;
}

/* What stations need. */
static enum tt_rc main_complete_stations(struct arguments *a, struct tt_error *err)
{
	struct run_options *o = &a->run;

	o->passwords = main_or(o->passwords, "TRACETRACK_DEMO_PASSWORDS");
	if (!o->program) {
		main_beside(a->program, sizeof(a->program), program_places, "tracetrack");
		o->program = a->program;
	}
	if (access(o->program, X_OK) < 0)
		return tt_fail(err, TT_CONFIG, "the station %s can't be run: %s", o->program,
			strerror(errno));
	if (o->passwords)
		return TT_OK;
	tt_fail(err, TT_CONFIG, "no passwords are named");
	tt_error_hint(err, "Give --passwords DIR, with a file for each login.");
	return TT_CONFIG;
}

static void main_complete_folders(struct arguments *a, const char *out)
{
	struct run_options *o = &a->run;

	if (!o->out)
		o->out = out;
	tt_format(a->state, sizeof(a->state), "%s/state", o->out);
	o->keeps_state = o->state != NULL;
	if (!o->state)
		o->state = a->state;
}

static int main_run(struct arguments *a)
{
	char path[PATH_MAX];
	struct profile profile = {0};
	struct tt_error err = {0};
	json_t *gates = NULL;
	int status;
	enum tt_rc rc;

	main_complete_folders(a, "stress-report");
	rc = prepare_out(a->run.out, &err);
	if (rc != TT_OK) {
		main_complain(&err);
		return STATUS_INCOMPLETE;
	}
	report_remove(a->run.out);
	main_find_profile(path, sizeof(path), a->words[1]);
	rc = profile_read(&profile, path, &err);
	if (rc == TT_OK)
		rc = main_read_gates(a, &profile, &gates, &err);
	if (rc == TT_OK && a->run.hosts == 1)
		rc = main_complete_stations(a, &err);
	if (rc == TT_OK)
		rc = main_complete_dsns(a, &err);
	status = rc == TT_OK ? main_run_profile(a, &profile, gates, &err)
			     : main_incomplete(a, a->words[1], &err);
	json_decref(gates);
	profile_free(&profile);
	return status;
}

/* ---- agent */

static enum tt_rc main_work_for(
	struct arguments *a, struct agent *agent, struct run *run, struct tt_error *err)
{
	enum tt_rc rc;

	run->options = a->run;
	run->agent = agent;
	rc = prepare_out(a->run.out, err);
	if (rc == TT_OK)
		rc = run_execute(run, err);
	if (rc != TT_OK)
		run_spoil(run, "%s", err->message);
	/* Whatever it came to, the coordinator shall know. */
	rc = agent_finish(agent, run, err);
	main_finish_files(a, run);
	return rc;
}

static int main_agent(struct arguments *a)
{
	static struct run run;
	struct profile profile = {0};
	struct agent *agent = NULL;
	struct tt_error err = {0};
	char out[40];
	enum tt_rc rc;

	run.host.errors = -1;
	rc = main_complete_stations(a, &err);
	if (rc == TT_OK)
		rc = main_complete_dsns(a, &err);
	if (rc == TT_OK && !a->run.dsns.admin)
		rc = tt_fail(&err, TT_CONFIG, "an agent needs --dsn-admin");
	if (rc == TT_OK)
		rc = agent_register(&agent, a->words[1], &a->run, &profile, &err);
	if (rc == TT_OK) {
		tt_format(out, sizeof(out), "stress-agent-%ld", agent_number(agent));
		main_complete_folders(a, out);
		run.profile = &profile;
		rc = main_work_for(a, agent, &run, &err);
	}
	if (rc != TT_OK)
		main_complain(&err);
	else
		printf("host %ld of run %s: %s\n", agent_number(agent), a->words[1],
			*run.why ? run.why : "done");
	run_fini(&run);
	agent_free(agent);
	profile_free(&profile);
	return rc == TT_OK && !*run.why ? STATUS_PASSED : STATUS_INCOMPLETE;
}

/* ---- compare */

static void main_note_stolen(json_t *report, const char *which)
{
	json_t *stolen = json_object_get(json_object_get(report, "hosts"), "stolen");

	if (json_is_true(json_object_get(stolen, "is_warning")))
		printf("note: the hypervisor took %.1f %% of the processors' time in the %s run\n",
			json_number_value(json_object_get(stolen, "mean_percent")), which);
}

/* What makes two runs hard to compare is said, not refused. */
static void main_note_differences(json_t *const *reports)
{
	static const char *const figures[][2] = {{"run", "clients"}, {"run", "time_scale"},
		{"run", "rate"}, {"run", "seed"}, {"run", "loop"}, {"hosts", "cores"},
		{"hosts", "processor"}, {"settings", "postgresql"}, {"settings", "pooler"},
		{NULL, NULL}};
	json_t *sides[2];
	size_t i, j;

	if (!json_equal(json_object_get(reports[0], "profile_file"),
		    json_object_get(reports[1], "profile_file")))
		puts("note: the profiles differ");
	for (i = 0; figures[i][0]; i++) {
		for (j = 0; j < 2; j++)
			sides[j] = json_object_get(
				json_object_get(reports[j], figures[i][0]), figures[i][1]);
		if (sides[0] != sides[1] && !json_equal(sides[0], sides[1]))
			printf("note: the runs differ in %s\n", figures[i][1]);
	}
	main_note_stolen(reports[0], "first");
	main_note_stolen(reports[1], "second");
}

static int main_compare(const struct arguments *a)
{
	json_t *reports[2] = {NULL, NULL};
	struct tt_error err = {0};
	int i, status = STATUS_PASSED;
	unsigned worse;

	for (i = 0; i < 2 && status == STATUS_PASSED; i++) {
		if (report_read(&reports[i], a->words[i + 1], &err) != TT_OK)
			status = STATUS_INCOMPLETE;
		else if (!json_is_true(json_object_get(reports[i], "complete"))) {
			tt_fail(&err, TT_CONFIG, "%s is of a run that is incomplete",
				a->words[i + 1]);
			status = STATUS_INCOMPLETE;
		}
	}
	if (status == STATUS_PASSED) {
		main_note_differences(reports);
		worse = reports_compare(reports[0], reports[1], a->threshold, a->least_ms, stdout);
		printf("%u worse by more than %g %%\n", worse, a->threshold);
		status = worse ? STATUS_FAILED : STATUS_PASSED;
	} else {
		dprintf(STDERR_FILENO, "tracetrack-stress: %s\n", err.message);
	}
	json_decref(reports[0]);
	json_decref(reports[1]);
	return status;
}

/* ---- profiles */

static int main_is_profile(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".json") == 0;
}

static bool main_print_profile(const char *path)
{
	struct profile p;
	struct tt_error err;
	enum tt_rc rc = profile_read(&p, path, &err);

	if (rc == TT_OK)
		printf("%-14s%4ld clients, %5.0f s  %s\n", p.name, p.clients, profile_seconds(&p),
			p.help ? p.help : "");
	else
		dprintf(STDERR_FILENO, "tracetrack-stress: %s\n", err.message);
	profile_free(&p);
	return rc == TT_OK;
}

static int main_profiles(void)
{
	char folder[PATH_MAX], path[PATH_MAX];
	struct dirent **found = NULL;
	int i, n, status = STATUS_PASSED;

	main_beside(folder, sizeof(folder), profile_places, "");
	n = scandir(folder, &found, main_is_profile, alphasort);
	for (i = 0; i < n; i++) {
		tt_format(path, sizeof(path), "%s/%s", folder, found[i]->d_name);
		if (!main_print_profile(path))
			status = STATUS_INCOMPLETE;
		free(found[i]);
	}
	free(found);
	return n > 0 ? status : STATUS_INCOMPLETE;
}

/* ---- the program */

static int main_dispatch(struct arguments *a, struct tt_error *err)
{
	const char *verb = a->nwords ? a->words[0] : "";

	if (strcmp(verb, "run") == 0 && a->nwords == 2)
		return main_run(a);
	if (strcmp(verb, "agent") == 0 && a->nwords == 2)
		return main_agent(a);
	if (strcmp(verb, "compare") == 0 && a->nwords == 3)
		return main_compare(a);
	if (strcmp(verb, "profiles") == 0 && a->nwords == 1)
		return main_profiles();
	tt_fail(err, TT_USAGE,
		*verb ? "that is not how %.40s is asked for" : "what should be done?%.0s", verb);
	tt_error_hint(err, "tracetrack-stress --help says how.");
	return -1;
}

int main(int argc, char **argv)
{
	struct arguments a = {.run = {.scale = 1, .seed = 1, .hosts = 1, .give_up_s = 15},
		.threshold = 20,
		.least_ms = 0.5};
	struct tt_error err = {0};
	int status = -1;
	enum tt_rc rc;

	tt_process_begin();
	rc = tt_settings_load(&a.settings, &argc, argv, &err);
	if (rc == TT_OK)
		rc = tt_log_open(a.settings.log, (enum tt_log_level)a.settings.log_level, &err);
	if (rc == TT_OK)
		rc = main_take_options(&a, argc, argv, &err);
	if (rc == TT_OK && (a.wants_help || a.wants_version)) {
		if (a.wants_help)
			main_help();
		else
			puts("tracetrack-stress " TT_VERSION);
		status = STATUS_PASSED;
	} else if (rc == TT_OK) {
		status = main_dispatch(&a, &err);
	}
	if (status < 0) {
		main_complain(&err);
		status = err.rc == TT_USAGE || err.rc == TT_OK ? 64 : STATUS_INCOMPLETE;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		tt_fail(&err, TT_IO, "the output can't be written");
		main_complain(&err);
		if (status == STATUS_PASSED)
			status = STATUS_INCOMPLETE;
	}
	tt_settings_fini(&a.settings);
	return status;
}

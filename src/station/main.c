/*
 * tracetrack: the station. Settings, then one of the faces.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/log.h>
#include <tracetrack/password.h>
#include <tracetrack/process.h>
#include <tracetrack/text.h>

#include "face.h"

struct main_flags {
	bool is_headless, is_plain, is_demo, is_kiosk, wants_help, wants_version;
};

static const struct {
	const char *name;
	size_t offset;
	const char *help;
} main_options[] = {
	{"--plain", offsetof(struct main_flags, is_plain),
		"line by line, for screen readers and dumb terminals"},
	{"--headless", offsetof(struct main_flags, is_headless),
		"JSON lines on standard input and output, no terminal"},
	{"--kiosk", offsetof(struct main_flags, is_kiosk),
		"a wall screen: read-only, the views of --view in turn, no keys but Ctrl-C"},
	{"--demo", offsetof(struct main_flags, is_demo), "a simulated scanner on F12"},
	{"--help", offsetof(struct main_flags, wants_help), "this text"},
	{"--version", offsetof(struct main_flags, wants_version), "the version"},
};

static void main_help(void)
{
	const struct tt_setting *row;
	size_t i;

	puts("usage: tracetrack [OPTION]...\n");
	for (i = 0; i < sizeof(main_options) / sizeof(*main_options); i++)
		printf("  %-18s%s\n", main_options[i].name, main_options[i].help);
	printf("  %-18s%s\n", "--config FILE", "settings, instead of the user's own file");
	for (row = tt_setting_rows; row->name; row++)
		printf("  --%-16s%s%s%s%s\n", row->name, row->help, row->unit ? " (" : "",
			row->unit ? row->unit : "", row->unit ? ")" : "");
	puts("\nManual: tracetrack(1), tracetrack.conf(5), tracetrack-scanners(7).");
}

static enum tt_rc main_unknown_option(const char *option, struct tt_error *err)
{
	const char *near = NULL;
	unsigned least = UINT_MAX;
	char name[64];
	size_t i;

	tt_copy_n(name, sizeof(name), option, strcspn(option, "="));
	tt_fail(err, TT_USAGE, "unknown option \"%s\"", name);
	if (strncmp(name, "--", 2) == 0)
		near = tt_settings_nearest(name + 2);
	if (near)
		(void)tt_is_nearer(name + 2, near, &least);
	for (i = 0; i < sizeof(main_options) / sizeof(*main_options); i++) {
		if (tt_is_nearer(name, main_options[i].name, &least))
			near = main_options[i].name + 2;
	}
	if (near)
		tt_error_hint(err, "Did you mean --%s? tracetrack --help lists them.", near);
	else
		tt_error_hint(err, "tracetrack --help lists them.");
	return TT_USAGE;
}

static enum tt_rc main_take_flags(
	struct main_flags *flags, int argc, char **argv, struct tt_error *err)
{
	size_t n = sizeof(main_options) / sizeof(*main_options), j;
	int i;

	for (i = 1; i < argc; i++) {
		for (j = 0; j < n && strcmp(argv[i], main_options[j].name) != 0; j++)
			;
		if (j == n)
			return main_unknown_option(argv[i], err);
		*(bool *)((char *)flags + main_options[j].offset) = true;
	}
	return TT_OK;
}

/* The database has no station of another name, and would not say that it is the name. "-" there
 * means no station. */
static enum tt_rc main_check_station(const char *name, struct tt_error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-._";
	size_t len = strlen(name);

	if (len > 0 && len <= 64 && strspn(name, letters) == len && *name != '.' && *name != '_' &&
		strcmp(name, "-") != 0)
		return TT_OK;
	tt_fail(err, TT_CONFIG, "\"%.64s\" can't be the name of a station", name);
	tt_error_hint(err, "Give --station with 1 to 64 letters, digits, hyphens, dots and "
			   "underscores; the first a letter, digit or hyphen.");
	return TT_CONFIG;
}

static enum tt_rc main_check(
	const struct tt_settings *s, const struct main_flags *flags, struct tt_error *err)
{
	if (flags->is_headless && flags->is_plain)
		return tt_fail(err, TT_USAGE, "--headless and --plain exclude each other");
	if (flags->is_kiosk && (flags->is_headless || flags->is_plain))
		return tt_fail(err, TT_USAGE, "--kiosk is for the screen");
	if (*s->dsn == '\0' && !getenv("PGHOST") && !getenv("PGSERVICE")) {
		tt_fail(err, TT_CONFIG, "no database is named");
		tt_error_hint(err, "Give --dsn, set TRACETRACK_DSN, or write dsn = ... in "
				   "tracetrack.conf.");
		return TT_CONFIG;
	}
	if (!flags->is_headless && !flags->is_plain && strcmp(s->log, "-") == 0)
		return tt_fail(err, TT_USAGE, "--log - would write into the screen; name a file");
	return main_check_station(s->station, err);
}

static enum tt_rc main_run_face(
	const struct tt_settings *s, const struct main_flags *flags, struct tt_error *err)
{
	struct face_options options = {
		.settings = s, .is_demo = flags->is_demo, .is_kiosk = flags->is_kiosk};
	enum tt_rc rc = TT_OK;
	uv_loop_t loop;

	if (*s->password_file)
		rc = tt_password_read(&options.password, s->password_file, err);
	if (rc == TT_OK && options.password && *s->user == '\0')
		rc = tt_fail(err, TT_USAGE, "--password-file needs --user");
	if (rc == TT_OK) {
		uv_loop_init(&loop);
		rc = flags->is_headless ? headless_run(&loop, &options, err)
		     : flags->is_plain  ? plain_run(&loop, &options, err)
					: screen_run(&loop, &options, err);
		uv_loop_close(&loop);
	}
	tt_password_free(options.password);
	return rc;
}

static enum tt_rc main_flush(struct tt_error *err)
{
	if (fflush(stdout))
		return tt_fail(err, TT_IO, "the output can't be written");
	return TT_OK;
}

static enum tt_rc main_run(int argc, char **argv, struct tt_settings *s, struct tt_error *err)
{
	struct main_flags flags = {0};
	enum tt_rc rc;

	rc = tt_settings_load(s, &argc, argv, err);
	if (rc == TT_OK)
		rc = main_take_flags(&flags, argc, argv, err);
	if (rc == TT_OK && flags.wants_help) {
		main_help();
		return main_flush(err);
	}
	if (rc == TT_OK && flags.wants_version) {
		puts("tracetrack " TT_VERSION);
		return main_flush(err);
	}
	/* Nobody could unlock it. */
	if (flags.is_headless || flags.is_kiosk)
		s->idle_lock = 0;
	if (flags.is_kiosk)
		s->read_only = 1;
	if (rc == TT_OK)
		rc = main_check(s, &flags, err);
	if (rc == TT_OK)
		rc = tt_log_open(s->log, (enum tt_log_level)s->log_level, err);
	return rc == TT_OK ? main_run_face(s, &flags, err) : rc;
}

int main(int argc, char **argv)
{
	struct tt_settings settings = {0};
	struct tt_error err = {0};
	enum tt_rc rc;

	tt_process_begin();
	rc = main_run(argc, argv, &settings, &err);
	tt_settings_fini(&settings);
	if (rc != TT_OK && err.message[0] != '\0') {
		dprintf(STDERR_FILENO, "tracetrack: %s\n", err.message);
		if (*err.detail)
			dprintf(STDERR_FILENO, "  %s\n", err.detail);
		if (*err.hint)
			dprintf(STDERR_FILENO, "  %s\n", err.hint);
	}
	return tt_rc_exit_status(rc);
}

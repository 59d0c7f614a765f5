/*
 * Settings: which of the places is the strongest, and what is said of what can't be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/settings.h>
#include <tracetrack/text.h>

static char home[] = "/tmp/tracetrack-settings-XXXXXX";

static int make_home(void **state)
{
	char path[128];

	(void)state;
	if (!mkdtemp(home))
		return -1;
	setenv("HOME", home, 1);
	unsetenv("XDG_CONFIG_HOME");
	tt_format(path, sizeof(path), "%s/.config", home);
	mkdir(path, 0700);
	tt_format(path, sizeof(path), "%s/.config/tracetrack", home);
	return mkdir(path, 0700);
}

static int remove_home(void **state)
{
	static const char *const rows[] = {"%s/.config/tracetrack/tracetrack.conf", "%s/other.conf",
		"%s/.config/tracetrack", "%s/.config", "%s"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(path, sizeof(path), rows[i], home);
		remove(path);
	}
	return access(home, F_OK) == 0 ? -1 : 0;
}

static const char *write_file(const char *name, const char *text)
{
	static char path[128];
	FILE *f;

	tt_format(path, sizeof(path), "%s/%s", home, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void write_user_file(const char *text)
{
	write_file(".config/tracetrack/tracetrack.conf", text);
}

/* Load with these words behind the program's name; *argc is what is left. */
static enum tt_rc load(struct tt_settings *s, int *argc, char **argv, struct tt_error *err)
{
	memset(err, 0, sizeof(*err));
	for (*argc = 0; argv[*argc]; ++*argc)
		;
	return tt_settings_load(s, argc, argv, err);
}

#define WORDS(...)                                     \
	(char *[])                                     \
	{                                              \
		(char[]){"program"}, __VA_ARGS__, NULL \
	}
#define WORD(text)   \
	(char[])     \
	{            \
		text \
	}

static void options_beat_environment_beats_file_beats_built_in(void **state)
{
	struct tt_settings s;
	struct tt_error err;
	int argc;

	(void)state;
	write_user_file("");
	assert_int_equal(load(&s, &argc, WORDS(NULL), &err), TT_OK);
	assert_int_equal(s.answer_within, 35);
	tt_settings_fini(&s);

	write_user_file("answer-within = 50\n");
	assert_int_equal(load(&s, &argc, WORDS(NULL), &err), TT_OK);
	assert_int_equal(s.answer_within, 50);
	tt_settings_fini(&s);

	setenv("TRACETRACK_ANSWER_WITHIN", "60", 1);
	assert_int_equal(load(&s, &argc, WORDS(NULL), &err), TT_OK);
	assert_int_equal(s.answer_within, 60);
	tt_settings_fini(&s);

	assert_int_equal(load(&s, &argc, WORDS(WORD("--answer-within"), WORD("70")), &err), TT_OK);
	assert_int_equal(s.answer_within, 70);
	tt_settings_fini(&s);

	assert_int_equal(load(&s, &argc, WORDS(WORD("--answer_within=80")), &err), TT_OK);
	assert_int_equal(s.answer_within, 80);
	tt_settings_fini(&s);
	unsetenv("TRACETRACK_ANSWER_WITHIN");
	write_user_file("");
}

static void config_takes_the_place_of_the_persons_file(void **state)
{
	struct tt_settings s;
	struct tt_error err;
	char option[160];
	int argc;

	(void)state;
	write_user_file("answer-within = 50\nuser = asha\n");
	tt_format(option, sizeof(option), "--config=%s", write_file("other.conf", "user = ravi\n"));
	assert_int_equal(load(&s, &argc, WORDS(option), &err), TT_OK);
	assert_int_equal(s.answer_within, 35);
	assert_string_equal(s.user, "ravi");
	assert_int_equal(argc, 1);
	tt_settings_fini(&s);
	assert_int_equal(
		load(&s, &argc, WORDS(WORD("--config"), WORD("/none/at/all")), &err), TT_CONFIG);
	assert_non_null(strstr(err.message, "/none/at/all"));
	tt_settings_fini(&s);
	write_user_file("");
}

static void what_is_no_setting_stays_for_the_program(void **state)
{
	char **argv = WORDS(WORD("bag"), WORD("--user=x"), WORD("show"), WORD("--limit"), WORD("3"),
		WORD("--"), WORD("--user=y"));
	struct tt_settings s;
	struct tt_error err;
	int argc;

	(void)state;
	assert_int_equal(load(&s, &argc, argv, &err), TT_OK);
	assert_string_equal(s.user, "x");
	assert_int_equal(argc, 7);
	assert_string_equal(argv[2], "show");
	assert_string_equal(argv[3], "--limit");
	assert_string_equal(argv[6], "--user=y");
	assert_null(argv[7]);
	tt_settings_fini(&s);
}

static void a_switch_may_stand_alone(void **state)
{
	struct tt_settings s;
	struct tt_error err;
	int argc;

	(void)state;
	assert_int_equal(load(&s, &argc, WORDS(WORD("--read-only"), WORD("bag")), &err), TT_OK);
	assert_int_equal(s.read_only, 1);
	assert_int_equal(argc, 2);
	tt_settings_fini(&s);
	assert_int_equal(load(&s, &argc, WORDS(WORD("--bell=no")), &err), TT_OK);
	assert_int_equal(s.bell, 0);
	tt_settings_fini(&s);
	assert_int_equal(load(&s, &argc, WORDS(WORD("--user")), &err), TT_USAGE);
	assert_non_null(strstr(err.message, "--user needs a value"));
	tt_settings_fini(&s);
}

static void lists_grow_in_order(void **state)
{
	struct tt_settings s;
	struct tt_error err;
	int argc;

	(void)state;
	write_user_file("scanner = a=pipe:/a\n");
	assert_int_equal(
		load(&s, &argc,
			WORDS(WORD("--scanner"), WORD("b=pipe:/b"), WORD("--scanner=c=wedge")),
			&err),
		TT_OK);
	assert_int_equal(s.scanner.count, 3);
	assert_string_equal(s.scanner.items[0], "a=pipe:/a");
	assert_string_equal(s.scanner.items[2], "c=wedge");
	tt_settings_fini(&s);
	assert_int_equal(s.scanner.count, 0);
	write_user_file("");
}

static enum tt_rc read_text(const char *text, struct tt_settings *s, struct tt_error *err)
{
	memset(err, 0, sizeof(*err));
	tt_settings_init(s);
	return tt_settings_read_text(s, text, "here", err);
}

static void a_file_may_be_laid_out_for_people(void **state)
{
	struct tt_settings s;
	struct tt_error err;

	(void)state;
	assert_int_equal(
		read_text("\xef\xbb\xbf# words\r\n; more\r\n\r\n[database]\r\n"
			  "\tdsn=host=a port=6432\r\n  USER  =  asha  \r\nlog_level = debug",
			&s, &err),
		TT_OK);
	assert_string_equal(s.dsn, "host=a port=6432");
	assert_string_equal(s.user, "asha");
	assert_int_equal(s.log_level, 3);
	tt_settings_fini(&s);
}

static void a_line_may_be_long(void **state)
{
	char text[5000] = "dsn = ";
	struct tt_settings s;
	struct tt_error err;

	(void)state;
	memset(text + 6, 'x', 4000);
	strcpy(text + 4006, "\nuser = y\n");
	assert_int_equal(read_text(text, &s, &err), TT_OK);
	assert_int_equal(strlen(s.dsn), 4000);
	assert_string_equal(s.user, "y");
	tt_settings_fini(&s);
}

static void what_is_wrong_in_a_file_is_said_with_its_line(void **state)
{
	static const struct {
		const char *text, *message, *hint;
	} rows[] = {
		{"user = x\n\nanswer_wihtin = 3\n", "here:3: unknown setting \"answer_wihtin\"",
			"answer-within"},
		{"frobnicate = 3\n", "here:1: unknown setting", ""},
		{"user = x\nnonsense\n", "here:2: this is not \"name = value\"", "tracetrack.conf"},
		{"= 3\n", "here:1: this is not", ""},
		{"answer-within = 99999999\n",
			"here:1: answer-within must be a number from 0 to 60000", ""},
		{"answer-within = -1\n", "from 0 to 60000", ""},
		{"answer-within = 4o\n", "from 0 to 60000", ""},
		{"answer-within =\n", "from 0 to 60000", ""},
		{"answer-within = 9999999999999999999999\n", "from 0 to 60000", ""},
		{"bell = maybe\n", "must be on or off, not \"maybe\"", ""},
		{"color = red\n", "one of auto|always|never", ""},
		{"color = au\n", "one of", ""},
		{"user = \xff\n", "not text in UTF-8", ""},
	};
	struct tt_settings s;
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &s, &err), TT_CONFIG);
		if (!strstr(err.message, rows[i].message) || !strstr(err.hint, rows[i].hint))
			fail_msg("%s gave: %s; %s", rows[i].text, err.message, err.hint);
		tt_settings_fini(&s);
	}
}

static void every_row_has_a_built_in_value_that_fits(void **state)
{
	struct tt_settings s;
	struct tt_error err;

	(void)state;
	tt_settings_init(&s);
	for (const struct tt_setting *row = tt_setting_rows; row->name; row++) {
		assert_non_null(row->help);
		if (row->type == TT_SET_TEXT || row->type == TT_SET_LIST)
			continue;
		assert_int_equal(
			tt_settings_set(&s, row->name, row->fallback, "table", TT_CONFIG, &err),
			TT_OK);
	}
	tt_settings_fini(&s);
}

static void the_environment_is_named(void **state)
{
	struct tt_settings s;
	struct tt_error err;
	int argc;

	(void)state;
	setenv("TRACETRACK_LOG_LEVEL", "loud", 1);
	assert_int_equal(load(&s, &argc, WORDS(NULL), &err), TT_CONFIG);
	assert_non_null(strstr(err.message, "TRACETRACK_LOG_LEVEL: log-level must be one of"));
	tt_settings_fini(&s);
	unsetenv("TRACETRACK_LOG_LEVEL");
}

static void a_station_has_a_name(void **state)
{
	struct tt_settings s;
	struct tt_error err;
	char host[256];
	int argc;

	(void)state;
	assert_int_equal(gethostname(host, sizeof(host)), 0);
	assert_int_equal(load(&s, &argc, WORDS(NULL), &err), TT_OK);
	assert_string_equal(s.station, host);
	tt_settings_fini(&s);
}

static void the_nearest_name_is_proposed(void **state)
{
	(void)state;
	assert_string_equal(tt_settings_nearest("scaner"), "scanner");
	assert_string_equal(tt_settings_nearest("STATE_DIRR"), "state-dir");
	assert_null(tt_settings_nearest("frobnicate"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_beat_environment_beats_file_beats_built_in),
		cmocka_unit_test(config_takes_the_place_of_the_persons_file),
		cmocka_unit_test(what_is_no_setting_stays_for_the_program),
		cmocka_unit_test(a_switch_may_stand_alone),
		cmocka_unit_test(lists_grow_in_order),
		cmocka_unit_test(a_file_may_be_laid_out_for_people),
		cmocka_unit_test(a_line_may_be_long),
		cmocka_unit_test(what_is_wrong_in_a_file_is_said_with_its_line),
		cmocka_unit_test(every_row_has_a_built_in_value_that_fits),
		cmocka_unit_test(the_environment_is_named),
		cmocka_unit_test(a_station_has_a_name),
		cmocka_unit_test(the_nearest_name_is_proposed),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}

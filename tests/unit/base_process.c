/*
 * What a program does first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <tracetrack/process.h>

/* What HOME is of a program that begins with that one; NULL: none. */
static const char *home_from(const char *home)
{
	if (home)
		setenv("HOME", home, 1);
	else
		unsetenv("HOME");
	tt_process_begin();
	return getenv("HOME");
}

static void test_home(void **state)
{
	const struct passwd *user = getpwuid(getuid());
	char own[4096];

	(void)state;
	if (!user)
		skip();
	assert_true(snprintf(own, sizeof(own), "%s", user->pw_dir) > 0);
	assert_string_equal(home_from("/somewhere"), "/somewhere");
	assert_string_equal(home_from(NULL), own);
	assert_string_equal(home_from(""), own);
	assert_string_equal(home_from("below"), own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_home)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

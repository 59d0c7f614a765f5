/*
 * Passwords: answers that another program of Argon2 gave (argon2 of Debian 12), the floor, files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/password.h>
#include <tracetrack/text.h>

/* "0123456789abcdef" in hex. */
static const char salt[] = "30313233343536373839616263646566";

static void answers_are_those_of_others(void **state)
{
	static const struct {
		const char *password;
		int64_t ops, mem;
		const char *proof;
	} rows[] = {
		/* argon2 SALT -id -t 2 -k 19456 -p 1 -l 32 -r */
		{"correct horse", 2, 19456 * 1024,
			"ae4d8c8b713876044c8347c76986a9b5655944aaacfffe9bea4dff9e7b6a1899"},
		/* -t 3 -k 32768 */
		{"p\xc3\xa4ss", 3, 32768 * 1024,
			"60923a625d774b53dd40df53f788d72a056e6f21452d7f1722adf51c42c1dd31"},
	};
	char proof[TT_PROOF_HEX];
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(tt_password_proof(proof, rows[i].password, salt, rows[i].ops,
					 rows[i].mem, &err),
			TT_OK);
		assert_string_equal(proof, rows[i].proof);
	}
}

/* A server that is not the right one must not get a hash that is cheap to guess from. */
static void a_server_can_not_ask_for_less(void **state)
{
	static const int64_t rows[][2] = {{1, TT_ARGON_MEM}, {0, TT_ARGON_MEM}, {-1, TT_ARGON_MEM},
		{TT_ARGON_OPS, TT_ARGON_MEM - 1}, {TT_ARGON_OPS, 8192}, {TT_ARGON_OPS, -1},
		{INT64_MIN, INT64_MIN}, {1000000, TT_ARGON_MEM}, {TT_ARGON_OPS, INT64_MAX}};
	char proof[TT_PROOF_HEX] = "untouched";
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(tt_password_proof(proof, "x", salt, rows[i][0], rows[i][1], &err),
			TT_CONFIG);
		assert_non_null(strstr(err.message, "unsafe"));
		assert_string_equal(proof, "untouched");
	}
}

static void a_salt_must_be_whole(void **state)
{
	static const char *const bad[] = {"", "30", "3031323334353637383961626364656",
		"3031323334353637383961626364656g", "3031323334353637383961626364656667"};
	char proof[TT_PROOF_HEX];
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(
			tt_password_proof(proof, "x", bad[i], TT_ARGON_OPS, TT_ARGON_MEM, &err),
			TT_INTERNAL);
}

static void what_the_server_keeps_is_a_hash_of_the_proof(void **state)
{
	char verifier[TT_PROOF_HEX];

	(void)state;
	/* sha256 of 32 bytes of zero */
	tt_password_verifier(
		verifier, "0000000000000000000000000000000000000000000000000000000000000000");
	assert_string_equal(
		verifier, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
}

static void salts_and_passwords_are_fresh(void **state)
{
	char a[TT_SALT_HEX], b[TT_SALT_HEX], p[25], q[25];

	(void)state;
	tt_password_salt(a);
	tt_password_salt(b);
	assert_int_equal(strlen(a), 32);
	assert_string_not_equal(a, b);
	tt_password_make(p);
	tt_password_make(q);
	assert_int_equal(strlen(p), 24);
	assert_string_not_equal(p, q);
}

/* ---- files */

static char path[64];

static int make_file(void **state)
{
	int fd;

	(void)state;
	tt_copy(path, sizeof(path), "/tmp/tracetrack-password-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void the_first_line_is_the_password(void **state)
{
	static const char *const rows[][2] = {{"secret", "secret"}, {"secret\n", "secret"},
		{"secret\r\nmore\n", "secret"}, {" with blanks \n", " with blanks "},
		{"p\xc3\xa4ss\n", "p\xc3\xa4ss"}};
	struct tt_error err;
	char *password;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		write_file(rows[i][0], 0600);
		assert_int_equal(tt_password_read(&password, path, &err), TT_OK);
		assert_string_equal(password, rows[i][1]);
		tt_password_free(password);
	}
	tt_password_free(NULL);
}

static void a_file_that_others_can_read_is_refused(void **state)
{
	static const mode_t modes[] = {0644, 0640, 0604, 0660, 0610, 0601};
	struct tt_error err;
	char *password;

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		write_file("secret\n", modes[i]);
		assert_int_equal(tt_password_read(&password, path, &err), TT_CONFIG);
		assert_null(password);
		assert_non_null(strstr(err.hint, "chmod 600"));
		assert_null(strstr(err.message, "secret"));
	}
}

static void what_can_be_no_password_is_refused(void **state)
{
	char line[700];
	struct tt_error err;
	char *password;

	(void)state;
	write_file("\n", 0600);
	assert_int_equal(tt_password_read(&password, path, &err), TT_CONFIG);
	assert_non_null(strstr(err.message, "empty"));
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	write_file(line, 0600);
	assert_int_equal(tt_password_read(&password, path, &err), TT_CONFIG);
	assert_non_null(strstr(err.message, "longer"));
	assert_int_equal(tt_password_read(&password, "/none/at/all", &err), TT_CONFIG);
	assert_int_equal(tt_password_read(&password, "/dev/null", &err), TT_CONFIG);
	assert_non_null(strstr(err.message, "is no file"));
	assert_null(password);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_those_of_others),
		cmocka_unit_test(a_server_can_not_ask_for_less),
		cmocka_unit_test(a_salt_must_be_whole),
		cmocka_unit_test(what_the_server_keeps_is_a_hash_of_the_proof),
		cmocka_unit_test(salts_and_passwords_are_fresh),
		cmocka_unit_test_setup_teardown(
			the_first_line_is_the_password, make_file, remove_file),
		cmocka_unit_test_setup_teardown(
			a_file_that_others_can_read_is_refused, make_file, remove_file),
		cmocka_unit_test_setup_teardown(
			what_can_be_no_password_is_refused, make_file, remove_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

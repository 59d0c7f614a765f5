/*
 * Files written whole or not at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tracetrack/file.h>
#include <tracetrack/text.h>

static char dir[] = "/tmp/base-file-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) ? chdir(dir) : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return chdir("/") == 0 ? rmdir(dir) : -1;
}

static void holds(const char *path, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, f), strlen(text));
	fclose(f);
	assert_string_equal(got, text);
}

static size_t files_here(void)
{
	DIR *d = opendir(".");
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode;
}

static void a_new_file_has_the_rights_of_the_umask(void **state)
{
	(void)state;
	umask(027);
	assert_int_equal(tt_file_write("new", "one", 3, NULL), TT_OK);
	holds("new", "one");
	assert_int_equal(mode_of("new") & 0777, 0640);
	assert_int_equal(files_here(), 1);
	assert_int_equal(umask(022), 027);
	assert_int_equal(unlink("new"), 0);
}

static void a_file_that_is_there_is_replaced_and_keeps_its_rights(void **state)
{
	(void)state;
	assert_int_equal(tt_file_write("old", "much longer", 11, NULL), TT_OK);
	assert_int_equal(chmod("old", 0604), 0);
	assert_int_equal(tt_file_write("./old", "", 0, NULL), TT_OK);
	holds("old", "");
	assert_int_equal(mode_of("old") & 0777, 0604);
	assert_int_equal(files_here(), 1);
	assert_int_equal(unlink("old"), 0);
}

static void a_link_stays_a_link(void **state)
{
	(void)state;
	assert_int_equal(mkdir("sub", 0700), 0);
	assert_int_equal(tt_file_write("sub/real", "x", 1, NULL), TT_OK);
	assert_int_equal(symlink("sub/real", "link"), 0);
	assert_int_equal(tt_file_write("link", "y", 1, NULL), TT_OK);
	assert_true(S_ISLNK(mode_of("link")));
	holds("sub/real", "y");
	assert_int_equal(unlink("link") | unlink("sub/real") | rmdir("sub"), 0);
}

static void a_name_of_255_bytes_is_a_name(void **state)
{
	char name[256];

	(void)state;
	memset(name, 'n', 255);
	name[255] = '\0';
	assert_int_equal(tt_file_write(name, "x", 1, NULL), TT_OK);
	holds(name, "x");
	assert_int_equal(unlink(name), 0);
}

static void a_fifo_is_written_to(void **state)
{
	char got[4] = "";
	int fd;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	assert_int_equal(tt_file_write("fifo", "abc", 3, NULL), TT_OK);
	assert_int_equal(read(fd, got, 3), 3);
	assert_string_equal(got, "abc");
	assert_true(S_ISFIFO(mode_of("fifo")));
	close(fd);
	assert_int_equal(unlink("fifo"), 0);
}

static bool has_nameless_files(void)
{
	int fd = open(".", O_TMPFILE | O_WRONLY, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* A process that is killed in the middle, at the first byte that it may not write. */
static void write_until_killed(const char *path)
{
	static const struct rlimit few = {1000, 1000}, none = {0, 0};
	static const char data[4096];
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &none);
		setrlimit(RLIMIT_FSIZE, &few);
		_exit(tt_file_write(path, data, sizeof(data), NULL) == TT_OK);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGXFSZ);
}

static void who_is_killed_leaves_nothing(void **state)
{
	(void)state;
	if (!has_nameless_files())
		skip();
	write_until_killed("new");
	assert_int_equal(files_here(), 0);
	assert_int_equal(tt_file_write("old", "kept", 4, NULL), TT_OK);
	write_until_killed("old");
	holds("old", "kept");
	assert_int_equal(files_here(), 1);
	assert_int_equal(unlink("old"), 0);
}

static void a_secret_is_its_owners_whatever_was_there(void **state)
{
	(void)state;
	assert_int_equal(tt_file_write("real", "not to be touched", 17, NULL), TT_OK);
	assert_int_equal(symlink("real", "link"), 0);
	umask(0);
	assert_int_equal(tt_file_write_private("new", "one", 3, NULL), TT_OK);
	umask(022);
	assert_int_equal(mode_of("new"), S_IFREG | 0600);
	assert_int_equal(chmod("new", 0644), 0);
	assert_int_equal(tt_file_write_private("new", "two", 3, NULL), TT_OK);
	holds("new", "two");
	assert_int_equal(mode_of("new"), S_IFREG | 0600);
	assert_int_equal(tt_file_write_private("link", "three", 5, NULL), TT_OK);
	assert_int_equal(mode_of("link"), S_IFREG | 0600);
	holds("link", "three");
	holds("real", "not to be touched");
	assert_int_equal(tt_file_write_private("none/file", "x", 1, NULL), TT_IO);
	assert_int_equal(tt_file_write_private(".", "x", 1, NULL), TT_IO);
	assert_int_equal(files_here(), 3);
	assert_int_equal(unlink("new") | unlink("link") | unlink("real"), 0);
}

static void what_can_not_be_written_is_told_and_leaves_nothing(void **state)
{
	static const struct {
		const char *path, *said;
	} rows[] = {
		{"", "can't be written: No such file"},
		{"none/file", "none/file can't be written: No such file"},
		{"dir", "dir can't be written: Is a directory"},
		{"dir/", "dir/ can't be written: Is a directory"},
		{"file/x", "Not a directory"},
		{"file/", "Not a directory"},
		{"loop", "Too many levels"},
		{"/dev/full", "No space left"},
		{"/proc/none", "can't be written"},
	};
	struct tt_error err;
	size_t i;

	(void)state;
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(tt_file_write("file", "kept", 4, NULL), TT_OK);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(tt_file_write(rows[i].path, "x", 1, &err), TT_IO);
		assert_non_null(strstr(err.message, rows[i].said));
		assert_string_not_equal(err.hint, "");
		assert_int_equal(files_here(), 3);
	}
	holds("file", "kept");
	assert_true(S_ISCHR(mode_of("/dev/full")));
	assert_int_equal(unlink("file") | unlink("loop") | rmdir("dir"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_file_has_the_rights_of_the_umask),
		cmocka_unit_test(a_file_that_is_there_is_replaced_and_keeps_its_rights),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(a_name_of_255_bytes_is_a_name),
		cmocka_unit_test(a_fifo_is_written_to),
		cmocka_unit_test(who_is_killed_leaves_nothing),
		cmocka_unit_test(a_secret_is_its_owners_whatever_was_there),
		cmocka_unit_test(what_can_not_be_written_is_told_and_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

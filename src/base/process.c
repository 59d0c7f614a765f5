/*
 * The beginning of a process.
 */
#include <tracetrack/process.h>

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void process_find_home(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user;

	if (home && *home == '/')
		return;
	user = getpwuid(getuid());
	if (user && *user->pw_dir == '/')
		setenv("HOME", user->pw_dir, 1);
}

void tt_process_begin(void)
{
	static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", modes[fd]);
	}
	signal(SIGPIPE, SIG_IGN);
	process_find_home();
}

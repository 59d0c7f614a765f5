/*
 * The beginning of a process.
 */
#include <tracetrack/process.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

void tt_process_begin(void)
{
	static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", modes[fd]);
	}
	signal(SIGPIPE, SIG_IGN);
}

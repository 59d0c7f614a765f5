/*
 * Runs a program whose standard input and output are one socket, as some servers start theirs;
 * feeds it our input and copies its output to ours, slowly at first.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int pair_run(char **argv, int fd)
{
	if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return 126;
	execvp(argv[0], argv);
	return 127;
}

/* All of our input, then its end. Answers are not read meanwhile: the socket fills up. */
static void pair_feed(int fd)
{
	char bytes[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0 &&
		write(fd, bytes, (size_t)n) == n)
		;
	shutdown(fd, SHUT_WR);
}

/* The program fills the socket to the brim before anything is taken out. */
static void pair_wait_until_full(int fd)
{
	char bytes[1 << 18];
	ssize_t before = -1, n = 0;
	int quiet;

	for (quiet = 0; quiet < 10; quiet = n == before ? quiet + 1 : 0) {
		before = n;
		(void)poll(NULL, 0, 50);
		n = recv(fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
	}
}

int main(int argc, char **argv)
{
	int fds[2], status = 0;
	char bytes[4096];
	ssize_t n;
	pid_t pid;

	if (argc < 2 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return 64;
	pid = fork();
	if (pid == 0)
		_exit(pair_run(argv + 1, fds[1]));
	close(fds[1]);
	pair_feed(fds[0]);
	pair_wait_until_full(fds[0]);
	while ((n = read(fds[0], bytes, sizeof(bytes))) > 0) {
		if (write(STDOUT_FILENO, bytes, (size_t)n) != n)
			break;
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}

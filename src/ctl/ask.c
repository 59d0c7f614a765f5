/*
 * Asking for a password on the terminal. Signals wait until the terminal echoes again: who gives up
 * with Ctrl-C must see what is typed next.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "ctl.h"

struct ask {
	int tty, signals; /* -1: not open */
	struct termios before;
	sigset_t old;
};

static void ask_open(struct ask *ask)
{
	struct termios silent;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &ask->old);
	ask->signals = signalfd(-1, &set, SFD_CLOEXEC);
	tcgetattr(ask->tty, &ask->before);
	silent = ask->before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(ask->tty, TCSAFLUSH, &silent);
}

/* What is left of a line that was too long is thrown away: the shell must not take it. */
static void ask_close(struct ask *ask)
{
	tcsetattr(ask->tty, TCSAFLUSH, &ask->before);
	dprintf(ask->tty, "\n");
	close(ask->tty);
	if (ask->signals >= 0)
		close(ask->signals);
	sigprocmask(SIG_SETMASK, &ask->old, NULL);
}

/* A line without its end; -1 when a signal came or the terminal has gone. */
static ssize_t ask_line(const struct ask *ask, char *line, size_t size)
{
	struct pollfd fds[] = {
		{.fd = ask->tty, .events = POLLIN}, {.fd = ask->signals, .events = POLLIN}};
	ssize_t n;

	if (poll(fds, 2, -1) < 0 || (fds[1].revents & POLLIN))
		return -1;
	n = read(ask->tty, line, size);
	return n > 0 && line[n - 1] == '\n' ? n - 1 : n;
}

enum tt_rc ctl_ask_password(struct ctl *ctl, const char *prompt, const char *option,
	char **password, struct tt_error *err)
{
	struct ask ask = {.tty = -1, .signals = -1};
	char line[512];
	ssize_t n;

	*password = NULL;
	if (!ctl->is_no_input)
		ask.tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (ask.tty < 0) {
		tt_fail(err, TT_USAGE, "a password is needed and there is no terminal to ask on");
		tt_error_hint(err, "Give %s FILE.", option);
		return TT_USAGE;
	}
	ask_open(&ask);
	dprintf(ask.tty, "%s: ", prompt);
	n = ask_line(&ask, line, sizeof(line));
	ask_close(&ask);
	if (n > 0 && n < (ssize_t)sizeof(line))
		*password = tt_strndup(line, (size_t)n);
	explicit_bzero(line, sizeof(line));
	if (*password)
		return TT_OK;
	return tt_fail(err, TT_USAGE, n > 0 ? "the password is too long" : "no password was given");
}

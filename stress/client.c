/*
 * Processes and pipes. A station is started by fork, not by the loop's own way, because it must die
 * with this program however that ends.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define CLIENT_LINE_MAX (8u << 20)

/* ---- in the new process: nothing but system calls */

static void client_exec(
	const struct client_host *host, const char *const *argv, int in, int out, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(70);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
		dup2(host->errors, STDERR_FILENO) < 0)
		_exit(70);
	execv(host->program, (char **)(uintptr_t)argv);
	_exit(69);
}

static pid_t client_fork(struct client *c, const char *password, int in, int out)
{
	const struct client_host *host = c->host;
	char station[32], state[512];
	const char *argv[] = {host->program, "--headless", "--config", "/dev/null", "--station",
		station, "--user", c->login, "--password-file", password, "--state-dir", state,
		"--answer-within", host->answer_within, "--call-timeout", host->call_timeout, NULL};
	pid_t parent = getpid(), pid;

	tt_format(station, sizeof(station), "STRESS-%04d", c->number + 1);
	tt_format(state, sizeof(state), "%s/%04d", host->state, c->number + 1);
	pid = fork();
	if (pid == 0)
		client_exec(host, argv, in, out, parent);
	return pid;
}

/* ---- pipes */

static void client_on_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;

	c->handles--;
}

static void client_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct client *c = handle->data;

	(void)wanted;
	if (c->held.cap - c->held.len < 4096) {
		c->held.cap = c->held.cap ? 2 * c->held.cap : 8192;
		c->held.data = tt_realloc(c->held.data, c->held.cap);
	}
	*buf = uv_buf_init(c->held.data + c->held.len, (unsigned)(c->held.cap - c->held.len));
}

static void client_line(struct client *c, const char *line, size_t len)
{
	struct answer a;

	if (!answer_read(&a, line, len)) {
		dprintf(c->host->errors, "tracetrack-stress: station %d said: %.*s\n",
			c->number + 1, len < 200 ? (int)len : 200, line);
		client_kill(c, SIGKILL);
		return;
	}
	if (a.is_ready)
		c->state = CLIENT_IN;
	c->host->answered(c, &a, line, len);
}

static void client_on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;
	char *at = c->held.data, *eol;

	(void)buf;
	if (n < 0)
		uv_read_stop(stream);
	if (n <= 0)
		return;
	c->held.len += (size_t)n;
	while ((eol = memchr(at, '\n', c->held.len - (size_t)(at - c->held.data)))) {
		client_line(c, at, (size_t)(eol - at));
		at = eol + 1;
	}
	c->held.len -= (size_t)(at - c->held.data);
	memmove(c->held.data, at, c->held.len);
	if (c->held.len > CLIENT_LINE_MAX)
		client_kill(c, SIGKILL);
}

static void client_open_pipe(struct client *c, uv_pipe_t *pipe, int fd)
{
	uv_pipe_init(c->host->loop, pipe, 0);
	pipe->data = c;
	uv_pipe_open(pipe, fd);
	c->handles++;
}

enum tt_rc client_start(struct client *c, const char *password, struct tt_error *err)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) < 0)
		return tt_fail(err, TT_UNAVAILABLE, "no more pipes: %s", strerror(errno));
	if (pipe2(out, O_CLOEXEC) < 0) {
		close(in[0]);
		close(in[1]);
		return tt_fail(err, TT_UNAVAILABLE, "no more pipes: %s", strerror(errno));
	}
	c->pid = client_fork(c, password, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	if (c->pid < 0) {
		close(in[1]);
		close(out[0]);
		c->pid = 0;
		return tt_fail(err, TT_UNAVAILABLE, "no more processes: %s", strerror(errno));
	}
	client_open_pipe(c, &c->in, in[1]);
	client_open_pipe(c, &c->out, out[0]);
	c->state = CLIENT_STARTING;
	c->held.len = 0;
	c->head = c->ndue = 0;
	uv_read_start((uv_stream_t *)&c->out, client_alloc, client_on_read);
	return TT_OK;
}

static void client_on_written(uv_write_t *write, int status)
{
	(void)status;
	free(write->data);
	free(write);
}

/* What the pipe does not take at once waits for it. */
static void client_write_later(struct client *c, const char *data, size_t len)
{
	uv_write_t *write = tt_alloc(sizeof(*write));
	uv_buf_t buf = uv_buf_init(tt_strndup(data, len), (unsigned)len);

	write->data = buf.base;
	if (uv_write(write, (uv_stream_t *)&c->in, &buf, 1, client_on_written) != 0)
		client_on_written(write, 0);
}

bool client_send(struct client *c, const char *line, size_t len, const struct due *due)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)line, (unsigned)len);
	int n;

	if (c->ndue == CLIENT_DUE_MAX || c->state != CLIENT_IN || c->pid == 0)
		return false;
	c->due[(c->head + c->ndue++) % CLIENT_DUE_MAX] = *due;
	n = uv_try_write((uv_stream_t *)&c->in, &buf, 1);
	if (n < 0)
		n = 0;
	if ((size_t)n < len)
		client_write_later(c, line + n, len - (size_t)n);
	return true;
}

struct due *client_head(struct client *c)
{
	return c->ndue ? &c->due[c->head] : NULL;
}

void client_take_head(struct client *c)
{
	c->head = (c->head + 1) % CLIENT_DUE_MAX;
	c->ndue--;
}

/* What it wrote last may still be in the pipe. */
static void client_read_rest(struct client *c)
{
	uv_buf_t buf;
	ssize_t n;
	int fd;

	if (uv_fileno((uv_handle_t *)&c->out, &fd) != 0)
		return;
	do {
		client_alloc((uv_handle_t *)&c->out, 4096, &buf);
		n = read(fd, buf.base, buf.len);
		if (n > 0)
			client_on_read((uv_stream_t *)&c->out, n, &buf);
	} while (n > 0);
}

void client_ended(struct client *c, int status)
{
	client_read_rest(c);
	c->pid = 0;
	c->state = CLIENT_OUT;
	uv_close((uv_handle_t *)&c->in, client_on_closed);
	uv_close((uv_handle_t *)&c->out, client_on_closed);
	c->host->ended(c, status);
}

void client_kill(struct client *c, int signal)
{
	if (c->pid > 0)
		kill(c->pid, signal);
}

void client_close(struct client *c)
{
	tt_buf_fini(&c->held);
}

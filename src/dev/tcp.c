/*
 * Scanners behind a network: one outgoing connection, opened again when it breaks.
 */
#include "source_impl.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tracetrack/text.h>

static void tcp_connect_error(const struct tt_source *src, const char *why, struct tt_error *err)
{
	tt_fail(err, TT_DEVICE, "no connection to the scanner at %s", src->spec.address);
	tt_error_detail(err, "%s", why);
	tt_error_hint(err, "Check its power, its cable, and host and port in the settings");
}

static void tcp_fail(struct tt_source *src, const char *why)
{
	struct tt_error err;

	tcp_connect_error(src, why, &err);
	source_fail(src, &err);
}

/* A scanner that lost its power is noticed within about 20 s. */
static void tcp_tune(int fd)
{
	static const struct {
		int level, name, value;
	} rows[] = {
		{IPPROTO_TCP, TCP_NODELAY, 1},
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, 10},
		{IPPROTO_TCP, TCP_KEEPINTVL, 3},
		{IPPROTO_TCP, TCP_KEEPCNT, 3},
		{IPPROTO_TCP, TCP_USER_TIMEOUT, 20000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		setsockopt(fd, rows[i].level, rows[i].name, &rows[i].value, sizeof(int));
}

static void tcp_on_connected(uv_poll_t *poll, int status, int events)
{
	struct tt_source *src = poll->data;
	socklen_t len = sizeof(int);
	int error = 0;

	(void)events;
	if (getsockopt(src->fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	if (error)
		tcp_fail(src, strerror(error));
	else if (status < 0)
		tcp_fail(src, uv_strerror(status));
	else
		source_ready(src);
}

static enum tt_rc tcp_wait(struct tt_source *src)
{
	src->poll = tt_alloc(sizeof(*src->poll));
	if (uv_poll_init(src->loop, src->poll, src->fd)) {
		free(src->poll);
		src->poll = NULL;
		return TT_INTERNAL;
	}
	src->poll->data = src;
	return uv_poll_start(src->poll, UV_WRITABLE, tcp_on_connected) ? TT_INTERNAL : TT_OK;
}

static enum tt_rc tcp_connect(
	struct tt_source *src, const struct addrinfo *ai, struct tt_error *err)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		tcp_connect_error(src, strerror(errno), err);
		return TT_DEVICE;
	}
	tcp_tune(fd);
	source_use(src, fd, true);
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) && errno != EINPROGRESS) {
		tcp_connect_error(src, strerror(errno), err);
		return TT_DEVICE;
	}
	src->is_pending = true;
	if (tcp_wait(src))
		return tt_fail(
			err, TT_INTERNAL, "can't watch the connection to %s", src->spec.address);
	return TT_OK;
}

/* Runs after a cancelled request too: then its source has let go of it. */
static void tcp_on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *list)
{
	struct tt_source *src = req->data;
	struct tt_error err;

	free(req);
	if (src) {
		src->resolving = NULL;
		if (status < 0)
			tcp_fail(src, uv_strerror(status));
		else if (tcp_connect(src, list, &err))
			source_fail(src, &err);
	}
	uv_freeaddrinfo(list);
}

static enum tt_rc tcp_resolve(struct tt_source *src, const char *host, const char *port,
	const struct addrinfo *hints, struct tt_error *err)
{
	src->resolving = tt_alloc(sizeof(*src->resolving));
	src->resolving->data = src;
	src->is_pending = true;
	if (uv_getaddrinfo(src->loop, src->resolving, tcp_on_resolved, host, port, hints) == 0)
		return TT_OK;
	free(src->resolving);
	src->resolving = NULL;
	tcp_connect_error(src, "its name can't be looked up", err);
	return TT_DEVICE;
}

/* HOST:PORT, with an IPv6 address in brackets. */
static bool tcp_split(const char *address, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(address, ':');
	size_t len = colon ? (size_t)(colon - address) : 0;

	if (len > 1 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	if (len == 0 || len >= size || !colon[1])
		return false;
	tt_copy_n(host, size, address, len);
	*port = colon + 1;
	return true;
}

/* Numeric addresses need no look-up and so no thread. */
static enum tt_rc tcp_open(struct tt_source *src, struct tt_error *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST}, *list;
	const char *port;
	char host[256];
	enum tt_rc rc;

	if (!tcp_split(src->spec.address, host, sizeof(host), &port))
		return tt_fail(err, TT_CONFIG, "tcp:%s is not tcp:HOST:PORT", src->spec.address);
	tt_clean(src->info.path, sizeof(src->info.path), src->spec.address,
		strlen(src->spec.address));
	if (getaddrinfo(host, port, &hints, &list) == 0) {
		rc = tcp_connect(src, list, err);
		freeaddrinfo(list);
		return rc;
	}
	hints.ai_flags = 0;
	return tcp_resolve(src, host, port, &hints, err);
}

static void tcp_close(struct tt_source *src)
{
	if (!src->resolving)
		return;
	src->resolving->data = NULL;
	uv_cancel((uv_req_t *)src->resolving);
	src->resolving = NULL;
}

const struct source_ops tcp_ops = {
	.scheme = "tcp",
	.has_address = true,
	.open = tcp_open,
	.close = tcp_close,
};

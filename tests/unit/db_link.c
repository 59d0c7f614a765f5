/*
 * The link's own bookkeeping, against sockets that are no database.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <tracetrack/link.h>
#include <tracetrack/text.h>

/* A listening socket on 127.0.0.1 that takes connections and says nothing. */
static int listen_here(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static struct tt_link *open_link(uv_loop_t *loop, const char *dsn)
{
	struct tt_link_options options = {
		.dsn = dsn, .application_name = "test", .timeout_ms = 3000, .connect_once = true};
	struct tt_link *link;
	struct tt_error err;

	assert_int_equal(uv_loop_init(loop), 0);
	assert_int_equal(tt_link_open(&link, loop, &options, &err), TT_OK);
	return link;
}

static void close_link(uv_loop_t *loop, struct tt_link *link)
{
	tt_link_close(link);
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
}

/* An SSLRequest comes only if the link has noticed that it is connected. *arg becomes -1 then. */
static void greet(void *arg)
{
	char bytes[8];
	int fd = accept(*(int *)arg, NULL, NULL);
	struct timeval limit = {.tv_sec = 2};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	*(int *)arg = recv(fd, bytes, sizeof(bytes), MSG_WAITALL) == 8 ? -1 : 0;
	close(fd);
}

/* Nobody listens on the first address; libpq goes on to the second with the same descriptor. */
static void goes_on_to_the_next_address(void **state)
{
	struct tt_link *link;
	uv_thread_t thread;
	uv_loop_t loop;
	char dsn[200];
	int port, fd = listen_here(&port), heard = fd;

	(void)state;
	tt_format(dsn, sizeof(dsn),
		"hostaddr=127.0.0.2,127.0.0.1 port=%d sslmode=require "
		"gssencmode=disable user=u dbname=d",
		port);
	assert_int_equal(uv_thread_create(&thread, greet, &heard), 0);
	link = open_link(&loop, dsn);
	while (!tt_link_is_final(link) && uv_run(&loop, UV_RUN_ONCE))
		;
	uv_thread_join(&thread);
	assert_int_equal(heard, -1);
	close_link(&loop, link);
	close(fd);
}

struct pair {
	struct tt_link *link;
	struct tt_call *other;
	unsigned told;
};

static void forget_other(struct tt_call *call, void *ctx)
{
	struct pair *pair = ctx;

	(void)call;
	pair->told++;
	if (!pair->other)
		return;
	tt_link_forget(pair->link, pair->other);
	tt_call_fini(pair->other);
	free(pair->other);
	pair->other = NULL;
}

static void a_refused_call_may_forget_the_next(void **state)
{
	struct tt_call first, last, *other = tt_alloc(sizeof(*other));
	struct pair pair = {.other = other};
	uv_loop_t loop;
	char dsn[200];
	int port, fd = listen_here(&port);

	(void)state;
	tt_format(dsn, sizeof(dsn), "hostaddr=127.0.0.1 port=%d user=u dbname=d", port);
	pair.link = open_link(&loop, dsn);
	tt_call_init(&first, "select 1", NULL, 0);
	tt_call_init(other, "select 2", NULL, 0);
	tt_call_init(&last, "select 3", NULL, 0);
	first.done = other->done = last.done = forget_other;
	first.ctx = other->ctx = last.ctx = &pair;
	tt_link_submit(pair.link, &first);
	tt_link_submit(pair.link, other);
	tt_link_submit(pair.link, &last);
	close_link(&loop, pair.link);
	assert_int_equal(pair.told, 2);
	assert_int_equal(first.rc, TT_UNAVAILABLE);
	assert_int_equal(last.rc, TT_UNAVAILABLE);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_on_to_the_next_address),
		cmocka_unit_test(a_refused_call_may_forget_the_next),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("db_link", tests, NULL, NULL);
}

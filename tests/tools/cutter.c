/*
 * A TCP proxy that loses answers: it forwards a request, swallows what the server says to it, and
 * then cuts the connection on both sides.
 *
 *	cutter PORT --seed N --one-in N [--free N] [--most N]	in front of 127.0.0.1:PORT
 *
 * One answer in N is lost, --most so many in all (0: no limit). The first --free pieces of each
 * connection, which make it up, always pass (8).
 * Prints the port on which it listens, and on SIGTERM "cut N": how many answers were lost.
 * Status: 0, 64 usage, 69 no port.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <tracetrack/text.h>

struct pair;

struct side {
	uv_tcp_t tcp;
	struct pair *pair;
	struct side *other;
	char buf[16384];
};

struct pair {
	struct side client, server;
	uv_connect_t connect;
	int open;
	unsigned long pieces;
	bool is_cutting, is_closing;
};

static struct {
	uv_loop_t loop;
	uv_tcp_t listener;
	uv_signal_t signal;
	struct sockaddr_in target;
	unsigned long seed, one_in, free, most, cut;
} cutter;

static bool cutter_chance(void)
{
	if (cutter.most > 0 && cutter.cut >= cutter.most)
		return false;
	cutter.seed ^= cutter.seed << 13;
	cutter.seed ^= cutter.seed >> 7;
	cutter.seed ^= cutter.seed << 17;
	return (cutter.seed >> 16) % cutter.one_in == 0;
}

static void pair_on_closed(uv_handle_t *handle)
{
	struct side *side = handle->data;

	if (--side->pair->open == 0)
		free(side->pair);
}

static void pair_close(struct pair *pair)
{
	if (pair->is_closing)
		return;
	pair->is_closing = true;
	uv_close((uv_handle_t *)&pair->client.tcp, pair_on_closed);
	uv_close((uv_handle_t *)&pair->server.tcp, pair_on_closed);
}

static void side_on_written(uv_write_t *write, int status)
{
	(void)status;
	free(write->data);
	free(write);
}

static void side_forward(struct side *to, const char *data, size_t len)
{
	uv_write_t *write = tt_alloc(sizeof(*write));
	char *copy = tt_alloc(len);
	uv_buf_t buf = uv_buf_init(copy, (unsigned)len);

	memcpy(copy, data, len);
	write->data = copy;
	if (uv_write(write, (uv_stream_t *)&to->tcp, &buf, 1, side_on_written) != 0)
		side_on_written(write, 0);
}

static void side_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct side *side = handle->data;

	(void)wanted;
	*buf = uv_buf_init(side->buf, sizeof(side->buf));
}

static void side_on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct side *side = stream->data;
	struct pair *pair = side->pair;
	bool is_request = side == &pair->client;

	if (n < 0) {
		pair_close(pair);
		return;
	}
	if (n == 0)
		return;
	if (!is_request && pair->is_cutting) {
		cutter.cut++;
		pair_close(pair);
		return;
	}
	if (is_request && ++pair->pieces > cutter.free && cutter_chance())
		pair->is_cutting = true;
	side_forward(side->other, buf->base, (size_t)n);
}

static void pair_on_connected(uv_connect_t *connect, int status)
{
	struct pair *pair = connect->data;

	if (pair->is_closing)
		return;
	if (status != 0) {
		pair_close(pair);
		return;
	}
	uv_read_start((uv_stream_t *)&pair->client.tcp, side_alloc, side_on_read);
	uv_read_start((uv_stream_t *)&pair->server.tcp, side_alloc, side_on_read);
}

static void pair_init_side(struct pair *pair, struct side *side, struct side *other)
{
	side->pair = pair;
	side->other = other;
	uv_tcp_init(&cutter.loop, &side->tcp);
	uv_tcp_nodelay(&side->tcp, 1);
	side->tcp.data = side;
	pair->open++;
}

static void cutter_on_client(uv_stream_t *listener, int status)
{
	struct pair *pair;

	if (status != 0)
		return;
	pair = tt_alloc(sizeof(*pair));
	pair_init_side(pair, &pair->client, &pair->server);
	pair_init_side(pair, &pair->server, &pair->client);
	pair->connect.data = pair;
	if (uv_accept(listener, (uv_stream_t *)&pair->client.tcp) != 0 ||
		uv_tcp_connect(&pair->connect, &pair->server.tcp,
			(const struct sockaddr *)&cutter.target, pair_on_connected) != 0)
		pair_close(pair);
}

static void cutter_on_signal(uv_signal_t *handle, int number)
{
	(void)handle;
	(void)number;
	uv_stop(&cutter.loop);
}

static int cutter_listen(void)
{
	struct sockaddr_in any;
	int len = sizeof(any);

	uv_ip4_addr("127.0.0.1", 0, &any);
	uv_tcp_init(&cutter.loop, &cutter.listener);
	if (uv_tcp_bind(&cutter.listener, (struct sockaddr *)&any, 0) != 0 ||
		uv_listen((uv_stream_t *)&cutter.listener, 128, cutter_on_client) != 0 ||
		uv_tcp_getsockname(&cutter.listener, (struct sockaddr *)&any, &len) != 0)
		return -1;
	return ntohs(any.sin_port);
}

static bool cutter_read_options(int argc, char **argv)
{
	static const struct {
		const char *name;
		unsigned long *to;
	} options[] = {{"--seed", &cutter.seed}, {"--one-in", &cutter.one_in},
		{"--free", &cutter.free}, {"--most", &cutter.most}};
	size_t j;
	int i;

	cutter.free = 8;
	for (i = 2; i + 1 < argc; i += 2) {
		for (j = 0; j < 4 && strcmp(argv[i], options[j].name) != 0; j++)
			;
		if (j == 4)
			return false;
		*options[j].to = strtoul(argv[i + 1], NULL, 10);
	}
	return argc > 2 && i == argc && cutter.one_in > 0;
}

int main(int argc, char **argv)
{
	int port;

	if (!cutter_read_options(argc, argv)) {
		fprintf(stderr, "usage: cutter PORT --seed N --one-in N [--free N] [--most N]\n");
		return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&cutter.loop);
	uv_ip4_addr("127.0.0.1", atoi(argv[1]), &cutter.target);
	cutter.seed = cutter.seed * 0x9e3779b97f4a7c15u + 1;
	port = cutter_listen();
	if (port < 0)
		return 69;
	printf("%d\n", port);
	fflush(stdout);
	uv_signal_init(&cutter.loop, &cutter.signal);
	uv_signal_start(&cutter.signal, cutter_on_signal, SIGTERM);
	uv_run(&cutter.loop, UV_RUN_DEFAULT);
	printf("cut %lu\n", cutter.cut);
	return 0;
}

/*
 * Sources on a real loop: pseudo-terminals, FIFOs, files and loopback connections that come, go
 * and come again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#include <uv.h>

#include <tracetrack/feedback.h>
#include <tracetrack/source.h>
#include <tracetrack/text.h>

#include "../../src/dev/source_impl.h"

/* A condition is looked at whenever something happened and every WAIT_STEP_MS; it may take
 * WAIT_STEPS of them. */
#define WAIT_STEP_MS 2
#define WAIT_STEPS 5000

struct bench {
	uv_loop_t loop;
	uv_timer_t limit;
	int steps; /* left until waiting is given up */
	struct tt_source *source;
	char folder[64], path[96], link[96];
	int master, slave;
	size_t scans, states;
	char codes[512]; /* "CODE " each, "? " for unreadable */
	char states_seen[256];
	struct tt_error error;
	bool close_on_scan, answer_on_scan;
};

static void bench_on_scan(void *ctx, struct tt_source *source, const struct tt_scan *scan)
{
	struct bench *b = ctx;
	size_t used = strlen(b->codes);

	b->scans++;
	snprintf(b->codes + used, sizeof(b->codes) - used, "%s ",
		scan->kind == TT_SCAN_CODE ? scan->code : "?");
	if (b->answer_on_scan)
		tt_feedback(source, TT_FEEDBACK_GOOD);
	if (b->close_on_scan) {
		tt_source_close(source);
		b->source = NULL;
	}
}

static void bench_on_state(
	void *ctx, struct tt_source *source, enum tt_source_state state, const struct tt_error *err)
{
	struct bench *b = ctx;
	size_t used = strlen(b->states_seen);

	(void)source;
	b->states++;
	snprintf(b->states_seen + used, sizeof(b->states_seen) - used, "%s ",
		tt_source_state_word(state));
	b->error = err ? *err : (struct tt_error){0};
}

static const struct tt_source_callbacks bench_callbacks = {bench_on_scan, bench_on_state};

static void bench_on_limit(uv_timer_t *timer)
{
	((struct bench *)timer->data)->steps--;
}

static int bench_setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	const char *tmp = getenv("TMPDIR");

	snprintf(b->folder, sizeof(b->folder), "%s/dev_source.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(b->folder))
		return -1;
	snprintf(b->path, sizeof(b->path), "%s/in", b->folder);
	snprintf(b->link, sizeof(b->link), "%s/link", b->folder);
	b->master = b->slave = -1;
	uv_loop_init(&b->loop);
	uv_timer_init(&b->loop, &b->limit);
	b->limit.data = b;
	*state = b;
	return 0;
}

static int bench_teardown(void **state)
{
	struct bench *b = *state;
	int left;

	tt_source_close(b->source);
	uv_close((uv_handle_t *)&b->limit, NULL);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	left = uv_loop_close(&b->loop);
	if (b->master >= 0)
		close(b->master);
	if (b->slave >= 0)
		close(b->slave);
	unlink(b->path);
	unlink(b->link);
	rmdir(b->folder);
	free(b);
	return left;
}

static void bench_start_clock(struct bench *b, int steps)
{
	b->steps = steps;
	uv_timer_start(&b->limit, bench_on_limit, WAIT_STEP_MS, WAIT_STEP_MS);
}

#define bench_wait_for(b, condition)                     \
	do {                                             \
		bench_start_clock(b, WAIT_STEPS);        \
		while (!(condition) && (b)->steps > 0)   \
			uv_run(&(b)->loop, UV_RUN_ONCE); \
		uv_timer_stop(&(b)->limit);              \
		assert_true(condition);                  \
	} while (0)

static enum tt_source_state bench_state(const struct bench *b)
{
	struct tt_source_info info;

	tt_source_info(b->source, &info);
	return info.state;
}

static void bench_open(struct bench *b, const char *scheme, const char *path, const char *options)
{
	char spec[256];
	struct tt_error err;

	snprintf(spec, sizeof(spec), "%s:%s%s", scheme, path, options);
	assert_int_equal(
		tt_source_open(&b->loop, spec, &bench_callbacks, b, &b->source, &err), TT_OK);
}

static void bench_open_ready(struct bench *b, const char *path, const char *options)
{
	bench_open(b, "pipe", path, options);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
}

/* A pseudo-terminal with a link to it, as a by-id link leads to a scanner. */
static void bench_plug(struct bench *b)
{
	char name[64];
	int slave;

	assert_int_equal(openpty(&b->master, &slave, name, NULL, NULL), 0);
	close(slave);
	unlink(b->link);
	assert_int_equal(symlink(name, b->link), 0);
}

static void bench_unplug(struct bench *b)
{
	unlink(b->link);
	close(b->master);
	b->master = -1;
}

static void bench_say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void a_terminal_gives_codes(void **state)
{
	struct bench *b = *state;

	bench_plug(b);
	bench_open_ready(b, b->link, "");
	bench_say(b->master, "SB00001\rCH0");
	bench_wait_for(b, b->scans == 1);
	bench_say(b->master, "001\nCH\x07\r\n");
	bench_wait_for(b, b->scans == 3);
	assert_string_equal(b->codes, "SB00001 CH0001 ? ");
	assert_string_equal(b->states_seen, "opening ready ");
}

static void a_terminal_is_raw_and_does_not_echo(void **state)
{
	struct bench *b = *state;
	struct termios t;
	char byte;

	bench_plug(b);
	bench_open_ready(b, b->link, "");
	assert_int_equal(tcgetattr(b->master, &t), 0);
	assert_int_equal(t.c_lflag & (ICANON | ECHO | ISIG), 0);
	bench_say(b->master, "\x03\x1d"
			     "2112\r");
	bench_wait_for(b, b->scans == 1);
	fcntl(b->master, F_SETFL, O_NONBLOCK);
	assert_int_equal(read(b->master, &byte, 1), -1);
}

static void it_goes_on_after_unplugging_in_the_middle_of_a_code(void **state)
{
	struct bench *b = *state;
	struct tt_source_info info;

	bench_plug(b);
	bench_open_ready(b, b->link, "");
	bench_say(b->master, "SB00001\rCH0");
	bench_wait_for(b, b->scans == 1);
	bench_unplug(b);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_UNPLUGGED);
	assert_string_equal(b->error.detail, "A code was cut off: scan it again");
	bench_plug(b);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
	bench_say(b->master, "CH0002\r");
	bench_wait_for(b, b->scans == 2);
	assert_string_equal(b->codes, "SB00001 CH0002 ");
	tt_source_info(b->source, &info);
	assert_int_equal(info.hang_ups, 1);
	assert_int_equal(info.frames, 2);
	assert_string_equal(info.last_raw, "CH0002");
}

static void waiting_for_a_gone_device_costs_nothing(void **state)
{
	struct bench *b = *state;
	struct rusage before, after;
	long us;

	bench_plug(b);
	bench_open_ready(b, b->link, "");
	getrusage(RUSAGE_SELF, &before);
	bench_unplug(b);
	bench_start_clock(b, 500);
	while (b->steps > 0)
		uv_run(&b->loop, UV_RUN_ONCE);
	getrusage(RUSAGE_SELF, &after);
	us = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000000 +
	     (after.ru_utime.tv_usec - before.ru_utime.tv_usec) +
	     (after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1000000 +
	     (after.ru_stime.tv_usec - before.ru_stime.tv_usec);
	assert_true(us < 100000);
	assert_int_equal(bench_state(b), TT_SOURCE_UNPLUGGED);
}

static void what_waited_in_the_middle_of_a_code_is_dropped(void **state)
{
	struct bench *b = *state;
	struct termios t;
	char name[64];

	assert_int_equal(openpty(&b->master, &b->slave, name, NULL, NULL), 0);
	assert_int_equal(symlink(name, b->link), 0);
	tcgetattr(b->slave, &t);
	cfmakeraw(&t);
	tcsetattr(b->slave, TCSANOW, &t);
	bench_say(b->master, "SB000");
	bench_open_ready(b, b->link, "");
	bench_say(b->master, "01\rSB00002\r");
	bench_wait_for(b, b->scans == 1);
	assert_string_equal(b->codes, "SB00002 ");
}

static void a_missing_device_is_said_once_and_found_later(void **state)
{
	struct bench *b = *state;

	bench_open(b, "pipe", b->link, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_UNPLUGGED);
	assert_non_null(strstr(b->error.message, "is not there"));
	bench_plug(b);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
	assert_string_equal(b->states_seen, "opening unplugged ready ");
}

static void a_device_held_by_another_is_refused_until_it_is_free(void **state)
{
	struct bench *b = *state;
	char name[64];

	assert_int_equal(openpty(&b->master, &b->slave, name, NULL, NULL), 0);
	assert_int_equal(symlink(name, b->link), 0);
	assert_int_equal(flock(b->slave, LOCK_EX), 0);
	bench_open(b, "pipe", b->link, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_REFUSED);
	assert_int_equal(b->error.rc, TT_CONFLICT);
	assert_non_null(strstr(b->error.message, "in use by another program"));
	assert_int_equal(flock(b->slave, LOCK_UN), 0);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
}

static void a_fifo_has_one_reader(void **state)
{
	struct bench *b = *state;
	int other;

	assert_int_equal(mkfifo(b->link, 0600), 0);
	other = open(b->link, O_RDWR);
	assert_true(other >= 0);
	assert_int_equal(flock(other, LOCK_EX), 0);
	bench_open(b, "pipe", b->link, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_REFUSED);
	assert_non_null(strstr(b->error.message, "in use by another program"));
	close(other);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
}

static void what_is_no_serial_port_is_refused_with_advice(void **state)
{
	struct bench *b = *state;

	bench_plug(b);
	bench_open(b, "serial", b->link, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_REFUSED);
	assert_non_null(strstr(b->error.message, "is not a serial port"));
	assert_non_null(strstr(b->error.hint, "pipe:"));
}

static int bench_bind(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void bench_is_refused(struct bench *b, const char *path, const char *said)
{
	bench_open(b, "pipe", path, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_REFUSED);
	assert_int_equal(b->error.rc, TT_CONFIG);
	assert_non_null(strstr(b->error.message, said));
	tt_source_close(b->source);
	b->source = NULL;
}

static void what_is_no_pipe_is_called_by_its_name(void **state)
{
	struct bench *b = *state;
	int fd = bench_bind(b->path);

	bench_is_refused(b, b->path, " is a socket, no FIFO");
	close(fd);
	bench_is_refused(b, "/", "/ is a folder, no FIFO");
	bench_is_refused(b, "/dev/null", "/dev/null is a device, no FIFO");
}

static void a_fifo_outlives_its_writers(void **state)
{
	struct bench *b = *state;
	int fd;

	assert_int_equal(mkfifo(b->path, 0600), 0);
	bench_open_ready(b, b->path, "");
	for (size_t i = 1; i <= 2; i++) {
		fd = open(b->path, O_WRONLY);
		bench_say(fd, "SB00001\r");
		close(fd);
		bench_wait_for(b, b->scans == i);
	}
	assert_int_equal(bench_state(b), TT_SOURCE_READY);
}

static void a_file_is_read_once_to_its_end(void **state)
{
	struct bench *b = *state;
	FILE *file = fopen(b->path, "w");

	fputs("SB00001\nCH0001\nCH0002", file);
	fclose(file);
	bench_open(b, "pipe", b->path, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_UNPLUGGED);
	assert_string_equal(b->codes, "SB00001 CH0001 CH0002 ");
	assert_non_null(strstr(b->error.message, "to its end"));
	assert_string_equal(b->states_seen, "opening ready unplugged ");
}

static int bench_listen(struct bench *b, uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(*port)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	(void)b;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*port = ntohs(a.sin_port);
	return fd;
}

static void a_connection_gives_codes_and_comes_back(void **state)
{
	struct bench *b = *state;
	uint16_t port = 0;
	char address[64];
	int fd = bench_listen(b, &port), peer;

	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	bench_open(b, "tcp", address, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
	peer = accept(fd, NULL, NULL);
	bench_say(peer, "SB00001\r");
	bench_wait_for(b, b->scans == 1);
	close(peer);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_UNPLUGGED);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
	peer = accept(fd, NULL, NULL);
	bench_say(peer, "SB00002\r");
	bench_wait_for(b, b->scans == 2);
	close(peer);
	close(fd);
	assert_string_equal(b->codes, "SB00001 SB00002 ");
}

static void a_refused_connection_is_unplugged_and_tried_again(void **state)
{
	struct bench *b = *state;
	uint16_t port = 0;
	char address[64];
	int fd = bench_listen(b, &port);

	close(fd);
	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	bench_open(b, "tcp", address, "");
	bench_wait_for(b, bench_state(b) == TT_SOURCE_UNPLUGGED);
	assert_non_null(strstr(b->error.message, "no connection to the scanner"));
	fd = bench_listen(b, &port);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
	close(fd);
}

static void a_host_name_is_looked_up(void **state)
{
	struct bench *b = *state;
	uint16_t port = 0;
	char address[64];
	int fd = bench_listen(b, &port);

	snprintf(address, sizeof(address), "localhost:%u", port);
	bench_open(b, "tcp", address, "");
	bench_wait_for(b, b->states >= 2);
	assert_memory_equal(b->states_seen, "opening ", 8);
	close(fd);
}

static void answers_reach_the_device(void **state)
{
	struct bench *b = *state;
	char answer[16];

	bench_plug(b);
	b->answer_on_scan = true;
	bench_open_ready(b, b->link, ",driver=honeywell-host-ack");
	bench_say(b->master, "SB00001\r");
	bench_wait_for(b, b->scans == 1);
	assert_int_equal(read(b->master, answer, sizeof(answer)), 3);
	assert_memory_equal(answer, "\0337,", 3);
}

static void answers_never_block_and_are_counted_when_dropped(void **state)
{
	struct bench *b = *state;
	struct tt_source_info info;

	bench_plug(b);
	bench_open_ready(b, b->link, ",driver=zebra-ssi");
	for (int i = 0; i < 100000; i++)
		tt_feedback(b->source, TT_FEEDBACK_GOOD);
	tt_source_info(b->source, &info);
	assert_true(info.dropped > 0);
	bench_unplug(b);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_UNPLUGGED);
	tt_feedback(b->source, TT_FEEDBACK_GOOD);
	assert_int_equal(bench_state(b), TT_SOURCE_UNPLUGGED);
}

static void packets_are_acknowledged_when_the_caller_says_so(void **state)
{
	static const uint8_t packet[] = {9, 0xf3, 0, 0, 3, 'C', 'H', '0', '1', 0xfe, 0x15};
	static const uint8_t ack[] = {4, 0xd0, 4, 0, 0xff, 0x28};
	struct bench *b = *state;
	uint8_t answer[16];

	bench_plug(b);
	bench_open_ready(b, b->link, ",driver=zebra-ssi");
	assert_int_equal(write(b->master, packet, sizeof(packet)), sizeof(packet));
	bench_wait_for(b, b->scans == 1);
	assert_string_equal(b->codes, "CH01 ");
	fcntl(b->master, F_SETFL, O_NONBLOCK);
	assert_int_equal(read(b->master, answer, sizeof(answer)), -1);
	tt_feedback(b->source, TT_FEEDBACK_ACK);
	assert_int_equal(read(b->master, answer, sizeof(answer)), sizeof(ack));
	assert_memory_equal(answer, ack, sizeof(ack));
}

static void packets_with_nothing_to_save_are_acknowledged_at_once(void **state)
{
	static const uint8_t packet[] = {6, 0xf3, 0, 0, 3, 0x07, 0xfe, 0xfd};
	struct bench *b = *state;
	uint8_t answer[16];

	bench_plug(b);
	bench_open_ready(b, b->link, ",driver=zebra-ssi");
	assert_int_equal(write(b->master, packet, sizeof(packet)), sizeof(packet));
	bench_wait_for(b, b->scans == 1);
	assert_string_equal(b->codes, "? ");
	assert_int_equal(read(b->master, answer, sizeof(answer)), 6);
	assert_int_equal(answer[1], 0xd0);
}

static void silence_ends_a_code_where_asked_for(void **state)
{
	struct bench *b = *state;

	bench_plug(b);
	bench_open_ready(b, b->link, ",idle-gap=30");
	bench_say(b->master, "SB00001");
	bench_wait_for(b, b->scans == 1);
	assert_string_equal(b->codes, "SB00001 ");
}

static void the_wedge_takes_what_it_is_given(void **state)
{
	struct bench *b = *state;
	struct tt_error err;

	assert_int_equal(tt_source_open(&b->loop, "wedge,prefix=\\x02", &bench_callbacks, b,
				 &b->source, &err),
		TT_OK);
	assert_int_equal(b->states, 0);
	tt_source_feed(b->source, "\x02SB00001\r", 9);
	tt_source_frame(b->source, "CH0001", 6, 0);
	bench_wait_for(b, bench_state(b) == TT_SOURCE_READY);
	assert_string_equal(b->codes, "SB00001 CH0001 ");
	tt_feedback(b->source, TT_FEEDBACK_GOOD);
}

static void it_may_be_closed_from_its_own_callback(void **state)
{
	struct bench *b = *state;

	bench_plug(b);
	b->close_on_scan = true;
	bench_open_ready(b, b->link, "");
	bench_say(b->master, "SB00001\rSB00002\rSB00003\r");
	bench_wait_for(b, b->source == NULL);
	assert_string_equal(b->codes, "SB00001 ");
}

static void it_may_be_closed_at_once(void **state)
{
	struct bench *b = *state;

	bench_open(b, "tcp", "localhost:9", "");
	tt_source_close(b->source);
	b->source = NULL;
	uv_run(&b->loop, UV_RUN_NOWAIT);
	assert_int_equal(b->states, 0);
}

static void specifications_are_checked(void **state)
{
	static const char *const good[] = {"wedge", "serial:/dev/ttyACM0", "tcp:scanner.local:4001",
		"tcp:[::1]:4001", "pipe:/tmp/x,idle-gap=0",
		"serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0,driver=zebra-ssi,"
		"terminator=cr+lf+tab,baud=115200,prefix=\\x02\\\\,suffix=>,gs1-code=gtin-serial,"
		"gs1-lenient=on"};
	static const char *const bad[][3] = {
		{"/dev/ttyACM0", "is no source of scans", "serial:/dev/ttyACM0"},
		{"usb:1", "is no source of scans", "serial:PATH"},
		{"serial:", "needs an address", ""},
		{"wedge:x", "takes nothing", ""},
		{"wedge,drivr=none", "no option \"drivr\"", "driver"},
		{"wedge,colour=red", "no option \"colour\"", "tracetrack-scanners(7)"},
		{"wedge,driver=beep", "no driver is called \"beep\"", "zebra-ssi"},
		{"wedge,driver", "is not OPTION=VALUE", ""},
		{"wedge,baud=fast", "baud wants a number", ""},
		{"wedge,baud=0", "baud wants a number", ""},
		{"wedge,idle-gap=10001", "idle-gap wants a number", ""},
		{"wedge,terminator=cr+", "is no terminator", "cr, lf and tab"},
		{"wedge,terminator=", "is no terminator", "cr, lf and tab"},
		{"wedge,prefix=\\x0", "write \\xNN", ""},
		{"wedge,prefix=\\x00", "is no byte", ""},
		{"wedge,prefix=123456789012345678901234567890123", "longer than 31 bytes", ""},
		{"wedge,gs1-code=sscc", "gs1-code is", ""},
		{"wedge,gs1-lenient=yes", "gs1-lenient is", ""},
		{"wedge,", "is not OPTION=VALUE", ""},
	};
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(tt_source_check(good[i], &err), TT_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(tt_source_check(bad[i][0], &err), TT_USAGE);
		assert_non_null(strstr(err.message, bad[i][1]));
		assert_non_null(strstr(err.hint, bad[i][2]));
	}
}

static void a_link_of_two_devices_is_refused(void **state)
{
	static const struct port_claim claims[] = {
		{"/dev/ttyACM0", "/dev/serial/by-path/usb-0:1:1.0"},
		{"/dev/ttyACM1", "/dev/serial/by-path/usb-0:2:1.0"},
	};
	struct tt_error err;

	(void)state;
	assert_int_equal(port_check_claims("/dev/serial/by-id/x", claims, 1, &err), TT_OK);
	assert_int_equal(port_check_claims("/dev/serial/by-id/x", claims, 2, &err), TT_CONFIG);
	assert_string_equal(err.message,
		"/dev/serial/by-id/x stands for 2 devices: /dev/ttyACM0 and /dev/ttyACM1");
	assert_string_equal(
		err.hint, "Name the socket instead: serial:/dev/serial/by-path/usb-0:1:1.0");
}

static void hotplug_on_new(void *ctx)
{
	++*(int *)ctx;
}

static int kernel_listen(void)
{
	struct sockaddr_nl a = {.nl_family = AF_NETLINK, .nl_groups = 1};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* Root may make the kernel say again that a terminal device came. False where that is not allowed
 * or is not heard (containers). */
static bool kernel_announces(void)
{
	int fd = open("/sys/class/tty/ptmx/uevent", O_WRONLY | O_CLOEXEC);
	struct pollfd heard = {.fd = kernel_listen(), .events = POLLIN};
	bool is_said = fd >= 0 && write(fd, "add", 3) == 3 && poll(&heard, 1, 2000) == 1;

	close(heard.fd);
	if (fd >= 0)
		close(fd);
	return is_said;
}

static void a_new_port_is_noticed(void **state)
{
	struct bench *b = *state;
	int count = 0;
	struct hotplug *hotplug = hotplug_new(&b->loop, hotplug_on_new, &count);

	if (!kernel_announces()) {
		hotplug_free(hotplug);
		skip();
	}
	assert_non_null(hotplug);
	bench_wait_for(b, count > 0);
	hotplug_free(hotplug);
}

static void ports_can_be_listed(void **state)
{
	struct tt_rows rows;
	struct tt_error err;

	(void)state;
	assert_int_equal(tt_source_enumerate(&rows, &err), TT_OK);
	for (size_t i = 0; i < rows.count; i++)
		assert_memory_equal(((struct tt_port *)tt_rows_at(&rows, i))->path, "/dev/", 5);
	tt_rows_fini(&rows);
}

#define SOURCE_TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SOURCE_TEST(a_terminal_gives_codes),
		SOURCE_TEST(a_terminal_is_raw_and_does_not_echo),
		SOURCE_TEST(it_goes_on_after_unplugging_in_the_middle_of_a_code),
		SOURCE_TEST(waiting_for_a_gone_device_costs_nothing),
		SOURCE_TEST(what_waited_in_the_middle_of_a_code_is_dropped),
		SOURCE_TEST(a_missing_device_is_said_once_and_found_later),
		SOURCE_TEST(a_device_held_by_another_is_refused_until_it_is_free),
		SOURCE_TEST(a_fifo_has_one_reader),
		SOURCE_TEST(what_is_no_serial_port_is_refused_with_advice),
		SOURCE_TEST(what_is_no_pipe_is_called_by_its_name),
		SOURCE_TEST(a_fifo_outlives_its_writers),
		SOURCE_TEST(a_file_is_read_once_to_its_end),
		SOURCE_TEST(a_connection_gives_codes_and_comes_back),
		SOURCE_TEST(a_refused_connection_is_unplugged_and_tried_again),
		SOURCE_TEST(a_host_name_is_looked_up),
		SOURCE_TEST(answers_reach_the_device),
		SOURCE_TEST(answers_never_block_and_are_counted_when_dropped),
		SOURCE_TEST(packets_are_acknowledged_when_the_caller_says_so),
		SOURCE_TEST(packets_with_nothing_to_save_are_acknowledged_at_once),
		SOURCE_TEST(silence_ends_a_code_where_asked_for),
		SOURCE_TEST(the_wedge_takes_what_it_is_given),
		SOURCE_TEST(it_may_be_closed_from_its_own_callback),
		SOURCE_TEST(it_may_be_closed_at_once),
		SOURCE_TEST(a_new_port_is_noticed),
		cmocka_unit_test(specifications_are_checked),
		cmocka_unit_test(a_link_of_two_devices_is_refused),
		cmocka_unit_test(ports_can_be_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

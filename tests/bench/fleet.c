/*
 * A fleet of headless stations, each a process of its own, that scan parents and their 30 children.
 *
 *	fleet [--clients N] [--seconds S] [--warm S] [--rate PER_SECOND] [--parents-from NUMBER]
 *	      [--state DIR]
 *
 * Without a rate the loop is closed: a station scans again when it has its answer. With one it is
 * open: scans have a scheduled time, wherever the stations are; latency counts from there, and how
 * late they were written is told apart. Prints NAME=VALUE, times in microseconds. Reads
 * TRACETRACK_DSN, TRACETRACK_DEMO_PASSWORDS and B. Status: 0; 1 when a scan was not done.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tracetrack/clock.h>
#include <tracetrack/histogram.h>
#include <tracetrack/text.h>

#define FLEET_CLIENTS_MAX 1000
#define FLEET_CHILDREN 30
#define FLEET_READY_SECONDS 120
#define FLEET_DUE_MAX 256 /* scans of one station that may wait for their answers */
#define FLEET_LINE_MAX 4096

extern char **environ;

struct client {
	pid_t pid;
	int to, from;
	char held[FLEET_LINE_MAX];
	size_t len;
	bool is_ready;
	unsigned step; /* 0: a parent comes next */
	uint64_t due_ns[FLEET_DUE_MAX];
	unsigned sent, answered;
};

static struct fleet {
	struct client client[FLEET_CLIENTS_MAX];
	long clients, seconds, warm, rate, parent;
	const char *state;
	int epoll;
	unsigned ready;
	unsigned long child, done, other;
	tt_time run;
	uint64_t from_ns, until_ns; /* what counts */
	struct tt_histogram latency, late;
} fleet = {.clients = 10, .seconds = 5, .warm = 1, .parent = 1, .state = "/tmp"};

static void fleet_die(const char *what)
{
	fprintf(stderr, "fleet: %s\n", what);
	exit(1);
}

static void fleet_reap(void)
{
	long i;

	for (i = 0; i < fleet.clients; i++) {
		if (fleet.client[i].pid > 0)
			kill(fleet.client[i].pid, SIGTERM);
	}
	for (i = 0; i < fleet.clients; i++) {
		if (fleet.client[i].pid > 0)
			waitpid(fleet.client[i].pid, NULL, 0);
	}
}

static void fleet_on_signal(int number)
{
	exit(128 + number);
}

/* ---- processes */

static void fleet_spawn(struct client *c, long index)
{
	char program[512], user[32], password[512], station[32], state[512];
	const char *argv[] = {program, "--headless", "--user", user, "--password-file", password,
		"--station", station, "--state-dir", state, "--answer-within", "60000", NULL};
	const char *b = getenv("B"), *passwords = getenv("TRACETRACK_DEMO_PASSWORDS");
	posix_spawn_file_actions_t actions;
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
	int in[2], out[2];

	tt_format(program, sizeof(program), "%s/tracetrack", b ? b : "build");
	tt_format(user, sizeof(user), "dispatcher%03ld", index % 200 + 1);
	tt_format(password, sizeof(password), "%s/%s", passwords ? passwords : ".", user);
	tt_format(station, sizeof(station), "FLEET-%03ld", index + 1);
	tt_format(state, sizeof(state), "%s/%ld", fleet.state, index + 1);
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		fleet_die("no more pipes");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	if (posix_spawn(&c->pid, program, &actions, NULL, (char **)(uintptr_t)argv, environ) != 0)
		fleet_die("the station does not start; run make first");
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	c->to = in[1];
	c->from = out[0];
	epoll_ctl(fleet.epoll, EPOLL_CTL_ADD, c->from, &event);
}

/* ---- scans */

static void client_scan(struct client *c, uint64_t due_ns)
{
	char line[64];
	size_t len;

	if (c->sent - c->answered == FLEET_DUE_MAX)
		fleet_die("the stations can't keep up with this rate");
	if (c->step == 0)
		len = tt_format(line, sizeof(line), "scan SB1%07ld\n", fleet.parent++ % 10000000);
	else
		len = tt_format(line, sizeof(line), "scan B%011llX-%07lu\n",
			(unsigned long long)fleet.run, fleet.child++ % 10000000);
	c->step = (c->step + 1) % (FLEET_CHILDREN + 1);
	c->due_ns[c->sent++ % FLEET_DUE_MAX] = due_ns;
	if (write(c->to, line, len) != (ssize_t)len)
		fleet_die("a station does not read");
}

static void client_answered(struct client *c, const char *line, size_t len)
{
	uint64_t now = tt_steady_ns(), due = c->due_ns[c->answered++ % FLEET_DUE_MAX];

	if (!memmem(line, len, "\"class\":\"done\"", 14)) {
		if (fleet.other++ == 0)
			fprintf(stderr, "fleet: %.*s\n", (int)len, line);
	} else if (fleet.rate ? due >= fleet.from_ns && due < fleet.until_ns
			      : now >= fleet.from_ns && now < fleet.until_ns) {
		fleet.done++;
		tt_histogram_add(&fleet.latency, (now - due) / 1000);
	}
	if (!fleet.rate && now < fleet.until_ns)
		client_scan(c, tt_steady_ns());
}

static void client_line(struct client *c, const char *line, size_t len)
{
	if (c->is_ready) {
		client_answered(c, line, len);
	} else {
		c->is_ready = true;
		fleet.ready++;
	}
}

static void client_read(struct client *c)
{
	ssize_t n = read(c->from, c->held + c->len, sizeof(c->held) - c->len);
	char *at = c->held, *eol;

	if (n <= 0)
		fleet_die("a station has ended");
	c->len += (size_t)n;
	while ((eol = memchr(at, '\n', c->len - (size_t)(at - c->held)))) {
		client_line(c, at, (size_t)(eol - at));
		at = eol + 1;
	}
	c->len -= (size_t)(at - c->held);
	memmove(c->held, at, c->len);
	if (c->len == sizeof(c->held))
		fleet_die("an answer is too long");
}

/* Read what is there, waiting for it until a time of the steady clock. */
static void fleet_step(uint64_t until_ns)
{
	uint64_t now = tt_steady_ns(), left = until_ns > now ? until_ns - now : 0;
	struct timespec wait = {(time_t)(left / 1000000000), (long)(left % 1000000000)};
	struct epoll_event events[64];
	int i, n = epoll_pwait2(fleet.epoll, events, 64, &wait, NULL);

	for (i = 0; i < n; i++)
		client_read(events[i].data.ptr);
}

/* ---- the runs */

static void fleet_get_ready(void)
{
	uint64_t until = tt_steady_ns() + FLEET_READY_SECONDS * 1000000000ull;
	long i;

	for (i = 0; i < fleet.clients; i++)
		fleet_spawn(&fleet.client[i], i);
	while (fleet.ready < (unsigned)fleet.clients) {
		if (tt_steady_ns() > until)
			fleet_die("not every station is ready");
		fleet_step(until);
	}
}

static void fleet_run_closed(void)
{
	long i;

	for (i = 0; i < fleet.clients; i++)
		client_scan(&fleet.client[i], tt_steady_ns());
	while (tt_steady_ns() < fleet.until_ns)
		fleet_step(fleet.until_ns);
}

static void fleet_run_open(uint64_t start)
{
	uint64_t gap = 1000000000ull / (uint64_t)fleet.rate, due = start, now;
	unsigned long k;

	for (k = 0; due < fleet.until_ns; k++, due = start + k * gap) {
		while ((now = tt_steady_ns()) < due)
			fleet_step(due);
		if (due >= fleet.from_ns)
			tt_histogram_add(&fleet.late, (now - due) / 1000);
		client_scan(&fleet.client[k % (unsigned long)fleet.clients], due);
	}
}

static bool fleet_is_waiting(void)
{
	long i;

	for (i = 0; i < fleet.clients; i++) {
		if (fleet.client[i].sent != fleet.client[i].answered)
			return true;
	}
	return false;
}

static void fleet_finish(void)
{
	uint64_t until = tt_steady_ns() + 30000000000ull;

	while (fleet_is_waiting() && tt_steady_ns() < until)
		fleet_step(until);
	if (fleet_is_waiting())
		fleet_die("answers are missing");
}

static double fleet_cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static unsigned long long fleet_quantile(const struct tt_histogram *h, double q)
{
	return (unsigned long long)tt_histogram_quantile(h, q);
}

static void fleet_run(void)
{
	uint64_t start;
	double cpu;

	fleet_get_ready();
	cpu = fleet_cpu_seconds();
	start = tt_steady_ns();
	fleet.from_ns = start + (uint64_t)fleet.warm * 1000000000;
	fleet.until_ns = fleet.from_ns + (uint64_t)fleet.seconds * 1000000000;
	if (fleet.rate)
		fleet_run_open(start);
	else
		fleet_run_closed();
	cpu = fleet_cpu_seconds() - cpu;
	fleet_finish();
	printf("done=%lu other=%lu per_s=%.0f p50=%llu p95=%llu p99=%llu max=%llu late_p99=%llu "
	       "driver_cpu=%.3f\n",
		fleet.done, fleet.other, (double)fleet.done / (double)fleet.seconds,
		fleet_quantile(&fleet.latency, 0.50), fleet_quantile(&fleet.latency, 0.95),
		fleet_quantile(&fleet.latency, 0.99), (unsigned long long)fleet.latency.max,
		fleet_quantile(&fleet.late, 0.99), cpu / (double)(fleet.warm + fleet.seconds));
}

static void fleet_take_option(const char *name, const char *value)
{
	static const struct {
		const char *name;
		long *to, most;
	} rows[] = {{"--clients", &fleet.clients, FLEET_CLIENTS_MAX},
		{"--seconds", &fleet.seconds, 3600}, {"--warm", &fleet.warm, 3600},
		{"--rate", &fleet.rate, 1000000}, {"--parents-from", &fleet.parent, 9999999}};
	size_t i;

	if (strcmp(name, "--state") == 0) {
		fleet.state = value;
		return;
	}
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strcmp(name, rows[i].name) != 0)
			continue;
		*rows[i].to = strtol(value, NULL, 10);
		if (*rows[i].to >= 0 && *rows[i].to <= rows[i].most)
			return;
	}
	fprintf(stderr, "fleet: %s %s is not understood\n", name, value);
	exit(64);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i += 2)
		fleet_take_option(argv[i], i + 1 < argc ? argv[i + 1] : "-1");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, fleet_on_signal);
	signal(SIGTERM, fleet_on_signal);
	atexit(fleet_reap);
	fleet.run = tt_now() / 1000;
	fleet.epoll = epoll_create1(EPOLL_CLOEXEC);
	fleet_run();
	return fleet.other == 0 ? 0 : 1;
}

/*
 * Feeds bytes to a source as a scanner would, and prints what comes out, a line each:
 *
 *	code CODE SYMBOLOGY GRAMS	with - for what is not known
 *	unreadable MESSAGE
 *
 *	replay file FILE [OPTIONS]	read as pipe:FILE
 *	replay pty FILE CUT SCANS [OPTIONS]
 *					the same through a pseudo-terminal, CUT bytes a write, until
 *					SCANS came out
 *	replay noise SEED ROUNDS	codes between bursts of random bytes; prints the codes lost
 *	replay flood COUNT		codes as fast as they go on two terminals at once; prints
 *					lost, doubled, and the slowest tenth of a percent in us
 *	replay unplug ROUNDS		hang-ups in the middle of a code; prints codes that were
 *					torn, and the slowest return in ms
 *
 * Status: 0 done, 1 nothing came out any more for 10 s, 64 usage.
 */
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <uv.h>

#include <tracetrack/clock.h>
#include <tracetrack/column.h>
#include <tracetrack/feedback.h>
#include <tracetrack/histogram.h>
#include <tracetrack/source.h>
#include <tracetrack/text.h>

#define REPLAY_STEP_MS 1
#define REPLAY_STEPS 10000

/* A simulated scanner and the source that reads it. */
struct lane {
	struct tt_source *source;
	enum tt_source_state state;
	int master, slave;
	char name[64], link[128];
	uint64_t sent_ns;
	long next, lost, doubled; /* of flood: the number that must come next */
	size_t scans;
};

static uv_loop_t replay_loop;
static uv_timer_t replay_clock;
static int replay_steps;
static struct tt_histogram replay_times;

static void replay_on_state(
	void *ctx, struct tt_source *source, enum tt_source_state state, const struct tt_error *err)
{
	struct lane *lane = ctx;

	(void)source;
	(void)err;
	lane->state = state;
}

static void replay_on_tick(uv_timer_t *timer)
{
	(void)timer;
	replay_steps--;
}

static void replay_step(void)
{
	uv_run(&replay_loop, UV_RUN_ONCE);
	if (replay_steps > 0)
		return;
	fprintf(stderr, "replay: nothing comes any more\n");
	exit(1);
}

#define replay_wait_for(condition)                       \
	for (replay_steps = REPLAY_STEPS; !(condition);) \
	replay_step()

static void replay_print(void *ctx, struct tt_source *source, const struct tt_scan *scan)
{
	struct lane *lane = ctx;

	lane->scans++;
	tt_feedback(source, TT_FEEDBACK_ACK);
	if (scan->kind == TT_SCAN_UNREADABLE) {
		printf("unreadable %s\n", scan->error.message);
		return;
	}
	printf("code %s %s ", scan->code, scan->symbology[0] ? scan->symbology : "-");
	if (scan->grams == TT_NO_INT)
		printf("-\n");
	else
		printf("%lld\n", (long long)scan->grams);
}

static void replay_open(struct lane *lane, const char *spec,
	void (*on_scan)(void *, struct tt_source *, const struct tt_scan *))
{
	struct tt_source_callbacks callbacks = {on_scan, replay_on_state};
	struct tt_error err;

	if (tt_source_open(&replay_loop, spec, &callbacks, lane, &lane->source, &err)) {
		fprintf(stderr, "replay: %s. %s\n", err.message, err.hint);
		exit(64);
	}
}

static void replay_close(struct lane *lane)
{
	tt_source_close(lane->source);
	lane->source = NULL;
}

static void lane_plug(struct lane *lane)
{
	if (openpty(&lane->master, &lane->slave, lane->name, NULL, NULL)) {
		perror("replay: openpty");
		exit(1);
	}
	fcntl(lane->master, F_SETFL, O_NONBLOCK);
}

static void lane_unplug(struct lane *lane)
{
	close(lane->slave);
	close(lane->master);
}

static void lane_forget_answers(const struct lane *lane)
{
	char answers[256];

	while (read(lane->master, answers, sizeof(answers)) > 0)
		;
}

/* One write at a time, with a turn of the loop in between. */
static void lane_write(const struct lane *lane, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(lane->master, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
		replay_step();
		lane_forget_answers(lane);
	}
}

static void lane_open_pty(struct lane *lane, const char *options,
	void (*on_scan)(void *, struct tt_source *, const struct tt_scan *))
{
	char spec[256];

	lane_plug(lane);
	snprintf(spec, sizeof(spec), "pipe:%s%s", lane->name, options);
	replay_open(lane, spec, on_scan);
	replay_wait_for(lane->state == TT_SOURCE_READY);
}

static int replay_file(const char *path, const char *options)
{
	struct lane lane = {0};
	char spec[512];

	snprintf(spec, sizeof(spec), "pipe:%s%s", path, options);
	replay_open(&lane, spec, replay_print);
	replay_wait_for(lane.state == TT_SOURCE_UNPLUGGED);
	replay_close(&lane);
	return 0;
}

static int replay_pty(const char *path, size_t cut, size_t scans, const char *options)
{
	struct lane lane = {0};
	FILE *file = fopen(path, "rb");
	char bytes[512];
	size_t n;

	if (!file || cut < 1 || cut > sizeof(bytes))
		return 64;
	lane_open_pty(&lane, options, replay_print);
	replay_steps = REPLAY_STEPS;
	while ((n = fread(bytes, 1, cut, file)) > 0)
		lane_write(&lane, bytes, n);
	fclose(file);
	replay_wait_for(lane.scans >= scans);
	replay_close(&lane);
	lane_unplug(&lane);
	return 0;
}

/* Codes carry their number: what comes must be the next one, or earlier (doubled), or later. */
static void lane_judge(struct lane *lane, const struct tt_scan *scan)
{
	long number;

	if (scan->kind != TT_SCAN_CODE || sscanf(scan->code, "CH%7ld", &number) != 1 ||
		strlen(scan->code) != 9)
		return;
	lane->scans++;
	if (number < lane->next)
		lane->doubled++;
	else
		lane->lost += number - lane->next;
	if (number >= lane->next)
		lane->next = number + 1;
}

static void replay_judge(void *ctx, struct tt_source *source, const struct tt_scan *scan)
{
	struct lane *lane = ctx;

	(void)source;
	tt_histogram_add(&replay_times, (tt_steady_ns() - lane->sent_ns) / 1000);
	lane_judge(lane, scan);
}

static uint32_t replay_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* An odd line end before each code: whatever the noise was, the code is a frame of its own. */
static int replay_noise(uint32_t seed, long rounds)
{
	struct lane lane = {0};
	char text[512];
	size_t n;

	replay_open(&lane, "wedge", replay_judge);
	for (long i = 0; i < rounds; i++) {
		n = replay_random(&seed) % 300;
		for (size_t k = 0; k < n; k++)
			text[k] = (char)replay_random(&seed);
		n += tt_format(text + n, sizeof(text) - n, "\rCH%07ld\r\n", i);
		tt_source_feed(lane.source, text, n);
	}
	printf("lost %ld doubled %ld\n", lane.lost + rounds - lane.next, lane.doubled);
	replay_close(&lane);
	return 0;
}

static void flood_send(struct lane *lane, long number)
{
	char text[32];
	size_t len = tt_format(text, sizeof(text), "CH%07ld\r", number);

	lane->sent_ns = tt_steady_ns();
	while (write(lane->master, text, len) < 0)
		replay_step();
}

static int replay_flood(long count)
{
	struct lane lanes[2] = {{0}, {0}};

	for (int k = 0; k < 2; k++)
		lane_open_pty(&lanes[k], "", replay_judge);
	for (long i = 0; i < count; i++) {
		for (int k = 0; k < 2; k++)
			flood_send(&lanes[k], i);
		replay_wait_for(lanes[0].next > i && lanes[1].next > i);
	}
	printf("lost %ld doubled %ld\n", lanes[0].lost + lanes[1].lost,
		lanes[0].doubled + lanes[1].doubled);
	fprintf(stderr, "# bytes in to code out: p50 %llu us, p99.9 %llu us\n",
		(unsigned long long)tt_histogram_quantile(&replay_times, 0.5),
		(unsigned long long)tt_histogram_quantile(&replay_times, 0.999));
	for (int k = 0; k < 2; k++) {
		replay_close(&lanes[k]);
		lane_unplug(&lanes[k]);
	}
	return 0;
}

static void unplug_point(const struct lane *lane)
{
	unlink(lane->link);
	if (symlink(lane->name, lane->link))
		perror("replay: symlink");
}

static int replay_unplug(long rounds)
{
	struct lane lane = {0};
	const char *tmp = getenv("TMPDIR");
	uint64_t began, slowest = 0;
	char spec[256], text[32];

	snprintf(lane.link, sizeof(lane.link), "%s/replay.%d", tmp ? tmp : "/tmp", (int)getpid());
	lane_plug(&lane);
	unplug_point(&lane);
	snprintf(spec, sizeof(spec), "pipe:%s", lane.link);
	replay_open(&lane, spec, replay_judge);
	replay_wait_for(lane.state == TT_SOURCE_READY);
	for (long i = 0; i < rounds; i++) {
		replay_steps = REPLAY_STEPS;
		lane_write(&lane, text, tt_format(text, sizeof(text), "CH%07ld\rCH000", i));
		replay_wait_for(lane.next > i);
		unlink(lane.link);
		lane_unplug(&lane);
		replay_wait_for(lane.state == TT_SOURCE_UNPLUGGED);
		lane_plug(&lane);
		unplug_point(&lane);
		began = tt_steady_ns();
		replay_wait_for(lane.state == TT_SOURCE_READY);
		if (tt_steady_ns() - began > slowest)
			slowest = tt_steady_ns() - began;
	}
	printf("lost %ld doubled %ld torn %ld\n", lane.lost + rounds - lane.next, lane.doubled,
		(long)lane.scans - rounds);
	fprintf(stderr, "# back after %llu ms at most\n", (unsigned long long)(slowest / 1000000));
	replay_close(&lane);
	lane_unplug(&lane);
	unlink(lane.link);
	return 0;
}

static int replay_main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (strcmp(what, "file") == 0)
		return replay_file(argv[2], argc > 3 ? argv[3] : "");
	if (strcmp(what, "pty") == 0 && argc > 4)
		return replay_pty(argv[2], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
			argc > 5 ? argv[5] : "");
	if (strcmp(what, "noise") == 0 && argc > 3)
		return replay_noise((uint32_t)strtoul(argv[2], NULL, 10), atol(argv[3]));
	if (strcmp(what, "flood") == 0)
		return replay_flood(atol(argv[2]));
	if (strcmp(what, "unplug") == 0)
		return replay_unplug(atol(argv[2]));
	fprintf(stderr, "usage: replay file|pty|noise|flood|unplug ...\n");
	return 64;
}

int main(int argc, char **argv)
{
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	uv_loop_init(&replay_loop);
	uv_timer_init(&replay_loop, &replay_clock);
	uv_timer_start(&replay_clock, replay_on_tick, REPLAY_STEP_MS, REPLAY_STEP_MS);
	status = replay_main(argc, argv);
	uv_close((uv_handle_t *)&replay_clock, NULL);
	uv_run(&replay_loop, UV_RUN_DEFAULT);
	uv_loop_close(&replay_loop);
	return status;
}

/*
 * One station at a desk: a terminal (or the headless protocol) on one side, a scanner on the other,
 * both pseudo-terminals that this program holds the far ends of.
 *
 *	desk start COUNT		from exec to the login screen
 *	desk memory FACE		private memory after login and 100 scans
 *	desk idle FACE SECONDS		share of one core while nothing happens
 *	desk scan COUNT			from a frame to the scanner's answer, and the same call
 *					straight to the database in turn
 *	desk login COUNT		challenge and login, without the hashing between
 *	desk frozen COUNT PID		keys and scans while PID and its children stand still
 *
 * FACE: screen or headless. Prints NAME=VALUE, times in microseconds. Reads TRACETRACK_DSN,
 * TRACETRACK_DEMO_PASSWORDS and B. Status: 0; 1 when something did not come.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <uv.h>

#include <tracetrack/clock.h>
#include <tracetrack/event.h>
#include <tracetrack/histogram.h>
#include <tracetrack/operation.h>
#include <tracetrack/outcome.h>
#include <tracetrack/password.h>
#include <tracetrack/session.h>
#include <tracetrack/text.h>

#define DESK_PATIENCE_MS 20000
#define DESK_CHILDREN 30

struct end { /* our end of a pseudo-terminal or pipe, and the bytes that came last */
	int fd;
	char bytes[1 << 16];
	size_t len;
	uint64_t at_ns; /* of the last of them */
};

static struct desk {
	pid_t pid;
	bool is_headless;
	struct end face, scanner;
	int to; /* keys or commands */
	char state[64], scanner_path[64];
	unsigned step;
	unsigned long child, bag; /* numbers of the next codes */
	pid_t frozen[256];
	size_t nfrozen;
} desk = {.face.fd = -1, .scanner.fd = -1};

static void desk_die(const char *what)
{
	fprintf(stderr, "desk: %s\n", what);
	exit(1);
}

/* ---- ending */

static void desk_thaw(void)
{
	while (desk.nfrozen > 0)
		kill(desk.frozen[--desk.nfrozen], SIGCONT);
}

static void desk_end_station(void)
{
	if (desk.pid <= 0)
		return;
	kill(desk.pid, SIGKILL);
	waitpid(desk.pid, NULL, 0);
	desk.pid = 0;
	close(desk.face.fd);
	if (desk.to != desk.face.fd)
		close(desk.to);
	close(desk.scanner.fd);
	desk.face.len = desk.scanner.len = 0;
}

static int desk_remove(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void desk_end(void)
{
	desk_thaw();
	desk_end_station();
	nftw(desk.state, desk_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static void desk_on_signal(int number)
{
	exit(128 + number);
}

/* ---- the two ends */

static void end_read(struct end *end)
{
	ssize_t n;

	if (end->len > sizeof(end->bytes) / 2)
		end->len = 0;
	n = read(end->fd, end->bytes + end->len, sizeof(end->bytes) - end->len);
	if (n <= 0)
		desk_die("the station has ended");
	end->len += (size_t)n;
	end->at_ns = tt_steady_ns();
}

/* Reads what comes within ms from either end; at once when something is there. */
static bool desk_read(int ms)
{
	struct pollfd fds[2] = {{desk.face.fd, POLLIN, 0}, {desk.scanner.fd, POLLIN, 0}};

	if (poll(fds, 2, ms) <= 0)
		return false;
	if (fds[0].revents)
		end_read(&desk.face);
	if (fds[1].revents)
		end_read(&desk.scanner);
	return true;
}

static bool end_has(const struct end *end, const char *what)
{
	return end->len > 0 && memmem(end->bytes, end->len, what, strlen(what)) != NULL;
}

static bool desk_wait(struct end *end, const char *what, int ms)
{
	uint64_t until = tt_steady_ns() + (uint64_t)ms * 1000000;

	while (!end_has(end, what)) {
		uint64_t now = tt_steady_ns();

		if (now >= until)
			return false;
		desk_read((int)((until - now) / 1000000) + 1);
	}
	return true;
}

static void desk_quiet(int ms)
{
	while (desk_read(ms))
		;
	desk.face.len = desk.scanner.len = 0;
}

/* ---- starting */

static void desk_password_of(const char *user, char *path, size_t size)
{
	const char *passwords = getenv("TRACETRACK_DEMO_PASSWORDS");

	tt_format(path, size, "%s/%s", passwords ? passwords : ".", user);
}

static void desk_open_scanner(void)
{
	struct termios raw;
	int slave;

	if (openpty(&desk.scanner.fd, &slave, desk.scanner_path, NULL, NULL) < 0)
		desk_die("no more pseudo-terminals");
	tcgetattr(slave, &raw);
	cfmakeraw(&raw);
	tcsetattr(slave, TCSANOW, &raw);
	fcntl(slave, F_SETFD, FD_CLOEXEC);
	fcntl(desk.scanner.fd, F_SETFD, FD_CLOEXEC);
}

static void desk_exec(bool is_logged_in)
{
	char program[512], password[512], scanner[128];
	const char *argv[16] = {
		program, "--station", "DESK", "--state-dir", desk.state, "--scanner", scanner};
	const char *b = getenv("B");
	int n = 7;

	tt_format(program, sizeof(program), "%s/tracetrack", b ? b : "build");
	tt_format(scanner, sizeof(scanner), "main=pipe:%s,driver=honeywell-host-ack",
		desk.scanner_path);
	desk_password_of("dispatcher001", password, sizeof(password));
	if (is_logged_in) {
		argv[n++] = "--user";
		argv[n++] = "dispatcher001";
		argv[n++] = "--password-file";
		argv[n++] = password;
	}
	if (desk.is_headless)
		argv[n++] = "--headless";
	setenv("TERM", "xterm-256color", 1);
	execv(program, (char **)(uintptr_t)argv);
	_exit(127);
}

static void desk_start_headless(void)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		desk_die("no more pipes");
	desk.pid = fork();
	if (desk.pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		desk_exec(true);
	}
	close(in[0]);
	close(out[1]);
	desk.to = in[1];
	desk.face.fd = out[0];
}

static void desk_start_screen(bool is_logged_in)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	desk.pid = forkpty(&desk.face.fd, NULL, NULL, &size);
	if (desk.pid == 0)
		desk_exec(is_logged_in);
	desk.to = desk.face.fd;
	fcntl(desk.face.fd, F_SETFD, FD_CLOEXEC);
}

/* ---- scanning */

/* Codes that no run before had: children by the millisecond, parents by the twentieth second. */
static void desk_number_codes(void)
{
	desk.child = (unsigned long)(tt_now() / 1000);
	desk.bag = desk.child / 50;
}

static void desk_parent_code(char *code, size_t size)
{
	tt_format(code, size, "SB3%07lu", desk.bag++ % 10000000);
}

static void desk_child_code(char *code, size_t size)
{
	tt_format(code, size, "D%lu", desk.child++);
}

/* The next frame: a parent, or the next child of it. */
static void desk_next_code(char *code, size_t size)
{
	if (desk.step == 0)
		desk_parent_code(code, size);
	else
		desk_child_code(code, size);
	desk.step = (desk.step + 1) % (DESK_CHILDREN + 1);
}

/* Sends a frame and waits for the scanner's answer; true when it is a good one. */
static bool desk_scan(const char *code, const char *wanted, int ms, uint64_t *us)
{
	char frame[64];
	size_t len = tt_format(frame, sizeof(frame), "%s\r", code);
	uint64_t began = tt_steady_ns();
	bool is_good;

	desk.scanner.len = 0;
	if (write(desk.scanner.fd, frame, len) != (ssize_t)len)
		desk_die("the scanner's line is gone");
	is_good = desk_wait(&desk.scanner, wanted, ms);
	*us = (desk.scanner.at_ns - began) / 1000;
	return is_good;
}

#define DESK_GOOD "\0337,"
#define DESK_AGAIN "\0335,"

/* Waits for the login: until then a scan is refused, and the first frame of a port may be. */
static void desk_start_working(bool is_headless)
{
	uint64_t us, until = tt_steady_ns() + DESK_PATIENCE_MS * 1000000ull;
	char code[32];

	desk.is_headless = is_headless;
	desk_open_scanner();
	if (is_headless) {
		desk_start_headless();
		if (!desk_wait(&desk.face, "\"ready\":true", DESK_PATIENCE_MS))
			desk_die("the station is not ready");
	} else {
		desk_start_screen(true);
	}
	do {
		desk.step = 0;
		desk_next_code(code, sizeof(code));
		if (tt_steady_ns() > until)
			desk_die("the station does not scan");
	} while (!desk_scan(code, DESK_GOOD, 250, &us));
}

static void desk_scan_many(unsigned count, struct tt_histogram *h)
{
	char code[32];
	uint64_t us;

	for (; count > 0; count--) {
		desk_next_code(code, sizeof(code));
		if (!desk_scan(code, DESK_GOOD, DESK_PATIENCE_MS, &us))
			desk_die("a scan is not answered as good");
		if (h)
			tt_histogram_add(h, us);
	}
}

static bool desk_face_of(const char *word)
{
	return strcmp(word, "headless") == 0;
}

static void desk_print(const char *prefix, const struct tt_histogram *h)
{
	printf("%sp50=%llu %sp95=%llu %sp99=%llu %smax=%llu ", prefix,
		(unsigned long long)tt_histogram_quantile(h, 0.5), prefix,
		(unsigned long long)tt_histogram_quantile(h, 0.95), prefix,
		(unsigned long long)tt_histogram_quantile(h, 0.99), prefix,
		(unsigned long long)h->max);
}

/* ---- figures */

/* The whole first paint comes in one burst; its last byte counts. */
static int figure_start(char **argv)
{
	struct tt_histogram h = {0};
	long i, count = strtol(argv[0], NULL, 10);
	uint64_t began;

	for (i = 0; i < count; i++) {
		desk_open_scanner();
		began = tt_steady_ns();
		desk_start_screen(false);
		if (!desk_wait(&desk.face, "Password", DESK_PATIENCE_MS))
			desk_die("no login screen");
		while (desk_read(0))
			;
		tt_histogram_add(&h, (desk.face.at_ns - began) / 1000);
		desk_end_station();
	}
	desk_print("", &h);
	return 0;
}

static long memory_private_kb(pid_t pid)
{
	char path[64], line[256];
	long kb, sum = 0;
	FILE *f;

	tt_format(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Private_Clean: %ld", &kb) == 1 ||
			sscanf(line, "Private_Dirty: %ld", &kb) == 1)
			sum += kb;
	}
	if (f)
		fclose(f);
	return sum;
}

static int figure_memory(char **argv)
{
	desk_start_working(desk_face_of(argv[0]));
	desk_scan_many(100, NULL);
	desk_quiet(500);
	printf("private_kb=%ld ", memory_private_kb(desk.pid));
	return 0;
}

/* Nanoseconds on a core, of all threads. */
static unsigned long long idle_cpu_ns(pid_t pid)
{
	unsigned long long sum = 0, ns;
	char path[300];
	struct dirent *task;
	FILE *f;
	DIR *dir;

	tt_format(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && (task = readdir(dir))) {
		tt_format(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid, task->d_name);
		f = task->d_name[0] == '.' ? NULL : fopen(path, "re");
		if (f && fscanf(f, "%llu", &ns) == 1)
			sum += ns;
		if (f)
			fclose(f);
	}
	if (dir)
		closedir(dir);
	return sum;
}

static int figure_idle(char **argv)
{
	unsigned long long before, after;
	uint64_t began, until, now;

	desk_start_working(desk_face_of(argv[0]));
	desk_scan_many(40, NULL);
	desk_quiet(500);
	before = idle_cpu_ns(desk.pid);
	began = tt_steady_ns();
	until = began + strtoull(argv[1], NULL, 10) * 1000000000;
	while ((now = tt_steady_ns()) < until) {
		desk_read((int)((until - now) / 1000000) + 1);
		desk.face.len = 0;
	}
	after = idle_cpu_ns(desk.pid);
	printf("percent=%.4f ", 100.0 * (double)(after - before) / (double)(now - began));
	return 0;
}

/* ---- the same calls straight to the database */

static struct direct {
	uv_loop_t loop;
	struct tt_link *link;
	char *token;
	bool is_done;
	int64_t epoch, seq;
	unsigned step;
	char parent[32];
} direct;

static void direct_on_login(void *ctx, const struct tt_session *session, const struct tt_error *err)
{
	(void)ctx;
	if (!session)
		desk_die(err->message);
	direct.token = tt_strdup(session->token);
	direct.is_done = true;
}

static void direct_open(void)
{
	struct tt_link_options options = {.dsn = getenv("TRACETRACK_DSN"),
		.application_name = "bench",
		.timeout_ms = DESK_PATIENCE_MS};
	struct tt_error err;

	uv_loop_init(&direct.loop);
	if (!options.dsn || tt_link_open(&direct.link, &direct.loop, &options, &err) != TT_OK)
		desk_die("TRACETRACK_DSN is no connection string");
}

static void direct_log_in(void)
{
	struct tt_login_options options = {
		.name = "dispatcher002", .station = "DESK-DIRECT", .done = direct_on_login};
	char path[512], *password;
	struct tt_error err;

	desk_password_of("dispatcher002", path, sizeof(path));
	if (tt_password_read(&password, path, &err) != TT_OK)
		desk_die(err.message);
	options.password = password;
	tt_login_start(&direct.loop, direct.link, &options);
	while (!direct.is_done && uv_run(&direct.loop, UV_RUN_ONCE))
		;
	tt_password_free(password);
}

/* One operation; its time in microseconds. */
static uint64_t direct_call(const struct tt_operation *op, void *args, struct tt_call *call)
{
	struct tt_error err;

	tt_call_init(call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind(call, op->params, args);
	if (tt_link_call_blocking(direct.link, call, &err) != TT_OK)
		desk_die(err.message);
	return call->us;
}

static uint64_t direct_scan(void)
{
	const char *name = direct.step ? "scan.child" : "scan.parent";
	const struct tt_operation *op = tt_operation_find(name);
	struct tt_event event;
	struct tt_call call;
	char code[32];
	uint64_t us;

	tt_columns_init(tt_event_columns, &event);
	if (direct.step == 0)
		desk_parent_code(direct.parent, sizeof(direct.parent));
	else
		desk_child_code(code, sizeof(code));
	event.token = direct.token;
	event.event = tt_uuid_v7();
	event.epoch = direct.epoch;
	event.seq = ++direct.seq;
	event.at = tt_now();
	event.lane = 1;
	event.code = direct.step ? code : direct.parent;
	event.parent = direct.step ? direct.parent : NULL;
	us = direct_call(op, &event, &call);
	if (tt_outcome_find(tt_operation_outcome(op, &call.rows))->cls != TT_CLASS_DONE)
		desk_die("a call straight to the database was not done");
	tt_call_fini(&call);
	direct.step = (direct.step + 1) % (DESK_CHILDREN + 1);
	return us;
}

/* The difference of the quantiles is what the station adds. */
static void scan_print_added(const struct tt_histogram *whole, const struct tt_histogram *call)
{
	static const int percents[] = {50, 95, 99};
	double q;
	size_t i;

	for (i = 0; i < sizeof(percents) / sizeof(*percents); i++) {
		q = percents[i] / 100.0;
		printf("added_p%d=%lld ", percents[i],
			(long long)tt_histogram_quantile(whole, q) -
				(long long)tt_histogram_quantile(call, q));
	}
}

static int figure_scan(char **argv)
{
	struct tt_histogram whole = {0}, call = {0}, warm = {0};
	long i, count = strtol(argv[0], NULL, 10);

	direct_open();
	direct_log_in();
	desk_start_working(true);
	desk_scan_many(DESK_CHILDREN, &warm);
	for (i = 0; i < count; i++) {
		desk_scan_many(1, &whole);
		tt_histogram_add(&call, direct_scan());
	}
	desk_print("", &whole);
	desk_print("call_", &call);
	scan_print_added(&whole, &call);
	return 0;
}

static void login_set(
	const struct tt_operation *op, void *args, const char *name, const char *value)
{
	char **field = tt_operation_arg(op, args, name);

	free(*field);
	*field = tt_strdup(value);
}

/* The salt's row is the challenge's: salt, ops, mem, alg. */
static void login_make_proof(const char *user, char proof[TT_PROOF_HEX])
{
	const struct tt_operation *op = tt_operation_find("session.challenge");
	void *args = tt_operation_args_new(op);
	char path[512], *password;
	struct tt_error err;
	struct tt_call call;
	const void *row;

	login_set(op, args, "login", user);
	direct_call(op, args, &call);
	row = tt_rows_at(&call.rows, 0);
	desk_password_of(user, path, sizeof(path));
	if (tt_password_read(&password, path, &err) != TT_OK ||
		tt_password_proof(proof, password,
			*(char *const *)tt_field(tt_column_find(op->result, "salt"), row),
			TT_ARGON_OPS, TT_ARGON_MEM, &err) != TT_OK)
		desk_die(err.message);
	tt_password_free(password);
	tt_call_fini(&call);
	tt_operation_args_free(op, args);
}

/* One login as a station does it, without the hashing; its session is closed again. */
static uint64_t login_once(const char *user, const char *proof)
{
	const struct tt_operation *ask = tt_operation_find("session.challenge"),
				  *in = tt_operation_find("session.login"),
				  *out = tt_operation_find("session.logout");
	void *args = tt_operation_args_new(ask);
	struct tt_call call;
	char *token;
	uint64_t us;

	login_set(ask, args, "login", user);
	us = direct_call(ask, args, &call);
	tt_call_fini(&call);
	tt_operation_args_free(ask, args);

	args = tt_operation_args_new(in);
	login_set(in, args, "login", user);
	login_set(in, args, "proof", proof);
	login_set(in, args, "station", "DESK-DIRECT");
	us += direct_call(in, args, &call);
	tt_operation_args_free(in, args);
	token = *(char *const *)tt_field(
		tt_column_find(in->result, "token"), tt_rows_at(&call.rows, 0));
	if (!token)
		desk_die("the login was refused");

	args = tt_operation_args_new(out);
	login_set(out, args, "token", token);
	tt_call_fini(&call);
	direct_call(out, args, &call);
	tt_call_fini(&call);
	tt_operation_args_free(out, args);
	return us;
}

static int figure_login(char **argv)
{
	long i, count = strtol(argv[0], NULL, 10);
	struct tt_histogram h = {0};
	char proof[TT_PROOF_HEX];

	direct_open();
	login_make_proof("dispatcher002", proof);
	for (i = 0; i < count; i++)
		tt_histogram_add(&h, login_once("dispatcher002", proof));
	desk_print("", &h);
	return 0;
}

/* ---- a server that stands still */

static void frozen_add(pid_t pid)
{
	if (desk.nfrozen == sizeof(desk.frozen) / sizeof(*desk.frozen))
		desk_die("the server has too many processes");
	if (kill(pid, SIGSTOP) == 0)
		desk.frozen[desk.nfrozen++] = pid;
}

/* The parent first, so that it starts no more children. */
static void frozen_stop(pid_t pid)
{
	char path[64];
	FILE *f;
	int child;

	frozen_add(pid);
	tt_format(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &child) == 1)
		frozen_add(child);
	if (f)
		fclose(f);
	if (desk.nfrozen < 2)
		desk_die("that is no server");
}

static void frozen_type(const char *key)
{
	if (write(desk.to, key, 1) != 1)
		desk_die("the terminal is gone");
	desk_quiet(300);
}

/* A letter that the prompt shows, or the backspace that takes it away. */
static uint64_t frozen_key(long i)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	char letter[2] = {letters[i / 2 % 26], '\0'};
	uint64_t began;

	desk.face.len = 0;
	began = tt_steady_ns();
	if (write(desk.to, i % 2 == 0 ? letter : "\177", 1) != 1)
		desk_die("the terminal is gone");
	if (i % 2 == 0) {
		if (!desk_wait(&desk.face, letter, DESK_PATIENCE_MS))
			desk_die("a key changes nothing on the screen");
	} else {
		while (desk.face.len == 0)
			desk_read(DESK_PATIENCE_MS);
	}
	return (desk.face.at_ns - began) / 1000;
}

static int figure_frozen(char **argv)
{
	struct tt_histogram keys = {0}, scans = {0};
	long i, count = strtol(argv[0], NULL, 10);
	char code[32];
	uint64_t us;

	desk_start_working(false);
	desk_scan_many(10, NULL);
	desk_quiet(300);
	frozen_type(":");
	frozen_type("z");
	frozen_stop((pid_t)strtol(argv[1], NULL, 10));
	for (i = 0; i < count; i++) {
		desk_quiet(50);
		tt_histogram_add(&keys, frozen_key(i));
		if (i % 4 != 3)
			continue;
		desk_child_code(code, sizeof(code));
		if (!desk_scan(code, DESK_AGAIN, DESK_PATIENCE_MS, &us))
			desk_die("a scan is not answered as queued");
		tt_histogram_add(&scans, us);
	}
	desk_thaw();
	desk_print("key_", &keys);
	desk_print("scan_", &scans);
	return 0;
}

static const struct {
	const char *name;
	int narguments;
	int (*run)(char **arguments);
} figures[] = {
	{"start", 1, figure_start},
	{"memory", 1, figure_memory},
	{"idle", 2, figure_idle},
	{"scan", 1, figure_scan},
	{"login", 1, figure_login},
	{"frozen", 2, figure_frozen},
};

int main(int argc, char **argv)
{
	size_t i;
	int status;

	for (i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		if (argc < 2 || strcmp(argv[1], figures[i].name) != 0 ||
			argc - 2 != figures[i].narguments)
			continue;
		tt_copy(desk.state, sizeof(desk.state), "/tmp/tracetrack-desk-XXXXXX");
		if (!mkdtemp(desk.state))
			desk_die("no temporary folder");
		signal(SIGPIPE, SIG_IGN);
		signal(SIGINT, desk_on_signal);
		signal(SIGTERM, desk_on_signal);
		atexit(desk_end);
		desk_number_codes();
		direct.epoch = tt_now();
		status = figures[i].run(argv + 2);
		putchar('\n');
		return status;
	}
	fprintf(stderr, "usage: desk start|memory|idle|scan|login|frozen ARGUMENTS\n");
	return 64;
}

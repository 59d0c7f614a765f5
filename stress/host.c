/*
 * Reading /proc.
 */
#include "host.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <tracetrack/clock.h>
#include <tracetrack/text.h>

#define HOST_LOOK_AGAIN 10

struct host_process {
	char name[32];
	pid_t parent;
	uint64_t ticks;
	int64_t pages;
};

const char *host_group_word(enum host_group group)
{
	static const char *const words[] = {"generator", "stations", "pgbouncer", "postgres"};

	return words[group];
}

static bool host_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

/* The name stands in brackets and may have any character; state, parent and figures follow. */
static bool host_read_process(struct host_process *p, const char *pid)
{
	char path[64], text[1024], *open, *close;
	unsigned long user, system;
	long pages;
	int parent;

	tt_format(path, sizeof(path), "/proc/%.16s/stat", pid);
	if (!host_read(path, text, sizeof(text)))
		return false;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (!open || !close ||
		sscanf(close + 1,
			" %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu "
			"%*d %*d %*d %*d %*d %*d %*u %*u %ld",
			&parent, &user, &system, &pages) != 4)
		return false;
	tt_copy_n(p->name, sizeof(p->name), open + 1, (size_t)(close - open) - 1);
	p->parent = parent;
	p->ticks = user + system;
	p->pages = pages;
	return true;
}

static int host_group_of(const struct host_process *p, pid_t pid, pid_t self)
{
	if (pid == self)
		return HOST_GENERATOR;
	if (p->parent == self)
		return HOST_STATIONS;
	if (strcmp(p->name, "pgbouncer") == 0)
		return HOST_PGBOUNCER;
	return strcmp(p->name, "postgres") == 0 ? HOST_POSTGRES : HOST_GROUPS;
}

/* Most processes of a machine are of no group: they are looked at again each HOST_LOOK_AGAIN
 * samples only, when their number may have become another's. */
static bool host_is_stranger(const struct host *h, unsigned long pid)
{
	return h->samples % HOST_LOOK_AGAIN != 0 && (h->strangers[pid / 8] & (1u << pid % 8));
}

/* Resident pages that no file and no other process has, and entries of the folder of open files. */
static void host_look_closer(struct host *h, const char *pid, int group, long page)
{
	char path[64], text[128];
	long resident, shared;
	struct dirent *entry;
	DIR *dir;

	tt_format(path, sizeof(path), "/proc/%.16s/statm", pid);
	if (host_read(path, text, sizeof(text)) &&
		sscanf(text, "%*d %ld %ld", &resident, &shared) == 2)
		h->private_bytes[group] += (resident - shared) * page;
	tt_format(path, sizeof(path), "/proc/%.16s/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		h->descriptors[group] += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
}

/* Every process has been looked at once: their sums are told, and begin anew. */
static void host_tell_sums(struct host *h, struct host_sample *out)
{
	memcpy(out->private_bytes, h->private_bytes, sizeof(out->private_bytes));
	memcpy(out->descriptors, h->descriptors, sizeof(out->descriptors));
	memset(h->private_bytes, 0, sizeof(h->private_bytes));
	memset(h->descriptors, 0, sizeof(h->descriptors));
}

static void host_read_processes(
	struct host *h, struct host_sample *out, uint64_t ticks[HOST_GROUPS])
{
	DIR *dir = opendir("/proc");
	long page = sysconf(_SC_PAGESIZE);
	struct host_process p;
	struct dirent *entry;
	pid_t self = getpid();
	unsigned long pid;
	int group;

	if (h->samples % HOST_LOOK_AGAIN == 0)
		memset(h->strangers, 0, sizeof(h->strangers));
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		pid = strtoul(entry->d_name, NULL, 10) % HOST_PIDS;
		if (host_is_stranger(h, pid) || !host_read_process(&p, entry->d_name))
			continue;
		group = host_group_of(&p, (pid_t)pid, self);
		if (group == HOST_GROUPS) {
			h->strangers[pid / 8] |= (uint8_t)(1u << pid % 8);
			continue;
		}
		out->processes[group]++;
		out->resident[group] += p.pages * page;
		ticks[group] += p.ticks;
		if (pid % HOST_LOOK_AGAIN == h->samples % HOST_LOOK_AGAIN)
			host_look_closer(h, entry->d_name, group, page);
	}
	if (dir)
		closedir(dir);
	if (++h->samples % HOST_LOOK_AGAIN == 0)
		host_tell_sums(h, out);
}

static int64_t host_sum_of(const char *text, const char *key)
{
	size_t len = strlen(key);
	int64_t kib = 0;

	for (text = strstr(text, key); text; text = strstr(text + len, key))
		kib += strtol(text + len, NULL, 10);
	return kib * 1024;
}

void host_measure_memory(struct host_memory *out)
{
	DIR *dir = opendir("/proc");
	char path[64], text[4096];
	struct host_process p;
	struct dirent *entry;
	int group;

	memset(out, 0, sizeof(*out));
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
			!host_read_process(&p, entry->d_name))
			continue;
		group = host_group_of(&p, (pid_t)strtol(entry->d_name, NULL, 10), getpid());
		tt_format(path, sizeof(path), "/proc/%.16s/smaps_rollup", entry->d_name);
		if (group == HOST_GROUPS || !host_read(path, text, sizeof(text)))
			continue;
		out->pss[group] += host_sum_of(text, "\nPss:");
		out->uss[group] += host_sum_of(text, "\nPrivate_Clean:") +
				   host_sum_of(text, "\nPrivate_Dirty:");
	}
	if (dir)
		closedir(dir);
}

void host_processor(char *dst, size_t size)
{
	static const char key[] = "model name";
	char text[2048], *at;

	*dst = '\0';
	if (!host_read("/proc/cpuinfo", text, sizeof(text)) || !(at = strstr(text, key)))
		return;
	at += strcspn(at, ":\n");
	at += strspn(at, ": ");
	tt_clean(dst, size, at, strcspn(at, "\n"));
}

/* user nice system idle iowait irq softirq steal; what follows is part of user and nice. */
bool host_read_times(struct host_times *out, const char *line)
{
	unsigned long long v[8] = {0};
	int i, n = sscanf(line, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2],
		       &v[3], &v[4], &v[5], &v[6], &v[7]);

	if (n < 4)
		return false;
	*out = (struct host_times){.stolen = v[7], .has_stolen = n == 8};
	for (i = 0; i < 8; i++)
		out->total += v[i];
	out->busy = out->total - v[3] - v[4];
	return true;
}

/* A machine that is moved to another host may count from less than before. */
static double host_share(uint64_t before, uint64_t now, uint64_t of)
{
	return now > before && now - before <= of ? (double)(now - before) / (double)of : 0;
}

void host_tell_times(
	const struct host_times *before, const struct host_times *now, struct host_sample *out)
{
	if (before->total == 0 || now->total <= before->total)
		return;
	out->busy = host_share(before->busy, now->busy, now->total - before->total);
	out->stolen = host_share(before->stolen, now->stolen, now->total - before->total);
	out->has_stolen = before->has_stolen && now->has_stolen;
}

static void host_read_stat(struct host_times *out)
{
	char text[512];

	if (!host_read("/proc/stat", text, sizeof(text)) || !host_read_times(out, text))
		memset(out, 0, sizeof(*out));
}

/* Processes that end take their time with them: a sum may shrink. */
void host_sample(struct host *h, struct host_sample *out)
{
	uint64_t ticks[HOST_GROUPS] = {0}, ns = tt_steady_ns();
	struct host_times times;
	double seconds = (double)(ns - h->ns) / 1e9;
	int i;

	memset(out, 0, sizeof(*out));
	host_read_stat(&times);
	host_tell_times(&h->times, &times, out);
	host_read_processes(h, out, ticks);
	for (i = 0; i < HOST_GROUPS; i++) {
		if (h->has_before && ticks[i] > h->ticks[i])
			out->cores[i] = (double)(ticks[i] - h->ticks[i]) /
					(double)sysconf(_SC_CLK_TCK) / seconds;
		h->ticks[i] = ticks[i];
	}
	h->ns = ns;
	h->times = times;
	h->has_before = true;
}

void host_be_prompt(void)
{
	struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};

	if (!host_is_prompt())
		(void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest);
}

bool host_is_prompt(void)
{
	int policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;

	return policy == SCHED_RR || policy == SCHED_FIFO;
}

double host_own_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

int host_cores(void)
{
	return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

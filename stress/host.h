/*
 * What the machine does, from /proc: processors as a whole, and processes by name. A server on
 * another machine shows as none.
 */
#ifndef TRACETRACK_STRESS_HOST_H
#define TRACETRACK_STRESS_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum host_group { HOST_GENERATOR, HOST_STATIONS, HOST_PGBOUNCER, HOST_POSTGRES, HOST_GROUPS };

struct host_sample {
	double busy;   /* of all processors, 0 to 1, since the last sample; what was stolen too */
	double stolen; /* of these, what the hypervisor gave to others while there was work here */
	bool has_stolen;
	double cores[HOST_GROUPS];     /* processors used, since the last sample */
	int64_t resident[HOST_GROUPS]; /* bytes, shared pages counted once a process */
	int processes[HOST_GROUPS];
	/* Each tenth second, otherwise 0: memory that is no other process's too, open files. */
	int64_t private_bytes[HOST_GROUPS], descriptors[HOST_GROUPS];
};

/* Of all processes of a group, in bytes: shared pages by their share, and own pages alone. */
struct host_memory {
	int64_t pss[HOST_GROUPS], uss[HOST_GROUPS];
};

#define HOST_PIDS (1u << 22) /* as many as the kernel gives */

/* Of all processors since the machine started, in ticks; proc(5) has the columns. */
struct host_times {
	uint64_t busy, total, stolen; /* busy: stolen as well */
	bool has_stolen;              /* kernels before 2.6.11 don't count it */
};

/* Zeroed at first. */
struct host {
	uint64_t ns;
	struct host_times times;
	uint64_t ticks[HOST_GROUPS];
	bool has_before;
	unsigned samples;
	/* A tenth of the processes is looked at each second, so that no second is held up. */
	int64_t private_bytes[HOST_GROUPS], descriptors[HOST_GROUPS];
	uint8_t strangers[HOST_PIDS / 8]; /* processes that are of no group, a bit each */
};

/* The first line of /proc/stat; false, with nothing changed: that is none. */
bool host_read_times(struct host_times *out, const char *line);
/* What was between two readings, into busy, stolen and has_stolen. */
void host_tell_times(
	const struct host_times *before, const struct host_times *now, struct host_sample *out);
void host_sample(struct host *h, struct host_sample *out);
/* Takes a while for many processes: not while they work. */
void host_measure_memory(struct host_memory *out);
const char *host_group_word(enum host_group group);
/* Puts this process before others that want a processor, so that it is not late itself; its
 * children are ordinary again. Nothing changes without the right: CAP_SYS_NICE, RLIMIT_RTPRIO. */
void host_be_prompt(void);
bool host_is_prompt(void);
/* Seconds of processor time that this process has used. */
double host_own_seconds(void);
int host_cores(void);
/* The model of the processors as the kernel names it; "": it does not. */
void host_processor(char *dst, size_t size);

#endif

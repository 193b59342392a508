// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a round trip costs on the booted kernel: CPU time of client and server, kernel and
 * user mode, and context switches of the whole system. QEMU's time is instructions
 * (tests/kernel/run: 8 ns each), so nothing is lost; but how often client and server take
 * turns, and wait for the big lock of sim/real, differs from play to play. What a world
 * costs besides is taken away by playing twice as many calls as well.
 */
#include "measure.h"

#include <stdio.h>
#include <time.h>

#include "measured.h"
#include "real/real.h"

#define LARGE (128u << 10)

static const struct kind {
	const char *name;
	enum payload_mode payload;
	bool inc, pinned;
	unsigned int classes;
} kinds[] = {
	{ "per entry", PAYLOAD_PER_ENTRY, false, false, 1 },
	{ "ring", PAYLOAD_BUFRING, false, false, 1 },
	{ "ring, inc", PAYLOAD_BUFRING, true, false, 1 },
	{ "ring, classes", PAYLOAD_BUFRING, false, false, 4 },
	{ "ring, pinned", PAYLOAD_BUFRING, false, true, 1 },
};

/* as many of each as a world has memory for */
static const struct {
	const char *name;
	unsigned int size; /* 0: GETATTR */
	unsigned int calls;
} requests[] = { { "GETATTR", 0, 100 },
		 { "READ 4096", 4096, 40 },
		 { "READ 131072", LARGE, 3 } };

/* struct play - how often what is played; and what it took, seen by all processes */
static struct play {
	const char *subject;
	const struct kind *kind;
	unsigned int caps, size, calls;
	struct measured took;
} play;

static unsigned long switches_so_far(void)
{
	FILE *f = fopen("/proc/stat", "re");
	unsigned long n = 0;
	char line[4096];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "ctxt %lu", &n) == 1)
			break;
	if (f)
		fclose(f);
	return n;
}

static double cpu_ns_of(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int play_calls(const void *arg)
{
	const struct fuse_config config = {
		.payload = play.kind->payload,
		.inc = play.kind->inc,
		.pinned = play.kind->pinned,
		.classes = play.kind->classes,
		.max_pages = LARGE / 4096,
	};
	struct world *w = fuse_open(real_subject(play.subject, play.caps), &config);
	struct call *call = NULL;
	struct actor *server, *client;
	unsigned long before;

	(void)arg;
	if (!w)
		return 0;
	server = server_thread(w, "server");
	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);
	client = client_new(w, "client", 0);
	for (unsigned int i = 0; i < play.calls; i++)
		call = play.size ? client_read(client, 2, 0, play.size)
				 : client_getattr(client, 2);
	before = switches_so_far();
	sched_run(NULL);
	play.took.switches = switches_so_far() - before;
	play.took.cpu_ns = cpu_ns_of(real.server);
	for (unsigned int i = 0; i < real.nr_tasks; i++)
		if (!real.tasks[i].server && real.tasks[i].pid)
			play.took.cpu_ns += cpu_ns_of(real.tasks[i].pid);
	play.took.ok = call && call->done && call->ret == (long)play.size;
	world_close(w);
	return 1;
}

static struct measured measure(int (*apart)(int (*run)(const void *arg), const void *arg),
			       unsigned int calls)
{
	play.calls = calls;
	play.took = (struct measured){ .ok = false };
	apart(play_calls, NULL);
	return play.took;
}

void measure_all(const char *subject, unsigned int caps,
		 int (*apart)(int (*run)(const void *arg), const void *arg))
{
	play.subject = subject;
	play.caps = caps;
	for (unsigned int r = 0; r < sizeof(requests) / sizeof(requests[0]); r++) {
		for (unsigned int k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			const unsigned int calls = requests[r].calls;
			struct measured once, twice = { .ok = false };
			char text[80];

			play.kind = &kinds[k];
			play.size = requests[r].size;
			once = measure(apart, calls);
			if (once.ok)
				twice = measure(apart, 2 * calls);
			measured_text(text, sizeof(text), calls, &once, &twice);
			printf("# %s, %s: %s\n", requests[r].name, kinds[k].name, text);
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Worlds that live long, in this process or in several, each of which has its share of
 * the worlds.
 */
#include "engine/soak.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/hunt.h"
#include "program/end.h"
#include "program/program.h"

#define LOOK_EVERY 64 /* rounds between two looks at the clock */
#define JOBS_MAX   64

/* struct shared - what the processes have in common; @sum: of all */
static struct shared {
	volatile sig_atomic_t stop;
	double until; /* 0: no end */
	struct soak_result sum, part[JOBS_MAX];
} * shared;

static const struct soak_options *options;
static bool alone; /* this process shows what there is so far */

static double clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- one process ---- */

static bool has_to_stop(struct soak_result *r)
{
	if (alone && hunt_signalled())
		shared->stop = 1;
	if (shared->stop || r->rounds % LOOK_EVERY)
		return shared->stop;
	if (shared->until > 0 && clock_s(CLOCK_MONOTONIC) >= shared->until)
		shared->stop = 1;
	if (alone && options->show)
		options->show(options->show_arg, &r->tally);
	return shared->stop;
}

static void work(const struct player *p, unsigned int job)
{
	struct soak_result *r = &shared->part[job];
	double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
	struct rusage usage;

	if (options->rounds)
		soak_worlds(p, options, options->world, 1, has_to_stop, r);
	else
		soak_worlds(p, options, job, options->jobs, has_to_stop, r);
	if (r->nr)
		shared->stop = 1;
	r->cpu_s = clock_s(CLOCK_THREAD_CPUTIME_ID) - start;
	getrusage(RUSAGE_SELF, &usage);
	r->peak_rss_kb = usage.ru_maxrss;
}

/* ---- several ---- */

static pid_t start(const struct player *p, unsigned int job)
{
	pid_t pid = fork();

	if (pid < 0) {
		complain("fork: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	if (pid)
		return pid;
	/* do not go on after the parent was killed; it ends this process at Ctrl-C */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	alone = false;
	work(p, job);
	end_child(0);
}

static void add(struct soak_result *sum, const struct soak_result *r)
{
	uint64_t *to = (uint64_t *)&sum->tally;
	const uint64_t *from = (const uint64_t *)&r->tally;

	for (size_t i = 0; i < sizeof(sum->tally) / sizeof(*to); i++)
		to[i] += from[i];
	sum->worlds += r->worlds;
	sum->rounds += r->rounds;
	sum->cpu_s += r->cpu_s;
	if (r->peak_rss_kb > sum->peak_rss_kb)
		sum->peak_rss_kb = r->peak_rss_kb;
	for (unsigned int k = 0; k < SUPPRESS_MAX; k++)
		sum->suppressed[k] += r->suppressed[k];
	sum->stopped |= r->stopped;
	if (!r->nr || (sum->nr && sum->world < r->world))
		return;
	sum->nr = r->nr;
	sum->world = r->world;
	sum->round = r->round;
	memcpy(sum->reports, r->reports, sizeof(sum->reports));
}

static struct soak_tally so_far(void)
{
	static struct soak_result sum;

	memset(&sum, 0, sizeof(sum));
	for (unsigned int j = 0; j < options->jobs; j++)
		add(&sum, &shared->part[j]);
	return sum.tally;
}

static void wait_for(pid_t *pids)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	unsigned int left = options->jobs;
	int status;
	bool failed = false;

	while (left) {
		nanosleep(&pause, NULL);
		if (hunt_signalled())
			shared->stop = 1;
		for (unsigned int j = 0; j < options->jobs; j++) {
			if (!pids[j] || waitpid(pids[j], &status, WNOHANG) != pids[j])
				continue;
			failed |= !WIFEXITED(status) || WEXITSTATUS(status);
			shared->stop |= failed;
			pids[j] = 0;
			left--;
		}
		if (options->show) {
			struct soak_tally t = so_far();

			options->show(options->show_arg, &t);
		}
	}
	if (!failed)
		return;
	complain("a process failed; --jobs 1 shows where");
	exit(STATUS_SIMULATOR);
}

const struct soak_result *soak(const struct player *p, const struct soak_options *o)
{
	double begun = clock_s(CLOCK_MONOTONIC);
	pid_t pids[JOBS_MAX] = { 0 };

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		complain("mmap: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	memset(shared, 0, sizeof(*shared));
	options = o;
	shared->until = o->seconds > 0 ? begun + o->seconds : 0;
	fflush(stdout);
	alone = o->jobs == 1 || o->rounds;
	if (alone) {
		work(p, 0);
	} else {
		for (unsigned int j = 0; j < o->jobs; j++)
			pids[j] = start(p, j);
		wait_for(pids);
	}
	for (unsigned int j = 0; j < (alone ? 1 : o->jobs); j++)
		add(&shared->sum, &shared->part[j]);
	shared->sum.signalled = hunt_signalled();
	shared->sum.wall_s = clock_s(CLOCK_MONOTONIC) - begun;
	return &shared->sum;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching for failures. Several processes each make their share of the
 * executions; what they find lies in memory that they share with their parent,
 * which puts it in an order that does not depend on which was faster.
 */
#include "engine/hunt/hunt_i.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "detect/race.h"
#include "program/end.h"
#include "program/program.h"
#include "sched/hash.h"
#include "search/replay.h"
#include "shim/oops.h"

struct hunt_shared *hunt_shared;

/* ---- several ---- */

static void start_jobs(pid_t *pids, const struct player *p, const struct hunt_options *o)
{
	fflush(stdout);
	for (unsigned int j = 0; j < o->jobs; j++) {
		struct hunt_options mine = *o;

		mine.search.shard = o->search.shard * o->jobs + j;
		mine.search.shards = o->search.shards * o->jobs;
		pids[j] = fork();
		if (pids[j] < 0) {
			complain("fork: %s", strerror(errno));
			exit(STATUS_SIMULATOR);
		}
		if (pids[j])
			continue;
		/* do not search on after the parent was killed */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* the terminal's Ctrl-C reaches all processes, and so does timeout(1)'s
		 * SIGTERM; the parent stops them */
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		hunt_work(&hunt_shared->part[j], p, &mine, false);
		end_child(0);
	}
}

static bool end_of(pid_t pid, int *failed)
{
	int status;
	pid_t got = waitpid(pid, &status, WNOHANG);

	if (got == 0 || (got < 0 && errno == EINTR))
		return false;
	if (got < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		*failed = 1;
	return true;
}

static void wait_for_jobs(pid_t *pids, const struct hunt_options *o)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	unsigned int jobs = o->jobs, left = jobs;
	int failed = 0;

	while (left) {
		nanosleep(&pause, NULL);
		for (unsigned int j = 0; j < jobs; j++) {
			if (!pids[j] || !end_of(pids[j], &failed))
				continue;
			pids[j] = 0;
			left--;
			if (failed)
				hunt_shared->stop = 1;
		}
		hunt_show(o, hunt_shared->part, jobs);
	}
	if (!failed)
		return;
	complain("a process of the search failed; --jobs 1 shows where");
	exit(STATUS_SIMULATOR);
}

/* ---- Ctrl-C ---- */

static volatile sig_atomic_t signalled, pressed, hurried, searching, catching;

static void stop_searching(int sig)
{
	/* each line that nobody reads is a SIGPIPE, and no hurry */
	if (sig != SIGPIPE && pressed++) {
		hurried = 1;
		signal(sig, SIG_DFL);
		/* who does not want to wait for the end of an execution */
		if (searching)
			raise(sig);
	}
	signalled = 1;
	if (hunt_shared)
		hunt_shared->stop = 1;
}

/* The first ends the search, a second one the program; when the search has ended, what is
 * done with its failures, and the third the program.
 */
static void catch_signal(int sig, struct sigaction *old)
{
	const struct sigaction stop = { .sa_handler = stop_searching,
					.sa_flags = SA_ONSTACK };

	sigaction(sig, &stop, old);
}

static struct sigaction old_int, old_term, old_pipe;

void hunt_catch_signals(void)
{
	catching = 1;
	catch_signal(SIGINT, &old_int);
	catch_signal(SIGTERM, &old_term);
	catch_signal(SIGPIPE, &old_pipe);
}

void hunt_let_signals(void)
{
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
	sigaction(SIGPIPE, &old_pipe, NULL);
	catching = 0;
}

bool hunt_signalled(void)
{
	return signalled;
}

bool hunt_hurried(void)
{
	return hurried;
}

static void *map_shared(unsigned int jobs, size_t *size)
{
	void *p;

	/* one part for each process, one for the sum */
	*size = sizeof(struct hunt_shared) + (jobs + 1) * sizeof(struct hunt_result);
	p = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		complain("mmap: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	return p;
}

static void search_in_jobs(const struct player *p, const struct hunt_options *o)
{
	pid_t pids[HUNT_MAX_JOBS];

	if (o->jobs == 1) {
		hunt_work(&hunt_shared->part[0], p, o, true);
		return;
	}
	start_jobs(pids, p, o);
	wait_for_jobs(pids, o);
}

const struct hunt_result *hunt(const struct player *p, const struct hunt_options *o)
{
	static size_t size;
	struct sigaction old;
	double start = hunt_clock_s(CLOCK_MONOTONIC);
	struct hunt_result *sum;

	if (hunt_shared)
		munmap(hunt_shared, size);
	hunt_shared = map_shared(o->jobs, &size);
	hunt_shared->first = UINT64_MAX;
	sum = &hunt_shared->part[o->jobs];
	if (o->seconds > 0)
		hunt_shared->until = start + o->seconds;
	if (!catching) {
		signalled = pressed = 0;
		catch_signal(SIGINT, &old);
	}
	if (signalled) /* before there was something to stop */
		hunt_shared->stop = 1;
	searching = 1;
	search_in_jobs(p, o);
	searching = 0;
	if (!catching)
		sigaction(SIGINT, &old, NULL);
	hunt_merge(sum, hunt_shared->part, o->jobs, o);
	sum->wall_s = hunt_clock_s(CLOCK_MONOTONIC) - start;
	sum->signalled = signalled;
	sum->interrupted = signalled || hunt_shared->timed_out;
	return sum;
}

uint64_t hunt_steps(const struct player *p, unsigned int mask)
{
	const struct replay_plan plan = { .mask = mask };

	replay_begin(&plan);
	player_play(p, replay_strategy());
	return replay_switches()->choices;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The progress line: executions, rate, depth, failures, time left.
 */
#include "command/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "engine/hunt.h"

#define INTERVAL 0.2

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_begin(struct progress *p, const char *what, const struct hunt_options *o)
{
	*p = (struct progress){
		.shown = isatty(STDERR_FILENO),
		.what = what,
		.seconds = o->seconds,
		.executions =
			o->search.executions / (o->search.shards ? o->search.shards : 1),
	};
	p->start = p->last = now_s();
}

/* until the nearer of the two limits; negative: there is none */
static double time_left(const struct progress *p, uint64_t done, double passed)
{
	double left = -1, by_count;

	if (p->seconds > 0)
		left = p->seconds - passed;
	if (p->executions && done) {
		by_count = passed * ((double)p->executions / (double)done - 1);
		if (left < 0 || by_count < left)
			left = by_count;
	}
	return left;
}

void progress_show(void *arg, const struct hunt_result *parts, unsigned int nr)
{
	struct progress *p = arg;
	uint64_t executions = 0, depth = 0;
	unsigned int failures = 0;
	double now, left;

	if (!p->shown)
		return;
	now = now_s();
	if (now - p->last < INTERVAL)
		return;
	p->last = now;
	for (unsigned int i = 0; i < nr; i++) {
		executions += parts[i].executions;
		depth = parts[i].depth > depth ? parts[i].depth : depth;
		failures += parts[i].nr;
	}
	left = time_left(p, executions, now - p->start);
	fprintf(stderr,
		"\r\033[K%s: %" PRIu64 " executions, %.0f/s, depth %" PRIu64
		", %u failures",
		p->what, executions, (double)executions / (now - p->start), depth,
		failures);
	if (left >= 0)
		fprintf(stderr, ", %.0f s left", left);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
}

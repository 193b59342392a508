// SPDX-License-Identifier: GPL-2.0-only
/*
 * A world that lives long. In each round every order is random, and calls of the kernel
 * may fail; all is at rest when it ends.
 */
#include <string.h>

#include "detect/progress.h"
#include "detect/race.h"
#include "engine/detectors.h"
#include "engine/soak.h"
#include "sched/trace.h"
#include "shim/heap.h"
#include "shim/oops.h"

#define SWITCHES 200000 /* a round takes some hundreds */
#define AHEAD	 48	/* a round makes about as many calls of each kind that may fail */
#define SPOILT	 4	/* one round in so many has failures */

static struct {
	const struct player *p;
	const struct soak_options *o;
	struct soak_result *r;
	bool (*stop)(struct soak_result *r);
	struct prng order, dice;
	uint64_t nr;	 /* of the world */
	uint64_t enough; /* calls of all worlds, when this one ends */
} s;

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	return runnable[n > 1 ? prng_below(&s.order, n) : 0];
}

static void seed(struct prng *dice, uint64_t round)
{
	prng_seed(dice, s.o->seed ^ (s.nr + 1) * 0x9e3779b97f4a7c15ull, round);
}

static void arm_faults(void)
{
	if (!s.o->faults || prng_below(&s.dice, SPOILT))
		return;
	/* the server is to live, so no task work is cancelled */
	for (unsigned int i = prng_below(&s.dice, s.o->faults) + 1; i; i--)
		fault_nth(prng_below(&s.dice, FAULT_TASK_WORK),
			  prng_below(&s.dice, AHEAD) + 1);
}

/* Return: whether one was met */
static bool disarm_faults(void)
{
	bool met = false;

	for (unsigned int kind = 0; kind < FAULT_NR; kind++) {
		if (fault_fired(kind)) {
			s.r->tally.faults[kind]++;
			met = true;
		}
		fault_nth(kind, 0);
	}
	return met;
}

static void round_of(struct world *w, uint64_t nr)
{
	const struct driver_soak *soak = s.p->driver->soak;
	const struct sched_strategy strategy = { .pick = pick, .mask = s.o->mask };
	bool spoilt;

	seed(&s.dice, 2 * nr);
	seed(&s.order, 2 * nr + 1);
	race_quiet(); /* all was at rest, which the main context saw */
	soak->round(w, &s.dice);
	arm_faults();
	progress_run(&strategy, SWITCHES);
	spoilt = disarm_faults();
	if (sched_stopped())
		return;
	if (!spoilt)
		world_look_for_stalls(w);
	soak->look(w, spoilt, &s.r->tally);
	s.r->tally.looks++;
}

static bool is_over(uint64_t rounds)
{
	if (s.stop(s.r))
		s.r->stopped = true;
	return s.r->stopped || s.r->tally.calls >= s.enough ||
	       (s.o->rounds && rounds >= s.o->rounds);
}

static void rounds_of(struct world *w)
{
	for (uint64_t nr = 0; !is_over(nr); nr++) {
		if (s.o->rounds && nr + 1 == s.o->rounds)
			trace_enable(true, SCHED_MARKED | s.o->mask);
		s.r->round = nr + 1;
		round_of(w, nr);
		s.r->rounds++;
		if (sched_stopped() || report_count())
			return;
	}
}

static void one_world(void *arg)
{
	const struct driver_soak *soak = s.p->driver->soak;
	unsigned int caps = s.p->subject->driver->caps;
	uint64_t numbers = soak->nr_configs;
	struct world *w;

	(void)arg;
	w = world_open(s.p->driver, s.p->subject,
		       soak->config((unsigned int)(s.nr % numbers), caps));
	if (!w)
		return;
	soak->begin(w);
	rounds_of(w);
	if (!sched_stopped() && !report_count() && !s.o->rounds)
		world_close(w);
	s.r->tally.allocated += shim_heap_numbers();
}

static void keep_reports(struct soak_result *r)
{
	for (size_t i = 0; i < report_count() && r->nr < SOAK_REPORTS; i++)
		r->reports[r->nr++] = *report_get(i);
}

void soak_worlds(const struct player *p, const struct soak_options *o, uint64_t first,
		 uint64_t stride, bool (*stop)(struct soak_result *r),
		 struct soak_result *r)
{
	uint64_t most = o->calls && !o->rounds ? o->calls / o->jobs + 1 : UINT64_MAX;

	s.p = p;
	s.o = o;
	s.r = r;
	s.stop = stop;
	detectors_watch(p->subject);
	shim_endless_watch();
	suppress_uncount();
	for (s.nr = first; !r->nr && !r->stopped && r->tally.calls < most;
	     s.nr += stride) {
		s.enough = r->tally.calls + o->world_calls;
		if (s.enough > most)
			s.enough = most;
		r->world = s.nr;
		r->round = 0;
		report_scenario("soak");
		shim_guard(one_world, NULL);
		r->worlds++;
		keep_reports(r);
		if (o->rounds)
			break;
	}
	memcpy(r->suppressed, suppress_counts(), sizeof(r->suppressed));
}

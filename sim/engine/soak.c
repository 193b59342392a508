// SPDX-License-Identifier: GPL-2.0-only
/*
 * Worlds that live long. In each round every order is random, and calls of the kernel may
 * fail; all is at rest when it ends.
 */
#include "engine/soak.h"

#include <string.h>

#include "detect/progress.h"
#include "detect/race.h"
#include "detect/report.h"
#include "engine/detectors.h"
#include "sched/trace.h"
#include "shim/heap.h"
#include "shim/oops.h"

/* A round takes some hundreds of switches. */
#define SWITCHES 200000

/* failures are armed this many calls ahead, at most: about as many as a round makes */
#define AHEAD	  48
#define AT_A_TIME 2

static struct {
	const struct player *p;
	const struct soak_options *o;
	struct soak_result *r;
	struct prng order, dice;
	uint64_t nr; /* of the world */
	unsigned int heap_seen;
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
	if (!s.o->fault_every || prng_below(&s.dice, s.o->fault_every))
		return;
	for (unsigned int i = prng_below(&s.dice, AT_A_TIME) + 1; i; i--)
		fault_nth(prng_below(&s.dice, FAULT_NR), prng_below(&s.dice, AHEAD) + 1);
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

static bool enough(uint64_t nr, uint64_t calls_before)
{
	const struct soak_tally *t = &s.r->tally;

	if (s.o->stop && s.o->stop())
		s.r->stopped = true;
	return s.r->stopped || t->calls >= s.o->calls ||
	       t->calls - calls_before >= s.o->world_calls ||
	       (s.o->rounds && nr >= s.o->rounds);
}

static void rounds_of(struct world *w)
{
	const uint64_t before = s.r->tally.calls;

	for (uint64_t nr = 0; !enough(nr, before); nr++) {
		if (s.o->trace && nr + 1 == s.o->rounds)
			trace_enable(true, s.o->mask);
		s.r->round = nr;
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
	struct world *w;

	(void)arg;
	w = world_open(s.p->driver, s.p->subject,
		       soak->config((unsigned int)(s.nr % soak->nr_configs), caps));
	if (!w)
		return;
	soak->begin(w);
	rounds_of(w);
	if (!sched_stopped() && !report_count())
		world_close(w);
}

void soak(const struct player *p, const struct soak_options *o, struct soak_result *r)
{
	memset(r, 0, sizeof(*r));
	s.p = p;
	s.o = o;
	s.r = r;
	detectors_watch(p->subject);
	report_scenario("soak");
	for (s.nr = o->first; !r->failed && !r->stopped && r->tally.calls < o->calls;
	     s.nr += o->stride) {
		r->world = s.nr;
		shim_guard(one_world, NULL);
		r->worlds++;
		r->failed = report_count() != 0;
		if (o->rounds)
			break;
	}
}

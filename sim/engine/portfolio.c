// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which strategies a budget is spent on. The shares come from docs/corpus.md: each finds
 * known bugs that the others miss, or find late.
 */
#include "engine/portfolio.h"

#include <stdio.h>
#include <string.h>

#include "engine/detectors.h"
#include "engine/learn.h"

/*
 * What an execution costs is, about, so many choices more than it has: the world that is
 * opened and closed.
 */
#define FIXED_COST 40

static const struct {
	const char *name;
	uint64_t choices; /* of a scenario's executions together, with FIXED_COST */
} budgets[BUDGETS] = {
	[BUDGET_QUICK] = { "quick", 60000 },
	[BUDGET_NORMAL] = { "normal", 400000 },
	[BUDGET_THOROUGH] = { "thorough", 8000000 },
};

/*
 * Each choice is a step, and there are few others: not a third more in nearly all
 * scenarios. A task that polls takes more: then an execution costs what its steps do.
 */
#define STEPS_PER_CHOICE 4
#define COST_OF(steps)	 ((steps)*3 / 4)

#define PCT_DEPTH 3

/*
 * A share is in per cent. An exhaustive search often ends before its share is used up.
 * What only happens at plain accesses has to be learnt from 64 executions first, which
 * quick cannot pay.
 */
static const struct share {
	enum search_kind kind;
	int preemptions;
	const char *points;
	unsigned int percent;
	unsigned int timers, faults;
	enum budget from;
} shares[HUNT_PHASES] = {
	{ SEARCH_EXHAUSTIVE, 1, "sync", 20, 0, 0, BUDGET_QUICK },
	{ SEARCH_EXHAUSTIVE, 2, "sync", 20, 0, 0, BUDGET_QUICK },
	{ SEARCH_SURW, SEARCH_NO_BOUND, "sync", 32, 0, 0, BUDGET_QUICK },
	{ SEARCH_PCT, SEARCH_NO_BOUND, "marked", 14, 0, 0, BUDGET_QUICK },
	{ SEARCH_RANDOM, SEARCH_NO_BOUND, "marked", 14, 1, 1, BUDGET_QUICK },
	{ SEARCH_PCT, SEARCH_NO_BOUND, "all", 8, 0, 0, BUDGET_NORMAL },
};

const char *budget_name(enum budget budget)
{
	return budgets[budget].name;
}

enum budget budget_of(const char *name)
{
	unsigned int i = 0;

	while (i < BUDGETS && strcmp(budgets[i].name, name) != 0)
		i++;
	return i;
}

/* whether it can be done with what is played */
static bool is_possible(const struct player *p, const struct share *s)
{
	if (!p->subject && (s->timers || s->faults))
		return false; /* a model has no kernel */
	return strcmp(s->points, "all") != 0 || !detectors_lack(p->subject);
}

static uint64_t share_of(const struct share *s, enum budget budget)
{
	return budgets[budget].choices * s->percent / 100;
}

/* what is left of a share after its profile or its points were learnt, but not nothing */
static uint64_t executions_of(const struct share *s, uint64_t share, uint64_t cost)
{
	uint64_t n = 1 + share / cost;
	bool learns = s->kind == SEARCH_SURW || s->kind == SEARCH_POS ||
		      !strcmp(s->points, "all");

	if (!learns)
		return n;
	return n > 2 * (uint64_t)LEARN_EXECUTIONS ? n - LEARN_EXECUTIONS : (n + 1) / 2;
}

unsigned int portfolio(const struct player *p, enum budget budget, uint64_t seed,
		       struct hunt_phase phases[HUNT_PHASES])
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < HUNT_PHASES && shares[i].percent; i++) {
		const struct share *s = &shares[i];
		unsigned int mask = points_of(s->points);
		uint64_t steps, cost, executions;

		if (s->from > budget || !is_possible(p, s))
			continue;
		learn_points(p, s->points);
		steps = hunt_steps(p, mask);
		cost = steps + FIXED_COST;
		if (cost < COST_OF(sched_steps()))
			cost = COST_OF(sched_steps());
		executions = executions_of(s, share_of(s, budget), cost);
		phases[nr++] = (struct hunt_phase){
			.search = { .kind = s->kind,
				    .mask = mask,
				    .seed = seed,
				    .executions = executions,
				    .depth = PCT_DEPTH,
				    .steps = steps,
				    .preemptions = s->preemptions },
			.points = s->points,
			.chances = { s->timers, s->faults },
			.most_steps = STEPS_PER_CHOICE * executions * cost,
		};
		/* a tree that is broken goes on for a virtual hour in each execution */
		if (sched_steps() > STEPS_PER_CHOICE * share_of(s, budget))
			break;
	}
	return nr;
}

const char *portfolio_words(const struct hunt_phase *phase, char *buf, size_t len)
{
	const struct search_options *o = &phase->search;
	int n = snprintf(buf, len, "--strategy %s", search_kind_name(o->kind));

	if (o->preemptions != SEARCH_NO_BOUND)
		n += snprintf(buf + n, len - (size_t)n, " --preemptions %d",
			      o->preemptions);
	n += snprintf(buf + n, len - (size_t)n, " --points %s", phase->points);
	if (phase->chances.timers)
		n += snprintf(buf + n, len - (size_t)n, " --timers %u",
			      phase->chances.timers);
	if (phase->chances.faults)
		snprintf(buf + n, len - (size_t)n, " --faults %u", phase->chances.faults);
	return buf;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The public functions of a search; the strategies are in files of their own.
 */
#include <string.h>

#include "sched/checkpoint.h"
#include "search/search_i.h"

struct searching searching;

static struct sched_strategy sched_strategy;

static const struct {
	const char *name;
	const struct strategy *strategy;
} kinds[SEARCH_NR_KINDS] = {
	[SEARCH_RANDOM] = { "random", &strategy_random },
	[SEARCH_PCT] = { "pct", &strategy_pct },
	[SEARCH_POS] = { "pos", &strategy_pos },
	[SEARCH_SURW] = { "surw", &strategy_surw },
	[SEARCH_EXHAUSTIVE] = { "exhaustive", &strategy_exhaustive },
	[SEARCH_DELAY] = { "delay", &strategy_delay },
};

static const struct strategy *strategy(void)
{
	return kinds[searching.o.kind].strategy;
}

void search_begin(const struct search_options *options)
{
	struct searching *s = &searching;

	s->o = *options;
	if (!s->o.shards)
		s->o.shards = 1;
	if (!s->o.depth)
		s->o.depth = 1;
	s->tally = (struct search_tally){ 0 };
	s->index = s->o.shard;
	sched_strategy = (struct sched_strategy){
		.pick = strategy()->pick,
		.mask = s->o.mask,
		.saw = strategy()->saw,
		.touched = strategy()->touched,
		.watch = strategy()->watch,
	};
	strategy()->begin();
}

bool search_next(void)
{
	if (!strategy()->checkpoint)
		checkpoint_drop(1);
	switches_clear(&searching.switches);
	return strategy()->next();
}

const struct sched_strategy *search_strategy(void)
{
	return &sched_strategy;
}

void search_checkpoint(struct checkpoint *c)
{
	struct switches *s = &searching.switches;

	checkpoint_value(c, s->nr);
	checkpoint_value(c, s->lost);
	checkpoint_value(c, s->choices);
	checkpoint_value(c, s->asked);
	/* the list is that of an execution with the same beginning */
	if (strategy()->checkpoint)
		strategy()->checkpoint(c);
}

enum search_verdict search_ended(void)
{
	struct search_tally *t = &searching.tally;
	enum search_verdict verdict = strategy()->ended();

	t->steps += searching.switches.choices;
	if (searching.switches.choices > t->depth)
		t->depth = searching.switches.choices;
	if (verdict == SEARCH_COUNTS)
		t->executions++;
	else if (verdict == SEARCH_REDUNDANT)
		t->redundant++;
	return verdict;
}

uint64_t search_index(void)
{
	return searching.index;
}

const struct switches *search_switches(void)
{
	return &searching.switches;
}

const struct search_tally *search_tally(void)
{
	return &searching.tally;
}

const char *search_kind_name(enum search_kind kind)
{
	return kinds[kind].name;
}

bool search_samples(enum search_kind kind)
{
	return kind != SEARCH_EXHAUSTIVE && kind != SEARCH_DELAY;
}

enum search_kind search_kind_of(const char *name)
{
	int kind = 0;

	while (kind < SEARCH_NR_KINDS && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return (enum search_kind)kind;
}

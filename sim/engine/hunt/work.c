// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one process of a search does: it makes its executions, and keeps of each group of
 * failures the one that is explained best.
 */
#include <string.h>
#include <sys/resource.h>

#include "detect/race.h"
#include "engine/checkpoints.h"
#include "engine/hunt/hunt_i.h"
#include "engine/learn.h"
#include "sched/hash.h"
#include "shim/oops.h"

#define LOOK_EVERY     32 /* executions between two looks at the clock */
#define ENDLESS_ENOUGH 6  /* executions that end in an endless loop, which takes long */

/* ---- failures ---- */

struct found *hunt_find(struct hunt_result *c, const struct report *r)
{
	for (unsigned int i = 0; i < c->nr; i++)
		if (!strcmp(c->found[i].report.group, r->group))
			return &c->found[i];
	return NULL;
}

void hunt_count_words(struct found *f, uint64_t hash)
{
	for (unsigned int i = 0; i < f->nr_words; i++)
		if (f->words[i] == hash)
			return;
	if (f->nr_words < FOUND_WORDS)
		f->words[f->nr_words++] = hash;
}

struct explanation hunt_explanation(const struct found *f)
{
	return (struct explanation){ f->lost, f->chances, f->nr, f->phase, f->execution };
}

/* fewer switches are shorter to explain; then the earlier one */
bool hunt_explains_better(const struct explanation *a, const struct explanation *b)
{
	if (a->lost != b->lost)
		return !a->lost;
	if (a->chances != b->chances)
		return !a->chances;
	if (a->nr != b->nr)
		return a->nr < b->nr;
	if (a->phase != b->phase)
		return a->phase < b->phase;
	return a->execution < b->execution;
}

static void keep_execution(struct found *f, const struct report *r,
			   const struct explanation *e, const struct switches *s)
{
	f->report = *r;
	f->phase = e->phase;
	f->chances = e->chances;
	f->execution = e->execution;
	f->stops = sched_stopped();
	f->lost = e->lost;
	f->nr = e->nr;
	memcpy(f->list, s->list, s->nr * sizeof(s->list[0]));
}

static void keep(struct hunt_result *c, const struct report *r,
		 const struct explanation *e)
{
	const struct switches *s = search_switches();
	struct found *f = hunt_find(c, r);
	struct explanation known;

	if (!f && c->nr == FOUND_MAX) {
		c->dropped++;
		return;
	}
	if (!f) {
		f = &c->found[c->nr++];
		f->reports = 0;
		f->nr_words = 0;
		keep_execution(f, r, e, s);
	}
	known = hunt_explanation(f);
	if (hunt_explains_better(e, &known))
		keep_execution(f, r, e, s);
	f->reports++;
	hunt_count_words(f, hash_text(HASH_START, r->summary));
}

static void look_at_clock(void)
{
	if (hunt_shared->until > 0 &&
	    hunt_clock_s(CLOCK_MONOTONIC) >= hunt_shared->until) {
		hunt_shared->timed_out = true;
		hunt_shared->stop = 1;
	}
}

/* @scenario: outlives the search, which keeps it with lock orders */
static void one_execution(struct hunt_result *c, const struct player *p,
			  const char *scenario, unsigned int phase)
{
	const struct switches *s = search_switches();
	struct explanation e;

	player_play(p, search_strategy());
	if (search_ended() != SEARCH_COUNTS)
		return;
	orders_keep(&c->orders, scenario, phase);
	if (!report_count())
		return;
	c->failures++;
	e = (struct explanation){ s->lost, p->chances.timers || p->chances.faults, s->nr,
				  phase, search_index() };
	for (size_t i = 0; i < report_count(); i++)
		keep(c, report_get(i), &e);
}

/* ---- the first failure ---- */

/* The parts of a divided exhaustive search have no order: each has numbers of its own. */
static bool is_numbered(const struct hunt_options *o)
{
	return o->nr_phases || search_samples(o->search.kind);
}

static void failed_first(const struct hunt_options *o, uint64_t position)
{
	uint64_t first = __atomic_load_n(&hunt_shared->first, __ATOMIC_RELAXED);

	if (!is_numbered(o)) {
		hunt_shared->stop = 1;
		return;
	}
	while (position < first &&
	       !__atomic_compare_exchange_n(&hunt_shared->first, &first, position, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* what comes before it has to be made, however fast the other processes are */
static bool is_behind_first(uint64_t position)
{
	return position > __atomic_load_n(&hunt_shared->first, __ATOMIC_RELAXED);
}

/* ---- a phase ---- */

/* @before: what the phases before have */
static void publish(struct hunt_result *c, const struct search_tally *before,
		    unsigned int phase)
{
	const struct search_tally *t = search_tally();
	struct hunt_phase_result *r = &c->phase[phase];

	r->executions = t->executions;
	r->complete = t->complete;
	r->cut_preemptions = t->cut_preemptions;
	r->cut_length = t->cut_length;
	c->executions = before->executions + t->executions;
	c->redundant = before->redundant + t->redundant;
	c->depth = t->depth > before->depth ? t->depth : before->depth;
}

/* Of this process's part of the phase; 0: no bound. An exhaustive search is not divided.
 */
static uint64_t steps_of(const struct hunt_options *o, unsigned int phase)
{
	const struct hunt_phase *p;

	if (!o->nr_phases)
		return 0;
	p = &o->phases[phase];
	if (p->search.kind == SEARCH_EXHAUSTIVE || o->search.shards < 2)
		return p->most_steps;
	return (p->most_steps + o->search.shards - 1) / o->search.shards;
}

/* Return: false: the last execution took the last of them */
static bool has_steps(uint64_t *left)
{
	if (!*left)
		return true;
	if (sched_steps() >= *left)
		return false;
	*left -= sched_steps();
	return true;
}

/* as the searches of tallies, executions and clocks go on from phase to phase */
static void search_phase(struct hunt_result *c, const struct player *p,
			 const char *scenario, const struct hunt_options *o,
			 unsigned int phase, bool shows)
{
	const struct search_tally before = { .executions = c->executions,
					     .redundant = c->redundant,
					     .depth = c->depth };
	unsigned long loops = shim_endless_loops();
	uint64_t left = steps_of(o, phase);
	unsigned int since = 0;

	suppress_uncount();
	checkpoints_begin(p);
	while (!hunt_shared->stop && search_next() &&
	       !is_behind_first(hunt_position(phase, search_index()))) {
		one_execution(c, p, scenario, phase);
		if (o->first && c->failures)
			failed_first(o, hunt_position(phase, search_index()));
		c->cut_endless = shim_endless_loops() - loops >= ENDLESS_ENOUGH;
		if (c->cut_endless || !has_steps(&left)) {
			c->cut_steps |= !c->cut_endless;
			break;
		}
		if (++since < LOOK_EVERY && !sched_stopped())
			continue;
		since = 0;
		publish(c, &before, phase);
		look_at_clock();
		if (shows)
			hunt_show(o, c, 1);
	}
	checkpoints_end();
	for (unsigned int k = 0; k < SUPPRESS_MAX; k++)
		c->suppressed[k] += suppress_counts()[k];
	publish(c, &before, phase);
}

/*
 * What an exhaustive search that is cut explores depends on how it is divided: so it is
 * one process's, and the processes take turns
 */
static bool is_mine(const struct hunt_options *o, unsigned int phase)
{
	unsigned int turn = o->turn;

	if (o->phases[phase].search.kind != SEARCH_EXHAUSTIVE)
		return true;
	for (unsigned int i = 0; i < phase; i++)
		turn += o->phases[i].search.kind == SEARCH_EXHAUSTIVE;
	return turn % o->search.shards == o->search.shard;
}

static void search_phases(struct hunt_result *c, const struct player *p,
			  const struct hunt_options *o, bool shows)
{
	for (unsigned int i = 0; i < o->nr_phases && !c->cut_endless; i++) {
		struct search_options s = o->phases[i].search;
		struct player with = *p;

		if (is_behind_first(hunt_position(i, 0)))
			return;
		if (!is_mine(o, i))
			continue;
		c->phase[i].mine = true;
		if (s.kind != SEARCH_EXHAUSTIVE) {
			s.shard = o->search.shard;
			s.shards = o->search.shards;
		}
		with.chances = o->phases[i].chances;
		difference_learns(true);
		learn_points(&with, o->phases[i].points);
		learn_profile(&with, &s);
		difference_learns(false);
		search_begin(&s);
		search_phase(c, &with, player_scenario(p), o, i, shows);
	}
}

/* nothing is left to be explored: what a phase within no bound says, of all of them */
static void complete(struct hunt_result *c, const struct hunt_options *o)
{
	for (unsigned int i = 0; i < o->nr_phases; i++)
		c->complete |= c->phase[i].complete && !c->phase[i].cut_preemptions;
}

void hunt_work(struct hunt_result *c, const struct player *p,
	       const struct hunt_options *o, bool shows)
{
	double start = hunt_clock_s(CLOCK_THREAD_CPUTIME_ID);
	struct rusage usage;

	shim_endless_watch();
	orders_begin(&c->orders);
	difference_begin();
	if (o->nr_phases) {
		search_phases(c, p, o, shows);
		complete(c, o);
	} else {
		search_begin(&o->search);
		search_phase(c, p, player_scenario(p), o, 0, shows);
		c->complete = c->phase[0].complete && !c->cut_endless;
		c->cut_preemptions = c->phase[0].cut_preemptions;
		c->cut_length = c->phase[0].cut_length;
	}
	difference_end();
	c->difference = *difference_tally();
	c->cpu_s = hunt_clock_s(CLOCK_THREAD_CPUTIME_ID) - start;
	race_give_back(); /* the next scenario's data is elsewhere */
	getrusage(RUSAGE_SELF, &usage);
	c->peak_rss_kb = usage.ru_maxrss;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts together what the processes of a search have found.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/hunt/hunt_i.h"
#include "sched/hash.h"

/* only the switches that are in use: most of the list is never touched */
static void copy_found(struct found *to, const struct found *f)
{
	memcpy(to, f, offsetof(struct found, list));
	memcpy(to->list, f->list, f->nr * sizeof(f->list[0]));
	to->nr_orders = f->nr_orders;
	memcpy(to->orders, f->orders, f->nr_orders * sizeof(f->orders[0]));
}

/* @to is the better explanation, and stands for @f, too */
static void add_members(struct found *to, const struct found *f)
{
	to->reports += f->reports;
	for (unsigned int i = 0; i < f->nr_words; i++)
		hunt_count_words(to, f->words[i]);
}

static void merge_found(struct hunt_result *sum, const struct found *f)
{
	static struct found members; /* what the sum knows so far; its list is not used */
	struct found *known = hunt_find(sum, &f->report);
	const struct explanation now = hunt_explanation(f);
	struct explanation was;

	if (!known && sum->nr == FOUND_MAX) {
		sum->dropped++;
		return;
	}
	if (!known) {
		copy_found(&sum->found[sum->nr++], f);
		return;
	}
	was = hunt_explanation(known);
	if (hunt_explains_better(&now, &was)) {
		memcpy(&members, known, offsetof(struct found, list));
		copy_found(known, f);
		add_members(known, &members);
	} else {
		add_members(known, f);
	}
}

static int by_execution(const void *a, const void *b)
{
	const struct found *x = *(const struct found *const *)a;
	const struct found *y = *(const struct found *const *)b;

	if (x->phase != y->phase)
		return x->phase < y->phase ? -1 : 1;
	if (x->execution != y->execution)
		return x->execution < y->execution ? -1 : 1;
	if (x->report.kind != y->report.kind)
		return x->report.kind < y->report.kind ? -1 : 1;
	return strcmp(x->report.summary, y->report.summary);
}

static void add_cycle(struct hunt_result *sum, const struct order_failure *cycle,
		      const struct hunt_options *o)
{
	struct found *f = &sum->found[sum->nr];

	if (sum->failures < sum->executions)
		sum->failures++;
	if (sum->nr == FOUND_MAX) {
		sum->dropped++;
		return;
	}
	sum->nr++;
	f->report = cycle->report;
	f->reports = 1;
	f->nr_words = 0;
	hunt_count_words(f, hash_text(HASH_START, f->report.summary));
	f->phase = cycle->phase;
	f->chances =
		cycle->phase < o->nr_phases && (o->phases[cycle->phase].chances.timers ||
						o->phases[cycle->phase].chances.faults);
	f->execution = cycle->execution;
	f->stops = false;
	f->lost = !cycle->list;
	f->nr = cycle->list ? cycle->nr_switches : 0;
	if (cycle->list)
		memcpy(f->list, cycle->list, f->nr * sizeof(f->list[0]));
	f->nr_orders = cycle->nr;
	memcpy(f->orders, cycle->edges, cycle->nr * sizeof(f->orders[0]));
}

/* If the search was to end at its first failure: a process may have come further. */
static bool is_too_late(unsigned int phase, uint64_t execution)
{
	return hunt_position(phase, execution) > hunt_shared->first;
}

/* Lock orders that contradict each other: no single process can see them. */
static void add_cycles(struct hunt_result *sum, const struct hunt_result *parts,
		       unsigned int nr, const struct hunt_options *o)
{
	const struct order_failure *cycles;
	unsigned int n;

	suppress_uncount();
	n = orders_judge(&parts->orders, sizeof(*parts), nr, &cycles);
	for (unsigned int i = 0; i < n; i++)
		if (!is_too_late(cycles[i].phase, cycles[i].execution))
			add_cycle(sum, &cycles[i], o);
	for (unsigned int k = 0; k < SUPPRESS_MAX; k++)
		sum->suppressed[k] += suppress_counts()[k];
}

static void merge_phases(struct hunt_result *sum, const struct hunt_result *part)
{
	for (unsigned int i = 0; i < HUNT_PHASES; i++) {
		struct hunt_phase_result *to = &sum->phase[i];
		const struct hunt_phase_result *from = &part->phase[i];

		to->executions += from->executions;
		to->mine |= from->mine;
		to->complete |= from->complete;
		to->cut_preemptions |= from->cut_preemptions;
		to->cut_length |= from->cut_length;
	}
}

static void add_failures(struct hunt_result *sum, const struct hunt_result *part)
{
	/* then it ended with that execution: all that it found is of the same one */
	if (part->nr && is_too_late(part->found[0].phase, part->found[0].execution))
		return;
	sum->failures += part->failures;
	for (unsigned int k = 0; k < part->nr; k++)
		merge_found(sum, &part->found[k]);
}

void hunt_merge(struct hunt_result *sum, const struct hunt_result *parts, unsigned int nr,
		const struct hunt_options *o)
{
	sum->complete = !o->nr_phases;
	for (unsigned int i = 0; i < nr; i++) {
		const struct hunt_result *c = &parts[i];

		sum->executions += c->executions;
		sum->redundant += c->redundant;
		sum->depth = c->depth > sum->depth ? c->depth : sum->depth;
		sum->complete = o->nr_phases ? sum->complete || c->complete
					     : sum->complete && c->complete;
		merge_phases(sum, c);
		sum->cut_preemptions |= c->cut_preemptions;
		sum->cut_length |= c->cut_length;
		sum->cut_endless |= c->cut_endless;
		sum->cut_steps |= c->cut_steps;
		sum->cpu_s += c->cpu_s;
		if (c->peak_rss_kb > sum->peak_rss_kb)
			sum->peak_rss_kb = c->peak_rss_kb;
		sum->dropped += c->dropped;
		difference_add(&sum->difference, &c->difference);
		for (unsigned int k = 0; k < SUPPRESS_MAX; k++)
			sum->suppressed[k] += c->suppressed[k];
		add_failures(sum, c);
	}
	add_cycles(sum, parts, nr, o);
	for (unsigned int i = 0; i < sum->nr; i++)
		sum->order[i] = &sum->found[i];
	qsort(sum->order, sum->nr, sizeof(sum->order[0]), by_execution);
}

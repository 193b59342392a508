// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock orders over a whole search.
 */
#include "engine/orders.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/program.h"
#include "detect/report.h"
#include "search/search.h"

#define OF_ALL	 LOCK_EDGES_ALL /* edges that are looked at together */
#define REPORTED 64

static struct {
	/* of this scenario and those before, sorted */
	struct lock_edge edge[OF_ALL];
	unsigned int nr;
	/* of the scenarios before */
	struct lock_edge earlier[LOCK_EDGES];
	unsigned int nr_earlier;
	char reported[REPORTED][sizeof(((struct report *)0)->summary)];
	unsigned int nr_reported;
	struct order_failure failure[ORDER_CYCLES_MAX];
	unsigned int nr_failures;
} all;

/* ---- one process ---- */

void orders_begin(struct orders *o)
{
	o->nr = o->nr_schedules = o->used = 0;
	lock_order_watch(LOCK_ORDER_COLLECT);
}

/* Return: the number of its schedule, or ORDER_SCHEDULES if there is no space left */
static unsigned int keep_schedule_of(struct orders *o, unsigned int phase)
{
	const struct switches *s = search_switches();

	if (s->lost || o->nr_schedules == ORDER_SCHEDULES ||
	    s->nr > ORDER_SWITCHES - o->used)
		return ORDER_SCHEDULES;
	o->schedule[o->nr_schedules].first = o->used;
	o->schedule[o->nr_schedules].nr = s->nr;
	o->schedule[o->nr_schedules].phase = phase;
	memcpy(o->pool + o->used, s->list, s->nr * sizeof(s->list[0]));
	o->used += s->nr;
	return o->nr_schedules++;
}

void orders_keep(struct orders *o, const char *scenario, unsigned int phase)
{
	if (lock_order_nr() == o->nr)
		return;
	lock_order_commit(scenario, search_index(), keep_schedule_of(o, phase));
	for (; o->nr < lock_order_nr(); o->nr++)
		o->edge[o->nr] = *lock_order_edge(o->nr);
}

/* ---- together ---- */

static bool same_classes(const struct lock_edge *a, const struct lock_edge *b)
{
	return a->from.node.class == b->from.node.class &&
	       a->from.node.subclass == b->from.node.subclass &&
	       a->to.node.class == b->to.node.class &&
	       a->to.node.subclass == b->to.node.subclass;
}

static bool same_edge(const struct lock_edge *a, const struct lock_edge *b)
{
	return same_classes(a, b) && a->from.at == b->from.at && a->to.at == b->to.at;
}

/* sorted: of equal ones the first has the lowest number of an execution */
static void drop_repeated(void)
{
	unsigned int n = 0;

	qsort(all.edge, all.nr, sizeof(all.edge[0]), lock_edge_compare);
	for (unsigned int i = 0; i < all.nr; i++) {
		unsigned int k = n;

		/* several classes may have the same name: go back as long as names agree
		 */
		while (k && !same_edge(&all.edge[k - 1], &all.edge[i]) &&
		       !strcmp(all.edge[k - 1].from.node.name,
			       all.edge[i].from.node.name))
			k--;
		if (k && same_edge(&all.edge[k - 1], &all.edge[i]))
			continue;
		all.edge[n++] = all.edge[i];
	}
	all.nr = n;
}

static void gather(const struct orders *parts, size_t stride, unsigned int nr)
{
	all.nr = 0;
	for (unsigned int p = 0; p < nr; p++) {
		const struct orders *o = (const void *)((const char *)parts + p * stride);

		for (unsigned int i = 0; i < o->nr; i++) {
			if (all.nr == OF_ALL)
				drop_repeated();
			if (all.nr == OF_ALL)
				break;
			all.edge[all.nr] = o->edge[i];
			/* numbered through over all processes */
			all.edge[all.nr++].schedule += p * (ORDER_SCHEDULES + 1);
		}
	}
	drop_repeated();
}

static bool is_known_now(const struct lock_edge *e, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (same_classes(&all.edge[i], e))
			return true;
	return false;
}

/* An order seen in this scenario counts, also if it was seen in an earlier one. */
static void add_earlier(void)
{
	unsigned int now = all.nr;

	for (unsigned int i = 0; i < all.nr_earlier && all.nr < OF_ALL; i++)
		if (!is_known_now(&all.earlier[i], now))
			all.edge[all.nr++] = all.earlier[i];
	qsort(all.edge, all.nr, sizeof(all.edge[0]), lock_edge_compare);
}

static bool is_remembered(const struct lock_edge *e)
{
	for (unsigned int i = 0; i < all.nr_earlier; i++)
		if (same_classes(&all.earlier[i], e))
			return true;
	return false;
}

static bool is_earlier(const struct lock_edge *e, const char *scenario)
{
	return strcmp(e->scenario, scenario) != 0;
}

static void remember(const struct lock_edge *e)
{
	static bool said;

	if (all.nr_earlier < LOCK_EDGES) {
		all.earlier[all.nr_earlier++] = *e;
		return;
	}
	if (!said)
		complain("more than %d orders of locks: those of later scenarios are not "
			 "held against each other",
			 LOCK_EDGES);
	said = true;
}

static void remember_for_later(const char *scenario)
{
	for (unsigned int i = 0; i < all.nr; i++)
		if (!is_earlier(&all.edge[i], scenario) && !is_remembered(&all.edge[i]))
			remember(&all.edge[i]);
}

/* ---- cycles ---- */

static bool was_reported(const char *summary)
{
	for (unsigned int i = 0; i < all.nr_reported; i++)
		if (!strcmp(all.reported[i], summary))
			return true;
	if (all.nr_reported < REPORTED)
		memcpy(all.reported[all.nr_reported++], summary, strlen(summary) + 1);
	return false;
}

/* The edge of this scenario that was seen last: its schedule shows the cycle. */
static int last_edge(const struct lock_cycle *c, const char *scenario, bool *all_now)
{
	int last = -1;

	*all_now = true;
	for (unsigned int i = 0; i < c->nr; i++) {
		if (is_earlier(c->edge[i], scenario))
			*all_now = false;
		else if (last < 0 || c->edge[i]->execution >= c->edge[last]->execution)
			last = (int)i;
	}
	return last;
}

static void find_schedule(struct order_failure *f, const struct orders *parts,
			  size_t stride)
{
	unsigned int part = f->edges[0].schedule / (ORDER_SCHEDULES + 1);
	unsigned int nr = f->edges[0].schedule % (ORDER_SCHEDULES + 1);
	const struct orders *o = (const void *)((const char *)parts + part * stride);

	f->list = NULL;
	f->phase = 0;
	if (nr == ORDER_SCHEDULES)
		return;
	f->list = o->pool + o->schedule[nr].first;
	f->nr_switches = o->schedule[nr].nr;
	f->phase = o->schedule[nr].phase;
}

static void judge(const struct lock_cycle *found, const char *scenario,
		  const struct orders *parts, size_t stride)
{
	struct order_failure *f = &all.failure[all.nr_failures];
	struct lock_cycle c = *found;
	bool all_now;
	int last = last_edge(found, scenario, &all_now);

	if (last < 0)
		return;
	for (unsigned int i = 0; i < c.nr; i++)
		c.edge[i] = found->edge[((unsigned int)last + i) % c.nr];
	report_reset();
	if (!lock_cycle_report(&c))
		return;
	f->report = *report_get(0);
	if (was_reported(report_get(0)->summary) && !all_now)
		return;
	memcpy(f->report.task, c.edge[0]->task, sizeof(f->report.task));
	f->execution = c.edge[0]->execution;
	f->nr = c.nr;
	for (unsigned int i = 0; i < c.nr; i++)
		f->edges[i] = *c.edge[i];
	find_schedule(f, parts, stride);
	all.nr_failures++;
}

unsigned int orders_judge(const struct orders *parts, size_t stride, unsigned int nr,
			  const struct order_failure **out)
{
	static struct lock_cycle cycle[ORDER_CYCLES_MAX];
	const char *scenario;
	unsigned int cycles;

	*out = all.failure;
	all.nr_failures = 0;
	gather(parts, stride, nr);
	if (!all.nr)
		return 0;
	scenario = all.edge[0].scenario;
	add_earlier();
	cycles = lock_cycles(all.edge, all.nr, cycle, ORDER_CYCLES_MAX);
	for (unsigned int i = 0; i < cycles; i++)
		judge(&cycle[i], scenario, parts, stride);
	remember_for_later(scenario);
	report_reset();
	return all.nr_failures;
}

/* ---- schedules ---- */

void orders_describe(struct schedule *s, const struct lock_edge *edges, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		struct schedule_order *o = &s->orders[i];
		const struct lock_edge *e = &edges[i];

		snprintf(o->task, sizeof(o->task), "%s", e->task);
		snprintf(o->scenario, sizeof(o->scenario), "%s", e->scenario);
		o->execution = e->execution;
		lock_node_words(&e->from.node, o->from, sizeof(o->from));
		lock_node_words(&e->to.node, o->to, sizeof(o->to));
		lock_place_words(e->from.at, o->from_at, sizeof(o->from_at));
		lock_place_words(e->to.at, o->to_at, sizeof(o->to_at));
	}
	s->nr_orders = nr;
}

/* "dir->lock/1": @words loses its end */
static struct lock_node node_of_words(char *words)
{
	char *slash = strrchr(words, '/');
	struct lock_node node = { .name = words };

	if (!slash || !isdigit((unsigned char)slash[1]))
		return node;
	node.subclass = (unsigned int)strtoul(slash + 1, NULL, 10);
	*slash = '\0';
	return node;
}

void orders_expect(const struct schedule *s)
{
	static struct schedule_order words[LOCK_CYCLE_MAX];
	static struct sched_site site[LOCK_CYCLE_MAX][2];
	static struct lock_edge edge[LOCK_CYCLE_MAX];
	static const struct lock_edge *cycle[LOCK_CYCLE_MAX];

	lock_order_watch(LOCK_ORDER_REPORT);
	for (unsigned int i = 0; i < s->nr_orders; i++) {
		struct schedule_order *o = &words[i];
		struct lock_edge *e = &edge[i];

		*o = s->orders[i];
		site[i][0] = (struct sched_site){ .file = o->from_at };
		site[i][1] = (struct sched_site){ .file = o->to_at };
		e->from = (struct lock_taken){ .node = node_of_words(o->from),
					       .at = &site[i][0] };
		e->to = (struct lock_taken){ .node = node_of_words(o->to),
					     .at = &site[i][1] };
		memcpy(e->task, o->task, sizeof(e->task));
		e->scenario = o->scenario;
		e->execution = o->execution;
		cycle[i] = e;
	}
	lock_order_expect(cycle, s->nr_orders);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock orders over a whole search: each process keeps the orders that it saw, and
 * with them the schedules that show them; their parent looks for cycles in all of
 * them together. So it does not matter which process saw which order.
 */
#ifndef ENGINE_ORDERS_H
#define ENGINE_ORDERS_H

#include "detect/lock_order.h"
#include "detect/report.h"
#include "search/schedule.h"

#define ORDER_SCHEDULES	 256
#define ORDER_SWITCHES	 65536
#define ORDER_CYCLES_MAX 16

/**
 * struct orders - of one process
 * @nr, @edge: each once; ->schedule is a number in @schedule, or ORDER_SCHEDULES
 * @nr_schedules, @schedule, @used, @pool: switches of the executions
 */
struct orders {
	unsigned int nr, nr_schedules, used;
	struct lock_edge edge[LOCK_EDGES];
	struct {
		unsigned int first, nr, phase;
	} schedule[ORDER_SCHEDULES];
	struct task_switch pool[ORDER_SWITCHES];
};

/**
 * struct order_failure - a cycle
 * @report: as it is shown
 * @phase: of the search, in which @list was found
 * @edges, @nr: the cycle, from the edge that @list shows
 * @list, @nr_switches: schedule; NULL: there was no space for it
 */
struct order_failure {
	struct report report;
	uint64_t execution;
	unsigned int phase, nr, nr_switches;
	struct lock_edge edges[LOCK_CYCLE_MAX];
	const struct task_switch *list;
};

/** orders_begin() - a process is about to search */
void orders_begin(struct orders *o);

/** orders_keep() - an execution of the search's phase @phase has ended, and counts */
void orders_keep(struct orders *o, const char *scenario, unsigned int phase);

/**
 * orders_judge() - cycles of all processes, and of the scenarios before
 * @parts, @stride: their struct orders, at this distance in bytes
 *
 * Return: how many; @out is valid until the next call. Counts what is suppressed.
 */
unsigned int orders_judge(const struct orders *parts, size_t stride, unsigned int nr,
			  const struct order_failure **out);

/** orders_describe() - add to a schedule the orders that make the cycle */
void orders_describe(struct schedule *s, const struct lock_edge *edges, unsigned int nr);

/** orders_expect() - before a replay: look for cycles, and for the schedule's own */
void orders_expect(const struct schedule *s);

#endif /* ENGINE_ORDERS_H */

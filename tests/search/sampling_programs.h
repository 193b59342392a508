/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs whose tasks change one object between steps of their own, and the orders in
 * which they did: what the tests of POS, of SURW and of the profile have in common.
 */
#ifndef TESTS_SAMPLING_PROGRAMS_H
#define TESTS_SAMPLING_PROGRAMS_H

#include "search_tests.h"

#include "sched/prng.h"
#include "search/access.h"
#include "search/sampling/profile.h"
#include "search/search_i.h"

#define TASKS_MAX  4
#define EVENTS_MAX 16

/**
 * struct program - tasks that change one object between steps of their own
 * @tasks: how many
 * @before: steps of its own that each does first
 * @changes: how often it changes the object
 * @between: steps of its own before each change but the first
 */
struct program {
	unsigned int tasks;
	unsigned int before[TASKS_MAX], changes[TASKS_MAX], between[TASKS_MAX];
};

static const struct program *program;
static unsigned int object, others[TASKS_MAX], own[TASKS_MAX];
static unsigned int started, started_at_first;
static unsigned int order[EVENTS_MAX], events; /* who changed it, in order */

static inline void alone(unsigned int me, unsigned int steps)
{
	for (unsigned int i = 0; i < steps; i++)
		MARKED_STORE(own[me], 1);
}

static inline void change(unsigned int me, unsigned int *what)
{
	MARKED_STORE(*what, me);
	if (!events)
		started_at_first = started;
	order[events++] = me;
}

static inline void changes_it(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	started++;
	alone(me, program->before[me]);
	for (unsigned int i = 0; i < program->changes[me]; i++) {
		if (i)
			alone(me, program->between[me]);
		change(me, &object);
	}
}

/* the same, but nothing conflicts */
static inline void changes_its_own(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	started++;
	for (unsigned int i = 0; i < program->changes[me]; i++)
		change(me, &others[me]);
}

typedef void (*body_fn)(void *arg);

static inline void start(const struct program *p, body_fn body)
{
	shim_reset(1);
	program = p;
	events = started = 0;
	for (unsigned int i = 0; i < p->tasks; i++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, body,
			      (void *)(uintptr_t)i);
}

static inline void learn(const struct program *p, body_fn body)
{
	profile_begin(MARKED);
	while (profile_next()) {
		start(p, body);
		sched_run(profile_strategy());
		profile_ended();
	}
}

static inline unsigned int shared_number(const void *address)
{
	bool changed;

	return profile_shared_nr(access_object(SCHED_WRITE, address, &changed));
}

/* number of executions for which @is */
static inline uint64_t count(const struct program *p, body_fn body,
			     const struct search_options *o, bool (*is)(void))
{
	uint64_t n = 0;

	search_begin(o);
	while (search_next()) {
		start(p, body);
		sched_run(search_strategy());
		search_ended();
		n += is();
	}
	return n;
}

/* ---- the orders that came ---- */

#define ORDERS_MAX 256

static struct {
	uint64_t key, times;
} seen[ORDERS_MAX];
static unsigned int nr_seen;

static inline bool note_order(void)
{
	uint64_t key = 1;
	unsigned int i = 0;

	for (unsigned int k = 0; k < events; k++)
		key = key * TASKS_MAX + order[k];
	while (i < nr_seen && seen[i].key != key)
		i++;
	assert_true(i < ORDERS_MAX);
	nr_seen += i == nr_seen;
	seen[i].key = key;
	seen[i].times++;
	return true;
}

#endif /* TESTS_SAMPLING_PROGRAMS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choices of earlier executions at the steps of the path, and the sleep sets that
 * follow from them (Godefroid: Partial-Order Methods, LNCS 1032, 1996): a task that
 * was explored at a step, and whose step depends on nothing that was done since, need
 * not be chosen again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "search/exhaustive/path.h"

static struct {
	struct explored at[4 * PATH_MAX_STEPS];
	struct explored *free;
	unsigned int used; /* what lies behind was never touched, nor is it in memory */
} pool;

void explored_reset(void)
{
	pool.free = NULL;
	pool.used = 0;
}

static struct explored *allocate(void)
{
	struct explored *e = pool.free;

	if (e) {
		pool.free = e->next;
		return e;
	}
	if (pool.used == sizeof(pool.at) / sizeof(pool.at[0])) {
		fprintf(stderr,
			"uringsim: the exhaustive search is out of memory for choices\n");
		exit(3);
	}
	return &pool.at[pool.used++];
}

void explored_add(struct step *s)
{
	struct explored *e = allocate();

	e->task = s->task;
	e->length = s->length;
	e->touched = s->touched;
	e->next = s->explored;
	s->explored = e;
}

void explored_clear(struct step *s)
{
	while (s->explored) {
		struct explored *e = s->explored;

		s->explored = e->next;
		e->next = pool.free;
		pool.free = e;
	}
}

uint64_t explored_set(const struct step *s)
{
	uint64_t set = 0;

	for (const struct explored *e = s->explored; e; e = e->next)
		set |= 1ull << e->task;
	return set;
}

/* what @task's next step touched when it was explored last, at step @i or before */
static const struct access_set *touched_by(unsigned int i, unsigned int task)
{
	for (;; i--)
		for (const struct explored *e = path.at[i].explored; e; e = e->next)
			if (e->task == task)
				return &e->touched;
}

uint64_t sleep_set_after(unsigned int i)
{
	const struct step *s = &path.at[i];
	uint64_t set = (s->sleep | explored_set(s)) & ~(1ull << s->task), result = 0;

	for (; set; set &= set - 1) {
		unsigned int t = first_task(set);

		if (!access_dependent(touched_by(i, t), &s->touched))
			result |= 1ull << t;
	}
	return result;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a step of a task touches, as far as it was announced, and when two steps
 * depend on each other: then their order matters, and the exhaustive search tries
 * both.
 */
#ifndef SEARCH_ACCESS_H
#define SEARCH_ACCESS_H

#include "sched/sched.h"

#define ACCESS_MAX 8

/**
 * struct access_set - what one step touches
 * @lock: the lock that it takes, or NULL
 * @filter: a bit for each key and lock: no common bit, no common object
 * @nr: keys in use
 * @anything: there were more: it depends on every other step
 * @key: object, and whether it is changed
 */
struct access_set {
	const void *lock;
	uint64_t filter;
	uint8_t nr;
	bool anything;
	uint64_t key[ACCESS_MAX];
};

/** access_clear() - a step that touches nothing */
static inline void access_clear(struct access_set *a)
{
	a->lock = NULL;
	a->filter = 0;
	a->nr = 0;
	a->anything = false;
}

/** access_filter() - the filter bit of an object */
static inline uint64_t access_filter(uint64_t object)
{
	return 1ull << ((object * 0x9e3779b97f4a7c15ull) >> 58);
}

/**
 * access_add() - the step does @what to @object
 * @faults: allocations may fail, so that their order matters
 */
void access_add(struct access_set *a, enum sched_what what, const void *object,
		bool faults);

/** access_order() - a hand-over without a lock: shim_uring_edge() */
void access_order(struct access_set *a, const void *object, bool acquire);

/**
 * access_task() - the step looks at what others can tell task @id - signals, task
 * work -, as every step of that task may; or it tells it
 */
void access_task(struct access_set *a, unsigned int id, bool tells);

/** access_delivery() - the step decides who runs task work from now on */
void access_delivery(struct access_set *a);

/** access_conflict() - do two steps depend on each other, locks aside? */
bool access_conflict(const struct access_set *a, const struct access_set *b);

/** access_dependent() - likewise, with the locks that they take */
bool access_dependent(const struct access_set *a, const struct access_set *b);

#endif /* SEARCH_ACCESS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a step of a task touches, as far as it is announced, and whether two steps
 * depend on each other: then the exhaustive search explores both orders.
 */
#ifndef SEARCH_ACCESS_H
#define SEARCH_ACCESS_H

#include "sched/hash.h"
#include "sched/sched.h"

#define ACCESS_MAX 16

/**
 * struct access_set - what one step touches
 * @lock: the lock that it takes, or NULL
 * @filter: a bit for each key and lock: no common bit, no common object
 * @nr: keys in use
 * @anything: there were more keys: the step depends on every other one
 * @key: object, its kind, and whether it is changed
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
	return 1ull << (hash_word(object) >> 58);
}

/**
 * access_add() - the step does @what to @object, as announced by sched_point()
 * @faults: allocations may fail by number, so that their order matters
 */
void access_add(struct access_set *a, enum sched_what what, const void *object,
		bool faults);

/** access_touch() - the step touches @object: sched_touch() */
void access_touch(struct access_set *a, const void *object, bool changes);

/**
 * access_object() - a number for the object of a step, as announced by sched_point()
 * @changes: set: whether the step changes it, or takes it, if it is a lock
 *
 * Two steps that begin with the same object have the same number within an execution. It
 * is made of the address: compare it, and take no order from it.
 *
 * Return: the number; 0: it depends on no other step.
 */
uint64_t access_object(enum sched_what what, const void *object, bool *changes);

/** access_conflict() - as access_dependent(), but for the locks that they take */
bool access_conflict(const struct access_set *a, const struct access_set *b);

/** access_dependent() - whether two steps depend on each other */
bool access_dependent(const struct access_set *a, const struct access_set *b);

#endif /* SEARCH_ACCESS_H */

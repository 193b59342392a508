// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that steps touch. A key is an address, a tag in its lowest bits that
 * keeps kinds of objects at the same address apart, and a bit for "changes it".
 */
#include "search/access.h"

/* what an address stands for; addresses are below 2^47 */
#define TAG_SHIFT  56
#define TAG_MEMORY 0ull
#define TAG_QUEUE  1ull /* a wait queue: its lock is at the same address */
#define TAG_USER   2ull /* a page of user memory */
#define TAG_MODEL  3ull /* state of a model: sched_touch() */
#define TAG_LOCK   4ull /* access_object() alone: a set has them apart */
#define CHANGES	   (1ull << 63)

#define USER_PAGE 12

#define ALLOCATOR ((const void *)1)

static void add(struct access_set *a, uint64_t tag, const void *object, bool changes)
{
	uint64_t where = (uint64_t)(uintptr_t)object | tag << TAG_SHIFT;
	uint64_t key = where | (changes ? CHANGES : 0);

	a->filter |= access_filter(where);
	for (unsigned int i = 0; i < a->nr; i++) {
		if ((a->key[i] & ~CHANGES) == where) {
			a->key[i] |= key;
			return;
		}
	}
	if (a->nr == ACCESS_MAX) {
		a->anything = true;
		a->filter = ~0ull;
		return;
	}
	a->key[a->nr++] = key;
}

static const void *page_of(const void *user)
{
	return (const void *)((uintptr_t)user >> USER_PAGE);
}

void access_add(struct access_set *a, enum sched_what what, const void *object,
		bool faults)
{
	switch (what) {
	case SCHED_LOCK:
		a->lock = object;
		a->filter |= access_filter((uint64_t)(uintptr_t)object);
		break;
	case SCHED_READ:
	case SCHED_LOAD:
		add(a, TAG_MEMORY, object, false);
		break;
	case SCHED_ATOMIC:
	case SCHED_WRITE:
	case SCHED_STORE:
	case SCHED_FREE:
		add(a, TAG_MEMORY, object, true);
		break;
	case SCHED_FROM_USER:
		add(a, TAG_USER, page_of(object), false);
		break;
	case SCHED_TO_USER:
	case SCHED_PIN:
		add(a, TAG_USER, page_of(object), true);
		break;
	case SCHED_WAIT:
		add(a, TAG_QUEUE, object, false);
		break;
	case SCHED_NOTIFY:
		add(a, TAG_QUEUE, object, true);
		break;
	case SCHED_WORK:
	case SCHED_SUBMIT:
	case SCHED_COMPLETE:
	case SCHED_CALLBACK:
		if (object)
			add(a, TAG_MODEL, object, true);
		break;
	case SCHED_ALLOC:
		if (faults)
			add(a, TAG_MODEL, ALLOCATOR, true);
		break;
	default:
		break;
	}
}

void access_touch(struct access_set *a, const void *object, bool changes)
{
	add(a, TAG_MODEL, object, changes);
}

uint64_t access_object(enum sched_what what, const void *object, bool *changes)
{
	struct access_set a;

	access_clear(&a);
	access_add(&a, what, object, false);
	*changes = a.lock || (a.nr && a.key[0] & CHANGES);
	if (a.lock)
		return (uint64_t)(uintptr_t)a.lock | TAG_LOCK << TAG_SHIFT;
	return a.nr ? a.key[0] & ~CHANGES : 0;
}

bool access_conflict(const struct access_set *a, const struct access_set *b)
{
	if (a->anything || b->anything)
		return true;
	if (!(a->filter & b->filter))
		return false;
	for (unsigned int i = 0; i < a->nr; i++) {
		for (unsigned int j = 0; j < b->nr; j++) {
			if (((a->key[i] ^ b->key[j]) & ~CHANGES) == 0 &&
			    ((a->key[i] | b->key[j]) & CHANGES))
				return true;
		}
	}
	return false;
}

bool access_dependent(const struct access_set *a, const struct access_set *b)
{
	return (a->lock && a->lock == b->lock) || access_conflict(a, b);
}

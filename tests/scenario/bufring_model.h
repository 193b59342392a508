/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of a buffer ring by itself have beside it: the order in which free
 * buffers are used, in plain words, and chance.
 */
#ifndef TESTS_BUFRING_MODEL_H
#define TESTS_BUFRING_MODEL_H

#include "bufring.h"

#define MOST_BUFFERS 65535u

static const struct subject_bufring *br;
static void *ring;

/* struct line - free buffers, the one that is free for longest first */
struct line {
	uint16_t ids[2 * MOST_BUFFERS];
	unsigned int first, nr;
};

static inline void line_has(struct line *l, unsigned int from, unsigned int nr)
{
	l->first = 0;
	l->nr = nr;
	for (unsigned int i = 0; i < nr; i++)
		l->ids[i] = (uint16_t)(from + i);
}

static inline unsigned int line_takes(struct line *l)
{
	l->nr--;
	return policy ? l->ids[l->first + l->nr] : l->ids[l->first++];
}

static inline void line_is_given(struct line *l, unsigned int id)
{
	if (l->first + l->nr == 2 * MOST_BUFFERS) { /* make room at the end */
		memmove(l->ids, l->ids + l->first, l->nr * sizeof(l->ids[0]));
		l->first = 0;
	}
	l->ids[l->first + l->nr++] = (uint16_t)id;
}

static inline unsigned int a_random_number(void)
{
	static uint32_t x = 1;

	x = x * 1664525u + 1013904223u;
	return x >> 8;
}

/* number of a layout, by its name */
static inline unsigned int layout_named(const char *name)
{
	for (unsigned int i = 0; br->layout(i); i++)
		if (!strcmp(br->layout(i), name))
			return i;
	fail_msg("there is no layout %s", name);
	return 0;
}

static inline void needs_a_ring(void)
{
	needs(FUSE_CAN_BUFRING);
	the_ring_is(.cpus = 1); /* for its heap */
	br = fuse_ops_of(subject)->bufring;
}

#endif /* TESTS_BUFRING_MODEL_H */

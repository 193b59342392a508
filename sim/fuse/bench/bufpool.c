// SPDX-License-Identifier: GPL-2.0-only
/*
 * A model of Linux 7.3's pool: buffers of one size, a bit for each, and the free one
 * with the lowest number is used next. Its own code cannot be called without a queue.
 */
#include "fuse/bench/variants.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#define BITS 64u

struct pool {
	unsigned int size, number, nr_free;
	uint64_t free[];
};

static const char *no_name(unsigned int number)
{
	(void)number;
	return NULL;
}

static void *pool_create(const struct bufring_shape *shape)
{
	unsigned int number = shape->classes[0].number;
	struct pool *pool = calloc(1, sizeof(*pool) + (number + BITS - 1) / BITS *
							      sizeof(pool->free[0]));

	if (!pool)
		return NULL;
	pool->size = shape->classes[0].size;
	pool->number = pool->nr_free = number;
	for (unsigned int id = 0; id < number; id++)
		pool->free[id / BITS] |= (uint64_t)1 << id % BITS;
	return pool;
}

static int pool_select(void *ring, unsigned int size, const unsigned int *waiting,
		       struct bufring_region *region)
{
	struct pool *pool = ring;
	unsigned int word = 0;

	(void)size;
	(void)waiting;
	if (!pool->nr_free)
		return -ENOBUFS;
	while (!pool->free[word])
		word++;
	region->id = word * BITS + (unsigned int)__builtin_ctzll(pool->free[word]);
	region->offset = 0;
	region->size = pool->size;
	pool->free[word] &= pool->free[word] - 1;
	pool->nr_free--;
	return 0;
}

static void pool_recycle(void *ring, const struct bufring_region *region)
{
	struct pool *pool = ring;

	pool->free[region->id / BITS] |= (uint64_t)1 << region->id % BITS;
	pool->nr_free++;
}

static size_t pool_offset(void *ring, const struct bufring_region *region)
{
	return (size_t)region->id * ((struct pool *)ring)->size;
}

static unsigned int pool_free_bufs(void *ring)
{
	return ((struct pool *)ring)->nr_free;
}

const struct subject_bufring bufpool = {
	.policy = no_name,
	.layout = no_name,
	.create = pool_create,
	.select = pool_select,
	.recycle = pool_recycle,
	.offset = pool_offset,
	.free_bufs = pool_free_bufs,
	.destroy = free,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room of which only the bytes are counted: any request fits while so many are free,
 * wherever they are. No layout can do with less, so it is the bound for all of them.
 */
#include "fuse/bench/variants.h"

#include <errno.h>
#include <stdlib.h>

#define ALIGN 64u /* as regions are */

struct count {
	size_t free;
	unsigned int size; /* of what stands for a buffer */
};

static const char *no_name(unsigned int number)
{
	(void)number;
	return NULL;
}

static void *count_create(const struct bufring_shape *shape)
{
	struct count *count = malloc(sizeof(*count));

	if (!count)
		return NULL;
	count->size = shape->classes[0].size;
	count->free = (size_t)count->size * shape->classes[0].number;
	return count;
}

static int count_select(void *ring, unsigned int size, const unsigned int *waiting,
			struct bufring_region *region)
{
	struct count *count = ring;

	(void)waiting;
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (size > count->free)
		return -ENOBUFS;
	count->free -= size;
	*region = (struct bufring_region){ .size = size };
	return 0;
}

static void count_recycle(void *ring, const struct bufring_region *region)
{
	((struct count *)ring)->free += region->size;
}

/* it is nowhere */
static size_t count_offset(void *ring, const struct bufring_region *region)
{
	(void)ring;
	(void)region;
	return 0;
}

static unsigned int count_free_bufs(void *ring)
{
	const struct count *count = ring;

	return (unsigned int)(count->free / count->size);
}

const struct subject_bufring byte_count = {
	.policy = no_name,
	.layout = no_name,
	.create = count_create,
	.select = count_select,
	.recycle = count_recycle,
	.offset = count_offset,
	.free_bufs = count_free_bufs,
	.destroy = free,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The buffer ring by itself, without a queue around it: for tests of its counters,
 * and to measure what a select and a recycle cost inlined, as a kernel has them.
 */
#include "glue.h"

#ifdef GLUE_BUFRING
#include "bufring.h"

static const char *ring_policy(unsigned int policy)
{
	return policy < ARRAY_SIZE(fuse_bufring_policies)
		       ? fuse_bufring_policies[policy]->name
		       : NULL;
}

static const struct fuse_bufring_layout *const layouts[] = {
	&fuse_bufring_whole,
	&fuse_bufring_inc,
	&fuse_bufring_by_size,
};

static const char *ring_layout(unsigned int layout)
{
	return layout < ARRAY_SIZE(layouts) ? layouts[layout]->name : NULL;
}

static void *ring_create(const struct bufring_shape *shape)
{
	struct fuse_bufring_config config = {
		.policy = fuse_bufring_policies[shape->policy],
		.layout = layouts[shape->layout],
		.start = shape->start,
		.nr_classes = shape->nr_classes,
	};
	unsigned int i;

	for (i = 0; i < shape->nr_classes; i++) {
		config.classes[i].size = shape->classes[i].size;
		config.classes[i].number = shape->classes[i].number;
	}
	return fuse_bufring_create(&config);
}

static int ring_select(void *ring, unsigned int size, const unsigned int *waiting,
		       struct bufring_region *region)
{
	struct fuse_bufring_need need = { .size = size };
	struct fuse_bufring_region got = { 0 };
	int err;

	if (waiting)
		memcpy(need.waiting, waiting, sizeof(need.waiting));
	err = fuse_bufring_select(ring, &need, &got);
	if (!err)
		*region = (struct bufring_region){ got.id, got.offset, got.size };
	return err;
}

static void ring_recycle(void *ring, const struct bufring_region *region)
{
	const struct fuse_bufring_region r = { region->id, region->offset, region->size };

	fuse_bufring_recycle(ring, &r);
}

static size_t ring_offset(void *ring, const struct bufring_region *region)
{
	const struct fuse_bufring_region r = { region->id, region->offset, region->size };

	return fuse_bufring_offset(ring, &r);
}

static unsigned int ring_free_bufs(void *ring)
{
	const struct fuse_bufring *br = ring;
	unsigned int nr = 0, i;

	for (i = 0; i < br->nr_classes; i++)
		nr += fuse_bufring_free_of(&br->classes[i]);
	return nr;
}

static uint64_t ring_churn(void *ring, unsigned int size, uint64_t n)
{
	const struct fuse_bufring_need need = { .size = size };
	struct fuse_bufring_region region;
	uint64_t sum = 0;

	for (; n; n--) {
		if (fuse_bufring_select(ring, &need, &region))
			return 0;
		sum += region.id;
		fuse_bufring_recycle(ring, &region);
	}
	return sum;
}

static void ring_destroy(void *ring)
{
	fuse_bufring_free(ring);
}

const struct subject_bufring glue_bufring = {
	.policy = ring_policy,
	.layout = ring_layout,
	.create = ring_create,
	.select = ring_select,
	.recycle = ring_recycle,
	.offset = ring_offset,
	.free_bufs = ring_free_bufs,
	.churn = ring_churn,
	.destroy = ring_destroy,
};
#endif

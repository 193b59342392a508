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

static void *ring_create(unsigned int policy, unsigned int nbufs, unsigned int start)
{
	return fuse_bufring_create(fuse_bufring_policies[policy], nbufs, start);
}

static int ring_select(void *ring)
{
	return fuse_bufring_select(ring);
}

static void ring_recycle(void *ring, uint16_t id)
{
	fuse_bufring_recycle(ring, id);
}

static unsigned int ring_free_bufs(void *ring)
{
	return fuse_bufring_free_bufs(ring);
}

static uint64_t ring_churn(void *ring, uint64_t n)
{
	uint64_t sum = 0;
	int id;

	for (; n; n--) {
		id = fuse_bufring_select(ring);
		sum += id;
		fuse_bufring_recycle(ring, id);
	}
	return sum;
}

static void ring_destroy(void *ring)
{
	kvfree(ring);
}

const struct subject_bufring glue_bufring = {
	.policy = ring_policy,
	.create = ring_create,
	.select = ring_select,
	.recycle = ring_recycle,
	.free_bufs = ring_free_bufs,
	.churn = ring_churn,
	.destroy = ring_destroy,
};
#endif

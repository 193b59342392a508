// SPDX-License-Identifier: GPL-2.0-only
/*
 * Model "ring": buffers in a ring under one lock, as a FUSE buffer ring has them.
 * Each task, in each round: lock, take the buffer at the head - or give this round
 * up when there is none -, unlock; write its number into the buffer's owner field,
 * check it, clear it; lock, put the buffer back at the tail, unlock.
 *
 * The owner field is accessed plainly, because taking the buffer makes it the
 * task's own: at "marked" points the orders of the lock are the executions.
 */
#include "model/model_i.h"

#define MAX_BUFFERS 8

static const struct shim_lock_class ring_lock = { "&ring->lock" };

static struct {
	struct shim_lock lock;
	unsigned int head, tail, rounds, buffers;
	unsigned int slot[MAX_BUFFERS];
	unsigned int owner[MAX_BUFFERS]; /* number of a task; 0: free */
} ring;

#ifdef SHIM_HOOKED
const bool model_has_hooks = true;
#else
const bool model_has_hooks = false;
#endif

static void reset(const struct model *m)
{
	shim_lock_init(&ring.lock, &ring_lock);
	ring.rounds = m->rounds;
	ring.buffers = m->buffers;
	ring.head = 0;
	ring.tail = m->buffers;
	for (unsigned int i = 0; i < m->buffers; i++) {
		ring.slot[i] = i;
		ring.owner[i] = 0;
	}
}

static bool take(unsigned int *buffer)
{
	bool got;

	shim_spin_lock(&ring.lock, SCHED_SITE("&ring->lock"));
	got = ring.head != ring.tail;
	if (got)
		*buffer = ring.slot[ring.head++ % ring.buffers];
	shim_spin_unlock(&ring.lock, SCHED_SITE("&ring->lock"));
	return got;
}

static void put_back(unsigned int buffer)
{
	shim_spin_lock(&ring.lock, SCHED_SITE("&ring->lock"));
	ring.slot[ring.tail++ % ring.buffers] = buffer;
	shim_spin_unlock(&ring.lock, SCHED_SITE("&ring->lock"));
}

static void body(void *arg)
{
	unsigned int me = number_of(arg) + 1, buffer = 0;

	for (unsigned int round = 0; round < ring.rounds; round++) {
		if (!take(&buffer))
			continue;
		MODEL_EXPECT(ring.owner[buffer] == 0,
			     "a buffer that is in use was taken");
		ring.owner[buffer] = me;
		MODEL_EXPECT(ring.owner[buffer] == me, "a buffer has two users");
		ring.owner[buffer] = 0;
		put_back(buffer);
	}
}

static void check(const struct model *m)
{
	if (ring.tail - ring.head != m->buffers)
		report(REPORT_ACCOUNTING, NULL, "%u of %u buffers came back",
		       ring.tail - ring.head, m->buffers);
}

const struct model_family model_ring = {
	.name = "ring",
	.numbers = 3,
	.reset = reset,
	.body = body,
	.check = check,
};

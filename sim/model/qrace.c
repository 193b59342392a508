// SPDX-License-Identifier: GPL-2.0-only
/*
 * Model "qrace": several tasks create the same queue. Each: acquire-load the
 * pointer; if it is null, allocate a queue and fill it, lock, install it with
 * release unless another task did - then free ours -, unlock. In any case acquire-load
 * the pointer again and read through it.
 */
#include "model/model_i.h"

static const struct shim_lock_class connection_lock = { "&fc->lock" };

struct queue {
	unsigned int id;
};

static struct {
	struct shim_lock lock;
	struct queue *queue;
} connection;

static void reset(const struct model *m)
{
	(void)m;
	shim_lock_init(&connection.lock, &connection_lock);
	connection.queue = NULL;
}

static void create(void)
{
	struct queue *mine = shim_kmalloc(sizeof(*mine), 0, SCHED_SITE("queue"));

	if (!mine)
		return;
	mine->id = 7;
	shim_spin_lock(&connection.lock, SCHED_SITE("&fc->lock"));
	if (connection.queue) {
		shim_spin_unlock(&connection.lock, SCHED_SITE("&fc->lock"));
		shim_kfree(mine, SCHED_SITE("queue"));
		return;
	}
	MARKED_STORE(connection.queue, mine);
	shim_spin_unlock(&connection.lock, SCHED_SITE("&fc->lock"));
}

static void body(void *arg)
{
	const struct queue *q;

	(void)arg;
	if (!MARKED_LOAD(connection.queue))
		create();
	q = MARKED_LOAD(connection.queue);
	MODEL_EXPECT(q && q->id == 7, "the queue is not the one that was filled");
}

static void check(const struct model *m)
{
	unsigned long live = shim_heap_live(NULL);

	(void)m;
	if (live != 1)
		report(REPORT_HEAP, NULL, "%lu queues are left instead of one", live);
}

const struct model_family model_qrace = {
	.name = "qrace",
	.numbers = 1,
	.reset = reset,
	.body = body,
	.check = check,
};

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of buffer rings share: a world with one, under either policy, and
 * all orders of something.
 */
#ifndef TESTS_BUFRING_H
#define TESTS_BUFRING_H

#include "shim/param.h"
#include "shim/work.h"

#include "scenario_test.h"

#define SLOT  sizeof(struct abi_headers)
#define NR(a) (sizeof(a) / sizeof((a)[0]))

static unsigned int policy; /* of the test that runs */
static struct actor *server;

/* a world whose queues have a buffer ring */
#define the_ring_is(...)                                                                 \
	do {                                                                             \
		needs(FUSE_CAN_BUFRING);                                                 \
		the_world_is(.payload = PAYLOAD_BUFRING, .policy = policy, __VA_ARGS__); \
	} while (0)

static inline int ring_begins(void **state)
{
	policy = *(const unsigned int *)*state;
	server = NULL;
	return scenario_begins(state);
}

static const unsigned int policies[] = { 0, 1 };

/* the same test for each policy */
#define both(f)                                                                   \
	{ #f " [fifo]", f, ring_begins, scenario_ends, (void *)&policies[0] },    \
	{                                                                         \
#f " [lifo]", f, ring_begins, scenario_ends, (void *)&policies[1] \
	}

/*
 * The ring with its head at @start: the parameter is read when FUSE_INIT is
 * answered, so that comes later. The server has set up queue 0 afterwards.
 */
static inline void the_ring_starts_at(unsigned int start,
				      const struct fuse_config *config)
{
	struct fuse_config late = *config;

	late.init_unanswered = true;
	late.payload = PAYLOAD_BUFRING;
	late.policy = policy;
	scenario_opens(&late);
	assert_int_equal(shim_param_set("bufring_start", start), 0);
	server_answers_init(server_main(world));
	finishes(server_main(world));
	server = a_ready_server();
}

/* ---- who asks for what ---- */

static inline struct call *somebody_stats(const char *name, uint64_t ino)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_getattr(client, ino);

	gets_stuck(client);
	return c;
}

static inline struct call *somebody_syncs(const char *name, uint64_t ino)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_fsync(client, ino);

	gets_stuck(client);
	return c;
}

static inline struct delivery *the_server_takes_one(void)
{
	struct delivery *d = server_takes(server);

	finishes(server);
	assert_true(d->arrived);
	assert_int_equal(d->cqe_res, 0);
	return d;
}

static inline void every_buffer_is_free(void)
{
	struct queue_view q = queue_now(0);

	assert_int_equal(q.free_bufs, q.nbufs);
}

/* the world closes here, and another one can open in the same test */
static inline void the_world_closes(void)
{
	unsigned int n = world_close(world);

	world = NULL;
	if (n)
		fail_msg("%s (%s)", report_get(0)->summary, report_get(0)->where);
}

/* Whoever can run does, but for @stands, or else time passes. Return: whether it does */
static inline bool something_happens_without(const struct sched_task *stands)
{
	struct sched_task *t = NULL;

	for (unsigned int id = 0; id < sched_task_count(); id++)
		if (sched_task_nr(id)->state == SCHED_RUNNABLE &&
		    sched_task_nr(id) != stands)
			t = sched_task_nr(id);
	if (!t)
		return shim_time_advance();
	run_as_far_as_possible(t);
	return true;
}

/* ---- all orders ---- */

/*
 * do {
 *	... in_order(3) is 0, 1 or 2 ...
 * } while (another_order());
 *
 * goes through every sequence of answers, however long, depth first.
 */
static struct {
	unsigned int choice[64], width[64];
	unsigned int len, at;
} orders;

static inline unsigned int in_order(unsigned int n)
{
	assert_in_range(orders.at, 0, 63);
	if (orders.at == orders.len) {
		orders.choice[orders.len] = 0;
		orders.width[orders.len++] = n;
	}
	return orders.choice[orders.at++];
}

static inline bool another_order(void)
{
	while (orders.len &&
	       ++orders.choice[orders.len - 1] == orders.width[orders.len - 1])
		orders.len--;
	orders.at = 0;
	return orders.len;
}

#endif /* TESTS_BUFRING_H */

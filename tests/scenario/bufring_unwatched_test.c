// SPDX-License-Identifier: GPL-2.0-only
/*
 * Being looked at changes nothing: the same executions with the rules looked
 * at, and with nobody looking on, when no step is even announced.
 */
#include "bufring.h"
#include "shim/heap.h"

/* struct ending - how an execution ended */
struct ending {
	long ret[8];
	unsigned int nr;
	struct queue_view queue;
	unsigned long objects;
};

static void remember(struct ending *e, const struct call *c)
{
	assert_true(c->done);
	assert_int_equal(c->times_ended, 1);
	e->ret[e->nr++] = c->ret;
}

static void a_server_that_serves(bool watched)
{
	the_ring_is(.cpus = 1, .entries = 3, .buffers = 2, .max_background = 1);
	world_look_at_rules(world, watched);
	server = server_thread(world, "server-0");
}

static struct ending serving(bool watched)
{
	struct ending e = { .nr = 0 };

	a_server_that_serves(watched);
	server_sets_up(server, 0);
	server_serves(server);
	struct actor *a = client_new(world, "a", 0), *b = client_new(world, "b", 0);
	struct call *calls[] = { client_write(a, 2, 0, 8192),
				 client_read_bg(b, 3, 0, 4096), client_fsync(a, 2),
				 client_read(a, 2, 0, 8192),
				 client_read_bg(b, 4, 0, 4096) };

	run_all();
	for (unsigned int i = 0; i < 5; i++)
		remember(&e, calls[i]);
	return e;
}

static struct ending aborting(bool watched)
{
	struct ending e = { .nr = 0 };

	a_server_that_serves(watched);
	server_sets_up(server, 0);
	struct actor *a = client_new(world, "a", 0), *b = client_new(world, "b", 0);
	struct call *calls[] = { client_getattr(a, 2), client_read_bg(b, 3, 0, 4096),
				 client_getattr(client_new(world, "c", 0), 4),
				 client_fsync(client_new(world, "d", 0), 5),
				 client_getattr(client_new(world, "e", 0), 6) };

	server_takes(server);
	run_all();
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	for (unsigned int i = 0; i < 5; i++)
		remember(&e, calls[i]);
	return e;
}

static struct ending with_nothing_but_available_entries(bool watched)
{
	struct ending e = { .nr = 0 };

	a_server_that_serves(watched);
	server_sets_up(server, 0);
	run_all();
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	return e;
}

static struct ending after_a_mistake(bool watched)
{
	struct ending e = { .nr = 0 };
	struct reg bad;

	a_server_that_serves(watched);
	register_default(world, 0, 0, &bad);
	bad.buf_size = 0;
	server_registers_raw(server, &bad); /* io_uring is off then */
	server_registers_raw(server, &bad);
	run_all();
	assert_false(ring_now().io_uring);
	server_sets_up(server, 0);
	server_registers_raw(server, &bad); /* the ring is ready: nothing happens */
	server_serves(server);
	struct call *c = client_getattr(client_new(world, "client", 0), 2);

	run_all();
	remember(&e, c);
	return e;
}

static struct ending dying(bool watched)
{
	struct ending e = { .nr = 0 };

	a_server_that_serves(watched);
	server_sets_up(server, 0);
	finishes(server);
	struct call *c = somebody_stats("client", 2);

	server_dies(world);
	run_all();
	remember(&e, c);
	return e;
}

static struct ending told(struct ending (*scenario_of)(bool watched), bool watched)
{
	struct ending e = scenario_of(watched);

	e.queue = queue_now(0);
	e.objects = shim_heap_live(NULL);
	the_world_closes();
	return e;
}

static void ends_the_same_way(struct ending (*scenario_of)(bool watched))
{
	struct ending watched = told(scenario_of, true);
	struct ending unwatched = told(scenario_of, false);

	assert_int_equal(watched.nr, unwatched.nr);
	for (unsigned int i = 0; i < watched.nr; i++)
		assert_int_equal(watched.ret[i], unwatched.ret[i]);
	assert_int_equal(watched.queue.free_bufs, unwatched.queue.free_bufs);
	assert_int_equal(watched.queue.head, unwatched.queue.head);
	assert_int_equal(watched.queue.nr_ents, unwatched.queue.nr_ents);
	assert_int_equal(watched.objects, unwatched.objects);
}

static void requests_are_served(void **state)
{
	(void)state;
	ends_the_same_way(serving);
}

static void a_connection_is_aborted(void **state)
{
	(void)state;
	ends_the_same_way(aborting);
}

static void an_idle_connection_is_aborted(void **state)
{
	(void)state;
	ends_the_same_way(with_nothing_but_available_entries);
}

static void a_register_is_refused(void **state)
{
	(void)state;
	ends_the_same_way(after_a_mistake);
}

static void a_server_dies(void **state)
{
	(void)state;
	ends_the_same_way(dying);
}

SCENARIO_TESTS(both(requests_are_served), both(a_connection_is_aborted),
	       both(an_idle_connection_is_aborted), both(a_register_is_refused),
	       both(a_server_dies))

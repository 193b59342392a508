// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation, every copy and every pinning of pages fails, one after the other:
 * the n-th from the point on where set-up is over. The task that asked gets an
 * error or is served, no buffer is lost, nothing is leaked.
 */
#include "bufring.h"
#include "shim/fault.h"

#define MANY 300 /* more calls than any of these tests makes */

struct outcome {
	unsigned int errors; /* of calls and commands */
	bool fired;
};

static struct outcome outcome_of(enum fault_kind kind, struct call *const *calls,
				 unsigned int nr)
{
	struct outcome o = { .fired = fault_fired(kind) };

	fault_nth(kind, 0);
	for (unsigned int i = 0; i < nr; i++) {
		assert_true(calls[i]->done);
		assert_int_equal(calls[i]->times_ended, 1);
		o.errors += calls[i]->ret < 0;
	}
	return o;
}

/* requests of all kinds, with fewer buffers than entries */
static struct outcome serving(enum fault_kind kind, unsigned int nth)
{
	the_ring_is(.entries = 3, .buffers = 2);
	struct actor *a = client_new(world, "a", 0), *b = client_new(world, "b", 0);
	struct actor *c = client_new(world, "c", 0);

	server = a_ready_server();
	server_serves(server);
	fault_nth(kind, nth);
	struct call *calls[] = {
		client_write(a, 2, 0, 8192), client_read(b, 3, 4096, 8192),
		client_fsync(c, 4),	     client_read_bg(c, 5, 0, 4096),
		client_getattr(a, 2),	     client_lookup(b, "f9"),
	};

	run_all();
	struct outcome o = outcome_of(kind, calls, 6);

	every_buffer_is_free();
	assert_int_equal(entries_in(ENT_AVAILABLE), 3);
	/* and as if nothing had happened */
	struct call *later = client_read(a, 3, 0, 8192);

	run_all();
	assert_true(call_has_file_data(later));
	return o;
}

/* from the first REGISTER to the first request */
static struct outcome setting_up(enum fault_kind kind, unsigned int nth)
{
	the_ring_is(.entries = 2, .buffers = 1);
	struct outcome o = { .errors = 0 };
	struct submit *s[4];

	server = server_thread(world, "server-0");
	s[0] = server_registers(server, 0, 0);
	run_until(task_of(server), SCHED_SUBMIT, 1);
	fault_nth(kind, nth);
	s[1] = server_registers(server, 0, 1);
	finishes(server);
	o.fired = fault_fired(kind);
	fault_nth(kind, 0);
	for (unsigned int i = 0; i < 2; i++) {
		if (!s[i]->completed)
			continue;
		assert_true(s[i]->res == -ENOMEM || s[i]->res == -EFAULT);
		o.errors++;
		s[2 + i] = server_registers(server, 0, i);
		finishes(server);
		assert_false(s[2 + i]->completed);
	}
	server_serves(server);
	struct call *c = client_getattr(client_new(world, "client", 0), 2);

	run_all();
	assert_int_equal(c->ret, 0);
	assert_int_equal(entries_in(ENT_AVAILABLE), 2);
	every_buffer_is_free();
	return o;
}

/* the server is killed while requests are everywhere */
static struct outcome dying(enum fault_kind kind, unsigned int nth)
{
	the_ring_is(.entries = 2, .buffers = 1);
	struct actor *a = client_new(world, "a", 0), *b = client_new(world, "b", 0);
	struct actor *c = client_new(world, "c", 0);

	server = a_ready_server();
	struct call *calls[] = { client_read(a, 2, 0, 4096), client_fsync(b, 3),
				 client_getattr(c, 4) };

	fault_nth(kind, nth);
	server_serves_n(server, 1);
	run_as_far_as_possible(task_of(a));
	run_as_far_as_possible(task_of(b));
	run_as_far_as_possible(task_of(c));
	run_as_far_as_possible(task_of(server));
	server_dies(world);
	run_all();
	return outcome_of(kind, calls, 3);
}

/* The connection: ring, table of queues. Without them it does without io_uring. */
static struct outcome negotiating(enum fault_kind kind, unsigned int nth)
{
	the_ring_is(.entries = 1, .init_unanswered = true);
	struct outcome o = { .errors = 0 };
	struct submit *s;

	fault_nth(kind, nth);
	server_answers_init(server_main(world));
	finishes(server_main(world));
	o.fired = fault_fired(kind);
	fault_nth(kind, 0);
	if (!ring_now().initialized || !ring_now().connected)
		return o;
	server = server_thread(world, "server-0");
	s = server_registers(server, 0, 0);
	finishes(server);
	if (s->completed) {
		assert_int_equal(s->res, -EOPNOTSUPP);
		assert_false(ring_now().io_uring);
		o.errors++;
	}
	return o;
}

/* play the test with the n-th call failing, until there is no n-th one */
static unsigned int nothing_breaks(struct outcome (*scenario_of)(enum fault_kind,
								 unsigned int),
				   enum fault_kind kind)
{
	unsigned int n, errors = 0;

	for (n = 1; n < MANY; n++) {
		struct outcome o = scenario_of(kind, n);

		errors += o.errors;
		if (world_close(world)) {
			print_error("with call %u of kind %d failing:\n", n, kind);
			fail_msg("%s (%s)", report_get(0)->summary, report_get(0)->where);
		}
		world = NULL;
		if (!o.fired)
			break;
	}
	assert_in_range(n, 2, MANY - 1);
	return errors;
}

static void any_allocation_may_fail_while_requests_are_served(void **state)
{
	(void)state;
	assert_true(nothing_breaks(serving, FAULT_ALLOC) > 0);
}

static void any_copy_to_the_server_may_fail(void **state)
{
	(void)state;
	assert_true(nothing_breaks(serving, FAULT_TO_USER) > 10);
}

static void any_copy_from_the_server_may_fail(void **state)
{
	(void)state;
	assert_true(nothing_breaks(serving, FAULT_FROM_USER) > 10);
}

static void any_page_of_the_server_may_be_gone(void **state)
{
	(void)state;
	assert_true(nothing_breaks(serving, FAULT_PIN) > 3);
}

static void any_allocation_may_fail_while_the_server_registers(void **state)
{
	(void)state;
	assert_int_equal(nothing_breaks(setting_up, FAULT_ALLOC), 5);
}

static void the_areas_may_be_unreadable_while_the_server_registers(void **state)
{
	(void)state;
	assert_int_equal(nothing_breaks(setting_up, FAULT_FROM_USER), 2);
}

static void any_allocation_may_fail_while_io_uring_is_negotiated(void **state)
{
	(void)state;
	assert_int_equal(nothing_breaks(negotiating, FAULT_ALLOC), 2);
}

static void any_of_them_may_fail_while_the_server_dies(void **state)
{
	(void)state;
	nothing_breaks(dying, FAULT_ALLOC);
	nothing_breaks(dying, FAULT_TO_USER);
	nothing_breaks(dying, FAULT_FROM_USER);
	nothing_breaks(dying, FAULT_PIN);
}

SCENARIO_TESTS(both(any_allocation_may_fail_while_requests_are_served),
	       both(any_copy_to_the_server_may_fail),
	       both(any_copy_from_the_server_may_fail),
	       both(any_page_of_the_server_may_be_gone),
	       both(any_allocation_may_fail_while_the_server_registers),
	       both(the_areas_may_be_unreadable_while_the_server_registers),
	       both(any_allocation_may_fail_while_io_uring_is_negotiated),
	       both(any_of_them_may_fail_while_the_server_dies))

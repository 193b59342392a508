// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads of the server create the same queue at the same time. Both find
 * none, both build one; one installs it under the connection's lock, the other
 * frees what it built and goes on with the winner's.
 */
#include "scenario_test.h"

static struct actor *a, *b;
static struct submit *of_a, *of_b;

static void two_threads_that_register(void)
{
	the_world_is(.entries = 2);
	a = server_thread(world, "server-a");
	b = server_thread(world, "server-b");
	of_a = server_registers(a, 0, 0);
	of_b = server_registers(b, 0, 1);
}

static void both_entries_are_on_one_queue(void)
{
	assert_false(of_a->completed);
	assert_false(of_b->completed);
	assert_int_equal(queue_now(0).nr_ents, 2);
	assert_int_equal(entries_in(ENT_AVAILABLE), 2);
	assert_int_equal(ring_now().queue_refs, 2);
	assert_true(ring_now().ready);
}

static void one_after_the_other(void **state)
{
	(void)state;
	two_threads_that_register();
	finishes(a);
	finishes(b);
	both_entries_are_on_one_queue();
}

static void the_second_overtakes_the_first_before_it_installs(void **state)
{
	(void)state;
	two_threads_that_register();
	stops_before_lock(a, "fch->lock");
	finishes(b);
	finishes(a);
	both_entries_are_on_one_queue();
}

static void both_are_about_to_install_and_the_first_wins(void **state)
{
	(void)state;
	two_threads_that_register();
	stops_before_lock(a, "fch->lock");
	stops_before_lock(b, "fch->lock");
	finishes(a);
	finishes(b);
	both_entries_are_on_one_queue();
}

static void both_are_about_to_install_and_the_second_wins(void **state)
{
	(void)state;
	two_threads_that_register();
	stops_before_lock(a, "fch->lock");
	stops_before_lock(b, "fch->lock");
	finishes(b);
	finishes(a);
	both_entries_are_on_one_queue();
}

static void the_second_comes_while_the_first_allocates(void **state)
{
	(void)state;
	for (int n = 1; n <= 3; n++) {
		if (world)
			assert_int_equal(world_close(world), 0);
		two_threads_that_register();
		run_until(task_of(a), SCHED_ALLOC, 2 + n); /* past the instance's own */
		finishes(b);
		finishes(a);
		both_entries_are_on_one_queue();
	}
}

static void the_second_uses_the_queue_that_the_first_has_just_installed(void **state)
{
	(void)state;
	two_threads_that_register();
	run_until_nth_lock(task_of(a), "queue->lock", 1);
	finishes(b);
	assert_int_equal(queue_now(0).nr_ents, 1);
	finishes(a);
	both_entries_are_on_one_queue();
}

static void the_loser_frees_what_it_built(void **state)
{
	(void)state;
	two_threads_that_register();
	const void *winner;

	stops_before_lock(a, "fch->lock");
	finishes(b);
	winner = queue_now(0).addr;
	finishes(a);
	assert_ptr_equal(queue_now(0).addr, winner);
	/* that nothing is left is checked when the world closes */
}

static void requests_are_served_by_both_entries_afterwards(void **state)
{
	(void)state;
	two_threads_that_register();
	stops_before_lock(a, "fch->lock");
	finishes(b);
	finishes(a);
	server_serves(a);
	server_serves(b);
	struct call *x = client_getattr(client_new(world, "x", 0), 2);
	struct call *y = client_read(client_new(world, "y", 0), 3, 0, 4096);

	run_all();
	assert_int_equal(x->ret, 0);
	assert_true(call_has_file_data(y));
}

static void an_abort_in_between_refuses_the_late_one(void **state)
{
	(void)state;
	two_threads_that_register();
	struct actor *admin = client_new(world, "admin", 0);

	run_until_nth_lock(task_of(a), "queue->lock", 1); /* its queue is installed */
	client_aborts_connection(admin);
	finishes(admin);
	finishes(a);
	run_all(); /* 7.2 parks it, and teardown's next round finds it */
	assert_true(of_a->completed);
	assert_true(says_the_connection_is_gone(of_a->res));
	assert_int_equal(ring_now().queue_refs, 0);
	finishes(b);
	assert_int_equal(of_b->res, -ECONNABORTED);
}

static void an_umount_in_between_does_not_wait_for_ever(void **state)
{
	(void)state;
	two_threads_that_register();
	struct actor *admin = client_new(world, "admin", 0);

	/* queue_refs is raised, the entry not yet available */
	run_until_nth_lock(task_of(a), "fch->lock", 2);
	client_umounts(admin);
	run_as_far_as_possible(task_of(admin));
	finishes(a);
	run_all();
	assert_true(of_a->completed);
	assert_true(says_the_connection_is_gone(of_a->res));
}

static void the_ring_is_not_ready_while_a_queue_has_no_entry_yet(void **state)
{
	(void)state;
	the_world_is(.cpus = 2);
	a = server_thread(world, "server-a");
	b = server_thread(world, "server-b");
	server_registers(a, 0, 0);
	server_registers(b, 1, 0);
	run_until_nth_lock(task_of(a), "queue->lock",
			   1); /* queue 0 is there, and empty */
	finishes(b);
	assert_false(ring_now().ready);
	finishes(a);
	assert_true(ring_now().ready);
}

/* ---- ADD_QUEUE (7.3) ---- */

static void of_two_add_queues_one_finds_that_it_exists(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	a = server_thread(world, "server-a");
	b = server_thread(world, "server-b");
	of_a = server_adds_queue(a, 0);
	of_b = server_adds_queue(b, 0);
	stops_before_lock(a, "fch->lock");
	finishes(b);
	finishes(a);
	assert_int_equal(of_b->res, 0);
	assert_int_equal(of_a->res, -EEXIST);
}

static void a_register_that_loses_against_add_queue_uses_its_queue(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.entries = 1);
	a = server_thread(world, "server-a");
	b = server_thread(world, "server-b");
	of_a = server_registers(a, 0, 0);
	of_b = server_adds_queue(b, 0);
	stops_before_lock(a, "fch->lock");
	finishes(b);
	finishes(a);
	assert_int_equal(of_b->res, 0);
	assert_false(of_a->completed);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void of_a_register_and_an_add_bufpool_one_decides_the_kind_of_payload(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg r;

	a = server_thread(world, "server-a");
	b = server_thread(world, "server-b");
	server_adds_queue(a, 0);
	finishes(a);
	register_default(world, 0, 0, &r);
	r.payload = r.headers; /* a payload of its own; never used */
	r.payload_len = 8192;
	of_a = server_registers_raw(a, &r);
	of_b = server_adds_bufpool(b, 0);
	stops_before_lock(b, "queue->lock"); /* its pool is built */
	finishes(a);
	finishes(b);
	assert_false(of_a->completed);
	assert_int_equal(of_b->res, -EINVAL);
}

SCENARIO_TESTS(
	scenario_test(one_after_the_other),
	scenario_test(the_second_overtakes_the_first_before_it_installs),
	scenario_test(both_are_about_to_install_and_the_first_wins),
	scenario_test(both_are_about_to_install_and_the_second_wins),
	scenario_test(the_second_comes_while_the_first_allocates),
	scenario_test(the_second_uses_the_queue_that_the_first_has_just_installed),
	scenario_test(the_loser_frees_what_it_built),
	scenario_test(requests_are_served_by_both_entries_afterwards),
	scenario_test(an_abort_in_between_refuses_the_late_one),
	scenario_test(an_umount_in_between_does_not_wait_for_ever),
	scenario_test(the_ring_is_not_ready_while_a_queue_has_no_entry_yet),
	scenario_test(of_two_add_queues_one_finds_that_it_exists),
	scenario_test(a_register_that_loses_against_add_queue_uses_its_queue),
	scenario_test(of_a_register_and_an_add_bufpool_one_decides_the_kind_of_payload))

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that do not return: reported while a server waits to answer them, and not where
 * the server is the one that keeps them. Sleeps and reads that task work interrupts.
 */
#include "fuse/fuse_i.h"
#include "scenario_test.h"
#include "shim/work.h"
#include "world/world_i.h"

static struct actor *server, *client;

static void a_server_and_a_client(unsigned int entries)
{
	the_world_is(.entries = entries);
	server = a_ready_server();
	client = client_new(world, "client", 0);
}

static void nothing_stalls(void)
{
	assert_int_equal(world_look_for_stalls(world), 0);
	assert_int_equal(report_count(), 0);
}

/* a server that forgets what has arrived: to a thread that serves it never came */
static void forget(struct actor *t, void *arg)
{
	(void)arg;
	while (!ring_pop_ready(t))
		if (ring_wait(t, 0) < 0)
			return;
}

static void who_is_not_answered_by_one_who_serves_is_told(void **state)
{
	(void)state;
	a_server_and_a_client(2);
	struct call *c = client_getattr(client, 2);

	actor_does(server, forget, NULL);
	server_serves(server);
	run_all();
	assert_false(c->done);
	assert_int_equal(world_look_for_stalls(world), 1);
	assert_string_equal(report_get(0)->rule, "call-stalled");
	assert_string_equal(report_get(0)->object, "call");
	expects_report(
		REPORT_PROGRESS,
		"queue 0: a GETATTR (unique 4, of client) is not answered: entry ");
	assert_int_equal(world_look_for_stalls(world), 0); /* once */
}

static void who_is_kept_by_the_server_does_not_stall(void **state)
{
	(void)state;
	a_server_and_a_client(2);
	client_getattr(client, 2);
	server_takes(server);
	server_serves(server);
	run_all();
	nothing_stalls();
}

static void who_waits_for_a_server_that_does_not_serve_does_not_stall(void **state)
{
	(void)state;
	a_server_and_a_client(1);
	client_getattr(client, 2);
	client_getattr(client_new(world, "another", 0), 3);
	run_all();
	nothing_stalls();
	server_serves_n(server, 1); /* and not the second */
	run_all();
	nothing_stalls();
}

static void who_waits_for_a_thread_that_has_left_does_not_stall(void **state)
{
	(void)state;
	a_server_and_a_client(1);
	struct actor *stays = server_thread(world, "stays");

	server_registers(stays, 0, 0); /* refused, or an entry of its own */
	server_serves(stays);
	client_getattr(client, 2);
	gets_stuck(client);
	actor_exits(server);
	run_all();
	nothing_stalls();
}

/*
 * Order of events: the server sleeps; a request is assigned to its entry, and its task
 * work interrupts the sleep.
 */
static void task_work_interrupts_a_sleep_which_goes_on(void **state)
{
	(void)state;
	a_server_and_a_client(2);
	struct call *c = client_getattr(client, 2);
	struct delivery *d = server_takes(server);

	actor_sleeps(server, 15);
	server_answers(server, d);
	gets_stuck(client);
	gets_stuck(server);
	assert_true(d->arrived);
	struct call *second = client_getattr(client_new(world, "second", 0), 3);

	server_serves(server);
	run_all();
	assert_true(c->done && second->done);
	assert_int_equal(c->ret + second->ret, 0);
	assert_in_range(world_time(world), 15 * SHIM_HZ, 16 * SHIM_HZ);
}

/*
 * Order of events: the server waits in read(2) of /dev/fuse; a request is assigned to its
 * entry, and its task work interrupts the read, which restarts; then a FORGET comes.
 */
static void task_work_interrupts_a_read_which_restarts(void **state)
{
	(void)state;
	a_server_and_a_client(1);
	struct dev_read *d = server_reads_dev(server);

	gets_stuck(server);
	struct call *c = client_getattr(client, 2);

	server_serves(server);
	gets_stuck(client);
	gets_stuck(server);
	assert_false(d->done);
	client_forget(client_new(world, "forgets", 0), 2, 1);
	run_all();
	assert_true(d->done);
	assert_int_equal(d->opcode, OP_FORGET);
	assert_int_equal(c->ret, 0);
}

static void a_signal_ends_a_read(void **state)
{
	(void)state;
	a_server_and_a_client(1);
	struct dev_read *d = server_reads_dev(server);

	gets_stuck(server);
	interrupt_task(server);
	run_all();
	assert_true(d->done);
	assert_int_equal(d->ret, -EINTR);
}

/*
 * Order of events: a request is assigned to the entry of a thread that does not come for
 * it; the connection is aborted.
 */
static void an_abort_ends_every_call(void **state)
{
	(void)state;
	the_world_is(.ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	client_getattr(client, 2);
	gets_stuck(client);
	client_aborts_connection(client_new(world, "admin", 0));
	world_lets_time_pass(world, 7);
	assert_int_equal(world_look_for_stalls(world),
			 subject_has(FUSE_CAN_BUFRING) ? 0 : 1);
	if (!subject_has(FUSE_CAN_BUFRING))
		assert_string_equal(report_get(0)->rule, "call-outlives-abort");
	expects_finding("5. Abort does not end a request that is on its way",
			REPORT_PROGRESS,
			"GETATTR of inode 2 by client outlives the abort of the "
			"connection: entry 0, which has it, is with a request");
	server_closes_ring(server);
	run_all();
}

/*
 * Order of events: a thread serves; the connection is aborted, which completes its
 * command. A command that is made up does not complete.
 */
static void a_command_that_an_abort_leaves_alone_is_told(void **state)
{
	struct fuse_command *c;

	(void)state;
	the_world_is(.entries = 1);
	server = a_ready_server();
	server_serves(server);
	gets_stuck(server);
	c = command_new(server, CMD_REGISTER, 0, 1);
	c->pub.issued = true;
	server->outstanding++;
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	assert_int_equal(world_look_for_stalls(world), 1);
	assert_string_equal(report_get(0)->rule, "command-outlives-abort");
	report_reset();
	/* as far as the thread knows its ring took it along */
	server->outstanding--;
	assert_int_equal(world_look_for_stalls(world), 0);
	c->pub.issued = false;
	server_closes_ring(server);
	run_all();
}

/*
 * Order of events: a request is on its way to the server; a REGISTER of another thread
 * fails; the server answers.
 */
static void who_was_answered_and_was_refused_is_told(void **state)
{
	(void)state;
	a_server_and_a_client(2);
	struct actor *other = server_thread(world, "other");
	struct call *c = client_getattr(client, 2);
	struct reg bad;

	gets_stuck(client);
	register_default(world, 0, 3, &bad);
	bad.headers_len = 1;
	server_registers_raw(other, &bad);
	finishes(other);
	server_serves(server);
	run_all();
	assert_int_equal(c->done, subject_has(FUSE_CAN_BUFRING));
	assert_int_equal(world_look_for_stalls(world), !c->done);
	if (!c->done)
		assert_string_equal(report_get(0)->object,
				    "call whose answer is refused");
	expects_finding("6. After one refused REGISTER all later ones are refused",
			REPORT_PROGRESS,
			"is not answered: server-0 did, and was told EOPNOTSUPP");
}

static void a_server_that_closed_its_device_cannot_answer(void **state)
{
	(void)state;
	a_server_and_a_client(2);
	client_getattr(client, 2);
	gets_stuck(client);
	server_closes_dev(server);
	server_serves(server);
	run_all();
	nothing_stalls();
}

/* each command says where the headers of its requests go: both say the same */
static void a_server_that_registers_memory_twice_is_to_blame(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	struct actor *other = server_thread(world, "other");

	server_registers(other, 0, 0);
	finishes(other);
	client_getattr(client, 2);
	client_getattr(client_new(world, "second", 0), 3);
	server_serves(server);
	server_serves(other);
	run_all();
	nothing_stalls();
}

static void a_call_that_ended_before_the_abort_is_no_matter(void **state)
{
	(void)state;
	a_server_and_a_client(1);
	client_getattr(client, 2);
	server_serves(server);
	run_all();
	client_aborts_connection(client_new(world, "admin", 0));
	client_getattr(client, 2); /* refused */
	run_all();
	nothing_stalls();
}

SCENARIO_TESTS(scenario_test(an_abort_ends_every_call),
	       scenario_test(a_command_that_an_abort_leaves_alone_is_told),
	       scenario_test(who_was_answered_and_was_refused_is_told),
	       scenario_test(a_server_that_closed_its_device_cannot_answer),
	       scenario_test(a_server_that_registers_memory_twice_is_to_blame),
	       scenario_test(a_call_that_ended_before_the_abort_is_no_matter),
	       scenario_test(who_is_not_answered_by_one_who_serves_is_told),
	       scenario_test(who_is_kept_by_the_server_does_not_stall),
	       scenario_test(who_waits_for_a_server_that_does_not_serve_does_not_stall),
	       scenario_test(who_waits_for_a_thread_that_has_left_does_not_stall),
	       scenario_test(task_work_interrupts_a_sleep_which_goes_on),
	       scenario_test(task_work_interrupts_a_read_which_restarts),
	       scenario_test(a_signal_ends_a_read))

// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE_INIT and the ring: it is made when the reply arrives, or not at all; and
 * /dev/fuse before and without a mount.
 */
#include "shim/fault.h"
#include "shim/param.h"

#include "scenario_test.h"

static struct actor *server;

static void a_mount_whose_init_is_unanswered(void)
{
	the_world_is(.init_unanswered = true);
	server = server_main(world);
}

/* the connection works, without io_uring */
static void requests_go_to_dev_fuse(void)
{
	struct actor *client = client_new(world, "client", 0);
	struct call *c = client_getattr(client, 2);
	struct dev_read *d = server_reads_dev(server);

	run_all();
	assert_int_equal(d->opcode, OP_GETATTR);
	server_answers_dev(server, d);
	run_all();
	assert_int_equal(c->ret, 0);
}

static void the_reply_makes_the_ring(void **state)
{
	(void)state;
	a_mount_whose_init_is_unanswered();
	assert_false(ring_now().exists);
	assert_false(ring_now().initialized);

	server_answers_init(server);
	finishes(server);
	assert_true(ring_now().exists);
	assert_true(ring_now().initialized);
	assert_int_equal(ring_now().nr_queues, 1);
	assert_int_equal(ring_now().max_payload_sz, 8192);
}

static void without_memory_for_the_ring_dev_fuse_is_used(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= 2; n++) {
		if (world)
			assert_int_equal(world_close(world), 0);
		a_mount_whose_init_is_unanswered();
		server_answers_init(server);
		fault_nth(FAULT_ALLOC, n);
		finishes(server);
		assert_true(fault_fired(FAULT_ALLOC));
		assert_false(ring_now().exists);
		assert_false(ring_now().io_uring);
		requests_go_to_dev_fuse();
	}
}

static void an_abort_while_the_ring_is_made_is_seen(void **state)
{
	(void)state;
	a_mount_whose_init_is_unanswered();
	struct actor *admin = client_new(world, "admin", 0);

	server_answers_init(server);
	stops_before_lock(server, "fch->lock");
	client_aborts_connection(admin);
	finishes(admin);
	finishes(server);
	assert_false(ring_now().exists);
	assert_false(ring_now().connected);
}

static void requests_wait_for_the_reply_to_init(void **state)
{
	(void)state;
	a_mount_whose_init_is_unanswered();
	struct actor *client = client_new(world, "client", 0);
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	server_answers_init(server);
	finishes(server);
	run_all();
	assert_false(c->done); /* and then for the ring */

	struct actor *thread = a_ready_server();

	server_serves(thread);
	run_all();
	assert_int_equal(c->ret, 0);
}

static void a_server_that_dies_before_its_reply_ends_the_mount(void **state)
{
	(void)state;
	a_mount_whose_init_is_unanswered();
	struct actor *client = client_new(world, "client", 0);
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	server_dies(world);
	run_all();
	assert_int_equal(c->ret, -ENOTCONN);
}

static void a_dev_fuse_that_is_not_mounted_takes_no_command(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r;
	struct submit *s;
	int fd = -1;

	server = server_thread(world, "server-0");
	server_opens_dev(server, &fd);
	finishes(server);
	register_default(world, 0, 0, &r);
	r.fd = fd;
	s = server_registers_raw(server, &r);
	finishes(server);
	assert_int_equal(s->res, -EPERM);
}

static void a_parameter_switched_off_later_changes_nothing(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	assert_int_equal(shim_param_set("enable_uring", 0), 0);
	server = a_ready_server();
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

SCENARIO_TESTS(scenario_test(the_reply_makes_the_ring),
	       scenario_test(without_memory_for_the_ring_dev_fuse_is_used),
	       scenario_test(an_abort_while_the_ring_is_made_is_seen),
	       scenario_test(requests_wait_for_the_reply_to_init),
	       scenario_test(a_server_that_dies_before_its_reply_ends_the_mount),
	       scenario_test(a_dev_fuse_that_is_not_mounted_takes_no_command),
	       scenario_test(a_parameter_switched_off_later_changes_nothing))

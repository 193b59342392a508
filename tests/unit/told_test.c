// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server is told by a kernel that makes mistakes, and what it is told by one that
 * makes none: fuse/server/checks.c says the former, and is silent about the latter. The
 * real code's mistakes of the kind are in tests/mutant.
 */
#include "fuse/fuse_i.h"
#include "unit.h"

#define MAX_PAYLOAD 8192u

static struct world w;
static struct fuse fuse;
static struct abi_write_in in;
static struct delivery delivery;
static unsigned char area[2 * MAX_PAYLOAD];

static int a_server(void **state)
{
	fresh_kernel(state);
	memset(&fuse, 0, sizeof(fuse));
	w.state = &fuse;
	fuse.max_payload = MAX_PAYLOAD;
	fuse.queues[0].pool = area;
	fuse.queues[0].pool_len = sizeof(area);
	delivery = (struct delivery){ .opcode = OP_WRITE, .payload = area };
	in = (struct abi_write_in){ .size = MAX_PAYLOAD };
	return 0;
}

static bool follows(void)
{
	return server_can_follow(&w, &delivery, &in, MAX_PAYLOAD);
}

static void a_buffer_is_in_the_pool(void **state)
{
	(void)state;
	delivery.buf_id = 1;
	delivery.payload = payload_in_pool(&w, 0, MAX_PAYLOAD);
	assert_ptr_equal(delivery.payload, area + MAX_PAYLOAD);
	assert_true(follows());
	assert_int_equal(report_count(), 0);

	delivery.buf_id = 2;
	delivery.payload = payload_in_pool(&w, 0, 2 * MAX_PAYLOAD);
	assert_false(follows());
	assert_reported(REPORT_ACCOUNTING,
			"told of buffer 2 with entry 0, which is not in its pool");
}

static void a_request_without_payload_needs_no_buffer(void **state)
{
	(void)state;
	delivery.opcode = OP_FLUSH;
	delivery.payload = NULL;
	assert_true(follows());
	assert_int_equal(report_count(), 0);
}

static void a_buffer_may_be_in_what_another_command_said(void **state)
{
	(void)state;
	delivery.buf_id = 2;
	delivery.payload = NULL;
	fuse.commands[0].pub.cmd_op = CMD_ADD_BUFPOOL;
	fuse.commands[0].pub.issued = true;
	fuse.commands[0].reg.pool_len = 3 * MAX_PAYLOAD;
	fuse.nr_commands = 1;
	assert_false(follows());
	assert_int_equal(report_count(), 0);
}

static void a_write_fits_into_its_payload(void **state)
{
	(void)state;
	assert_true(follows());
	in.size++;
	assert_false(follows());
	assert_reported(REPORT_ACCOUNTING, "told of a write of bytes: 8193");
}

static void a_slot_of_two_entries_may_say_anything(void **state)
{
	(void)state;
	in.size++;
	delivery.headers = area;
	for (unsigned int i = 0; i < 2; i++) {
		fuse.commands[i].pub.issued = true;
		fuse.commands[i].reg.cmd_op = CMD_REGISTER;
		fuse.commands[i].reg.headers = area;
	}
	fuse.nr_commands = 2;
	assert_false(follows());
	assert_int_equal(report_count(), 0);
}

/* @n calls write @size bytes each, and the world remembers as many changes as it can */
static void clients_write(unsigned int n, uint32_t size)
{
	fuse.nr_writes = MAX_WRITES;
	fuse.nr_calls = n;
	for (unsigned int i = 0; i < n; i++) {
		fuse.calls[i].opcode = OP_WRITE;
		fuse.calls[i].size = size;
	}
}

static void more_writes_come_than_calls_make(void **state)
{
	(void)state;
	clients_write(1, 4096 * (MAX_WRITES - 2));
	assert_false(follows());
	assert_reported(REPORT_ACCOUNTING, "told of one write too many, after 64");
}

static void calls_make_more_writes_than_are_remembered(void **state)
{
	(void)state;
	clients_write(1, 4096 * (MAX_WRITES - 1));
	assert_true(follows());
	clients_write(MAX_WRITES, 4096);
	assert_true(follows());
	clients_write(1, 4096);
	fuse.calls[0].in_pieces = true;
	assert_true(follows());
	assert_int_equal(report_count(), 0);
}

/* ---- a command that names a buffer of the ring's table ---- */

static const struct submit *a_register_beside_a_pool(void)
{
	struct fuse_command *pool = &fuse.commands[0], *entry = &fuse.commands[1];

	pool->pub = (struct submit){ .cmd_op = CMD_ADD_BUFPOOL, .completed = true };
	pool->reg.uring_cmd_flags = URING_CMD_FIXED;
	pool->reg.buf_index = 3;
	entry->pub = (struct submit){ .cmd_op = CMD_REGISTER };
	entry->reg.uring_cmd_flags = URING_CMD_FIXED;
	entry->reg.buf_index = 3;
	fuse.nr_commands = 2;
	return &entry->pub;
}

static void the_pools_own_buffer_is_taken(void **state)
{
	const struct submit *s = a_register_beside_a_pool();

	(void)state;
	check_index(&w, s);
	assert_int_equal(report_count(), 0);
}

static void another_buffer_is_not(void **state)
{
	const struct submit *s = a_register_beside_a_pool();

	(void)state;
	fuse.commands[1].reg.buf_index = 4;
	check_index(&w, s);
	assert_reported(REPORT_ACCOUNTING,
			"names buffer 4 of the ring's table and is taken");
}

static void nor_is_none(void **state)
{
	const struct submit *s = a_register_beside_a_pool();

	(void)state;
	fuse.commands[1].pub.cmd_op = CMD_COMMIT_AND_FETCH;
	fuse.commands[1].answer.buf_index = 3;
	check_index(&w, s);
	assert_reported(REPORT_ACCOUNTING, "table without a flag and is taken");
}

static void nobody_knows_which_of_two_pools_it_is(void **state)
{
	const struct submit *s = a_register_beside_a_pool();
	struct actor a = { .w = &w };

	(void)state;
	fuse.commands[1].reg.buf_index = 4;
	fuse.commands[2] = fuse.commands[0];
	fuse.nr_commands = 3;
	check_index(&w, s);
	fuse.nr_commands = 2;
	fuse.nr_rewrites = 1;
	fuse.rewrites[0].ring_of = &a;
	check_index(&w, s);
	assert_int_equal(report_count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_buffer_is_in_the_pool, a_server),
		cmocka_unit_test_setup(a_request_without_payload_needs_no_buffer,
				       a_server),
		cmocka_unit_test_setup(a_buffer_may_be_in_what_another_command_said,
				       a_server),
		cmocka_unit_test_setup(a_write_fits_into_its_payload, a_server),
		cmocka_unit_test_setup(a_slot_of_two_entries_may_say_anything, a_server),
		cmocka_unit_test_setup(more_writes_come_than_calls_make, a_server),
		cmocka_unit_test_setup(calls_make_more_writes_than_are_remembered,
				       a_server),
		cmocka_unit_test_setup(the_pools_own_buffer_is_taken, a_server),
		cmocka_unit_test_setup(another_buffer_is_not, a_server),
		cmocka_unit_test_setup(nor_is_none, a_server),
		cmocka_unit_test_setup(nobody_knows_which_of_two_pools_it_is, a_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

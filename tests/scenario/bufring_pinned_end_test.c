// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE_URING_PINNED from its beginning to its end: what is refused, what is given back
 * when something fails in between, and when the memory is let go. Each page that is
 * pinned is unpinned once, and the account is 0 again, whoever is gone by then: what is
 * left at the end is a leak, which the detectors report.
 */
#include "bufring_ends.h"
#include "shim/fault.h"
#include "shim/pin.h"
#include "shim/user.h"
#include "world/world_i.h"

#define PAGES 5ul /* of a queue with 2 entries and 2 buffers */

static struct actor *client;

static void a_ring_that_is_not_there_yet(void)
{
	the_ring_is(.pinned = true, .entries = 2, .buffers = 2);
	server = server_thread(world, "server-0");
	admin = client_new(world, "admin", 0);
}

static unsigned long locked(void)
{
	return shim_mm_locked(world->server_mm);
}

static int result_of(const struct reg *r)
{
	struct submit *s = server_registers_raw(server, r);

	finishes(server);
	return s->completed ? s->res : 0;
}

static struct reg a_good_one(unsigned int ent)
{
	struct reg r;

	register_default(world, 0, ent, &r);
	return r;
}

/* ---- the beginning ---- */

static void memory_is_accounted_once_for_a_queue(void **state)
{
	(void)state;
	a_ring_that_is_not_there_yet();
	for (unsigned int ent = 0; ent < 2; ent++) {
		struct reg r = a_good_one(ent);

		assert_int_equal(result_of(&r), 0);
		assert_int_equal(locked(), PAGES);
	}
}

static void more_than_the_limit_is_refused_and_a_higher_one_helps(void **state)
{
	(void)state;
	for (unsigned int limit = 1; limit <= PAGES; limit++) {
		the_ring_is(.pinned = true, .entries = 2, .buffers = 2, .memlock = limit);
		server = server_thread(world, "server-0");
		struct reg r = a_good_one(0);

		assert_int_equal(result_of(&r), limit < PAGES ? -ENOMEM : 0);
		assert_int_equal(locked(), limit < PAGES ? 0 : PAGES);
		if (limit < PAGES) {
			assert_int_equal(ring_now().queue_refs, 0);
			shim_mm_set_memlock(world->server_mm, PAGES);
			assert_int_equal(result_of(&r), 0);
		}
		the_world_closes();
	}
}

/* What is used of an area counts, not how long it was said to be. */
static void more_payload_than_whole_buffers_is_not_pinned(void **state)
{
	(void)state;
	a_ring_that_is_not_there_yet();
	struct reg r = a_good_one(0);

	r.payload_len = 8192 + 8191;
	assert_int_equal(result_of(&r), 0);
	assert_int_equal(locked(), 3);
}

/* pin_user_pages_fast() takes an int */
static void more_pages_than_can_be_counted_are_refused(void **state)
{
	(void)state;
	a_ring_that_is_not_there_yet();
	struct reg r = a_good_one(0);

	r.payload_len = 1ul << 44;
	r.buf_size = 1u << 30;
	assert_int_equal(result_of(&r), -ENOMEM);
	assert_int_equal(locked(), 0);
}

static void memory_that_cannot_be_written_to_is_refused(void **state)
{
	(void)state;
	static const struct {
		bool headers;
		size_t at;
		unsigned int prot;
	} holes[] = {
		{ true, 0, 0 },	    { true, 0, SHIM_PROT_READ },      { false, 0, 0 },
		{ false, 4096, 0 }, { false, 12288, SHIM_PROT_READ },
	};

	needs(FUSE_CAN_BUFRING);
	for (unsigned int i = 0; i < NR(holes); i++) {
		a_ring_that_is_not_there_yet();
		struct reg r = a_good_one(0);

		shim_mprotect(world->server_mm,
			      (char *)(holes[i].headers ? r.headers : r.payload) +
				      holes[i].at,
			      1, holes[i].prot);
		assert_int_equal(result_of(&r), -EFAULT);
		assert_int_equal(locked(), 0);
		the_world_closes();
	}
}

static void every_command_of_a_queue_has_to_ask_for_it(void **state)
{
	(void)state;
	a_ring_that_is_not_there_yet();
	struct reg r = a_good_one(0), other = a_good_one(1);

	assert_int_equal(result_of(&r), 0);
	other.flags &= ~REGISTER_PINNED;
	assert_int_equal(result_of(&other), -EINVAL);
	other = a_good_one(1);
	other.flags |= REGISTER_INC;
	assert_int_equal(result_of(&other), -EINVAL);
	assert_int_equal(locked(), PAGES);
}

static void without_a_ring_of_buffers_it_is_refused(void **state)
{
	(void)state;
	a_ring_that_is_not_there_yet();
	struct reg r = a_good_one(0);

	r.flags = REGISTER_PINNED;
	assert_int_equal(result_of(&r), -EINVAL);
	r.flags = REGISTER_INC;
	assert_int_equal(result_of(&r), -EINVAL);
	assert_int_equal(locked(), 0);
}

/* ---- something fails in between ---- */

/* Return: whether the @nth call of that kind was made, and so failed */
static bool nothing_is_left_of_a_failure(enum fault_kind kind, unsigned int nth)
{
	a_ring_that_is_not_there_yet();
	struct reg r = a_good_one(0);

	fault_nth(kind, nth);
	int res = result_of(&r);
	bool fired = fault_fired(kind);

	fault_nth(kind, 0);
	assert_true(!res || res == -ENOMEM || res == -EFAULT);
	assert_int_equal(locked(), res ? 0 : PAGES);
	if (res)
		assert_int_equal(result_of(&r), 0);
	server_serves(server);
	struct call *c = client_read(client_new(world, "client", 0), 2, 0, 4096);

	run_all();
	assert_true(call_has_file_data(c));
	every_buffer_is_free();
	the_world_closes();
	return fired;
}

static unsigned int failures_of(enum fault_kind kind)
{
	unsigned int n = 1;

	while (nothing_is_left_of_a_failure(kind, n))
		n++;
	return n - 1;
}

static void any_allocation_may_fail(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	/* entry, queue, hash table, ring; pages of both areas, mapping, list */
	assert_in_range(failures_of(FAULT_ALLOC), 8, 12);
}

static void any_pin_may_fail(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	/* the account, both areas */
	assert_in_range(failures_of(FAULT_PIN), 3, 3);
}

static void any_pin_may_be_short(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	assert_true(failures_of(FAULT_SHORT_PAGE) >= 1);
}

/* Two threads create the queue: who loses gives back what it pinned. */
static void of_two_creators_one_gives_back_what_it_pinned(void **state)
{
	(void)state;
	for (unsigned int first = 0; first < 2; first++) {
		a_ring_that_is_not_there_yet();
		struct actor *threads[] = { server, server_thread(world, "server-1") };

		for (unsigned int i = 0; i < 2; i++) {
			struct reg r = a_good_one(i);

			server_registers_raw(threads[i], &r);
			run_until_in(task_of(threads[i]), "queue_install");
		}
		assert_int_equal(locked(), 2 * PAGES);
		finishes(threads[first]);
		finishes(threads[!first]);
		assert_int_equal(locked(), PAGES);
		assert_int_equal(entries_in(ENT_AVAILABLE), 2);
		the_world_closes();
	}
}

/* ---- the end ---- */

static void a_ring_with(unsigned int requests, struct call **calls)
{
	a_ring_that_is_not_there_yet();
	server_sets_up(server, 0);
	finishes(server);
	for (unsigned int i = 0; i < requests; i++)
		calls[i] = somebody_stats("client", 2 + i);
}

/* Not at umount: a server that is gone has its memory back before. */
static void abort_gives_the_memory_back(void **state)
{
	(void)state;
	struct call *calls[3];

	a_ring_with(3, calls);
	assert_int_equal(locked(), PAGES);
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(locked(), 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(calls[i]->ret, -ECONNABORTED);
}

static void abort_of_a_queue_without_entries_does_so_too(void **state)
{
	(void)state;
	a_ring_that_is_not_there_yet();
	server_sets_up(server, 0);
	finishes(server);
	server_closes_ring(server);
	run_all();
	assert_int_equal(ring_now().queue_refs, 0);
	assert_int_equal(locked(), PAGES);
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(locked(), 0);
}

static void a_server_that_is_killed_has_its_memory_back(void **state)
{
	(void)state;
	struct call *calls[3];

	a_ring_with(3, calls);
	server_dies(world);
	run_all();
	assert_int_equal(locked(), 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_true(calls[i]->ret < 0);
}

/* While a client copies its request it keeps the memory. */
static void who_still_copies_is_waited_for(void **state)
{
	(void)state;
	a_ring_with(0, NULL);
	client = client_new(world, "slow", 0);
	struct call *call = client_getattr(client, 2);

	run_until_in(task_of(client), "pinned_area_put");
	client_aborts_connection(admin);
	run_as_far_as_possible(task_of(admin));
	assert_int_equal(locked(), PAGES);
	assert_int_equal(ring_now().queue_refs, 1);
	run_all();
	assert_int_equal(locked(), 0);
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
}

static void the_client_is_killed(void)
{
	kill_task(client);
}

static const struct named ends[] = { ENDS, NAMED(the_client_is_killed) };

/* The end comes at each step of a client that sends, of a server that answers. */
static void it_ends_at(const struct named *end, bool in_server,
		       bool (*more)(struct actor *a))
{
	a_ring_with(0, NULL);
	client = client_new(world, "client", 0);
	struct actor *readahead = client_new(world, "readahead", 0);
	struct call *call = client_read(client, 2, 0, 4096);
	struct call *bg = client_read_bg(readahead, 3, 0, 4096);

	server_serves(server);
	if (in_server) {
		run_as_far_as_possible(task_of(client));
		run_as_far_as_possible(task_of(readahead));
	}
	while (more(in_server ? server : client))
		;
	end->f();
	all_runs_and_then_it_is_aborted();
	assert_true(!call->started || (call->done && call->times_ended == 1));
	assert_true(!bg->started || bg->times_ended == 1);
	assert_int_equal(ring_now().queue_refs, 0);
	assert_int_equal(locked(), 0);
	the_world_closes();
}

static unsigned int steps_left;
static bool came_to_the_end;

static bool another_step(struct actor *a)
{
	if (!steps_left)
		return false;
	steps_left--;
	came_to_the_end = run_step(task_of(a)) != SCHED_AT_POINT;
	return !came_to_the_end;
}

static void at_whatever_step_it_ends_nothing_is_left(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	for (unsigned int e = 0; e < NR(ends); e++) {
		for (unsigned int in_server = 0; in_server < 2; in_server++) {
			came_to_the_end = false;
			for (unsigned int n = 0; !came_to_the_end; n++) {
				steps_left = n;
				it_ends_at(&ends[e], in_server, another_step);
			}
		}
	}
}

SCENARIO_TESTS(both(memory_is_accounted_once_for_a_queue),
	       both(more_than_the_limit_is_refused_and_a_higher_one_helps),
	       both(more_payload_than_whole_buffers_is_not_pinned),
	       both(more_pages_than_can_be_counted_are_refused),
	       both(memory_that_cannot_be_written_to_is_refused),
	       both(every_command_of_a_queue_has_to_ask_for_it),
	       both(without_a_ring_of_buffers_it_is_refused),
	       both(any_allocation_may_fail), both(any_pin_may_fail),
	       both(any_pin_may_be_short),
	       both(of_two_creators_one_gives_back_what_it_pinned),
	       both(abort_gives_the_memory_back),
	       both(abort_of_a_queue_without_entries_does_so_too),
	       both(a_server_that_is_killed_has_its_memory_back),
	       both(who_still_copies_is_waited_for),
	       both(at_whatever_step_it_ends_nothing_is_left))

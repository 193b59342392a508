// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of the server create the same queue, and with it its buffer ring, at the
 * same time: two and three of them, in every order, alike and different.
 *
 * A REGISTER finds that there is no queue, builds one, and installs it under the
 * connection's lock unless somebody was faster; then it adds its entry under the
 * queue's lock, and then its command begins to wait for requests. These three
 * steps of each thread are put into every order.
 */
#include "bufring.h"
#include "shim/fault.h"
#include "shim/heap.h"
#include "shim/user.h"

#define MOST_CREATORS 3

/* struct creator - a thread, and the REGISTER that it wants */
static struct creator {
	struct actor *actor;
	struct reg reg;
	struct submit *submit;
	unsigned int counted; /* it has taken the connection's lock for the first time */
	unsigned int steps;   /* that it has come to, of those that matter */
} creators[MOST_CREATORS];
static unsigned int nr_creators;

/* ---- who wants what ---- */

static void alike(unsigned int nr)
{
	the_ring_is(.entries = 4, .buffers = 2);
	nr_creators = nr;
	for (unsigned int i = 0; i < nr; i++) {
		struct creator *c = &creators[i];

		memset(c, 0, sizeof(*c));
		c->actor = server_thread(world, "server");
		register_default(world, 0, i, &c->reg);
	}
}

static void another_kind_of_payload(struct reg *r)
{
	r->flags = 0;
}

static void another_depth(struct reg *r)
{
	r->queue_depth--;
}

static void another_buffer_size(struct reg *r)
{
	r->buf_size += 4096;
}

static void to_share_buffers(struct reg *r)
{
	r->flags |= REGISTER_INC;
}

/* buffers of half the size and of the whole, in an array of its own */
static void sizes_are(struct reg *r, unsigned int small, unsigned int large)
{
	struct uring_iovec *iov =
		server_mmap(world, 4096, SHIM_PROT_READ | SHIM_PROT_WRITE);
	struct abi_bufring_size *classes = (void *)(iov + 3);

	classes[0] = (struct abi_bufring_size){ r->buf_size / 2, small };
	classes[1] = (struct abi_bufring_size){ r->buf_size, large };
	iov[0] = (struct uring_iovec){ r->headers, r->headers_len };
	iov[1] = (struct uring_iovec){ r->payload, r->payload_len };
	iov[2] = (struct uring_iovec){ classes, 2 * sizeof(*classes) };
	memcpy(r->classes, classes, 2 * sizeof(*classes));
	r->iov = iov;
	r->iov_nr = 3;
}

static void two_sizes(struct reg *r)
{
	sizes_are(r, 2, 1);
}

static void two_sizes_with_other_numbers(struct reg *r)
{
	sizes_are(r, 1, 1);
}

/* struct difference - what all want, and what one of them wants instead */
static const struct difference {
	void (*all)(struct reg *r), (*one)(struct reg *r);
} differences[] = {
	{ NULL, another_kind_of_payload },
	{ NULL, another_depth },
	{ NULL, another_buffer_size },
	{ NULL, to_share_buffers },
	{ NULL, two_sizes },
	{ two_sizes, two_sizes_with_other_numbers },
};

#define NR_DIFFERENCES (sizeof(differences) / sizeof(differences[0]))

/* ---- what they do ---- */

/*
 * The locks that a REGISTER takes after the unlocked look at ring->queues[qid]: the
 * connection's, to install what it built (the first time it takes it, it only
 * counts itself), and the queue's, to add the entry and to wait. Three threads
 * have too many orders for all of them: there the last one is not a step.
 */
static bool comes_to_a_step(void *ctx, enum sched_what what, const void *object,
			    const struct sched_site *site)
{
	struct creator *c = ctx;

	(void)what;
	(void)object;
	if (!strcmp(site->expr, "&fch->lock") && !c->counted++)
		return false;
	if (strcmp(site->expr, "&fch->lock") && strcmp(site->expr, "&queue->lock"))
		return false;
	return ++c->steps <= (nr_creators > 2 ? 2 : 3);
}

static void it_does_a_step(struct creator *c)
{
	if (!c->submit)
		c->submit = server_registers_raw(c->actor, &c->reg);
	assert_int_not_equal(sched_run_task(task_of(c->actor), comes_to_a_step, c,
					    SCHED_BIT(SCHED_LOCK)),
			     SCHED_STOPPED);
}

static bool has_come_to_its_end(const struct creator *c)
{
	return c->submit && actor_resting(c->actor);
}

static void they_register_in_some_order(void)
{
	for (;;) {
		struct creator *left[MOST_CREATORS];
		unsigned int n = 0;

		for (unsigned int i = 0; i < nr_creators; i++)
			if (!has_come_to_its_end(&creators[i]))
				left[n++] = &creators[i];
		if (!n)
			return;
		it_does_a_step(n > 1 ? left[in_order(n)] : left[0]);
	}
}

/* ---- what came of it ---- */

static bool agree(const struct reg *a, const struct reg *b)
{
	if (!a->flags && !b->flags)
		return true;
	return a->flags == b->flags && a->queue_depth == b->queue_depth &&
	       a->buf_size == b->buf_size &&
	       !memcmp(a->classes, b->classes, sizeof(a->classes));
}

/* whoever is parked says what the surviving queue is like */
static const struct creator *a_winner(void)
{
	for (unsigned int i = 0; i < nr_creators; i++)
		if (!creators[i].submit->completed)
			return &creators[i];
	fail_msg("nobody has an entry");
	return NULL;
}

/* What is left must not depend on the order, nor on who built something in vain. */
static void nothing_else_is_left(unsigned int parked)
{
	static unsigned long left[MOST_CREATORS + 1][3][MOST_CREATORS + 1];
	struct queue_view q = queue_now(0);
	unsigned long *expected =
		&left[nr_creators][!q.nbufs ? 0 : 1 + q.regions][parked];
	unsigned long objects = shim_heap_live(NULL);

	if (!*expected)
		*expected = objects;
	assert_int_equal(objects, *expected);
}

static unsigned int one_queue_survived_and_each_cqe_is_right(void)
{
	const struct creator *winner = a_winner();
	unsigned int parked = 0;

	for (unsigned int i = 0; i < nr_creators; i++) {
		const struct creator *c = &creators[i];

		assert_int_equal(c->submit->completed, !agree(&c->reg, &winner->reg));
		if (c->submit->completed)
			assert_int_equal(c->submit->res, -EINVAL);
		else
			parked++;
	}
	assert_int_equal(queue_now(0).nbufs != 0, winner->reg.flags != 0);
	assert_int_equal(queue_now(0).buf_size,
			 winner->reg.flags ? winner->reg.buf_size : 0);
	assert_int_equal(queue_now(0).nr_ents, parked);
	assert_int_equal(entries_in(ENT_AVAILABLE), parked);
	assert_int_equal(ring_now().queue_refs, parked);
	return parked;
}

/* A request that is served shows that the survivor is complete. */
static void the_queue_works(void)
{
	struct call *read = client_read(client_new(world, "client", 0), 2, 0, 8192);

	for (unsigned int i = 0; i < nr_creators; i++)
		server_serves(creators[i].actor);
	run_all();
	assert_true(call_has_file_data(read));
}

static const struct difference none;

static unsigned int in_every_order(unsigned int nr, const struct difference *d)
{
	unsigned int n = 0;

	do {
		alike(nr);
		for (unsigned int i = d->one != NULL; d->all && i < nr; i++)
			d->all(&creators[i].reg);
		if (d->one)
			d->one(&creators[0].reg);
		they_register_in_some_order();
		unsigned int parked = one_queue_survived_and_each_cqe_is_right();

		nothing_else_is_left(parked);
		/* of which the server knows only one kind of queue */
		if (!d->one || (!d->all && creators[0].submit->completed))
			the_queue_works();
		the_world_closes();
		n++;
	} while (another_order());
	return n;
}

/* ---- all orders ---- */

static void two_that_agree_share_one_queue_in_every_order(void **state)
{
	(void)state;
	assert_true(in_every_order(2, &none) > 50);
}

static void three_that_agree_share_one_queue_in_every_order(void **state)
{
	(void)state;
	assert_true(in_every_order(3, &none) > 500);
}

static void of_two_that_differ_one_is_refused_in_every_order(void **state)
{
	(void)state;
	for (unsigned int d = 0; d < NR_DIFFERENCES; d++)
		assert_true(in_every_order(2, &differences[d]) > 20);
}

static void
of_three_of_which_one_differs_either_that_one_or_both_others_are_refused(void **state)
{
	(void)state;
	for (unsigned int d = 0; d < NR_DIFFERENCES; d++)
		assert_true(in_every_order(3, &differences[d]) > 500);
}

/* ---- without memory ---- */

/* What its n-th allocation from here on brings: it fails. Was there one? */
static bool it_finishes_without_its_nth_allocation(unsigned int n)
{
	bool fired;

	fault_nth(FAULT_ALLOC, n);
	finishes(creators[0].actor);
	fired = fault_fired(FAULT_ALLOC);
	fault_nth(FAULT_ALLOC, 0);
	return fired;
}

static void begins_to_register(struct creator *c)
{
	c->submit = server_registers_raw(c->actor, &c->reg);
}

static void every_allocation_of_a_register_may_fail_and_a_later_one_succeeds(void **state)
{
	(void)state;
	unsigned int refused = 0;
	bool fired;

	for (unsigned int n = 1;; n++) {
		struct submit *again;

		alike(1);
		begins_to_register(&creators[0]);
		run_until(task_of(creators[0].actor), SCHED_SUBMIT, 1);
		fired = it_finishes_without_its_nth_allocation(n);
		if (creators[0].submit->completed) {
			assert_int_equal(creators[0].submit->res, -ENOMEM);
			assert_int_equal(ring_now().queue_refs, 0);
			refused++;
			again = server_registers_raw(creators[0].actor, &creators[0].reg);
			finishes(creators[0].actor);
			assert_false(again->completed);
		}
		assert_int_equal(entries_in(ENT_AVAILABLE), 1);
		the_world_closes();
		if (!fired)
			break;
	}
	assert_int_equal(refused, 4); /* entry, queue, hash table, ring */
}

static void a_creator_without_memory_leaves_the_queue_of_the_other_alone(void **state)
{
	(void)state;
	unsigned int refused = 0;
	bool fired;

	for (unsigned int n = 1;; n++) {
		alike(2);
		begins_to_register(&creators[0]);
		run_until_in(task_of(creators[0].actor), "queue_create"); /* has looked */
		begins_to_register(&creators[1]);
		finishes(creators[1].actor);
		fired = it_finishes_without_its_nth_allocation(n);
		assert_false(creators[1].submit->completed);
		if (creators[0].submit->completed) {
			assert_int_equal(creators[0].submit->res, -ENOMEM);
			refused++;
		}
		assert_int_equal(queue_now(0).nr_ents, 2 - creators[0].submit->completed);
		assert_int_equal(ring_now().queue_refs, queue_now(0).nr_ents);
		the_world_closes();
		if (!fired)
			break;
	}
	assert_int_equal(refused, 3); /* queue, hash table, ring */
}

/* ---- the connection goes away meanwhile ---- */

static void an_abort_at_any_step_of_two_creators_leaves_nothing(void **state)
{
	(void)state;
	unsigned int n = 0;

	do {
		alike(2);
		struct actor *admin = client_new(world, "admin", 0);
		bool aborted = false;

		client_aborts_connection(admin);
		for (;;) {
			struct creator *left[MOST_CREATORS];
			unsigned int nr = 0, who;

			for (unsigned int i = 0; i < 2; i++)
				if (!has_come_to_its_end(&creators[i]))
					left[nr++] = &creators[i];
			if (!nr && aborted)
				break;
			who = in_order(nr + !aborted);
			if (who < nr) {
				it_does_a_step(left[who]);
				continue;
			}
			run_as_far_as_possible(
				task_of(admin)); /* may wait for uring_lock */
			aborted = true;
		}
		run_all(); /* teardown's retries */
		for (unsigned int i = 0; i < 2; i++) {
			assert_true(creators[i].submit->completed);
			assert_true(says_the_connection_is_gone(creators[i].submit->res));
		}
		assert_int_equal(ring_now().queue_refs, 0);
		the_world_closes();
		n++;
	} while (another_order());
	assert_true(n > 200);
}

SCENARIO_TESTS(
	both(two_that_agree_share_one_queue_in_every_order),
	both(three_that_agree_share_one_queue_in_every_order),
	both(of_two_that_differ_one_is_refused_in_every_order),
	both(of_three_of_which_one_differs_either_that_one_or_both_others_are_refused),
	both(every_allocation_of_a_register_may_fail_and_a_later_one_succeeds),
	both(a_creator_without_memory_leaves_the_queue_of_the_other_alone),
	both(an_abort_at_any_step_of_two_creators_leaves_nothing))

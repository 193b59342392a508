// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection that lives long: clients call, threads of the server leave and come back,
 * signals come; after each round nothing may be left, lost or wrong.
 */
#include <errno.h>
#include <string.h>

#include "detect/report.h"
#include "fuse/fuse_i.h"
#include "shim/heap.h"
#include "world/soak.h"

#define CLIENTS	  4
#define THREADS	  3
#define CALLS	  5 /* of a client in a round, at most */
#define EXITS	  6 /* of threads in a world: each keeps memory until the end */
#define FIRST_INO 2

/* struct thread - of the server: its entries, and whether it has a ring with them */
struct thread {
	const char *name;
	unsigned int qid, first, nr;
	struct actor *actor;
	bool stop, away;
};

/* struct client - what it does in a round: writes change what reads would find */
struct client {
	struct actor *actor;
	bool writes, interrupted;
};

static struct {
	struct thread threads[THREADS];
	struct client clients[CLIENTS];
	struct actor *admin;
	unsigned int exits;
	uint32_t data_used;
	unsigned long
		live; /* objects, those of released entries left out; 0: not known */
	unsigned int number; /* of the newest object */
	bool leaves;
} k;

/* ---- configurations ---- */

static const struct fuse_config configs[] = {
	{ .cpus = 2, .entries = 3, .max_write = 8192, .max_background = 4 },
	{ .cpus = 2, .entries = 3, .payload = PAYLOAD_SHARED, .buffers = 2 },
	{ .cpus = 2,
	  .entries = 3,
	  .ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN },
	{ .cpus = 2,
	  .entries = 3,
	  .payload = PAYLOAD_BUFRING,
	  .buffers = 1,
	  .policy = 1 },
};

static const void *config_of(unsigned int nr, unsigned int caps)
{
	static const unsigned int needs[] = {
		[PAYLOAD_SHARED] = FUSE_CAN_SHARED,
		[PAYLOAD_BUFRING] = FUSE_CAN_BUFRING,
	};
	const struct fuse_config *c = &configs[nr];

	return needs[c->payload] & ~caps ? &configs[0] : c;
}

/* ---- the server ---- */

static void registers(struct thread *t)
{
	for (unsigned int i = 0; i < t->nr; i++)
		server_registers(t->actor, t->qid, t->first + i)->needed = true;
	t->stop = t->away = false;
	server_serves_until(t->actor, &t->stop);
}

/*
 * One of the two that serve a queue together leaves, or comes back. Nothing is under way:
 * a request that has reached a thread which leaves would never be answered, which is no
 * mistake of the kernel.
 */
static void leaves_or_returns(struct world *w, struct prng *dice)
{
	struct thread *t = &k.threads[prng_below(dice, 2)];
	bool other_is_away = k.threads[!(t - k.threads)].away;

	if (t->away) {
		registers(t);
	} else if (k.exits < EXITS && !other_is_away) {
		k.exits++;
		k.leaves = t->away = t->stop = true;
		interrupt_task(t->actor);
		server_closes_ring(t->actor);
	}
	world_is_set_up(w);
}

static void begin(struct world *w)
{
	static const struct thread threads[THREADS] = {
		{ .name = "server-a", .qid = 0, .first = 0, .nr = 2 },
		{ .name = "server-b", .qid = 0, .first = 2, .nr = 1 },
		{ .name = "server-c", .qid = 1, .first = 0, .nr = 3 },
	};
	static const char *const names[CLIENTS] = { "client-a", "client-b", "client-c",
						    "client-d" };

	memset(&k, 0, sizeof(k));
	memcpy(k.threads, threads, sizeof(threads));
	for (unsigned int i = 0; i < THREADS; i++)
		k.threads[i].actor = server_thread(w, k.threads[i].name);
	for (unsigned int qid = 0; qid < 2; qid++)
		server_sets_up_queue(k.threads[2 * qid].actor, qid);
	world_is_set_up(w);
	for (unsigned int i = 0; i < THREADS; i++)
		registers(&k.threads[i]);
	for (unsigned int i = 0; i < CLIENTS; i++)
		k.clients[i].actor = client_new(w, names[i], i % 2);
	k.admin = client_new(w, "admin", 0);
	world_is_set_up(w);
	k.data_used = w->data_used;
}

/* ---- a round ---- */

static void calls(struct client *c, uint64_t ino, struct prng *dice)
{
	struct actor *a = c->actor;
	uint64_t off = prng_below(dice, 4) ? 4096ull * prng_below(dice, 200)
					   : prng_below(dice, FILE_SIZE - 8192);
	uint32_t size = prng_below(dice, 4096) + 1;

	switch (prng_below(dice, 8)) {
	case 0:
		client_lookup(a, "f7");
		break;
	case 1:
		client_getattr(a, ino);
		break;
	case 2:
		client_open(a, ino);
		break;
	case 3:
		client_fsync(a, ino);
		break;
	case 4:
		if (c->writes)
			client_write(a, ino, off, size);
		else
			client_read_bg(a, ino, off, size);
		break;
	default:
		if (c->writes)
			client_write(a, ino, off, size);
		else
			client_read(a, ino, off, size);
		break;
	}
}

static void job_interrupt(struct actor *a, void *arg)
{
	struct client *c = arg;

	(void)a;
	c->interrupted = true;
	interrupt_task(c->actor);
}

/* after some calls of its own, so that it comes in the middle of the others' */
static void administrates(struct prng *dice)
{
	for (unsigned int i = prng_below(dice, 4); i; i--)
		client_getattr(k.admin, FIRST_INO + CLIENTS);
	switch (prng_below(dice, 8)) {
	case 0:
		client_sets_max_background(k.admin, 1 + prng_below(dice, 8));
		break;
	case 1:
		actor_does(k.admin, job_interrupt, &k.clients[prng_below(dice, CLIENTS)]);
		break;
	default:
		break;
	}
}

static void round_begins(struct world *w, struct prng *dice)
{
	k.leaves = false;
	if (!prng_below(dice, 64))
		leaves_or_returns(w, dice);
	for (unsigned int i = 0; i < CLIENTS; i++) {
		struct client *c = &k.clients[i];

		c->interrupted = false;
		c->writes = prng_below(dice, 2);
		for (unsigned int n = prng_below(dice, CALLS) + 1; n; n--)
			calls(c, FIRST_INO + i, dice);
	}
	administrates(dice);
}

/* ---- looking ---- */

static bool may_fail(const struct call *c, bool spoilt)
{
	const struct client *of = NULL;

	for (unsigned int i = 0; i < CLIENTS; i++)
		if (k.clients[i].actor == c->actor)
			of = &k.clients[i];
	return spoilt || (of && of->interrupted && c->ret == -EINTR);
}

static bool is_right(const struct call *c, bool is_last, uint64_t *bytes)
{
	switch (c->opcode) {
	case OP_READ:
		*bytes += c->size;
		return c->ret == c->size && call_has_file_data(c);
	case OP_WRITE:
		/* a later one may lie over it */
		*bytes += is_last ? c->size : 0;
		return c->ret == c->size && (!is_last || file_has_call_data(c));
	case OP_LOOKUP:
		return c->ino == 7 && c->attr_size == FILE_SIZE;
	case OP_GETATTR:
		return c->attr_size == FILE_SIZE;
	default:
		return c->ret == 0;
	}
}

static bool is_last_write(const struct fuse *f, unsigned int nr)
{
	for (unsigned int i = nr + 1; i < f->nr_calls; i++)
		if (f->calls[i].opcode == OP_WRITE &&
		    f->calls[i].actor == f->calls[nr].actor)
			return false;
	return true;
}

static void look_at_call(struct world *w, unsigned int nr, bool spoilt,
			 struct soak_tally *t)
{
	const struct call *c = &fuse_of(w)->calls[nr];

	if (!c->done) {
		call_report_lost(c);
		return;
	}
	t->calls++;
	if (c->ret < 0) {
		t->failed++;
		expect(w, may_fail(c, spoilt));
	} else {
		expect(w, is_right(c, is_last_write(fuse_of(w), nr), &t->bytes));
	}
}

/* Return: entries that left, which the kernel keeps */
static unsigned int look_at_queue(struct world *w, unsigned int qid)
{
	struct queue_view v;
	unsigned int available = 0, released = 0, needed = 0;

	memset(&v, 0, sizeof(v));
	if (!fuse_queue(w, qid, &v))
		return 0;
	for (unsigned int i = 0; i < v.nr_ents; i++) {
		available += v.ents[i].state == ENT_AVAILABLE;
		released += ent_has_left(v.ents[i].list);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		if (k.threads[i].qid == qid && !k.threads[i].away)
			needed += k.threads[i].nr;
	expect_eq(w, v.waiting, 0);
	expect_eq(w, v.waiting_bg, 0);
	expect_eq(w, available, needed);
	return released;
}

static void look_for_leaks(struct world *w, unsigned int released)
{
	unsigned long bytes, live = shim_heap_live(&bytes) - released;

	for (unsigned int i = 0; i < THREADS; i++)
		if (k.threads[i].away)
			return;
	if (!k.live)
		k.live = live;
	expect_eq(w, live, k.live);
}

static void forget_round(struct world *w)
{
	struct fuse *f = fuse_of(w);

	f->nr_calls = f->nr_deliveries = f->nr_dev_reads = f->nr_writes = 0;
	w->data_used = k.data_used;
}

static void look(struct world *w, bool spoilt, struct soak_tally *t)
{
	struct ring_view ring;
	unsigned int released = 0;

	for (unsigned int i = 0; i < fuse_of(w)->nr_calls; i++)
		look_at_call(w, i, spoilt, t);
	for (unsigned int i = 0; i < CLIENTS; i++)
		t->signals += k.clients[i].interrupted;
	t->exits += k.leaves;
	fuse_ring(w, &ring);
	expect_eq(w, ring.num_waiting, 0);
	expect_eq(w, ring.num_background, 0);
	expect_eq(w, ring.active_background, 0);
	for (unsigned int qid = 0; qid < 2; qid++)
		released += look_at_queue(w, qid);
	look_for_leaks(w, released);
	forget_round(w);
}

const struct driver_soak fuse_soak = {
	.nr_configs = sizeof(configs) / sizeof(configs[0]),
	.config = config_of,
	.begin = begin,
	.round = round_begins,
	.look = look,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second half of benchmark "pools": the same for requests of several sizes, twelve
 * at a time, which are given back in another order than they came; for a plain ring,
 * regions of buffers, and buffers of several sizes.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "fuse/bench/variants.h"

#define MIB	    (1ul << 20)
#define CARRIED	    (48 * MIB) /* of payloads, in each repetition, about */
#define IN_FLIGHT   12u
#define ENTRIES	    8192u /* more than there are buffers of a size */
#define REPETITIONS 3

static const char *const compared[] = { "ring", "inc", "classes doubled" };

/* struct transfers - what goes through the rings, the same for both policies */
struct transfers {
	const struct sizes *sizes;
	unsigned int nr;
	uint64_t bytes;
};

struct flight {
	struct bufring_region regions[IN_FLIGHT];
	unsigned char *pool;
};

/* There is room: the pools are larger than what is in flight. */
static void carry(const struct room *room, struct flight *f, unsigned int slot,
		  unsigned int size)
{
	const struct queueing *q = &room->queue;
	unsigned char *buf;

	q->br->select(q->ring, size, NULL, &f->regions[slot]);
	buf = f->pool + q->br->offset(q->ring, &f->regions[slot]);
	bench_kernel_writes(buf, size);
	bench_server_reads(buf, size);
}

/* ns for all; @t->bytes: how much that is */
static double transfer_ns(const struct room *room, unsigned char *pool,
			  struct transfers *t)
{
	struct flight f = { .pool = pool };
	uint64_t state = 1;
	double before;

	for (unsigned int slot = 0; slot < IN_FLIGHT; slot++)
		carry(room, &f, slot, sizes_one(t->sizes, &state));
	t->bytes = 0;
	before = bench_cpu_ns();
	for (unsigned int i = 0; i < t->nr; i++) {
		unsigned int slot = (unsigned int)(sizes_random(&state) % IN_FLIGHT);
		unsigned int size = sizes_one(t->sizes, &state);

		room->queue.br->recycle(room->queue.ring, &f.regions[slot]);
		carry(room, &f, slot, size);
		t->bytes += size;
	}
	before = bench_cpu_ns() - before;
	for (unsigned int slot = 0; slot < IN_FLIGHT; slot++)
		room->queue.br->recycle(room->queue.ring, &f.regions[slot]);
	return before;
}

static double gib_per_s(double ns, const struct transfers *t)
{
	return 2 * (double)t->bytes / ns * 1e9 / (1024.0 * (double)MIB);
}

static void report(const struct variant *v, const struct room *room,
		   const struct transfers *t, const struct samples ns[2],
		   const struct samples *ratio, struct json_object *rows)
{
	struct json_object *row = bench_row(rows, "pools");
	struct spread fifo = bench_spread(&ns[0]), lifo = bench_spread(&ns[1]);
	struct spread r = bench_spread(ratio);

	printf("  %-8s %-15s %7.1f MiB: fifo %5.1f GiB/s; lifo %5.1f GiB/s; lifo is %.2f "
	       "times as fast (%.2f - %.2f)\n",
	       t->sizes->name, v->name, (double)room->payload_bytes / (double)MIB,
	       gib_per_s(fifo.median, t), gib_per_s(lifo.median, t), r.median, r.min,
	       r.max);
	bench_put_text(row, "sizes", t->sizes->name);
	bench_put_text(row, "payload", v->name);
	bench_put_number(row, "pool_bytes", room->payload_bytes);
	bench_put_number(row, "payload_bytes", t->bytes / t->nr);
	bench_put_number(row, "in_flight", IN_FLIGHT);
	bench_put_number(row, "repetitions", ratio->nr);
	bench_put_spread(row, "fifo_ns", fifo);
	bench_put_spread(row, "lifo_ns", lifo);
	bench_put(row, "fifo_gib_per_s", gib_per_s(fifo.median, t));
	bench_put(row, "lifo_gib_per_s", gib_per_s(lifo.median, t));
	bench_put_spread(row, "ratio", r);
}

static bool measure(const struct subject_bufring *br, const struct variant *v,
		    unsigned int amount, unsigned char *pool, struct transfers *t,
		    struct json_object *rows)
{
	struct samples ns[2] = { { .nr = 0 }, { .nr = 0 } }, ratio = { .nr = 0 };
	struct room rooms[2];

	for (unsigned int p = 0; p < 2; p++)
		if (!room_open(&rooms[p], br, v, t->sizes, ENTRIES, amount, p))
			return false;
	for (unsigned int i = 0; i <= bench_repetitions(REPETITIONS); i++) {
		double took[2];

		for (unsigned int p = 0; p < 2; p++)
			took[p] = transfer_ns(&rooms[p], pool, t);
		if (!i) /* warms up */
			continue;
		for (unsigned int p = 0; p < 2; p++)
			ns[p].at[ns[p].nr++] = took[p];
		ratio.at[ratio.nr++] = took[0] / took[1];
	}
	report(v, &rooms[0], t, ns, &ratio, rows);
	return room_close(&rooms[0]) && room_close(&rooms[1]);
}

/* Of the variant's buffers, the number that has about as many bytes. */
static unsigned int amount_of(const struct variant *v, size_t size)
{
	/* doubled: 32 KiB, 256 KiB, 512 KiB and 1 MiB */
	return v->unit[0] ? (unsigned int)(size * 32 / (57 * MIB))
			  : (unsigned int)(size / MIB);
}

static const struct variant *variant_named(const char *name)
{
	const struct variant *v = variants;

	while (v->name && strcmp(v->name, name) != 0)
		v++;
	return v;
}

bool bench_mixed_pools(const struct subject_bufring *br, unsigned char *pool,
		       size_t largest, struct json_object *rows)
{
	for (const struct sizes *s = sizes_all; s->name; s++)
		for (size_t c = 0; c < sizeof(compared) / sizeof(compared[0]); c++)
			for (size_t size = 32 * MIB; size <= largest; size *= 4) {
				const struct variant *v = variant_named(compared[c]);
				struct transfers t = { .sizes = s };

				t.nr = (unsigned int)(CARRIED / sizes_mean(s));
				if (!measure(br, v, amount_of(v, size), pool, &t, rows))
					return false;
			}
	return true;
}

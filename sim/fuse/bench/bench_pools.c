// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "pools": how the order of use affects the caches. A request of 128 KiB
 * is written into its buffer by the kernel and read from there by the server; fifo
 * goes through the whole pool, lifo stays in the part that is in the caches.
 *
 * The ring is the real one; the pool is ordinary memory. Both policies are measured
 * in turn, so that other load on the machine affects both. Payloads of several sizes:
 * bench_mixed_pools.c.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "program/program.h"
#include "subject/subject.h"
#include "fuse/fuse.h"

#define MIB	    (1ul << 20)
#define PAYLOAD	    (128ul << 10)
#define LARGEST	    (1024 * MIB)
#define IN_FLIGHT   1 /* requests that have a buffer at the same time */
#define TRANSFERS   2048
#define REPETITIONS 7

static unsigned char client_data[BENCH_PAYLOAD];
static volatile uint64_t read_sum; /* so that the compiler keeps the reads */

void bench_kernel_writes(unsigned char *buf, size_t size)
{
	memcpy(buf, client_data, size);
}

/* As fast as possible: the memory is what is measured. */
void bench_server_reads(const unsigned char *buf, size_t size)
{
	typedef uint64_t words __attribute__((vector_size(32), aligned(32)));
	const words *at = (const words *)buf, *end = at + size / sizeof(*at) / 2 * 2;
	words a = { 0 }, b = { 0 };

	for (; at != end; at += 2) {
		a += at[0];
		b += at[1];
	}
	a += b;
	read_sum = a[0] + a[1] + a[2] + a[3];
}

/* ns for a request's buffer: select, write, read, recycle */
static double transfer_ns(const struct subject_bufring *br, void *ring,
			  unsigned char *pool)
{
	struct bufring_region regions[IN_FLIGHT];
	double before = bench_cpu_ns();

	for (unsigned int i = 0; i < IN_FLIGHT; i++)
		br->select(ring, PAYLOAD, NULL, &regions[i]);
	for (unsigned int i = 0; i < TRANSFERS; i++) {
		struct bufring_region *region = &regions[i % IN_FLIGHT];
		unsigned char *buf;

		br->recycle(ring, region);
		br->select(ring, PAYLOAD, NULL, region);
		buf = pool + br->offset(ring, region);
		bench_kernel_writes(buf, PAYLOAD);
		bench_server_reads(buf, PAYLOAD);
	}
	for (unsigned int i = 0; i < IN_FLIGHT; i++)
		br->recycle(ring, &regions[i]);
	return (bench_cpu_ns() - before) / TRANSFERS;
}

static double gib_per_s(double ns)
{
	return 2 * (double)PAYLOAD / ns * 1e9 / (1024.0 * (double)MIB);
}

static void measure(const struct subject_bufring *br, size_t size, unsigned char *pool,
		    struct json_object *rows)
{
	unsigned int nbufs = (unsigned int)(size / PAYLOAD);
	struct bufring_shape shape = { .nr_classes = 1,
				       .classes = { { PAYLOAD, nbufs } } };
	void *rings[2];
	struct samples ns[2] = { { .nr = 0 }, { .nr = 0 } }, ratio = { .nr = 0 };
	struct json_object *row = bench_row(rows, "pools");
	struct spread fifo, lifo, r;

	for (unsigned int p = 0; p < 2; p++) {
		shape.policy = p;
		rings[p] = br->create(&shape);
	}
	for (unsigned int i = 0; i <= bench_repetitions(REPETITIONS); i++) {
		double took[2];

		for (unsigned int p = 0; p < 2; p++)
			took[p] = transfer_ns(br, rings[p], pool);
		if (!i) /* warms up */
			continue;
		for (unsigned int p = 0; p < 2; p++)
			ns[p].at[ns[p].nr++] = took[p];
		ratio.at[ratio.nr++] = took[0] / took[1];
	}
	br->destroy(rings[0]);
	br->destroy(rings[1]);
	fifo = bench_spread(&ns[0]);
	lifo = bench_spread(&ns[1]);
	r = bench_spread(&ratio);
	printf("  %4zu MiB: fifo %6.1f us, %5.1f GiB/s; lifo %6.1f us, %5.1f GiB/s; "
	       "lifo is %.2f times as fast (%.2f - %.2f)\n",
	       size / MIB, fifo.median / 1e3, gib_per_s(fifo.median), lifo.median / 1e3,
	       gib_per_s(lifo.median), r.median, r.min, r.max);
	bench_put_text(row, "sizes", "fixed");
	bench_put_text(row, "payload", "buffers of 128 KiB");
	bench_put_number(row, "pool_bytes", size);
	bench_put_number(row, "payload_bytes", PAYLOAD);
	bench_put_number(row, "in_flight", IN_FLIGHT);
	bench_put_number(row, "repetitions", ratio.nr);
	bench_put_spread(row, "fifo_ns", fifo);
	bench_put_spread(row, "lifo_ns", lifo);
	bench_put(row, "fifo_gib_per_s", gib_per_s(fifo.median));
	bench_put(row, "lifo_gib_per_s", gib_per_s(lifo.median));
	bench_put_spread(row, "ratio", r);
}

static int run(struct json_object *rows)
{
	const struct subject *subject = bench_subject("bufring");
	struct world *w = subject ? fuse_open(subject, NULL) : NULL;
	unsigned char *pool;
	bool ok;

	if (!w)
		return STATUS_USAGE;
	pool = mmap(NULL, LARGEST, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (pool == MAP_FAILED) {
		complain("the pools need %lu MiB of memory", LARGEST / MIB);
		return STATUS_USAGE;
	}
	memset(pool, 1, LARGEST);
	for (size_t size = 8 * MIB; size <= LARGEST; size *= 2)
		measure(fuse_ops_of(subject)->bufring, size, pool, rows);
	ok = bench_mixed_pools(fuse_ops_of(subject)->bufring, pool, LARGEST, rows);
	munmap(pool, LARGEST);
	world_close(w);
	subject_unload(subject);
	if (!ok)
		complain("bench: a ring of a pool did not come back whole");
	return ok ? STATUS_OK : STATUS_FOUND;
}

const struct benchmark bench_pools = {
	.name = "pools",
	.summary = "fifo against lifo: payloads in pools of 8 MiB to 1 GiB",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "ring": what selecting a buffer and giving it back costs, in the code of
 * sim/kernel/fs/fuse/bufring*.h, inlined and compiled as the subject is.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdio.h>

#include "program/program.h"
#include "subject/subject.h"
#include "fuse/fuse.h"

#define ROUNDS	    2000000
#define REPETITIONS 11
#define TARGET_NS   10.0

static double churn_ns(const struct subject_bufring *br, unsigned int policy,
		       unsigned int nbufs)
{
	void *ring = br->create(policy, nbufs, 0);
	double before = bench_cpu_ns(), took;

	br->churn(ring, ROUNDS);
	took = bench_cpu_ns() - before;
	br->destroy(ring);
	return took / ROUNDS;
}

static void measure(const struct subject *subject, unsigned int policy,
		    unsigned int nbufs, struct json_object *rows)
{
	struct samples s = { .nr = 0 };
	struct json_object *row = bench_row(rows, "ring");
	struct spread ns;

	while (s.nr < REPETITIONS)
		s.at[s.nr++] = churn_ns(fuse_ops_of(subject)->bufring, policy, nbufs);
	ns = bench_spread(&s);
	printf("  %s, %5u buffers: select and recycle %5.2f ns  (%.2f - %.2f)%s\n",
	       fuse_ops_of(subject)->bufring->policy(policy), nbufs, ns.median, ns.min,
	       ns.max, ns.median < TARGET_NS ? "" : ", more than the 10 ns it may take");
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "policy", fuse_ops_of(subject)->bufring->policy(policy));
	bench_put_number(row, "buffers", nbufs);
	bench_put_number(row, "repetitions", s.nr);
	bench_put_spread(row, "ns", ns);
}

static int run(struct json_object *rows)
{
	static const unsigned int sizes[] = { 7, 64, 8192 };
	const struct subject *subject = bench_subject("bufring");
	struct world *w = subject ? fuse_open(subject, NULL) : NULL;

	if (!w)
		return STATUS_USAGE;
	for (unsigned int p = 0; fuse_ops_of(subject)->bufring->policy(p); p++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			measure(subject, p, sizes[i], rows);
	world_close(w);
	subject_unload(subject);
	return STATUS_OK;
}

const struct benchmark bench_ring = {
	.name = "ring",
	.summary = "select and recycle of a buffer ring, together; to be under 10 ns",
	.run = run,
};

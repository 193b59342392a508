// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "ring": what selecting a buffer and giving it back costs, in the code of
 * sim/kernel/fs/fuse/bufring*.h, inlined and compiled as the subject is.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdio.h>
#include <string.h>

#include "program/program.h"
#include "subject/subject.h"
#include "fuse/fuse.h"

#define ROUNDS	    2000000
#define REPETITIONS 11
#define TARGET_NS   10.0
#define LARGEST	    (1u << 20) /* bytes of a buffer */
#define REQUEST	    5000u      /* bytes of a request's payload */

static double churn_ns(const struct subject_bufring *br,
		       const struct bufring_shape *shape)
{
	void *ring = br->create(shape);
	double before = bench_cpu_ns(), took;

	br->churn(ring, REQUEST, ROUNDS);
	took = bench_cpu_ns() - before;
	br->destroy(ring);
	return took / ROUNDS;
}

static void measure(const struct subject *subject, const struct bufring_shape *shape,
		    unsigned int nbufs, struct json_object *rows)
{
	const struct subject_bufring *br = fuse_ops_of(subject)->bufring;
	struct samples s = { .nr = 0 };
	struct json_object *row = bench_row(rows, "ring");
	struct spread ns;

	while (s.nr < REPETITIONS)
		s.at[s.nr++] = churn_ns(br, shape);
	ns = bench_spread(&s);
	printf("  %s, %-7s, %5u buffers: select and recycle %5.2f ns  (%.2f - %.2f)%s\n",
	       br->policy(shape->policy), br->layout(shape->layout), nbufs, ns.median,
	       ns.min, ns.max,
	       ns.median < TARGET_NS ? "" : ", more than the 10 ns it may take");
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "policy", br->policy(shape->policy));
	bench_put_text(row, "layout", br->layout(shape->layout));
	bench_put_number(row, "buffers", nbufs);
	bench_put_number(row, "repetitions", s.nr);
	bench_put_spread(row, "ns", ns);
}

/* One size, or, of the layout that has several, four; @nbufs of each. */
static struct bufring_shape shape_of(const struct subject_bufring *br,
				     unsigned int policy, unsigned int layout,
				     unsigned int nbufs)
{
	struct bufring_shape shape = { .policy = policy, .layout = layout };

	shape.nr_classes = strcmp(br->layout(layout), "classes") ? 1 : VIEW_CLASSES;
	for (unsigned int i = 0; i < shape.nr_classes; i++) {
		shape.classes[i].size = LARGEST >> 2 * (shape.nr_classes - 1 - i);
		shape.classes[i].number = nbufs;
	}
	return shape;
}

static int run(struct json_object *rows)
{
	static const unsigned int sizes[] = { 7, 64, 8192 };
	const struct subject *subject = bench_subject("bufring");
	struct world *w = subject ? fuse_open(subject, NULL) : NULL;
	const struct subject_bufring *br;

	if (!w)
		return STATUS_USAGE;
	br = fuse_ops_of(subject)->bufring;
	for (unsigned int l = 0; br->layout(l); l++)
		for (unsigned int p = 0; br->policy(p); p++)
			for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
				struct bufring_shape shape = shape_of(br, p, l, sizes[i]);

				measure(subject, &shape, sizes[i], rows);
			}
	world_close(w);
	subject_unload(subject);
	return STATUS_OK;
}

const struct benchmark bench_ring = {
	.name = "ring",
	.summary = "select and recycle of a buffer ring, together; to be under 10 ns",
	.run = run,
};

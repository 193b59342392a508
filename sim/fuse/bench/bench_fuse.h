/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmarks of FUSE.
 */
#ifndef FUSE_BENCH_BENCH_FUSE_H
#define FUSE_BENCH_BENCH_FUSE_H

#include "bench/bench.h"

/** fuse_benchmarks - ended by NULL */
extern const struct benchmark *const fuse_benchmarks[];

extern const struct benchmark bench_roundtrip, bench_ring, bench_pools, bench_memory,
	bench_explore;

/**
 * struct registers - two threads of a server REGISTER the first entries of the same
 * queue at the same time, again and again from the same moment
 * @executions: how many
 * @per_s: of them, per CPU second
 * @restored: bytes that are put back after each
 */
struct registers {
	size_t executions, restored;
	struct samples per_s;
};

/**
 * bench_registers() - measure it on @subject, with the detectors that were chosen
 *
 * Return: false with a line on stderr when an execution did not end as expected.
 */
bool bench_registers(const struct subject *subject, struct registers *r);

#endif /* FUSE_BENCH_BENCH_FUSE_H */

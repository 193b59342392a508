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

/**
 * bench_waiting() - requests of several sizes that wait for room: print and append rows
 *
 * Return: false with a line on stderr when a simulation did not come out.
 */
bool bench_waiting(const struct subject *subject, struct json_object *rows);

#define BENCH_PAYLOAD (1u << 20)

/** bench_kernel_writes() - a payload of not more than BENCH_PAYLOAD bytes, to @buf */
void bench_kernel_writes(unsigned char *buf, size_t size);

/** bench_server_reads() - all of it, but for what is less than 64 bytes */
void bench_server_reads(const unsigned char *buf, size_t size);

struct subject_bufring;

/**
 * bench_mixed_pools() - payloads of several sizes go through rings: print and append rows
 * @pool: @largest bytes, all of them in memory
 *
 * Return: false: no memory, or a ring has lost a buffer.
 */
bool bench_mixed_pools(const struct subject_bufring *br, unsigned char *pool,
		       size_t largest, struct json_object *rows);

#endif /* FUSE_BENCH_BENCH_FUSE_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of FUSE's benchmarks.
 */
#include "fuse/bench/bench_fuse.h"

const struct benchmark *const fuse_benchmarks[] = {
	&bench_roundtrip, &bench_ring, &bench_pools, &bench_memory, &bench_explore, NULL,
};

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The requests of the benchmarks that compare buffers: how long payloads are, how long
 * the server takes for them, when they arrive. From a seed alone, in whole numbers, so
 * that they are the same on every machine.
 */
#ifndef FUSE_BENCH_SIZES_H
#define FUSE_BENCH_SIZES_H

#include <stdbool.h>
#include <stdint.h>

#define SIZES_LARGEST (1u << 20) /* bytes: what libfuse negotiates */
#define SIZES_MOST    10

/** struct size_share - @permille of the requests have @from to @to bytes */
struct size_share {
	unsigned int permille, from, to;
};

/** struct sizes - a distribution; the shares are 1000 together */
struct sizes {
	const char *name, *words;
	struct size_share shares[SIZES_MOST];
};

/** sizes_all - ended by one without a name */
extern const struct sizes sizes_all[];

/**
 * struct arrival - a request
 * @at: ns after the beginning
 * @service: ns from when it has an entry and room to when both are free again
 * @size: the greatest length of its payload, either way; 0: it has none
 */
struct arrival {
	uint64_t at, service;
	unsigned int size;
};

/** sizes_random() - the next number of a sequence */
uint64_t sizes_random(uint64_t *state);

/** sizes_one() - the size of a request */
unsigned int sizes_one(const struct sizes *sizes, uint64_t *state);

/** sizes_mean() - bytes */
unsigned int sizes_mean(const struct sizes *sizes);

/** sizes_exponential() - of that mean, from a number of 32 bits */
uint64_t sizes_exponential(uint64_t mean, uint32_t random);

/**
 * sizes_arrivals() - @nr requests
 * @busy: hundredths of an entry that are busy on average if nobody waits for room; 0:
 *	all arrive at once
 *
 * Return: the mean of their service, ns.
 */
uint64_t sizes_arrivals(const struct sizes *sizes, unsigned int busy,
			struct arrival *requests, unsigned int nr);

#endif /* FUSE_BENCH_SIZES_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to compare buffers with. The distributions are assumptions, not the trace of
 * a server; they were written down before anything was measured with them.
 *
 * mixed: a file server's clients send many small requests, and have most of their bytes
 * in few large ones: 4 KiB is a page fault or a database's page, 8 to 64 KiB are
 * readahead at its beginning and small files, the larger ones are streams, up to what
 * one request may carry. metadata: LOOKUP, GETATTR and the like, whose payload is a
 * reply's structure or a name, some READDIR, and now and then a stream's READ.
 */
#include "fuse/bench/sizes.h"

#define KIB 1024u

/*
 * A server's time for a request: its device's, which is random, and the transfer. 80 us
 * is a read of flash memory, 2 GiB/s one stream of it with a copy.
 */
#define DEVICE_NS   80000u
#define PER_S_SHIFT 31 /* 2 GiB */
#define NS_PER_S    1000000000u

#define ONE(permille, kib)                     \
	{                                      \
		permille, (kib)*KIB, (kib)*KIB \
	}

const struct sizes sizes_all[] = {
	{ "fixed", "all of 128 KiB", { ONE(1000, 128) } },
	{ "mixed",
	  "4 KiB 45 %, 8 to 64 KiB 35 %, 128 to 512 KiB 15 %, 1 MiB 5 %",
	  { ONE(450, 4), ONE(88, 8), ONE(88, 16), ONE(87, 32), ONE(87, 64), ONE(50, 128),
	    ONE(50, 256), ONE(50, 512), ONE(50, 1024) } },
	{ "metadata",
	  "128 to 512 bytes 95 %, 4 KiB 4 %, 1 MiB 1 %",
	  { { 950, 128, 512 }, ONE(40, 4), ONE(10, 1024) } },
	{ 0 },
};

/* splitmix64 */
uint64_t sizes_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

unsigned int sizes_one(const struct sizes *sizes, uint64_t *state)
{
	unsigned int n = (unsigned int)(sizes_random(state) % 1000);
	const struct size_share *share = sizes->shares;

	while (n >= share->permille)
		n -= share++->permille;
	return share->from +
	       (unsigned int)(sizes_random(state) % (share->to - share->from + 1));
}

unsigned int sizes_mean(const struct sizes *sizes)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < SIZES_MOST; i++)
		sum += (uint64_t)sizes->shares[i].permille *
		       ((sizes->shares[i].from + sizes->shares[i].to) / 2);
	return (unsigned int)(sum / 1000);
}

/*
 * -log2(random / 2^32), times 2^16: squaring a number of [1, 2) doubles its logarithm,
 * whose next digit is whether the square is 2 or more. Not log(), whose last bit is the
 * machine's.
 */
static uint64_t minus_log2(uint32_t random)
{
	unsigned int whole = 31 - (unsigned int)__builtin_clz(random | 1);
	uint64_t x = (uint64_t)(random | 1) << (31 - whole), log = whole;

	for (unsigned int digit = 0; digit < 16; digit++) {
		x = x * x >> 31;
		log = log << 1 | x >> 32;
		x >>= x >> 32;
	}
	return ((uint64_t)32 << 16) - log;
}

uint64_t sizes_exponential(uint64_t mean, uint32_t random)
{
	const uint64_t ln2 = 45426; /* times 2^16 */

	return (mean * minus_log2(random) >> 16) * ln2 >> 16;
}

uint64_t sizes_arrivals(const struct sizes *sizes, unsigned int busy,
			struct arrival *requests, unsigned int nr)
{
	uint64_t state = 1, sum = 0, at = 0, mean;

	for (unsigned int i = 0; i < nr; i++) {
		struct arrival *r = &requests[i];

		r->size = sizes_one(sizes, &state);
		r->service =
			sizes_exponential(DEVICE_NS, (uint32_t)sizes_random(&state)) +
			((uint64_t)r->size * NS_PER_S >> PER_S_SHIFT);
		sum += r->service;
	}
	mean = nr ? sum / nr : 0;
	for (unsigned int i = 0; i < nr; i++) {
		if (busy)
			at += sizes_exponential(mean * 100 / busy,
						(uint32_t)sizes_random(&state));
		requests[i].at = at;
	}
	return mean;
}

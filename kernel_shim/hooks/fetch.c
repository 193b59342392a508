// SPDX-License-Identifier: GPL-2.0-only
/*
 * Double fetch: the kernel reads the same bytes of user memory twice in one command or
 * system call. Another thread of the server may write them in between - to the ring's
 * SQE, to an array of vectors, to a header -, and what was checked is not what is used.
 * That nothing writes them in this execution makes no difference: where it is possible is
 * told by the places alone.
 *
 * A place that reads the same bytes again is a loop that goes on where it was, not
 * another use.
 */
#include "hooks.h"
#include "sched/checkpoint.h"

#define FETCHES 32 /* of a command; what is more is not remembered */

/* struct fetch - @n bytes at @p were read in place @at */
struct fetch {
	uintptr_t p;
	size_t n;
	struct hook_place at;
};

unsigned char hook_fetches[SCHED_MAX_TASKS + 1];
static struct fetch fetches[SCHED_MAX_TASKS + 1][FETCHES];

/* pairs of places that were reported in this execution: once each */
#define TOLD 16
static struct hook_place told[TOLD][2];
static unsigned int nr_told;

static bool (*excuse)(const void *p, size_t n);

void hook_fetch_excuse(bool (*twofold)(const void *p, size_t n))
{
	excuse = twofold;
}

/* what @f and the @n bytes at @from have in common */
static bool is_excused(const struct fetch *f, uintptr_t from, size_t n)
{
	const uintptr_t begin = from > f->p ? from : f->p;
	const uintptr_t end = from + n < f->p + f->n ? from + n : f->p + f->n;

	return excuse && excuse((const void *)begin, end - begin);
}

void hook_fetch_reset(void)
{
	memset(hook_fetches, 0, sizeof(hook_fetches));
	nr_told = 0;
}

static bool is_same_place(struct hook_place a, struct hook_place b)
{
	return a.pc == b.pc && a.site == b.site;
}

static bool was_told(struct hook_place before, struct hook_place at)
{
	for (unsigned int i = 0; i < nr_told; i++)
		if (is_same_place(told[i][0], before) && is_same_place(told[i][1], at))
			return true;
	if (nr_told == TOLD)
		return true;
	told[nr_told][0] = before;
	told[nr_told++][1] = at;
	return false;
}

void hook_fetched(const void *p, size_t n, struct hook_place at)
{
	unsigned int task = sched_current_id(), nr = hook_fetches[task];
	const uintptr_t from = (uintptr_t)p;
	struct fetch *f = fetches[task];

	for (unsigned int i = 0; i < nr; i++) {
		if (from - f[i].p >= f[i].n && f[i].p - from >= n)
			continue;
		if (!is_same_place(f[i].at, at) && !is_excused(&f[i], from, n) &&
		    !was_told(f[i].at, at))
			hook_twice(from > f[i].p ? p : (const void *)f[i].p,
				   from > f[i].p ? n : f[i].n, f[i].at, at);
		return;
	}
	/* a copy in pieces is one */
	if (nr && f[nr - 1].p + f[nr - 1].n == from && is_same_place(f[nr - 1].at, at)) {
		f[nr - 1].n += n;
		return;
	}
	if (nr == FETCHES)
		return;
	f[nr] = (struct fetch){ from, n, at };
	hook_fetches[task]++;
}

void hook_fetch_slow(const void *p, size_t len, const struct sched_site *site)
{
	if (len)
		hook_fetched(p, len, (struct hook_place){ NULL, site });
}

void hook_fetch_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, hook_fetches);
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		checkpoint_bytes(c, fetches[i], hook_fetches[i] * sizeof(fetches[i][0]));
	checkpoint_value(c, nr_told);
	checkpoint_bytes(c, told, nr_told * sizeof(told[0]));
}

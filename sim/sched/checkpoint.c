// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of checkpoints: copies, one behind the other.
 */

#include "sched/checkpoint.h"
#include "sched/sanitizer.h"

#define POOL (512u << 10)

static _Alignas(CHECKPOINT_LINE) unsigned char pool[POOL];

static struct {
	void (*visit)(struct checkpoint *c);
	unsigned int nr;
	unsigned long taken;
	unsigned char *end[CHECKPOINTS_MAX]; /* of the copy of each */
} checkpoints;

/* ---- what modules call ---- */

void checkpoint_table(struct checkpoint *c, void *base, size_t used, size_t now)
{
	checkpoint_bytes(c, base, used);
	if (c->back && now > used)
		memset((unsigned char *)base + used, 0, now - used);
}

/* eight lines at a time are looked at */
typedef uint64_t words __attribute__((vector_size(16), may_alias));

static bool is_zero(const unsigned char *line)
{
	const words *w = (const words *)line;
	const words any = (w[0] | w[1]) | (w[2] | w[3]);

	return !(any[0] | any[1]);
}

static void take_line(struct checkpoint *c, const unsigned char *line)
{
	if (c->end - c->at < (ptrdiff_t)CHECKPOINT_LINE) {
		c->full = true;
		return;
	}
	memcpy(c->at, line, CHECKPOINT_LINE);
	c->at += CHECKPOINT_LINE;
}

static uint64_t take_lines(struct checkpoint *c, const unsigned char *from,
			   unsigned int nr)
{
	uint64_t set = 0;

	for (unsigned int i = 0; i < nr && !c->full; i++) {
		if (is_zero(from + i * CHECKPOINT_LINE))
			continue;
		set |= 1ull << i;
		take_line(c, from + i * CHECKPOINT_LINE);
	}
	return set;
}

static void put_lines_back(struct checkpoint *c, unsigned char *to, unsigned int nr,
			   uint64_t set)
{
	if (!set) {
		memset(to, 0, nr * CHECKPOINT_LINE);
		return;
	}
	for (unsigned int i = 0; i < nr; i++, to += CHECKPOINT_LINE) {
		if (set & 1ull << i) {
			memcpy(to, c->at, CHECKPOINT_LINE);
			c->at += CHECKPOINT_LINE;
		} else {
			memset(to, 0, CHECKPOINT_LINE);
		}
	}
}

void checkpoint_sparse(struct checkpoint *c, void *base, size_t used, size_t now)
{
	unsigned char *p = base;

	for (size_t at = 0; at < used && !c->full;) {
		const size_t left = (used - at) / CHECKPOINT_LINE;
		const unsigned int nr = left < 64 ? (unsigned int)left : 64;
		unsigned char *header = c->at;
		uint64_t set = 0;

		checkpoint_value(c, set);
		if (c->back) {
			put_lines_back(c, p + at, nr, set);
		} else if (!c->full) {
			set = take_lines(c, p + at, nr);
			memcpy(header, &set, sizeof(set));
		}
		at += (size_t)nr * CHECKPOINT_LINE;
	}
	if (c->back && now > used)
		memset(p + used, 0, now - used);
}

/* ---- taking, putting back ---- */

void checkpoint_begin(void (*visit)(struct checkpoint *c))
{
	checkpoints.nr = 0;
#ifdef HAVE_ASAN
	(void)visit; /* what it knows of the same bytes is not copied */
#else
	checkpoints.visit = visit;
#endif
}

void checkpoint_end(void)
{
	checkpoints.visit = NULL;
	checkpoints.nr = 0;
}

bool checkpoint_possible(void)
{
	return checkpoints.visit;
}

static unsigned char *begin_of(unsigned int nr)
{
	return nr ? checkpoints.end[nr - 1] : pool;
}

bool checkpoint_take(void)
{
	struct checkpoint c = { .at = begin_of(checkpoints.nr), .end = pool + POOL };

	if (!checkpoints.visit || checkpoints.nr == CHECKPOINTS_MAX)
		return false;
	checkpoints.visit(&c);
	if (c.full)
		return false;
	checkpoints.taken++;
	checkpoints.end[checkpoints.nr++] =
		(unsigned char *)(((uintptr_t)c.at + CHECKPOINT_LINE - 1) &
				  ~(uintptr_t)(CHECKPOINT_LINE - 1));
	return true;
}

unsigned int checkpoint_nr(void)
{
	return checkpoints.nr;
}

unsigned long checkpoint_taken(void)
{
	return checkpoints.taken;
}

void checkpoint_drop(unsigned int nr)
{
	if (nr < checkpoints.nr)
		checkpoints.nr = nr;
}

void checkpoint_put_back(void)
{
	struct checkpoint c = { .at = begin_of(checkpoints.nr - 1),
				.end = checkpoints.end[checkpoints.nr - 1],
				.back = true };

	checkpoints.visit(&c);
}

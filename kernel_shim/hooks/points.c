// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plain accesses as points of the scheduler (--points all). Most are of memory that
 * one task alone touches, or that nobody writes: a switch there changes nothing. Which
 * are not is learnt from executions that are played for that alone, always the same
 * ones: a point is a place in the code from which memory was accessed plainly that
 * another task accessed as well, one of the two writing.
 */
#include "symbols/place.h"
#include "hooks.h"
#include "sched/hash.h"
#include "sched/sched.h"

#define GRANULES 65536u /* of eight bytes, in one execution; powers of two */
#define NOTES	 131072u
#define PLACES	 8192u
#define LONGEST	 64u /* bytes of a long access that are looked at */

/* eight bytes that were accessed */
static struct granule {
	uintptr_t where; /* 0: unused */
	uint32_t notes;	 /* plain accesses of it; 0: none */
	uint8_t task;
	bool shared, written;
} granules[GRANULES];

/* a place that accessed it plainly */
static struct note {
	const void *pc;
	uint32_t next;
} notes[NOTES];

/* places that are points */
static struct point {
	const void *pc;
	const struct sched_site *site;
} points[PLACES];

static uint32_t used[GRANULES / 2]; /* which granules are */
static uint32_t nr_granules, nr_notes = 1;
static unsigned int nr_points;
static bool learning;

static uint32_t hash(uintptr_t what)
{
	return (uint32_t)(hash_word(what) >> 40);
}

static struct point *find_point(const void *pc)
{
	uint32_t at = hash((uintptr_t)pc);

	while (points[at % PLACES].pc && points[at % PLACES].pc != pc)
		at++;
	return &points[at % PLACES];
}

/* a full table would be a kernel of another size: the rest are no points */
static void add_point(const void *pc)
{
	struct point *p = find_point(pc);

	if (p->pc || nr_points == PLACES / 2)
		return;
	p->pc = pc;
	nr_points++;
}

static struct granule *find_granule(uintptr_t where)
{
	/* neighbours stay together: few pages of the table are touched */
	uint32_t at = hash(where / 64) * 64 + where % 64;
	struct granule *g;

	while ((g = &granules[at % GRANULES])->where && g->where != where)
		at++;
	if (g->where)
		return g;
	if (nr_granules == GRANULES / 2)
		return NULL;
	used[nr_granules++] = (uint32_t)(g - granules);
	*g = (struct granule){ .where = where, .task = (uint8_t)sched_current()->id };
	return g;
}

static void add_note(struct granule *g, const void *pc)
{
	for (uint32_t n = g->notes; n; n = notes[n].next)
		if (notes[n].pc == pc)
			return;
	if (nr_notes == NOTES)
		return;
	notes[nr_notes] = (struct note){ pc, g->notes };
	g->notes = nr_notes++;
}

static void learn_from(const void *p, size_t n, unsigned int access, const void *pc)
{
	uintptr_t from = (uintptr_t)p / 8, to;

	to = ((uintptr_t)p + (n < LONGEST ? n : LONGEST) - 1) / 8;
	for (uintptr_t where = from; where <= to; where++) {
		struct granule *g = find_granule(where);

		if (!g)
			return;
		g->shared |= g->task != sched_current()->id;
		g->written |= (access & HOOK_WRITE) != 0;
		if (!(access & (HOOK_MARKED | HOOK_ATOMIC)))
			add_note(g, pc);
	}
}

void hook_point(const void *p, size_t n, unsigned int access, const void *pc)
{
	const struct point *point;

	if (!sched_current() || sched_is_own_stack(p))
		return;
	if (learning) {
		learn_from(p, n, access, pc);
		return;
	}
	if (access & (HOOK_MARKED | HOOK_ATOMIC))
		return; /* a point already */
	point = find_point(pc);
	if (point->pc)
		sched_point(access & HOOK_WRITE ? SCHED_STORE : SCHED_LOAD, p,
			    point->site);
}

void hook_points_learn(void)
{
	memset(points, 0, sizeof(points));
	nr_points = 0;
	learning = true;
}

void hook_points_learnt(void)
{
	for (uint32_t i = 0; i < nr_granules; i++) {
		struct granule *g = &granules[used[i]];

		for (uint32_t n = g->notes; n && g->shared && g->written;
		     n = notes[n].next)
			add_point(notes[n].pc);
		*g = (struct granule){ 0 };
	}
	nr_granules = 0;
	nr_notes = 1;
}

unsigned int hook_points_use(void)
{
	for (uint32_t i = 0; i < PLACES; i++)
		if (points[i].pc)
			points[i].site = place_of(points[i].pc);
	learning = false;
	return nr_points;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an execution covers (shim/cover.h). Tables are cold at the beginning of each
 * execution, so as little as possible of them is touched, and they are not cleared each
 * time: what is in them counts if it is of this execution.
 */
#include "shim/cover.h"

#include <string.h>

#include "hooks.h"
#include "sched/hash.h"
#include "sched/sched.h"

#define SLOTS	 (4u * COVER_MAX) /* powers of two */
#define WRITERS	 16384u		  /* likewise */
#define TOGETHER 8u		  /* of them, which are neighbours in memory, too */
#define LONGEST	 64u		  /* bytes of a long access that are looked at */
#define SITES	 256u		  /* a power of two */
#define KNOWN	 2048u		  /* likewise */
#define NEAR	 8u		  /* of them, for code that is near */

/* where in the list something is */
struct slot {
	uint16_t execution, at;
};

static struct slot slots[SLOTS];

/* struct writer - of eight bytes, the last one; @where: their address / 8, and in which
 * execution: one word is compared */
static struct writer {
	uint64_t where;
	uint32_t place, task;
} writers[WRITERS];

unsigned char cover_wanted;

static uint64_t list[COVER_MAX];
static unsigned int nr, nr_indexed, nr_writers;
static uint16_t execution;
static uint32_t before[SCHED_MAX_TASKS + 1]; /* the place that each task was at last */
static uintptr_t base;

/* Names are hashed once in an execution, not at each access; in the next one another
 * scenario's lines may be where these are. */
static struct {
	const struct sched_site *site;
	uint32_t place;
} sites[SITES];

/* Edges and pairs that this execution has added, by their two places: nearly all that
 * accesses bring is one of these. 0 is none: an edge leads from one place to another, and
 * who has written was somewhere. */
static uint64_t edges[KNOWN], pairs[KNOWN];

void cover_base(const void *address)
{
	base = (uintptr_t)address;
}

void hook_cover_reset(void)
{
	nr = nr_indexed = nr_writers = 0;
	if (!++execution) {
		memset(slots, 0, sizeof(slots));
		memset(writers, 0, sizeof(writers));
		execution = 1;
	}
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		before[i] = 0;
	for (unsigned int i = 0; i < SITES; i++)
		sites[i].site = NULL;
	memset(edges, 0, sizeof(edges));
	memset(pairs, 0, sizeof(pairs));
}

static uint32_t mix(uint64_t what)
{
	what = hash_word(what ^ what >> 29);
	return (uint32_t)(what >> 32);
}

/* The name of a function stands for its file. */
static uint32_t place_of_site(const struct sched_site *site)
{
	unsigned int i = (unsigned int)(hash_word((uintptr_t)site) >> 40) % SITES;

	if (sites[i].site != site) {
		sites[i].site = site;
		sites[i].place =
			mix(hash_text(HASH_START + (uint64_t)site->line, site->func));
	}
	return sites[i].place;
}

static uint32_t place_of_pc(const void *pc)
{
	return mix((uintptr_t)pc - base);
}

static void add(enum cover_kind kind, uint32_t a, uint32_t b)
{
	if (nr < COVER_MAX)
		list[nr++] = (hash_word((uint64_t)a << 32 | b) >> 2) | (uint64_t)kind
									       << 62;
}

/* Two that are in each other's place are added again and again: that does no harm. */
static void add_once(uint64_t *known, enum cover_kind kind, uint32_t from, uint32_t to,
		     uintptr_t code)
{
	const uint64_t two = (uint64_t)from << 32 | to;

	known += code / 64 % (KNOWN / NEAR) * NEAR + (code / 8 ^ from) % NEAR;
	if (*known == two)
		return;
	*known = two;
	add(kind, from, to);
}

/* Return: where @where is, or would be */
static struct writer *writer_of(uint64_t where)
{
	uint32_t at = (uint32_t)(hash_word(where / TOGETHER) >> 40) * TOGETHER +
		      where % TOGETHER;
	const uint64_t key = where << 16 | execution;

	for (;; at++) {
		struct writer *w = &writers[at % WRITERS];

		if (w->where == key || (uint16_t)w->where != execution)
			return w;
	}
}

static void meet(uint64_t where, bool write, uint32_t place, uintptr_t code)
{
	const struct writer me = { where << 16 | execution, place, sched_current_id() };
	struct writer *w = writer_of(where);

	if (w->where == me.where) {
		if (write)
			*w = me;
		else if (w->task != me.task)
			add_once(pairs, COVER_PAIR, w->place, place, code);
	} else if (write && nr_writers < WRITERS / 2) {
		nr_writers++;
		*w = me;
	}
}

void hook_cover(const void *p, size_t n, unsigned int access, struct hook_place at)
{
	uint32_t place = at.site ? place_of_site(at.site) : place_of_pc(at.pc);
	uintptr_t code = at.site ? place : (uintptr_t)at.pc - base;
	uint32_t *last = &before[sched_current_id()];
	uintptr_t from = (uintptr_t)p / 8, to;

	if (*last != place)
		add_once(edges, COVER_EDGE, *last, place, code);
	*last = place;
	if (!sched_current() || sched_is_own_stack(p))
		return;
	to = ((uintptr_t)p + (n < LONGEST ? n : LONGEST) - 1) / 8;
	for (uintptr_t where = from; where <= to; where++)
		meet(where, access & HOOK_WRITE, place, code);
}

void cover_state_slow(uint64_t state, const struct sched_site *site)
{
	add(COVER_STATE, mix(state), site ? place_of_site(site) : 0);
}

/* Return: where @number is, or would be */
static struct slot *slot_of(uint64_t number)
{
	uint32_t at = (uint32_t)(number >> 20) % SLOTS;

	while (slots[at].execution == execution && list[slots[at].at] != number)
		at = (at + 1) % SLOTS;
	return &slots[at];
}

bool cover_has(uint64_t number)
{
	for (; nr_indexed < nr; nr_indexed++)
		*slot_of(list[nr_indexed]) =
			(struct slot){ execution, (uint16_t)nr_indexed };
	return slot_of(number)->execution == execution;
}

unsigned int cover_list(const uint64_t **out)
{
	*out = list;
	return nr;
}

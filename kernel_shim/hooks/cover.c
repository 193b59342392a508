// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an execution covers (shim/cover.h). What is covered stands in a row; a table that
 * is small, since it is cold at the beginning of each execution, says where in the row.
 * It is not cleared each time: what is in it counts if it is of this execution.
 */
#include "shim/cover.h"

#include <string.h>

#include "hooks.h"
#include "sched/hash.h"
#include "sched/sched.h"

#define SLOTS	 (4u * COVER_MAX) /* powers of two */
#define GRANULES 16384u		  /* of eight bytes */
#define LONGEST	 64u		  /* bytes of a long access that are looked at */
#define SITES	 256u		  /* a power of two */
#define KNOWN	 2048u		  /* likewise */

/* where in a row something is; @execution is small, too, and the tables are cleared when
 * it begins again */
struct slot {
	uint16_t execution, at;
};

static struct slot slots[SLOTS], granules[GRANULES];

/* eight bytes, and the last write of them */
static struct writer {
	uintptr_t where;
	uint32_t place, task;
} writers[GRANULES / 2];

unsigned char cover_wanted;

static uint64_t list[COVER_MAX];
static unsigned int nr, nr_writers;
static uint16_t execution;
static uint32_t before[SCHED_MAX_TASKS + 1]; /* the place that each task was at last */
static uintptr_t base;

/* Names are hashed once in an execution, not at each access; in the next one another
 * scenario's lines may be where these are. */
static struct {
	const struct sched_site *site;
	uint32_t place;
} sites[SITES];

/* Edges and pairs that this execution has added, by their two places: most accesses
 * bring one of these, and the larger table is not asked. 0 is none: an edge leads from
 * one place to another, and who has written was somewhere. */
static uint64_t edges[KNOWN], pairs[KNOWN];

void cover_base(const void *address)
{
	base = (uintptr_t)address;
}

void hook_cover_reset(void)
{
	nr = nr_writers = 0;
	if (!++execution) {
		memset(slots, 0, sizeof(slots));
		memset(granules, 0, sizeof(granules));
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

/* Return: where @number is, or would be */
static uint32_t slot_of(uint64_t number)
{
	uint32_t at = (uint32_t)(number >> 20) % SLOTS;

	while (slots[at].execution == execution && list[slots[at].at] != number)
		at = (at + 1) % SLOTS;
	return at;
}

static void add(enum cover_kind kind, uint32_t a, uint32_t b)
{
	uint64_t number = (hash_word((uint64_t)a << 32 | b) >> 2) | (uint64_t)kind << 62;
	uint32_t at = slot_of(number);

	if (slots[at].execution == execution || nr == COVER_MAX)
		return;
	slots[at] = (struct slot){ execution, (uint16_t)nr };
	list[nr++] = number;
}

static void add_once(uint64_t *known, enum cover_kind kind, uint32_t from, uint32_t to)
{
	const uint64_t two = (uint64_t)from << 32 | to;

	known += (from ^ to * 5) % KNOWN;
	if (*known == two)
		return;
	*known = two;
	add(kind, from, to);
}

/* Return: where @where is, or would be */
static struct slot *granule_of(uintptr_t where)
{
	/* neighbours stay together: little of the table is touched */
	uint32_t at = (uint32_t)(hash_word(where / 64) >> 40) * 64 + where % 64;

	while (granules[at % GRANULES].execution == execution &&
	       writers[granules[at % GRANULES].at].where != where)
		at++;
	return &granules[at % GRANULES];
}

static void meet(uintptr_t where, bool write, uint32_t place)
{
	struct slot *s = granule_of(where);
	uint32_t me = sched_current_id();

	if (s->execution == execution) {
		struct writer *w = &writers[s->at];

		if (write)
			*w = (struct writer){ where, place, me };
		else if (w->task != me)
			add_once(pairs, COVER_PAIR, w->place, place);
	} else if (write && nr_writers < GRANULES / 2) {
		*s = (struct slot){ execution, (uint16_t)nr_writers };
		writers[nr_writers++] = (struct writer){ where, place, me };
	}
}

void hook_cover(const void *p, size_t n, unsigned int access, struct hook_place at)
{
	uint32_t place = at.site ? place_of_site(at.site) : place_of_pc(at.pc);
	uint32_t *last = &before[sched_current_id()];
	uintptr_t from = (uintptr_t)p / 8, to;

	if (*last != place)
		add_once(edges, COVER_EDGE, *last, place);
	*last = place;
	if (!sched_current() || sched_is_own_stack(p))
		return;
	to = ((uintptr_t)p + (n < LONGEST ? n : LONGEST) - 1) / 8;
	for (uintptr_t where = from; where <= to; where++)
		meet(where, access & HOOK_WRITE, place);
}

void cover_state_slow(uint64_t state, const struct sched_site *site)
{
	add(COVER_STATE, mix(state), site ? place_of_site(site) : 0);
}

bool cover_has(uint64_t number)
{
	return slots[slot_of(number)].execution == execution;
}

unsigned int cover_list(const uint64_t **out)
{
	*out = list;
	return nr;
}

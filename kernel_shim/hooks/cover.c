// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an execution covers (shim/cover.h). Tables are static and never cleared: what is
 * in them counts if it is of this execution.
 */
#include "shim/cover.h"

#include "hooks.h"
#include "sched/hash.h"
#include "sched/sched.h"

#define SLOTS	 (4u * COVER_MAX) /* powers of two */
#define GRANULES 16384u		  /* of eight bytes */
#define LONGEST	 64u		  /* bytes of a long access that are looked at */

static struct {
	uint64_t number;
	uint32_t execution;
} slots[SLOTS];

/* eight bytes, and the last write of them */
static struct writer {
	uintptr_t where;
	uint32_t execution, place;
	uint32_t task;
} writers[GRANULES];

unsigned char cover_wanted;

static uint64_t list[COVER_MAX];
static unsigned int nr, nr_writers;
static uint32_t execution;
static uint32_t before[SCHED_MAX_TASKS + 1]; /* the place that each task was at last */
static uintptr_t base;

void cover_base(const void *address)
{
	base = (uintptr_t)address;
}

void hook_cover_reset(void)
{
	nr = nr_writers = 0;
	execution++;
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		before[i] = 0;
}

static uint32_t mix(uint64_t what)
{
	what = hash_word(what ^ what >> 29);
	return (uint32_t)(what >> 32);
}

/* The name of a function stands for its file. */
static uint32_t place_of_site(const struct sched_site *site)
{
	return mix(hash_text(HASH_START + (uint64_t)site->line, site->func));
}

static uint32_t place_of_pc(const void *pc)
{
	return mix((uintptr_t)pc - base);
}

/* Return: where @number is, or would be */
static uint32_t slot_of(uint64_t number)
{
	uint32_t at = (uint32_t)(number >> 20) % SLOTS;

	while (slots[at].execution == execution && slots[at].number != number)
		at = (at + 1) % SLOTS;
	return at;
}

static void add(enum cover_kind kind, uint32_t a, uint32_t b)
{
	uint64_t number = (hash_word((uint64_t)a << 32 | b) >> 2) | (uint64_t)kind << 62;
	uint32_t at = slot_of(number);

	if (slots[at].execution == execution || nr == COVER_MAX)
		return;
	slots[at].number = number;
	slots[at].execution = execution;
	list[nr++] = number;
}

/* Return: NULL: the table is full */
static struct writer *writer_of(uintptr_t where)
{
	/* neighbours stay together: few pages of the table are touched */
	uint32_t at = (uint32_t)(hash_word(where / 64) >> 40) * 64 + where % 64;

	while (writers[at % GRANULES].execution == execution) {
		if (writers[at % GRANULES].where == where)
			return &writers[at % GRANULES];
		at++;
	}
	if (nr_writers == GRANULES / 2)
		return NULL;
	return &writers[at % GRANULES];
}

static void meet(uintptr_t where, bool write, uint32_t place)
{
	struct writer *w = writer_of(where);
	uint32_t me = sched_current_id();

	if (!w)
		return;
	if (write) {
		nr_writers += w->execution != execution;
		*w = (struct writer){ where, execution, place, me };
	} else if (w->execution == execution && w->task != me) {
		add(COVER_PAIR, w->place, place);
	}
}

void hook_cover(const void *p, size_t n, unsigned int access, struct hook_place at)
{
	uint32_t place = at.site ? place_of_site(at.site) : place_of_pc(at.pc);
	uint32_t *last = &before[sched_current_id()];
	uintptr_t from = (uintptr_t)p / 8, to;

	if (*last != place)
		add(COVER_EDGE, *last, place);
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the race detector knows is state of an execution. In a checkpoint that is put back
 * everything has happened just now: its ticks are moved behind those of all executions so
 * far, so whatever else is in the shadow is of the past, as at the beginning of an
 * execution, and needs not be cleared.
 */
#include "detect/race/cell.h"
#include "detect/race/earlier.h"
#include "detect/race/four.h"
#include "detect/race/moved.h"
#include "detect/race/value.h"
#include "sched/checkpoint.h"

#define LINE_SLOTS (CHECKPOINT_LINE / sizeof(race_slot))

/* struct line - slots of which at least one is live */
struct line {
	race_slot *at; /* NULL: there are no more */
	race_slot slot[LINE_SLOTS];
};

static bool is_live(const race_slot *slots)
{
	return _mm_movemask_epi8(
		_mm_or_si128(race_four_live(slots), race_four_live(slots + RACE_FOUR)));
}

/* @from, @to: cells */
static void take_lines(struct checkpoint *c, race_slot *slots, size_t from, size_t to)
{
	struct line line;

	for (size_t i = from - from % LINE_SLOTS; i < to; i += LINE_SLOTS) {
		if (!is_live(slots + i))
			continue;
		line.at = slots + i;
		memcpy(line.slot, slots + i, sizeof(line.slot));
		checkpoint_value(c, line);
	}
}

static void take_part(const struct race_range *r, uintptr_t from, uintptr_t to, void *arg)
{
	const size_t first = (from - r->base) >> RACE_CELL_SHIFT;
	const size_t end = ((to - 1 - r->base) >> RACE_CELL_SHIFT) + 1;

	take_lines(arg, r->writes, first, end);
	take_lines(arg, r->reads, first, end);
}

/* race_moved_slot() of each of a line's, two at a time: ticks are the upper halves */
static void put_line_back(const struct line *line, const struct race_move *m)
{
	const int by = (int)m->by, base = (int)m->base, none = INT32_MAX;
	const __m128i past = _mm_set_epi32(base, none, base, none);
	const __m128i more = _mm_set_epi32(by, 0, by, 0);
	const __m128i *from = (const __m128i *)line->slot;
	__m128i *to = (__m128i *)line->at;

	for (unsigned int i = 0; i < LINE_SLOTS / 2; i++) {
		const __m128i two = _mm_loadu_si128(&from[i]);
		const __m128i live = _mm_cmpgt_epi32(two, past);

		_mm_storeu_si128(&to[i], _mm_add_epi32(two, _mm_and_si128(live, more)));
	}
}

static void put_lines_back(struct checkpoint *c, const struct race_move *m)
{
	struct line line;

	for (;;) {
		checkpoint_value(c, line);
		if (!line.at)
			return;
		put_line_back(&line, m);
	}
}

static void checkpoint_cells(struct checkpoint *c, const struct race_move *m)
{
	struct line none = { .at = NULL };

	if (c->back) {
		put_lines_back(c, m);
		return;
	}
	race_each_used(take_part, c);
	checkpoint_value(c, none);
}

void race_checkpoint(struct checkpoint *c)
{
	struct race_move m = { .base = race_base };

	if (!race_on())
		return;
	if (c->back)
		race_quiet_slow();
	checkpoint_value(c, m.base);
	m.by = race_base - m.base;
	race_order_checkpoint(c, &m);
	race_overflow_checkpoint(c, &m);
	race_value_checkpoint(c, &m);
	race_report_checkpoint(c);
	race_earlier_checkpoint(c);
	checkpoint_cells(c, &m);
}

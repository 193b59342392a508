// SPDX-License-Identifier: GPL-2.0-only
/*
 * List heads that are initialised: FUSE makes hundreds in a row, in memory that it has
 * just allocated, and looks at few of them. A head is an access like any other; but of a
 * row in fresh memory it is known that nobody has been there, and who wrote it and when
 * is kept once for the whole row. A head of which somebody wants to know more is spilled:
 * its cells are filled as if they had been from the start.
 */
#include "detect/race/four.h"
#include "hooks.h"

#define HEAD	  16u /* bytes: four cells */
#define AHEAD	  16u /* heads that are judged at once, if there are as many */
#define FEW	  4u  /* that are next to each other in many an object */
#define ROWS	  64u
#define DETECTORS (HOOK_RACE | HOOK_HEAP)

/* struct row - heads that were written, less those that were spilled */
struct row {
	const char *from, *to; /* the same: it is free */
	slot_t slot;
	uint32_t born; /* race_base when it began: else the slot is of the past */
	unsigned int spilled;
};

static struct row rows[ROWS];
unsigned int hook_rows; /* up to the last one that is not free */

const struct sched_site *hook_row;
const struct sched_site hook_row_fresh;

/*
 * What hook_row is about: from ->to of the row up to @end is fresh. The row is
 * @expected, which is none yet, where few heads were seen.
 */
static struct {
	struct row *row;
	const char *from, *end;
	slot_t present;
	unsigned int alone; /* heads that were @expected */
} open;
static struct row expected;

/* ---- what a row knows goes to the cells ---- */

static inline slot_t *writes_of(const char *p)
{
	const struct range *watched = race_part_of((uintptr_t)p);

	return &watched->writes[((uintptr_t)p - watched->base) >> CELL_SHIFT];
}

static inline void set_head(const char *p, slot_t slot)
{
	_mm_storeu_si128((__m128i *)shadow_of(p), _mm_set1_epi8(SHADOW_WRITTEN));
	race_four_set(writes_of(p), slot);
}

static inline void spill_head(struct row *row, const char *p)
{
	set_head(p, row->born == race_base ? row->slot : 0);
	row->spilled++;
}

static void spill(struct row *row, const char *p, const char *end)
{
	p = p < row->from ? row->from : p - (size_t)(p - row->from) % HEAD;
	if (end > row->to)
		end = row->to;
	for (; p < end; p += HEAD)
		if (*shadow_of(p) & SHADOW_ROW)
			spill_head(row, p);
}

void hook_row_spill_slow(const void *p, size_t n)
{
	const char *from = p, *end = from + n;

	for (unsigned int i = 0; i < hook_rows; i++)
		if (from < rows[i].to && end > rows[i].from)
			spill(&rows[i], from, end);
}

static bool is_past(const struct row *row)
{
	return !sched_current() || row->born != race_base ||
	       is_before(row->slot, race_clocks[sched_current_id()].tick);
}

bool hook_row_freed(const void *p, size_t len)
{
	const char *from = p, *end = from + len;
	bool all = false;

	hook_row = NULL;
	for (unsigned int i = 0; i < hook_rows; i++) {
		struct row *row = &rows[i];

		if (from >= row->to || end <= row->from)
			continue;
		all = from == row->from && end == row->to && !row->spilled &&
		      is_past(row);
		if (!all)
			spill(row, from, end);
		row->to = row->from;
	}
	return all;
}

/* ---- which heads are a row ---- */

void hook_row_reset(void)
{
	hook_row = NULL;
	hook_rows = 0;
}

static bool watched(const char *p)
{
	return (sched_hooks() & (DETECTORS | HOOK_PROOF)) == DETECTORS && shadow_has(p) &&
	       (uintptr_t)p - race_part_of((uintptr_t)p)->base <
		       race_part_of((uintptr_t)p)->len;
}

void hook_row_may_begin(const void *p, size_t len)
{
	hook_row = watched(p) ? HOOK_ROW_FRESH : NULL;
	open.from = p;
	open.end = open.from + len;
}

/* what is in the cells of a head that the current task writes now; 0: nothing is */
static slot_t slot_of(const struct sched_site *site)
{
	if (!sched_current())
		return 0;
	race_now(sched_current_id());
	if (!race_present[sched_current_id()])
		return 0;
	return race_present[sched_current_id()] | WRITE_BIT | BYTE_BITS |
	       race_number(race_place_of(NULL, site));
}

/* a row that is empty, for the one at @p */
static bool new_row(const char *p, const struct sched_site *site)
{
	const slot_t slot = slot_of(site);
	unsigned int i = 0;

	while (i < hook_rows && rows[i].from != rows[i].to)
		i++;
	if (i == ROWS || !slot)
		return false;
	if (i == hook_rows)
		hook_rows++;
	open.row = &rows[i];
	open.present = race_present[sched_current_id()];
	rows[i] = (struct row){ p, p, slot, race_base, 0 };
	return true;
}

/* an array of them: one that is somewhere in an object is alone, as a rule */
static bool begin_in_fresh(const char *p, const struct sched_site *site)
{
	const size_t room = (size_t)(open.end - p);

	if (hook_row != HOOK_ROW_FRESH || p != open.from || room < FEW * HEAD ||
	    !new_row(p, site))
		return false;
	open.end = p + room / HEAD * HEAD;
	hook_row = site;
	return true;
}

static inline bool head_is_fresh(const char *p)
{
	const struct range *r = race_part_of((uintptr_t)p);
	const size_t i = ((uintptr_t)p - r->base) >> CELL_SHIFT;

	return shadow_usable(p, 8) && shadow_usable(p + 8, 8) &&
	       race_four_fresh(&r->writes[i], &r->reads[i]);
}

/* the row goes on with @p, as was to be expected; with how many? */
static bool look_ahead(const char *p, const struct sched_site *site)
{
	const char *end = p;

	if (open.row == &expected && open.alone < FEW)
		return false;
	while (end < p + AHEAD * HEAD && head_is_fresh(end))
		end += HEAD;
	if (end == p || (open.row == &expected && !new_row(p, site)))
		return false;
	open.end = end;
	return true;
}

/* where nobody has been: as if it were spilled at once */
static bool fill(const char *p, const struct sched_site *site)
{
	const slot_t slot = head_is_fresh(p) ? slot_of(site) : 0;

	if (!slot)
		return false;
	set_head(p, slot);
	return true;
}

/* for itself, like any other access; @before: so many were, one behind the other */
static void alone(const char *p, const struct sched_site *site, unsigned int before)
{
	const bool whole = watched(p) && (uintptr_t)p % CELL_BYTES == 0;

	if (!whole || !fill(p, site))
		hook_access_slow(p, HEAD, HOOK_WRITE | HOOK_MARKED,
				 (struct hook_place){ NULL, site });
	hook_row = NULL;
	if (!whole)
		return;
	open.row = &expected;
	open.end = expected.to = p + HEAD;
	open.present = race_present[sched_current_id()];
	open.alone = before + 1;
	hook_row = site;
}

static inline bool goes_on(const char *p, const struct sched_site *site)
{
	return site == hook_row && p == open.row->to &&
	       race_present[sched_current_id()] == open.present;
}

static inline void add(const char *p)
{
	_mm_storeu_si128((__m128i *)shadow_of(p),
			 _mm_set1_epi8(SHADOW_WRITTEN | SHADOW_ROW));
	open.row->to = p + HEAD;
}

static __attribute__((noinline)) void closer_look(const char *p,
						  const struct sched_site *site)
{
	const bool next = goes_on(p, site);

	if (next ? look_ahead(p, site) : begin_in_fresh(p, site))
		add(p);
	else
		alone(p, site, next && open.row == &expected ? open.alone : 0);
}

void hook_two_pointers_slow(const void *p, const struct sched_site *site)
{
	if (likely(goes_on(p, site) && p != open.end))
		add(p);
	else
		closer_look(p, site);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happened before what: a vector clock for each task, and for each address
 * that an order goes through.
 */
#include <string.h>

#include "detect/race/cell.h"
#include "detect/race/earlier.h"
#include "detect/race/moved.h"
#include "detect/race/value.h"
#include "sched/checkpoint.h"
#include "sched/hash.h"

struct race_clock race_clocks[SCHED_MAX_TASKS + 1];
uint32_t race_base = 1; /* 0 is what cleared memory has */

uint64_t race_present[SCHED_MAX_TASKS + 1];
static uint8_t ignored[SCHED_MAX_TASKS]; /* how often a task has asked to look away */
static unsigned int used; /* tasks that took a step in this execution: ids below */

/* what the task's fences keep: read but not acquired, and what a write releases */
static struct race_clock pending[SCHED_MAX_TASKS];
static struct race_clock fenced[SCHED_MAX_TASKS];

/*
 * Clocks of addresses. When there is no row left, the last one is shared: that
 * orders too much, so it can hide a race but not invent one.
 */
#define OBJECTS 8192u /* a power of two */
#define ROWS	4096u

static struct object {
	uintptr_t addr;
	uint32_t born; /* race_base when it was; else it is of the past */
	uint32_t row;
} objects[OBJECTS];
static struct race_clock rows[ROWS];
static uintptr_t row_of[ROWS]; /* the address that each is of */
static unsigned int nr_rows;   /* ROWS: the last one is everybody's who has none */

/* ---- time ---- */

#define LAST_TICK 0x7f000000u /* the shadow compares them as signed */

static void start_anew(void)
{
	race_give_back();
	memset(race_clocks, 0, sizeof(race_clocks));
	memset(pending, 0, sizeof(pending));
	memset(fenced, 0, sizeof(fenced));
	memset(objects, 0, sizeof(objects));
	memset(rows, 0, sizeof(rows));
	race_base = 1;
}

void race_quiet_slow(void)
{
	uint32_t last = race_base + 1;

	for (unsigned int i = 0; i < used; i++) {
		if (race_clocks[i].tick[i] > last)
			last = race_clocks[i].tick[i];
		race_present[i] = 0;
	}
	race_base = last;
	used = 0;
	nr_rows = 0;
	race_overflow_reset();
	if (unlikely(race_base >= LAST_TICK))
		start_anew();
}

void race_skip(uint32_t ticks)
{
	race_base += ticks;
	memset(race_present, 0, sizeof(race_present));
}

void race_reset(void)
{
	memset(ignored, 0, sizeof(ignored));
	race_quiet_slow();
	race_forget_apart();
	race_report_reset();
	if (race_value_reset()) {
		race_forget_places();
		race_report_forget();
	}
	race_earlier_reset();
}

void race_enable(bool on)
{
	if (on)
		sched_set_hooks(sched_hooks() | RACE_WATCHES);
	else
		sched_set_hooks(sched_hooks() & ~RACE_WATCHES);
}

static inline void set_present(unsigned int task)
{
	race_present[task] =
		ignored[task] ? 0
			      : (uint64_t)race_clocks[task].tick[task] << 32 | task << 8;
}

void race_begin(unsigned int task)
{
	struct race_clock *clock = &race_clocks[task];

	if (task >= used)
		used = task + 1;
	for (unsigned int i = 0; i < SCHED_MAX_TASKS; i++)
		clock->tick[i] = race_base;
	clock->tick[task]++;
	set_present(task);
}

/* ---- clocks ---- */

/* in fours: what is behind the last task is stale, and copied for nothing */
static inline unsigned int width(void)
{
	return (sched_task_count() + 3) & ~3u;
}

static inline void join(struct race_clock *to, const struct race_clock *from)
{
	unsigned int n = width();

	for (unsigned int i = 0; i < n; i += 4)
		for (unsigned int k = i; k < i + 4; k++)
			to->tick[k] =
				to->tick[k] < from->tick[k] ? from->tick[k] : to->tick[k];
}

static inline void copy(struct race_clock *to, const struct race_clock *from)
{
	memcpy(to->tick, from->tick, width() * sizeof(to->tick[0]));
}

/* the current task, whose clock is running; NULL: the main context */
static inline struct race_clock *mine(void)
{
	if (unlikely(!sched_current()))
		return NULL;
	race_now(sched_current()->id);
	return &race_clocks[sched_current()->id];
}

static inline unsigned int task_of(const struct race_clock *clock)
{
	return (unsigned int)(clock - race_clocks);
}

/* ---- addresses ---- */

static inline struct object *slot_of(const volatile void *object)
{
	uintptr_t addr = (uintptr_t)object;
	/* neighbours stay together: few pages of the table are touched */
	uint32_t at = (uint32_t)(hash_word(addr >> 9) >> 40) + (addr >> 2) % 128;

	for (;; at++) {
		struct object *o = &objects[at % OBJECTS];

		if (o->addr == addr || o->born != race_base)
			return o;
	}
}

static inline struct race_clock *find(const volatile void *object)
{
	struct object *o = slot_of(object);

	if (o->born == race_base)
		return &rows[o->row];
	return unlikely(nr_rows == ROWS) ? &rows[ROWS - 1] : NULL;
}

/* @old: whether it had one */
static inline struct race_clock *get(const volatile void *object, bool *old)
{
	struct object *o = slot_of(object);

	*old = true;
	if (likely(o->born == race_base))
		return &rows[o->row];
	if (unlikely(nr_rows == ROWS))
		return &rows[ROWS - 1];
	*old = false;
	row_of[nr_rows] = (uintptr_t)object;
	*o = (struct object){ (uintptr_t)object, race_base, nr_rows++ };
	return &rows[o->row];
}

void race_alone_slow(void)
{
	struct race_clock *clock = mine();
	unsigned int me;

	if (!clock)
		return;
	me = task_of(clock);
	for (unsigned int i = 0; i < width() && i < SCHED_MAX_TASKS; i++)
		if (i != me)
			clock->tick[i] = race_base;
}

static inline void tick(struct race_clock *clock)
{
	unsigned int task = task_of(clock);

	clock->tick[task]++;
	set_present(task);
}

/* what a fence of this task kept, or NULL */
static inline const struct race_clock *fence_of(const struct race_clock *clock)
{
	unsigned int me = task_of(clock);

	return fenced[me].tick[me] > race_base ? &fenced[me] : NULL;
}

/* ---- orders ---- */

static inline void release(const volatile void *object, const struct race_clock *what)
{
	bool old;
	struct race_clock *to = get(object, &old);

	if (old)
		join(to, what);
	else
		copy(to, what);
}

void race_acquire_slow(const volatile void *object)
{
	const struct race_clock *from = find(object);
	struct race_clock *clock = mine();

	if (from && clock)
		join(clock, from);
}

void race_release_slow(const volatile void *object)
{
	struct race_clock *clock = mine();

	if (!clock)
		return;
	release(object, clock);
	tick(clock);
}

void race_store_release_slow(const volatile void *object)
{
	struct race_clock *clock = mine();
	bool old;

	if (!clock)
		return;
	copy(get(object, &old), clock);
	tick(clock);
}

void race_fence_acquire_slow(void)
{
	struct race_clock *clock = mine();

	if (clock)
		join(clock, &pending[task_of(clock)]);
}

void race_fence_release_slow(void)
{
	struct race_clock *clock = mine();

	if (!clock)
		return;
	copy(&fenced[task_of(clock)], clock);
	tick(clock);
}

void race_marked_read_slow(const volatile void *object)
{
	const struct race_clock *from = find(object), *clock = mine();

	if (from && clock)
		join(&pending[task_of(clock)], from);
}

/* who reads it sees what a fence kept, and nothing that was released there before */
void race_marked_write_slow(const volatile void *object)
{
	const struct race_clock *clock = mine(), *fence;
	struct race_clock *at;
	bool old;

	if (!clock)
		return;
	fence = fence_of(clock);
	if (fence) {
		copy(get(object, &old), fence);
		return;
	}
	at = find(object);
	if (at)
		memset(at->tick, 0, width() * sizeof(at->tick[0]));
}

/* the releases that came before stay: a release sequence goes through it */
void race_atomic_slow(const volatile void *object, enum race_order order)
{
	const struct race_clock *at = find(object), *fence;
	struct race_clock *clock = mine(), *kept;

	if (!clock)
		return;
	kept = &pending[task_of(clock)];
	if (order == RACE_FULL)
		join(clock, kept);
	if (at)
		join(order == RACE_ACQUIRE || order == RACE_FULL ? clock : kept, at);
	if (order == RACE_FULL) {
		release(object, clock);
		race_fence_release_slow();
	} else if (order == RACE_RELEASE) {
		release(object, clock);
		tick(clock);
	} else {
		fence = fence_of(clock);
		if (fence)
			release(object, fence);
	}
}

void race_ignore_slow(int by)
{
	if (!sched_current())
		return;
	race_now(sched_current()->id);
	ignored[sched_current()->id] += (uint8_t)by;
	set_present(sched_current()->id);
}

void race_task_slow(const struct sched_task *task)
{
	struct race_clock *clock = mine();

	if (!clock || task == sched_current())
		return;
	race_now(task->id);
	join(&race_clocks[task->id], clock);
	tick(clock);
}

/* ---- checkpoints ---- */

/* what is behind the last task is of the past in any case */
static void checkpoint_clock(struct checkpoint *c, struct race_clock *clock,
			     const struct race_move *m)
{
	const unsigned int n = width();

	checkpoint_bytes(c, clock, n * sizeof(clock->tick[0]));
	for (unsigned int i = 0; c->back && i < n; i++)
		clock->tick[i] = race_moved(clock->tick[i], m);
}

static void checkpoint_rows(struct checkpoint *c, const struct race_move *m)
{
	unsigned int nr = nr_rows;

	checkpoint_value(c, nr);
	nr_rows = nr;
	checkpoint_bytes(c, row_of, nr * sizeof(row_of[0]));
	for (unsigned int i = 0; i < nr; i++) {
		checkpoint_clock(c, &rows[i], m);
		if (c->back)
			*slot_of((const void *)row_of[i]) =
				(struct object){ row_of[i], race_base, i };
	}
}

void race_order_checkpoint(struct checkpoint *c, const struct race_move *m)
{
	checkpoint_value(c, used);
	checkpoint_bytes(c, ignored, used);
	checkpoint_bytes(c, race_present, used * sizeof(race_present[0]));
	for (unsigned int i = 0; i < used; i++) {
		if (c->back)
			race_present[i] = race_moved_slot(race_present[i], m);
		checkpoint_clock(c, &race_clocks[i], m);
		checkpoint_clock(c, &pending[i], m);
		checkpoint_clock(c, &fenced[i], m);
	}
	checkpoint_rows(c, m);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticks of a checkpoint, moved into the present. For sim/detect/race alone.
 */
#ifndef DETECT_RACE_MOVED_H
#define DETECT_RACE_MOVED_H

#include "detect/race/cell.h"

struct checkpoint;

/**
 * struct race_move - how ticks of a checkpoint are moved
 * @base: race_base of then: ticks up to it are of the past, and stay so
 * @by: what is added to the others
 */
struct race_move {
	uint32_t base, by;
};

static inline uint32_t race_moved(uint32_t tick, const struct race_move *m)
{
	return tick > m->base ? tick + m->by : tick;
}

static inline race_slot race_moved_slot(race_slot s, const struct race_move *m)
{
	return race_slot_tick(s) > m->base ? s + ((race_slot)m->by << 32) : s;
}

/* the parts of race_checkpoint(), each in the file of what it is of */
void race_order_checkpoint(struct checkpoint *c, const struct race_move *m);
void race_overflow_checkpoint(struct checkpoint *c, const struct race_move *m);
void race_value_checkpoint(struct checkpoint *c, const struct race_move *m);
void race_report_checkpoint(struct checkpoint *c);
void race_earlier_checkpoint(struct checkpoint *c);

/**
 * race_each_used() - call @fn with each part of watched memory that tasks may have
 * accessed in this execution
 */
void race_each_used(void (*fn)(const struct race_range *r, uintptr_t from, uintptr_t to,
			       void *arg),
		    void *arg);

#endif /* DETECT_RACE_MOVED_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stack of the earlier access of a race: when the race is found, that is long gone.
 * So the execution is played once more, and the stack taken when the access is made.
 */
#ifndef DETECT_RACE_EARLIER_H
#define DETECT_RACE_EARLIER_H

#include "detect/race/cell.h"

/** race_earlier_on - this execution is played for the stacks of the one before */
extern bool race_earlier_on;

/** race_earlier_reset() - a new execution */
void race_earlier_reset(void);

/** race_earlier_access() - of a place that is marked as %RACE_PLACE_STACK, perhaps */
void race_earlier_access(uintptr_t addr, size_t len, race_place place);

/** race_earlier_found() - the last report is of a race of the byte @object */
void race_earlier_found(const void *object, const struct race_side *before);

#endif /* DETECT_RACE_EARLIER_H */

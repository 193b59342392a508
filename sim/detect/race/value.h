/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the writes of a race change the value, for known reports that ask for it.
 */
#ifndef DETECT_RACE_VALUE_H
#define DETECT_RACE_VALUE_H

#include "detect/race/cell.h"
#include "detect/report.h"

/** race_value_asked - whether an entry asks for values at all */
extern bool race_value_asked;

/**
 * race_value_reset() - a new execution
 *
 * Return: whether other entries count since the last one: places have to be asked for
 * anew.
 */
bool race_value_reset(void);

/** race_value_is_asked() - whether an entry asks for what is written at @place */
bool race_value_is_asked(race_place place);

/** race_value_write() - the current task is about to write @len bytes, at most 8 */
void race_value_write(uintptr_t addr, size_t len, race_place place);

/** race_value_written() - the write was looked at; it is made now */
void race_value_written(void);

/**
 * race_value() - what the writes of a race of the byte @object do
 * @now: the access that is being looked at; else all as in race_found()
 */
enum report_value race_value(const void *object, const struct race_side *before,
			     const struct race_side *now);

/** race_value_say() - race_value() to report_value(), with the bytes of the write */
void race_value_say(enum report_value value);

#endif /* DETECT_RACE_VALUE_H */

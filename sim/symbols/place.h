/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code addresses as places in the source. Slow: asked only for what is shown.
 */
#ifndef SYMBOLS_PLACE_H
#define SYMBOLS_PLACE_H

#include "sched/site.h"

/**
 * place_of() - the place that a call returns to
 * @pc: return address, as __builtin_return_address() has it
 *
 * Files are named as __FILE__ names them: relative to our own folder, or to the one
 * that the compiler ran in. The function is that in whose source the line is, also where
 * it was inlined. The same for gcc and clang as far as their debug information agrees.
 *
 * Return: a constant, one for each place; "?" for code without a map. Never NULL.
 */
const struct sched_site *place_of(const void *pc);

/**
 * place_of_subject() - of place_of() and what that was inlined into, the innermost place
 * that is no helper from a header [list_del(), atomic_inc()]
 *
 * Return: as place_of(); the same if all are helpers.
 */
const struct sched_site *place_of_subject(const void *pc);

/**
 * place_each() - call @fn with place_of(@pc), then with each place that it was inlined
 * into: constants, too
 */
void place_each(const void *pc, void (*fn)(const struct sched_site *place, void *arg),
		void *arg);

/**
 * place_forget() - code is about to be unloaded: forget its places
 *
 * Places that place_of() returned are gone with it.
 */
void place_forget(void);

#endif /* SYMBOLS_PLACE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An address space, for the files of the runtime that look into it.
 */
#ifndef RUNTIME_MM_I_H
#define RUNTIME_MM_I_H

#include "shim/arena.h"

struct sched_site;

/*
 * struct shim_mm - an address space
 * @first, @end: pages that were ever mapped here
 * @locked: pages accounted to RLIMIT_MEMLOCK; @memlock: the limit
 * @grabs: references that mmgrab() took; those of its users are not counted
 * @accounted_at, @grabbed_at, @dropped_at: where that was done last
 * @prot: SHIM_PROT_* of each page. Its address stands in sched_touch() for which are
 *	mapped
 */
struct shim_mm {
	unsigned long first, end;
	unsigned long locked, memlock;
	int grabs;
	const struct sched_site *accounted_at, *grabbed_at, *dropped_at;
	unsigned char prot[ARENA_USER_NR];
};

/* shim_mm_number() - the @nr-th address space, or NULL */
const struct shim_mm *shim_mm_number(unsigned int nr);

#endif /* RUNTIME_MM_I_H */

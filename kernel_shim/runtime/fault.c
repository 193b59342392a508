// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection by call number. Model of what the kernel's fault-injection
 * does with "times=1" (failslab, fail_usercopy), without its dice.
 */
#include <string.h>

#include "shim/fault.h"

static struct fault {
	unsigned int count; /* calls so far */
	unsigned int left;  /* calls until the one that fails; 0: none */
	int fired;
} faults[FAULT_NR];

void fault_nth(enum fault_kind kind, unsigned int nth)
{
	faults[kind].left = nth;
	faults[kind].fired = 0;
}

unsigned int fault_count(enum fault_kind kind)
{
	return faults[kind].count;
}

int fault_hit(enum fault_kind kind)
{
	struct fault *f = &faults[kind];

	f->count++;
	if (!f->left || --f->left)
		return 0;
	f->fired = 1;
	return 1;
}

int fault_fired(enum fault_kind kind)
{
	return faults[kind].fired;
}

void fault_reset(void)
{
	memset(faults, 0, sizeof(faults));
}

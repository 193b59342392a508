// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection by call number. Model of what the kernel's fault-injection
 * does with "times=1" (failslab, fail_usercopy), without its dice.
 */
#include <string.h>

#include "sched/checkpoint.h"
#include "shim/fault.h"

struct fault fault_kinds[FAULT_NR];
void (*fault_watcher)(enum fault_kind kind, bool hit);

void fault_watch(void (*fn)(enum fault_kind kind, bool hit))
{
	fault_watcher = fn;
}

void fault_nth(enum fault_kind kind, unsigned int nth)
{
	fault_kinds[kind].left = nth;
	fault_kinds[kind].fired = 0;
}

unsigned int fault_count(enum fault_kind kind)
{
	return fault_kinds[kind].count;
}

/* a failure is armed */
int fault_is_this_one(enum fault_kind kind)
{
	struct fault *f = &fault_kinds[kind];

	if (--f->left)
		return 0;
	f->fired = 1;
	return 1;
}

int fault_fired(enum fault_kind kind)
{
	return fault_kinds[kind].fired;
}

int fault_any_fired(void)
{
	for (unsigned int kind = 0; kind < FAULT_NR; kind++)
		if (fault_kinds[kind].fired)
			return 1;
	return 0;
}

void fault_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, fault_kinds);
	checkpoint_value(c, fault_watcher);
}

void fault_reset(void)
{
	memset(fault_kinds, 0, sizeof(fault_kinds));
}

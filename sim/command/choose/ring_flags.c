// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads --ring-flags.
 */
#include "command/choose/ring_flags.h"

#include <stdlib.h>

#include "program/program.h"
#include "text/text.h"
#include "world/world.h"

static const char *given;

void read_ring_flags(const char *list)
{
	unsigned int flags;
	const char *wrong;

	if (!text_ring_flags_of(list, &flags, &wrong)) {
		if (wrong) {
			complain("--ring-flags %s: %s", list, wrong);
			exit(STATUS_USAGE);
		}
		complain("--ring-flags takes a list of submit-all, single-issuer, "
			 "defer-taskrun, coop-taskrun, taskrun-flag, cqsize, "
			 "fixed-file, sqpoll and mixed-sqes, not %s",
			 list);
		exit(STATUS_USAGE);
	}
	given = list;
	world_adds_ring_flags(flags);
}

const char *ring_flags_given(void)
{
	return given;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a checkpoint is of: everything that an execution changes, in the one right order.
 */
#include "engine/checkpoints.h"

#include "engine/player.h"
#include "sched/checkpoint.h"
#include "search/search.h"
#include "shim/cover.h"
#include "shim/shim.h"
#include "symbols/stacks.h"
#include "text/text.h"
#include "world/world.h"

static bool off;
static const struct text *played; /* NULL: a scenario in C */

void checkpoints_off(void)
{
	off = true;
}

static void visit(struct checkpoint *c)
{
	shim_checkpoint(c);
	world_checkpoint(c);
	if (played)
		text_checkpoint(c, played);
	search_checkpoint(c);
}

void checkpoints_begin(const struct player *p)
{
	checkpoint_end();
	if (off || !p->subject || !p->driver->checkpoint || stacks_on ||
	    world_is_noted() || cover_wanted)
		return;
	played = p->scenario->text;
	checkpoint_begin(visit);
}

void checkpoints_end(void)
{
	checkpoint_end();
}

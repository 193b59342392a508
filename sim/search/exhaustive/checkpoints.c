// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checkpoints along the path. An execution repeats the choices of the last one up to the
 * one that is changed, which is a late one most of the time: three quarters of all steps
 * of a search are such repetitions. So while a path is repeated a checkpoint is taken
 * half-way between the last one and the choice that is changed. Those behind a choice
 * that is changed are dropped. Where the search stays in a part of the tree they get
 * closer to it, a half each time.
 *
 * What is explored, and in which order, is the same without them.
 */
#include "sched/checkpoint.h"
#include "search/exhaustive/path.h"

/* steps that a checkpoint has to save: fewer take less than to put it back */
#define WORTH 16u

/*
 * @depth: choices that had been made at each; the first is that of the beginning, and not
 *	the search's own
 * @most: how many there is room for, as far as is known
 * @next: a checkpoint is due before the choice of this number; 0: none is
 */
static struct {
	unsigned int depth[CHECKPOINTS_MAX];
	unsigned int most, next;
} along;

void path_checkpoints_begin(void)
{
	along.most = CHECKPOINTS_MAX;
}

void path_checkpoints_next(void)
{
	const unsigned int changed = path.prefix ? path.prefix - 1 : 0;
	unsigned int nr = checkpoint_nr(), last;

	along.next = 0;
	while (nr > 1 && along.depth[nr - 1] > changed)
		nr--;
	checkpoint_drop(nr);
	if (!nr || nr >= along.most)
		return;
	last = nr > 1 ? along.depth[nr - 1] : 0;
	if ((changed - last) / 2 >= WORTH)
		along.next = last + (changed - last) / 2;
}

static void take(void)
{
	const unsigned int nr = checkpoint_nr();

	if (checkpoint_take())
		along.depth[nr] = path.depth;
	else
		along.most = nr;
}

void path_checkpoints_look(void)
{
	/* the main context cannot be parked: where no task can run there is none */
	if (!along.next || path.depth < along.next || !sched_current())
		return;
	along.next = 0;
	if (path.depth < path.prefix)
		sched_park(take);
}

/* of the step that is being done what it has touched so far; the others are over */
static void checkpoint_current(struct checkpoint *c)
{
	struct step *s;

	if (path.current < 0)
		return;
	s = &path.at[path.current];
	checkpoint_value(c, s->touched);
	checkpoint_value(c, s->nr_released);
	checkpoint_value(c, s->released);
}

void path_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, path.depth);
	checkpoint_value(c, path.current);
	checkpoint_value(c, path.tasks);
	checkpoint_value(c, path.runnable);
	checkpoint_bytes(c, path.state, path.tasks * sizeof(path.state[0]));
	checkpoint_current(c);
}

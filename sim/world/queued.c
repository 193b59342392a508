// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes what is queued, and which job of the scenario's own did so.
 */
#include "world/queued.h"

#include "world/world_i.h"

bool queued_on;

static struct {
	void (*note)(const struct queued *q);
	bool lost;
	unsigned int nr;
	int by;
	struct queued list[QUEUED_MAX];
} q;

void queued_watch(void (*note)(const struct queued *q))
{
	q.note = note;
	queued_on = false;
}

const struct queued *queued_nr(unsigned int nr)
{
	return nr < q.nr ? &q.list[nr] : NULL;
}

bool queued_lost(void)
{
	return q.lost;
}

void queued_world_opens(void)
{
	queued_on = q.note;
	q.nr = 0;
	q.by = -1;
	q.lost = false;
}

void queued_world_closes(void)
{
	queued_on = false;
}

void queued_note(enum queued_what what, struct actor *a, unsigned int kind, void *arg)
{
	struct queued *new = &q.list[q.nr];

	if (q.nr == QUEUED_MAX) {
		q.lost = true;
		return;
	}
	*new = (struct queued){
		.what = what, .actor = a, .kind = kind, .nr = q.nr, .arg = arg, .by = q.by
	};
	q.nr++;
	q.note(new);
}

/* Jobs of an actor run in the order in which they were queued: the first that did not. */
void queued_begins(const struct actor *a, unsigned int kind)
{
	for (unsigned int i = 0; kind == STEP_OWN && i < q.nr; i++) {
		struct queued *one = &q.list[i];

		if (one->what != QUEUED_JOB || one->kind != STEP_OWN || one->ran ||
		    one->actor != a)
			continue;
		one->ran = true;
		q.by = (int)i;
		return;
	}
}

/* A function of the scenario's does not block: no other runs before it has returned. */
void queued_ends(void)
{
	q.by = -1;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A failure's program made small: as long as some order of the smaller one fails in the
 * same way.
 */
#include <string.h>

#include "fuzz/worker.h"
#include "world/world.h"

#define TRIES	   300	 /* orders that are tried of the program as it was found */
#define TRIES_MOST 600	 /* and of a smaller one */
#define MOST	   20000 /* executions for one failure */
#define FIRST	   10000 /* of one that came at once */
#define SHARE	   8	 /* of all that came before it, one in so many besides */

/* struct failing - what is to come again, within @tries orders; @left: executions */
struct failing {
	struct fuzzing *f;
	const char *group;
	uint64_t seed;
	unsigned int tries, left;
};

static const struct report *comes(const char *group)
{
	const struct report *r;

	for (size_t i = 0; (r = report_get(i)); i++)
		if (!strcmp(r->group, group))
			return r;
	return NULL;
}

/* an endless loop takes as long as many executions */
static void spend(struct failing *c)
{
	unsigned int cost = c->f->trial.endless ? MOST / 50 : 1;

	c->left -= cost < c->left ? cost : c->left;
}

static bool still_fails(void *arg, const struct program *p)
{
	struct failing *c = arg;
	char err[256];

	if (!p->nr_lines || time_is_over(c->f) ||
	    !trial_load(&c->f->trial, p, err, sizeof(err)))
		return false;
	c->f->trial.seed = c->seed;
	for (unsigned int i = 0; i < c->tries && c->left; i++) {
		struct trial_nth nth = trial_nth(&c->f->trial, i);

		bool counts = trial_play(&c->f->trial, &nth);

		spend(c);
		if (!counts || c->f->shared->stop)
			return false;
		if (comes(c->group))
			return true;
	}
	return false;
}

/* Return: orders that are likely to have one that fails; 0: the failure does not come */
static unsigned int how_many(struct failing *c, const struct failure *failure)
{
	unsigned int failed = 0, at = 0, i;

	for (i = 0; i < TRIES && failed < 4 && c->left; i++) {
		struct trial_nth nth = trial_nth(&c->f->trial, i);
		bool counts = trial_play(&c->f->trial, &nth);

		spend(c);
		if (!counts || !comes(c->group))
			continue;
		failed++;
		at = i + 1;
	}
	if (!failed)
		return failure->nth.index ? TRIES_MOST : TRIES;
	i = 8 * at / failed;
	return i < 16 ? 16 : i > TRIES_MOST ? TRIES_MOST : i;
}

static bool plays_again(struct fuzzing *f, const struct failure *failure)
{
	char err[256];

	if (!trial_load(&f->trial, &failure->program, err, sizeof(err)))
		return false;
	f->trial.seed = failure->seed;
	trial_play(&f->trial, &failure->nth);
	return comes(failure->report.group);
}

/* of some executions that fail, the one with the fewest switches */
static bool keep_best(struct fuzzing *f, const struct failure *failure,
		      const struct failing *c, struct found *found)
{
	static struct found other;
	bool any = false;

	for (unsigned int i = 0; i < 2 * c->tries && !(any && f->trial.endless); i++) {
		struct trial_nth nth = trial_nth(&f->trial, i);
		const struct report *r;

		if (!trial_play(&f->trial, &nth))
			continue;
		r = comes(c->group);
		if (!r)
			continue;
		trial_keep(&f->trial, r, i, any ? &other : found);
		if (any && !other.lost && (found->lost || other.nr < found->nr))
			memcpy(found, &other, sizeof(other));
		any = true;
	}
	if (!any && plays_again(f, failure)) {
		trial_keep(&f->trial, comes(c->group), 0, found);
		any = true;
	}
	return any;
}

/* Most failures come at the beginning: to make them small must not take most of the time
 */
static unsigned int budget(const struct failure *failure)
{
	uint64_t most = FIRST + failure->executions / SHARE;

	return most < MOST ? (unsigned int)most : MOST;
}

static bool make_smaller(struct fuzzing *f, struct failure *failure, struct found *found)
{
	struct failing c = { f, failure->report.group, failure->seed, 0,
			     budget(failure) };
	char err[256];

	if (!plays_again(f, failure))
		return false;
	c.tries = how_many(&c, failure);
	each_less(&f->vocabulary, &failure->program, still_fails, &c);
	if (!trial_load(&f->trial, &failure->program, err, sizeof(err)))
		return false;
	f->trial.seed = failure->seed;
	return keep_best(f, failure, &c, found);
}

bool failure_shrink(struct fuzzing *f, struct failure *failure, struct found *found)
{
	bool made;

	difference_look_freely(true);
	made = make_smaller(f, failure, found);
	difference_look_freely(false);
	return made;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that do not return within the request time-out.
 *
 * A kernel may look at the first request of each list alone, as Linux does: one that is
 * behind a later one there is seen when that one has gone. Such a call is told as another
 * kind, so that it can be known of a tree that does so.
 */
#include "detect/report.h"
#include "fuse/rules/place.h"
#include "shim/work.h"

#define TIMEOUT_PERIOD 15u /* seconds: FUSE_TIMEOUT_TIMER_FREQ */

/* within that much more it is ended; a second more, as both begin in the middle of one */
static bool is_over(unsigned long since, unsigned long now, unsigned int seconds)
{
	return now - since > (seconds + TIMEOUT_PERIOD + 1ul) * SHIM_HZ;
}

/* It is seen by the work that comes next after the one before it has gone. */
static bool was_behind(struct call *c, const struct place *p, unsigned long now)
{
	if (c->behind)
		c->behind_until = now;
	c->behind = p && place_is_behind(p);
	return c->behind || (c->behind_until && !is_over(c->behind_until, now, 0));
}

/* Of two alike that a task has in the background, either one's request was seen. */
static bool has_twin(const struct fuse *f, const struct call *c)
{
	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *x = &f->calls[i];

		if (x != c && x->started && x->background && x->actor == c->actor &&
		    x->opcode == c->opcode && x->req.nodeid == c->req.nodeid)
			return true;
	}
	return false;
}

/*
 * What ends it should have met it where it was until its time was over. By the time that
 * this is told, work that was held up has run, and the request may be elsewhere.
 */
static const char *object_of(const struct fuse *f, const struct call *c, char *text,
			     size_t len)
{
	if (!c->was_in)
		return place_object(f, c, text, len);
	snprintf(text, len, "call of an entry that is %s", list_names[c->was_in - 1]);
	return text;
}

static void note_place(const struct world *w, struct call *c, const struct place *p,
		       unsigned int seconds)
{
	if (!is_over(c->seen_at, world_time(w) + 1, seconds))
		c->was_in = p->ent ? (uint8_t)(p->ent->list + 1) : 0;
}

static void note_time(struct world *w, struct call *c)
{
	const struct fuse *f = fuse_of(w);
	unsigned int seconds = f->config.request_timeout > TIMEOUT_PERIOD
				       ? f->config.request_timeout
				       : TIMEOUT_PERIOD;
	/* what looks for them is a work item; 0: not seen yet */
	unsigned long now = world_time(w) - shim_work_held_up() + 1;
	char object[64];
	struct place p;
	bool found = place_find(f, c, &p), behind = was_behind(c, found ? &p : NULL, now);

	/* a long READ or WRITE is several requests, one after the other */
	if (found && p.req->unique != c->seen_unique) {
		c->seen_unique = p.req->unique;
		c->seen_at = now;
	}
	if (found)
		note_place(w, c, &p, seconds);
	/* root wants none in the background: the one that was seen was an earlier call's
	 */
	if (!found && c->background && (f->no_background || has_twin(f, c)))
		return;
	if (!c->seen_at || !is_over(c->seen_at, now, seconds))
		return;
	if (c->late || (behind && c->late_behind))
		return;
	c->late = !behind;
	c->late_behind = true;
	rule_is_about(INV_TIMEOUT,
		      behind ? "call behind a later one"
			     : object_of(f, c, object, sizeof(object)),
		      NULL);
	report(REPORT_PROGRESS, c->actor->task->fiber->blocked_at,
	       "%s of inode %llu by %s is under way for %lu seconds, the time-out is "
	       "%u%s",
	       opcode_words(c->opcode), (unsigned long long)c->req.nodeid, c->actor->name,
	       (now - c->seen_at) / SHIM_HZ, seconds,
	       behind ? "; a later request is before it" : "");
}

void check_timeouts(struct world *w)
{
	struct fuse *f = fuse_of(w);

	if (!f->config.request_timeout || !f->fm)
		return;
	places_look(f);
	for (unsigned int i = 0; i < f->nr_calls; i++)
		if (call_is_under_way(&f->calls[i]))
			note_time(w, &f->calls[i]);
}

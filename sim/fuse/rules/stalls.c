// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that do not return, while no task can run although a thread of the server waits
 * for requests to serve.
 *
 * A call may wait for ever where the server does not answer: nobody serves, or what
 * serves has been given no entry, or a scenario took the request and keeps it. What is
 * left is the kernel's doing: the request is on its way to a thread that waits for it, or
 * it is nowhere any more.
 */
#include <errno.h>
#include <stdio.h>

#include "detect/report.h"
#include "fuse/rules/place.h"
#include "shim/work.h"

/* ---- a server that serves ---- */

/* on a ring on which it can: not if that had an sq thread which is gone */
static bool serves(struct world *w, unsigned int i)
{
	struct actor *a = &w->actors[i];

	return fuse_of(w)->serving >> i & 1 && !actor_leaves(a) && server_ring(a) &&
	       !uring_sq_gone(server_ring(a));
}

static struct actor *who_serves(struct world *w)
{
	for (unsigned int i = 0; i < w->nr_actors; i++)
		if (serves(w, i))
			return &w->actors[i];
	return NULL;
}

static bool was_refused(const struct fuse_command *c)
{
	return c->pub.completed && c->pub.res < 0;
}

/*
 * The entry is none of its: not made by it, or a thread has answered before. An answer
 * that is not supported was for the entry, which stays as it was, and the request too.
 */
static bool is_none_of_its(const struct fuse_command *c)
{
	return was_refused(c) &&
	       (c->pub.cmd_op == CMD_REGISTER || c->raw || c->pub.res != -EOPNOTSUPP);
}

/* the command that was issued last for the entry with that header slot */
static const struct fuse_command *
command_of(const struct fuse *f, const struct queue_view *v, const struct ent_view *e)
{
	const struct fuse_command *reg = NULL, *last = NULL;

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct fuse_command *c = &f->commands[i];
		uintptr_t slot = (uintptr_t)c->reg.headers;

		if (c->pub.cmd_op != CMD_REGISTER || c->pub.qid != v->qid ||
		    !c->pub.issued || was_refused(c))
			continue;
		if (c->reg.flags & REGISTER_BUFRING)
			slot += c->pub.ent * sizeof(struct abi_headers);
		if (slot == e->headers)
			reg = c;
	}
	for (unsigned int i = 0; reg && i < f->nr_commands; i++) {
		const struct fuse_command *c = &f->commands[i];

		if (c->pub.issued && c->pub.qid == v->qid && c->pub.ent == reg->pub.ent &&
		    c->pub.parks && !is_none_of_its(c))
			last = c;
	}
	return last;
}

/* a scenario's own thread has it, and may keep it */
static bool was_taken(const struct fuse *f, uint64_t unique)
{
	for (unsigned int i = 0; i < f->nr_deliveries; i++)
		if (f->deliveries[i].arrived &&
		    number_of(f->deliveries[i].unique) == number_of(unique))
			return true;
	return false;
}

/* two entries that the server gave the same memory: one overwrites what the other says */
static bool shares_memory(const struct fuse *f, const struct place *p)
{
	const struct ent_seen *s = ent_seen(p->q, p->ent->addr);

	/* ... or there are more of them than are remembered, and another one has it */
	return !s || s->shared ||
	       (gives_too_many(p->q) && given_twice(f, p->view->qid, p->ent->headers));
}

/* of a queue that the server meant otherwise, it knows other memory than the kernel has
 */
static bool looks_in_other_memory(struct world *w, const struct fuse_command *c,
				  const struct ent_view *e)
{
	return fuse_of(w)->config.payload != PAYLOAD_BUFRING &&
	       (uintptr_t)queue_mem(w, c->pub.qid)->ents[c->pub.ent].headers !=
		       e->headers;
}

/* a thread that serves with the ring that @t submitted on; NULL: there is none */
static const struct actor *serves_for(struct world *w, struct actor *t)
{
	for (unsigned int i = 0; i < w->nr_actors; i++) {
		struct actor *a = &w->actors[i];

		if (serves(w, i) && ring_holder(a) == ring_holder(t))
			return a;
	}
	return NULL;
}

/*
 * The thread that waits for it, and does not get it; NULL: none has to. If the ring has
 * left an SQE of a thread that it refused, each later call submits the one before, and
 * the last answer is on its way for ever. Of threads that share a ring, one that submits
 * may be the one that sees the completion, while another one waits for it.
 * @refused: set: it has answered, and the kernel refused that
 */
static const struct actor *server_of(struct world *w, const struct place *p,
				     bool *refused)
{
	const struct fuse *f = fuse_of(w);
	const struct queue_view *v = p->view;
	const struct fuse_command *c = command_of(f, v, p->ent);

	*refused = c && c->pub.cmd_op == CMD_COMMIT_AND_FETCH && c->pub.completed &&
		   c->pub.res == -EOPNOTSUPP;

	if (!c || f->dev_closed || was_taken(f, p->req->unique) || shares_memory(f, p) ||
	    !command_can_complete((const struct command *)&c->pub) ||
	    uring_sq_left(server_ring(c->pub.actor)) || f->same_number ||
	    command_is_kept((const struct command *)&c->pub) ||
	    looks_elsewhere(f, v->qid) || slot_is_overwritten(f, v->qid) ||
	    looks_in_other_memory(w, c, p->ent))
		return NULL;
	return serves_for(w, c->pub.actor);
}

static unsigned int calls_of(const struct fuse *f, const struct actor *a)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_calls; i++)
		n += f->calls[i].actor == a && call_is_under_way(&f->calls[i]);
	return n;
}

static unsigned int on_an_entry(struct world *w, const struct call *c,
				const struct place *p)
{
	bool refused;
	const struct actor *t = server_of(w, p, &refused);
	char req[80];

	if (!t)
		return 0;
	p->q->site = c->actor->task->fiber->blocked_at;
	if (refused)
		return broken(p->q, INV_STALLED, "call whose answer is refused",
			      p->req->unique,
			      "%s is not answered: %s did, and was told EOPNOTSUPP",
			      request_words(w, p->req, req, sizeof(req)), t->name);
	return broken(p->q, INV_STALLED, "call", p->req->unique,
		      "%s is not answered: entry %u, which has it, is %s, and %s waits "
		      "for "
		      "requests",
		      request_words(w, p->req, req, sizeof(req)), ent_name(p->q, p->ent),
		      list_names[p->ent->list], t->name);
}

/* what was seen on the ring of its client may have been that one's */
static bool began_another(const struct fuse *f, const struct call *c)
{
	for (const struct call *later = c + 1; later < f->calls + f->nr_calls; later++)
		if (later->actor == c->actor && later->started)
			return true;
	return false;
}

static unsigned int on_none(struct world *w, struct call *c, const struct actor *serves)
{
	const struct fuse *f = fuse_of(w);
	unsigned int client = steps_actor(c->actor);

	if (!(f->on_ring >> client & 1) || calls_of(f, c->actor) != 1 ||
	    began_another(f, c) || places_are_more(f))
		return 0;
	rule_is_about(INV_STALLED, "lost call", NULL);
	report(REPORT_PROGRESS, c->actor->task->fiber->blocked_at,
	       "%s of inode %llu by %s is not answered: its request was on the ring and "
	       "is "
	       "nowhere now, and %s waits for requests",
	       opcode_words(c->opcode), (unsigned long long)c->req.nodeid, c->actor->name,
	       serves->name);
	return 1;
}

/* ---- after an abort ---- */

/* An abort ends all requests, wherever they are: that is what it is for. */
static unsigned int outlives_abort(struct world *w, const struct call *c)
{
	const struct sched_site *at = c->actor->task->fiber->blocked_at;
	char object[64], where[80] = "";
	struct place p;

	if (place_find(fuse_of(w), c, &p) && p.ent)
		snprintf(where, sizeof(where), ": entry %u, which has it, is %s",
			 ent_name(p.q, p.ent), list_names[p.ent->list]);
	rule_is_about(INV_ABORTED, place_object(fuse_of(w), c, object, sizeof(object)),
		      at);
	return report(REPORT_PROGRESS, at,
		      "%s of inode %llu by %s outlives the abort of the connection%s",
		      opcode_words(c->opcode), (unsigned long long)c->req.nodeid,
		      c->actor->name, where);
}

static unsigned int calls_after_abort(struct world *w)
{
	struct fuse *f = fuse_of(w);
	unsigned int n = 0;

	places_look(f);
	for (unsigned int i = 0; i < f->nr_calls; i++) {
		/* ... but one that waits as root wants none in the background */
		if (f->calls[i].background && f->no_background)
			continue;
		if (call_is_under_way(&f->calls[i]))
			n += outlives_abort(w, &f->calls[i]);
	}
	return n;
}

/* commands that no thread has seen complete, of those that submit on the ring of @t */
static unsigned int parked_with(const struct fuse *f, struct actor *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct submit *s = &f->commands[i].pub;

		n += s->issued && !s->completed &&
		     ring_holder(s->actor) == ring_holder(t);
	}
	return n;
}

/*
 * It completes all commands but those of entries that the server has, which have
 * completed. The thread has to wait for completions: it runs what task work there is. A
 * ring that was closed in between took its commands along, and one that refused SQEs of
 * another thread has not taken them all.
 */
static bool is_parked(struct world *w, const struct submit *s)
{
	const struct fuse *f = fuse_of(w);

	return s->parks && s->issued && !s->completed && !s->actor->forked &&
	       serves_for(w, s->actor) && !uring_sq_left(server_ring(s->actor)) &&
	       parked_with(f, s->actor) == ring_holder(s->actor)->outstanding;
}

static unsigned int commands_after_abort(struct world *w)
{
	const struct fuse *f = fuse_of(w);
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_commands && !f->dev_closed; i++) {
		const struct submit *s = &f->commands[i].pub;
		const bool registers = s->cmd_op == CMD_REGISTER;

		if (!is_parked(w, s))
			continue;
		rule_is_about(INV_PARKED, registers ? "REGISTER" : "COMMIT_AND_FETCH",
			      NULL);
		n += report(REPORT_PROGRESS, NULL,
			    "a %s of entry %u on queue %u, by %s, outlives the abort of "
			    "the connection",
			    registers ? "REGISTER" : "COMMIT_AND_FETCH", s->ent, s->qid,
			    s->actor->name);
	}
	return n;
}

/* It would have been refused at once: one that stays is taken. */
static void commands_that_stay(struct world *w)
{
	const struct fuse *f = fuse_of(w);

	for (unsigned int i = 0; i < f->nr_commands && !f->dev_closed; i++)
		if (is_parked(w, &f->commands[i].pub))
			check_index(w, &f->commands[i].pub);
}

/* ---- killed clients ---- */

/*
 * A request that no server has is taken back when its client is killed, unless it is
 * forced, as a FLUSH is: that one is waited for.
 */
static unsigned int killed_and_waiting(struct world *w)
{
	struct fuse *f = fuse_of(w);
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *c = &f->calls[i];
		struct place p;

		/* what is in the background nobody waits for */
		if (!call_is_under_way(c) || c->background || c->req.force ||
		    !shim_fatal_signal_pending(c->actor->task) || !place_find(f, c, &p) ||
		    p.ent || p.background)
			continue;
		p.q->site = c->actor->task->fiber->blocked_at;
		n += broken(
			p.q, INV_STALLED, "call of a killed client", p.req->unique,
			"%s of inode %llu by %s waits on the queue, and %s was killed",
			opcode_words(c->opcode), (unsigned long long)c->req.nodeid,
			c->actor->name, c->actor->name);
	}
	return n;
}

/* A mount waits for FUSE_INIT if that is synchronous: not when its task is killed. */
static unsigned int killed_mounts(struct world *w)
{
	struct fuse *f = fuse_of(w);
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *c = &f->calls[i];
		const struct sched_site *at = c->actor->task->fiber->blocked_at;

		if (c->opcode != OP_INIT || !call_is_under_way(c) ||
		    !shim_fatal_signal_pending(c->actor->task))
			continue;
		rule_is_about(INV_STALLED, "mount of a killed task", at);
		n += report(
			REPORT_PROGRESS, at,
			"the mount by %s waits for the answer to FUSE_INIT, and %s was "
			"killed",
			c->actor->name, c->actor->name);
	}
	return n;
}

unsigned int fuse_stalled_calls(struct world *w)
{
	struct fuse *f = fuse_of(w);
	const struct actor *serves = who_serves(w);
	unsigned int stalled = 0;
	struct ring_view ring;

	if (!f->fm)
		return killed_mounts(w);
	if (!f->ops->queue_glance)
		return 0;
	f->ops->ring_view(f->fm, &ring);
	if (ring.exists && !ring.connected) {
		/* the scenario's time is over before the teardown has looked again */
		if (w->config.seconds && shim_time_is_over())
			return 0;
		return calls_after_abort(w) + commands_after_abort(w);
	}
	if (!ring.exists)
		return 0;
	places_look(f);
	commands_that_stay(w);
	stalled = killed_and_waiting(w);
	if (!serves)
		return stalled;
	for (unsigned int i = 0; i < f->nr_calls; i++) {
		struct call *c = &f->calls[i];
		struct place p;

		if (!call_is_under_way(c))
			continue;
		if (!place_find(f, c, &p))
			stalled += on_none(w, c, serves);
		else if (p.ent)
			stalled += on_an_entry(w, c, &p);
	}
	return stalled;
}

/* ... and not that of another one, which goes on in the background */
static bool is_of_one_call(const struct fuse *f, const struct actor *a,
			   const struct req_view *r)
{
	const struct call *only = NULL;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *c = &f->calls[i];

		if (c->actor != a || !call_is_under_way(c))
			continue;
		if (only)
			return false;
		only = c;
	}
	return only && place_is_of(r, only);
}

void note_on_ring(struct world *w, const struct req_view *r)
{
	struct fuse *f = fuse_of(w);

	if (!r->addr)
		return;
	for (unsigned int i = 0; i < w->nr_actors; i++)
		if ((uint32_t)w->actors[i].task->pid == r->pid &&
		    !(f->on_ring >> i & 1) && is_of_one_call(f, &w->actors[i], r))
			f->on_ring |= 1u << i;
}

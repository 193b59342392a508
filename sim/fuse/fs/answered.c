// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which order a server answers which calls, and what it saw of them: from there on
 * what a client gets does not depend on who runs when, but for what disturbs it.
 */
#include <string.h>

#include "fuse/client/client_i.h"
#include "fuse/steps.h"
#include "sched/hash.h"

/* ---- whose a request is ---- */

static bool same_header(const struct call *c, const void *op_in)
{
	return !c->req.in_nr || !c->req.in_size[0] ||
	       !memcmp(c->req.in[0], op_in, c->req.in_size[0]);
}

/* what is written differs, though all the rest is the same */
static bool same_data(const struct call *c, const unsigned char *data, uint32_t len)
{
	return c->opcode != OP_WRITE || !c->data || !data || !len ||
	       c->data[0] == data[0];
}

/* how much of a request is as its client sent it; 0: it is another operation */
static unsigned int likeness(const struct call *c, const struct abi_in_header *in,
			     const void *op_in, const unsigned char *data, uint32_t len)
{
	bool own =
		(uint32_t)c->actor->task->pid == in->pid || (c->req.nocreds && !in->pid);

	if (!c->started || c->done || c->answered || c->opcode != in->opcode)
		return 0;
	return 1u + 4 * own + 2 * (c->req.nodeid == in->nodeid) +
	       (same_header(c, op_in) && same_data(c, data, len));
}

/* a long READ or WRITE is several requests, of which the first is the call's */
static bool is_another_piece(const struct call *c, const struct abi_in_header *in)
{
	return c->started && !c->done && c->answered && c->opcode == in->opcode &&
	       !c->background && (uint32_t)c->actor->task->pid == in->pid;
}

/*
 * That which it is most like: what the kernel has changed of it is to be told. NULL: it
 * may be one of two, as a client that does not wait may have sent the same request twice.
 */
static struct call *call_of(struct fuse *f, const struct abi_in_header *in,
			    const void *op_in, const unsigned char *data, uint32_t len)
{
	struct call *best = NULL;
	unsigned int most = 0;
	bool another = false;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		unsigned int like = likeness(&f->calls[i], in, op_in, data, len);

		if (is_another_piece(&f->calls[i], in))
			return NULL;
		if (like && like == most)
			another = true;
		if (like <= most)
			continue;
		most = like;
		best = &f->calls[i];
		another = false;
	}
	return another ? NULL : best;
}

/* ---- what the server saw ---- */

static uint64_t hash_request(const struct call *c, const struct abi_in_header *in,
			     const void *op_in, const unsigned char *data, uint32_t len)
{
	const uint32_t own = (uint32_t)c->actor->task->pid;
	const uint32_t said[] = {
		in->len, in->opcode,	   in->uid,
		in->gid, in->total_extlen, in->pid == own ? 1 : in->pid ? 2 : 0
	};
	uint64_t h = HASH_START;

	for (unsigned int i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		h = hash_number(h, said[i]);
	h = hash_number(h, in->nodeid);
	h = hash_data(h, op_in, fs_head(in->opcode));
	if (data)
		h = hash_data(h, data, len);
	return h ? h : 1;
}

static struct answered *find(struct fuse *f, uint64_t unique)
{
	for (unsigned int i = f->nr_answered; i--;)
		if (f->answered[i].unique == unique)
			return &f->answered[i];
	return NULL;
}

struct answered *fs_answers(struct world *w, const struct abi_in_header *in,
			    const void *op_in, const unsigned char *data, uint32_t len)
{
	struct fuse *f = fuse_of(w);
	struct answered *a = &f->answered[f->nr_answered];
	struct call *c;

	if (w->disturbed)
		return NULL; /* what comes then is not played again */
	c = f->nr_answered < MAX_CALLS ? call_of(f, in, op_in, data, len) : NULL;
	/* who is answered between two pieces of a WRITE sees the half of it */
	if (!c || find(f, in->unique) || (c->in_pieces && c->opcode == OP_WRITE)) {
		world_disturbed(w, DISTURBED_ANSWER);
		return NULL;
	}
	*a = (struct answered){ .call = c, .unique = in->unique };
	a->request = hash_request(c, in, op_in, data, len);
	c->answered = ++f->nr_answered;
	return a;
}

void fs_answers_error(struct world *w, uint64_t unique, int error)
{
	struct answered *a = find(fuse_of(w), unique);

	/* of those that are compared all had their answer before anything disturbed */
	if (!a || w->disturbed)
		return;
	if (error >= 0 || error <= -512)
		world_disturbed(w, DISTURBED_ANSWER);
	a->error = error;
}

void fs_answers_unasked(struct world *w, const struct abi_in_header *in,
			const void *op_in, int error)
{
	struct answered *a = fs_answers(w, in, op_in, NULL, 0);

	if (!a)
		return;
	a->unasked = true;
	a->request = 0;
	fs_answers_error(w, in->unique, error);
}

/* ---- what disturbs ---- */

enum disturbance fuse_disturbs(const struct actor *a, unsigned int kind)
{
	switch (kind) {
	case STEP_EXIT:
		return a->server ? DISTURBED_LEFT : DISTURBED_NOT;
	case STEP_CLOSE_RING:
	case STEP_CLOSE_RING_FD:
	case STEP_CLOSE_DEV:
	case STEP_FORK:
	case STEP_EXEC:
		return DISTURBED_LEFT;
	case STEP_UMOUNT:
	case STEP_UMOUNT_LAZY:
	case STEP_ABORT:
		return DISTURBED_ENDED;
	case STEP_KNOB:
		return DISTURBED_NUMBER;
	case STEP_NOTIFY:
		return DISTURBED_NOTICE;
	case STEP_OPEN_RING:
	case STEP_SLEEP:
	case STEP_CALL:
	case STEP_FORGET:
	case STEP_MAX_BACKGROUND:
	case STEP_INIT:
	case STEP_TABLE:
	case STEP_SUBMIT:
	case STEP_TAKE:
	case STEP_ANSWER:
	case STEP_SERVE:
	case STEP_SERVE_N:
	case STEP_DRAIN:
	case STEP_DEV:
	case STEP_DEV_ANSWER:
	case STEP_DEV_OPEN:
	case STEP_DEV_CONTROL:
	case STEP_MOUNT:
	case STEP_CPU:
	case STEP_SERVE_DEV:
	case STEP_OVER_DEV:
	case STEP_SHARE_RING:
	case STEP_DUP_RING:
	case STEP_DUP_DEV:
	case STEP_CLONE:
	case STEP_POLL:
	case STEP_EVENT:
		return DISTURBED_NOT;
	default: /* and whatever a later version has: it is looked at first */
		return DISTURBED_MEMORY;
	}
}

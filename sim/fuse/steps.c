// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes the FUSE call, command or request of each step of a scenario.
 */
#include "fuse/steps.h"

#include <string.h>

#include "fuse/fuse_i.h"

static struct fuse_step noted[STEPS_MAX];

static bool same_memory(const struct reg *x, const struct reg *y)
{
	return x->headers == y->headers && x->headers_len == y->headers_len &&
	       x->payload == y->payload && x->payload_len == y->payload_len &&
	       x->iov == y->iov && x->iov_nr == y->iov_nr &&
	       x->pool_addr == y->pool_addr && x->pool_len == y->pool_len &&
	       x->pool_reserved == y->pool_reserved && x->classes_len == y->classes_len &&
	       !memcmp(x->classes, y->classes, sizeof(x->classes));
}

static bool same_reg(const struct reg *x, const struct reg *y)
{
	return same_memory(x, y) && x->flags == y->flags &&
	       x->buf_index == y->buf_index && x->buf_size == y->buf_size &&
	       x->uring_cmd_flags == y->uring_cmd_flags &&
	       x->zero_copy_index == y->zero_copy_index &&
	       x->queue_depth == y->queue_depth && x->sqe_flags == y->sqe_flags &&
	       x->fd == y->fd;
}

/* Return: whether it is, but for a payload that is @missing bytes shorter */
static bool is_usual(struct actor *a, const struct fuse_command *c, size_t *missing)
{
	struct reg r;

	if (c->reg.qid >= fuse_of(a->w)->config.cpus ||
	    c->reg.ent >= fuse_of(a->w)->config.entries)
		return false;
	if (c->pub.cmd_op == CMD_ADD_QUEUE)
		add_queue_default(a->w, c->reg.qid, &r);
	else if (c->pub.cmd_op == CMD_ADD_BUFPOOL)
		add_bufpool_default(a->w, c->reg.qid, &r);
	else
		register_default(a->w, c->reg.qid, c->reg.ent, &r);
	if (c->reg.payload_len < r.payload_len)
		*missing = r.payload_len - c->reg.payload_len;
	r.payload_len -= *missing;
	return same_reg(&r, &c->reg);
}

void fuse_step_begins(struct actor *a, unsigned int nr, unsigned int kind, void *arg)
{
	struct fuse_step *new = &noted[nr];
	struct fuse_command *c = arg;

	*new = (struct fuse_step){ .call = NULL };
	switch (kind) {
	case STEP_CALL:
	case STEP_FORGET:
		new->call = arg;
		break;
	case STEP_SUBMIT:
		new->submit = &c->pub;
		new->usual = is_usual(a, c, &new->missing);
		break;
	case STEP_ANSWER:
		new->submit = &c->pub;
		new->delivery = c->delivery;
		new->usual = !c->has_answer && !c->change;
		break;
	case STEP_TAKE:
		new->delivery = arg;
		break;
	case STEP_SERVE_N:
		new->count = (unsigned int)(uintptr_t)arg;
		break;
	case STEP_MAX_BACKGROUND:
		new->limit = (unsigned int)(uintptr_t)arg;
		break;
	default:
		break;
	}
}

void fuse_step_ends(unsigned int nr, unsigned int kind)
{
	struct fuse_step *step = &noted[nr];

	if (kind == STEP_CALL || kind == STEP_FORGET) {
		step->done = step->call->done;
		step->ret = step->call->ret;
	} else if (kind == STEP_TAKE) {
		step->done = step->delivery->arrived;
		step->ret = step->delivery->cqe_res;
	} else if (kind == STEP_SUBMIT || kind == STEP_ANSWER) {
		const struct fuse_command *c = (const void *)step->submit;

		step->done = c->pub.completed;
		step->ret = c->pub.res;
		step->answer = c->answer;
	}
}

const struct fuse_step *fuse_step(const struct step *s)
{
	return &noted[s->nr];
}

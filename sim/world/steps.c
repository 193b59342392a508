// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noting the steps of a story, and letting them happen one at a time.
 */
#include "world/steps.h"

#include "detect/report.h"
#include "world/world_i.h"

bool steps_on;

static struct {
	bool watch, one_at_a_time, setup, frozen, lost, closed;
	size_t reports;
	struct world *w;
	unsigned int nr, nr_choices;
	const uint8_t *order;
	unsigned int nr_order, next;
	struct step step[STEPS_MAX];
	struct steps_choice choice[STEPS_MAX];
} s;

/* ---- whose turn it is ---- */

bool steps_hold_back(const struct actor *a)
{
	return s.one_at_a_time && !s.frozen && !a->released;
}

static bool can_begin(const struct actor *a)
{
	return a->resting && a->first && !a->gone && !actor_leaves(a);
}

static uint32_t who_can(void)
{
	uint32_t can = 0;

	for (unsigned int i = 0; i < s.w->nr_actors; i++)
		if (can_begin(&s.w->actors[i]))
			can |= 1u << i;
	return can;
}

static void release(unsigned int nr)
{
	struct actor *a = &s.w->actors[nr];

	a->released = true;
	actor_wake(a);
}

/* as the order says, as far as that can be done; else the lowest number */
static unsigned int choose(uint32_t can)
{
	while (!s.setup && s.next < s.nr_order) {
		unsigned int nr = s.order[s.next++];

		if (can & (1u << nr))
			return nr;
	}
	return (unsigned int)__builtin_ctz(can);
}

bool steps_go_on(void)
{
	uint32_t can = s.one_at_a_time && !s.frozen ? who_can() : 0;
	unsigned int nr;

	if (!can)
		return false;
	nr = choose(can);
	if (!s.setup) {
		if (s.nr_choices < STEPS_MAX)
			s.choice[s.nr_choices++] =
				(struct steps_choice){ can, (uint8_t)nr };
		else
			s.lost = true;
	}
	release(nr);
	return true;
}

/* ---- noting ---- */

static bool same_memory(const struct reg *x, const struct reg *y)
{
	return x->headers == y->headers && x->headers_len == y->headers_len &&
	       x->payload == y->payload && x->payload_len == y->payload_len &&
	       x->iov == y->iov && x->iov_nr == y->iov_nr &&
	       x->pool_addr == y->pool_addr && x->pool_len == y->pool_len &&
	       x->pool_reserved == y->pool_reserved;
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
static bool is_usual(struct actor *a, const struct command *c, long *missing)
{
	struct reg r;

	if (c->reg.qid >= a->w->config.cpus || c->reg.ent >= a->w->config.entries)
		return false;
	if (c->pub.cmd_op == CMD_ADD_QUEUE)
		add_queue_default(a->w, c->reg.qid, &r);
	else if (c->pub.cmd_op == CMD_ADD_BUFPOOL)
		add_bufpool_default(a->w, c->reg.qid, &r);
	else
		register_default(a->w, c->reg.qid, c->reg.ent, &r);
	if (c->reg.payload_len < r.payload_len)
		*missing = (long)(r.payload_len - c->reg.payload_len);
	r.payload_len -= (size_t)*missing;
	return same_reg(&r, &c->reg);
}

static struct step *new_step(struct actor *a, enum step_kind kind)
{
	struct step *new = &s.step[s.nr];

	if (s.frozen)
		return NULL;
	if (s.nr == STEPS_MAX) {
		s.lost = true;
		return NULL;
	}
	s.nr++;
	*new = (struct step){ .actor = a, .kind = kind, .setup = s.setup };
	return new;
}

struct step *steps_begin(struct actor *a, enum step_kind kind, void *arg)
{
	struct step *new = new_step(a, kind);
	struct command *c = arg;

	a->released = false;
	if (!new)
		return NULL;
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
		new->usual = !c->has_answer;
		break;
	case STEP_TAKE:
		new->delivery = arg;
		break;
	case STEP_SERVE_N:
		new->requests = (long)(uintptr_t)arg;
		break;
	case STEP_SLEEP:
		new->duration = (long)(uintptr_t)arg;
		break;
	case STEP_MAX_BACKGROUND:
		new->max_background = (long)(uintptr_t)arg;
		break;
	default:
		break;
	}
	return new;
}

void steps_end(struct step *step)
{
	if (step && !s.frozen)
		step->returned = true;
}

void steps_note(struct actor *a, enum step_kind kind)
{
	steps_end(new_step(a, kind));
}

/* ---- what came of them ---- */

static void look_at(struct step *step)
{
	if (step->kind == STEP_CALL || step->kind == STEP_FORGET) {
		step->done = step->call->done;
		step->ret = step->call->ret;
	} else if (step->kind == STEP_TAKE) {
		step->done = step->delivery->arrived;
		step->ret = step->delivery->cqe_res;
	} else if (step->submit) {
		const struct command *c = (const void *)step->submit;

		step->done = c->pub.completed;
		step->ret = c->pub.res;
		step->answer = c->answer;
	}
}

void steps_freeze(void)
{
	if (s.frozen)
		return;
	s.frozen = true;
	for (unsigned int i = 0; i < s.nr; i++)
		look_at(&s.step[i]);
}

void steps_world_closes(void)
{
	s.closed = true;
	s.reports = report_count();
}

size_t steps_reports(void)
{
	return s.closed ? s.reports : report_count();
}

unsigned int steps_taken(const struct step **steps, bool *lost)
{
	*steps = s.step;
	*lost = s.lost;
	return s.nr;
}

unsigned int steps_choices(const struct steps_choice **choices)
{
	*choices = s.choice;
	return s.nr_choices;
}

bool steps_who(unsigned int nr, struct steps_who *who)
{
	const struct actor *a = &s.w->actors[nr];

	if (nr >= s.w->nr_actors)
		return false;
	*who = (struct steps_who){
		.name = a->name,
		.server = a->server,
		.cpu = a->task->cpu,
		.ring_flags = a->ring_flags,
	};
	return true;
}

unsigned int steps_actor(const struct actor *a)
{
	return (unsigned int)(a - a->w->actors);
}

/* ---- over an execution ---- */

void steps_watch(bool on)
{
	s.watch = on;
	s.one_at_a_time = false;
	steps_on = false;
}

void steps_one_at_a_time(const uint8_t *order, unsigned int nr)
{
	s.watch = s.one_at_a_time = true;
	s.order = order;
	s.nr_order = nr;
	steps_on = false;
}

void steps_world_opens(struct world *w)
{
	steps_on = s.watch;
	s.w = w;
	s.nr = s.nr_choices = s.next = 0;
	s.frozen = s.lost = s.setup = s.closed = false;
}

void steps_set_up(bool on)
{
	s.setup = on;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients got over the ring, noted so that the same calls can be made again over
 * /dev/fuse, where they are answered one after the other in the order in which the server
 * answered them here. What a call gets follows from it, from the answer and from what was
 * changed before: that is its key.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fuse/compare/compare_i.h"
#include "fuse/opcodes.h"
#include "sched/hash.h"
#include "shim/chance.h"
#include "shim/fault.h"

struct compared compared;

/* ---- what came of a call ---- */

static uint64_t hash_reply(const struct call *c)
{
	const struct fs_request *r = &c->req;
	uint64_t h = HASH_START;

	for (unsigned int i = 0; i < r->out_nr; i++) {
		bool last = r->out_argvar && !r->pages_out && i == r->out_nr - 1;

		h = hash_data(h, r->out[i], last ? r->out_len : r->out_size[i]);
	}
	return r->pages_out ? hash_data(h, r->pages, r->out_len) : h;
}

void compare_outcome(const struct call *c, const struct answered *a, struct outcome *o)
{
	o->answered = a;
	o->request = a ? a->request : 0;
	o->ended = c->done;
	o->error = c->error;
	o->ret = c->done ? c->ret : 0;
	o->len = c->done && !c->error && c->req.out_argvar ? c->req.out_len : 0;
	o->reply = c->done && !c->error ? hash_reply(c) : 0;
}

/* ---- from what it follows ---- */

static uint64_t key_of(uint64_t before, const struct again *g)
{
	const struct call_args *args = &g->args;
	const uint64_t numbers[] = { args->opcode,     args->size,
				     args->number,     args->ino,
				     args->offset,     args->to_ino,
				     args->to_offset,  g->data_nr,
				     args->background, (uint32_t)g->how.error,
				     g->how.unasked,   g->answered,
				     g->unprivileged };
	uint64_t h = before;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		h = hash_number(h, numbers[i]);
	h = hash_text(h, g->name);
	return hash_text(hash_byte(h, '/'), g->to);
}

static uint64_t key_of_world(const struct world *w)
{
	const struct fuse *f = fuse_of(w);
	uint64_t h = hash_text(HASH_START, w->subject->name);

	h = hash_number(h, f->config.max_write);
	h = hash_number(h, f->config.max_pages);
	h = hash_number(h, f->config.zero_copy);
	return hash_number(h, f->config.max_background);
}

/* ---- which calls ---- */

/* a test may send another header than the operation has, or the same call many times */
static bool is_a_call(const struct call *c)
{
	const struct shape *s = shape_of(c->opcode);

	return s && c->started && c->times_ended <= 1 && c->done == c->times_ended &&
	       (!c->req.in_nr || c->req.in_size[0] == s->head);
}

/* what is sent, and the most that may come */
static bool is_too_big(const struct fuse *f, const struct call *c)
{
	const struct fs_request *r = &c->req;
	uint32_t in = r->pages_in_size, out = r->pages_out ? r->pages_size : 0;

	for (unsigned int i = 1; i < r->in_nr; i++)
		in += r->in_size[i];
	for (unsigned int i = 0; i < r->out_nr; i++)
		out += r->out_size[i];
	return in > f->max_payload || out > f->max_payload;
}

static enum disturbance why_not(const struct world *w, const struct call *c)
{
	if (!c->done)
		return w->disturbed ? w->disturbed : DISTURBED_OPEN;
	if (!is_a_call(c) ||
	    ((!c->answered || fuse_of(w)->config.zero_copy) && is_too_big(fuse_of(w), c)))
		return DISTURBED_TOO_BIG;
	return c->calm ? DISTURBED_NOT : w->disturbed;
}

/* with what it was before its result was filled in */
static void note_call(const struct call *c, const struct answered *a, struct again *g)
{
	*g = (struct again){
		.args = { .opcode = c->opcode,
			  .size = c->size,
			  .number = c->number,
			  .ino = c->req.nodeid,
			  .offset = c->offset,
			  .to_ino = c->to_ino,
			  .to_offset = c->to_offset,
			  .background = c->background },
		.data_nr = c->data_nr,
		.answered = a,
		.unprivileged = c->actor->task->uid,
	};
	if (a)
		g->how = *a;
	memcpy(g->name, c->name, sizeof(g->name));
	memcpy(g->to, c->to, sizeof(g->to));
}

static void note_answered(struct world *w, struct outcome *list)
{
	const struct fuse *f = fuse_of(w);
	uint64_t before = key_of_world(w);

	for (unsigned int i = 0; i < f->nr_answered; i++) {
		const struct answered *a = &f->answered[i];
		struct again *g = &compared.list[i];
		struct outcome *o = &list[i];

		note_call(a->call, a, g);
		*o = (struct outcome){ .key = key_of(before, g),
				       .why = why_not(w, a->call) };
		compare_outcome(a->call, a, o);
		if (a->changes)
			before = o->key;
	}
	compared.before = before;
}

/* errors of the kernel: after all others, as it cannot be told when they were decided */
static unsigned int note_others(struct world *w, struct outcome *list)
{
	const struct fuse *f = fuse_of(w);
	unsigned int nr = f->nr_answered;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *c = &f->calls[i];

		if (c->answered || !c->started || !shape_of(c->opcode))
			continue;
		note_call(c, NULL, &compared.list[nr]);
		list[nr] = (struct outcome){
			.key = key_of(compared.before, &compared.list[nr]),
			.why = why_not(w, c),
		};
		compare_outcome(c, NULL, &list[nr++]);
	}
	return nr;
}

/* ... of which is not known whether it was before or after that a call ended */
static enum disturbance disturbs_all(const struct fuse *f)
{
	if (chances_taken() || fault_any_fired())
		return DISTURBED_CHANCE;
	return registered_wrong(f) ? DISTURBED_ANSWER : DISTURBED_NOT;
}

static unsigned int note(struct world *w, struct outcome *list)
{
	enum disturbance all = disturbs_all(fuse_of(w));

	compared.config = fuse_of(w)->config;
	note_answered(w, list);
	compared.nr = note_others(w, list);
	for (unsigned int i = 0; all && i < compared.nr; i++)
		list[i].why = all;
	return compared.nr;
}

static const char *words(unsigned int nr, const char **object)
{
	const struct again *g = &compared.list[nr];
	static char text[96];

	*object = opcode_words(g->args.opcode);
	snprintf(text, sizeof(text), "%s of inode %llu%s%s%s", *object,
		 (unsigned long long)g->args.ino, g->name[0] ? ", \"" : "", g->name,
		 g->name[0] ? "\"" : "");
	return text;
}

const struct driver_difference fuse_difference = {
	.ways = { "over the ring", "over /dev/fuse" },
	.note = note,
	.config = compare_config,
	.play = compare_play,
	.look = compare_look,
	.words = words,
};

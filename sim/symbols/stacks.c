// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks of reports: copies of what the tasks had on them, and their functions by
 * the maps of the code (a release has no frame pointers).
 */
#include "symbols/stacks.h"

#include <stdint.h>
#include <string.h>

#include "symbols/place.h"
#include "symbols/place_map.h"
#include "sched/sched.h"

#define POOL_SIZE  (1u << 20)
#define COPIES_MAX 512
#define FRAMES_MAX 128

/* as struct sched_stack has them: r15 to r12, rbx, rbp, and the return address */
#define SAVED_WORDS 7
#define SAVED_BP    5
#define SAVED_PC    6

/**
 * struct copy - one task's stack
 * @at: where the first byte was
 * @text, @len: in the pool; 0: the pool was full
 */
struct copy {
	char name[24];
	const char *state, *why;
	uint64_t at;
	size_t text, len;
};

/* struct set - the copies of a report: @nr from @first; may be shared with another */
struct set {
	unsigned int first, nr;
	uint64_t steps;
	bool all; /* not only of the task that reported */
	bool shared;
};

static bool enabled;
static struct set sets[STACKS_MAX];
static struct copy copies[COPIES_MAX];
static unsigned int nr_copies;
static char pool[POOL_SIZE];
static size_t pool_used;

void stacks_enable(bool on)
{
	enabled = on;
}

void stacks_reset(void)
{
	if (!nr_copies)
		return;
	memset(sets, 0, sizeof(sets));
	nr_copies = 0;
	pool_used = 0;
}

/* Not memcpy(): a sanitizer would check it, and parts of a stack are poisoned. */
static void copy_bytes(void *to, const void *from, size_t len)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) : : "memory");
}

static void keep(const struct sched_stack *stack, void *arg)
{
	struct copy *c = arg;

	c->at = (uintptr_t)stack->from;
	if (stack->len > POOL_SIZE - pool_used)
		return;
	c->text = pool_used;
	c->len = stack->len;
	copy_bytes(pool + pool_used, stack->from, stack->len);
	pool_used += (stack->len + 7) & ~(size_t)7;
}

static void take(struct set *set, const struct sched_task *t)
{
	struct copy *c = &copies[nr_copies];

	if (nr_copies == COPIES_MAX)
		return;
	nr_copies++;
	set->nr++;
	memset(c, 0, sizeof(*c));
	memcpy(c->name, t->name, sizeof(c->name));
	c->state = t == sched_current()	       ? "reports this"
		   : t->state == SCHED_BLOCKED ? "waits for"
					       : "could run";
	c->why = t->state == SCHED_BLOCKED ? t->blocked_why : NULL;
	sched_look(t, keep, c);
}

/* the task that reported, and then all that have neither ended nor are idle */
static void take_all(struct set *set, bool all)
{
	if (sched_current())
		take(set, sched_current());
	for (unsigned int i = 0; all && i < sched_task_count(); i++) {
		const struct sched_task *t = sched_task_nr(i);

		if (t != sched_current() && t->state != SCHED_DONE && !t->idle)
			take(set, t);
	}
}

/* reported at the same moment as the one before: no task has run since */
static bool same_moment(const struct set *set, const struct set *before)
{
	return !sched_current() && before->nr && before->all == set->all &&
	       before->steps == set->steps && sched_standstills();
}

void stacks_take(size_t nr, bool all)
{
	struct set *set = &sets[nr];

	if (!enabled)
		return;
	*set = (struct set){
		.first = nr_copies,
		.steps = sched_steps(),
		.all = all,
	};
	if (nr && same_moment(set, set - 1)) {
		set->shared = true;
		set->first = set[-1].first;
		set->nr = set[-1].nr;
		return;
	}
	take_all(set, set->all);
}

/* ---- unwinding ---- */

/* struct frame - of the function that goes on at @pc */
struct frame {
	uint64_t pc, sp, bp;
};

/* struct bytes - of a stack, or of a copy: @len of them that were at @at are at @now */
struct bytes {
	uint64_t at;
	const char *now;
	size_t len;
};

static struct bytes bytes_of(const struct copy *c)
{
	return (struct bytes){ c->at, pool + c->text, c->len };
}

__attribute__((no_sanitize("address"))) static bool
read_word(const struct bytes *b, uint64_t addr, uint64_t *word)
{
	if (b->len < sizeof(*word) || addr < b->at ||
	    addr - b->at > b->len - sizeof(*word))
		return false;
	copy_bytes(word, b->now + (addr - b->at), sizeof(*word));
	return true;
}

static struct frame innermost(const struct copy *c)
{
	uint64_t saved[SAVED_WORDS];

	memcpy(saved, pool + c->text, sizeof(saved));
	return (struct frame){ saved[SAVED_PC], c->at + sizeof(saved), saved[SAVED_BP] };
}

/* Return: whether there is a caller; then @f is the caller's */
static bool go_up(const struct bytes *b, struct frame *f)
{
	struct place_map_step step;
	uint64_t cfa;

	if (!place_map_step(f->pc - 1, &step))
		return false;
	cfa = (step.base == PLACE_MAP_FRAME_POINTER ? f->bp : f->sp) + (uint64_t)step.cfa;
	if (step.bp && !read_word(b, cfa + (uint64_t)step.bp, &f->bp))
		return false;
	f->sp = cfa;
	return read_word(b, cfa - sizeof(f->pc), &f->pc) && f->pc;
}

bool stacks_walk(const struct stacks_at *at, bool (*fn)(const void *pc, void *arg),
		 void *arg)
{
	const struct bytes b = {
		.at = (uintptr_t)at->sp,
		.now = at->sp,
		.len = (size_t)((const char *)at->end - (const char *)at->sp),
	};
	/* the instruction was not called: as if it were the one before */
	struct frame f = { (uintptr_t)at->pc + 1, (uintptr_t)at->sp, (uintptr_t)at->bp };
	unsigned int nr = 0;

	do
		if (fn((const void *)(uintptr_t)f.pc, arg))
			return true;
	while (++nr < FRAMES_MAX && go_up(&b, &f));
	return false;
}

/* ---- printing ---- */

struct printer {
	FILE *out;
	const char *indent;
	const char *const *skip;
	unsigned int lines;
};

static void print_place(const struct sched_site *place, void *arg)
{
	struct printer *p = arg;

	for (unsigned int i = 0; p->skip[i]; i++)
		if (!strncmp(place->file, p->skip[i], strlen(p->skip[i])))
			return;
	if (!strcmp(place->file, "?") && !strcmp(place->func, "?"))
		return;
	fprintf(p->out, "%s  %s (%s:%d)\n", p->indent, place->func, place->file,
		place->line);
	p->lines++;
}

static void print_frames(const struct copy *c, struct printer *p)
{
	const struct bytes b = bytes_of(c);
	struct frame f = innermost(c);
	unsigned int nr = 0;

	p->lines = 0;
	do
		place_each((const void *)(uintptr_t)f.pc, print_place, p);
	while (++nr < FRAMES_MAX && go_up(&b, &f));
	if (!p->lines)
		fprintf(p->out, "%s  %s\n", p->indent,
			place_map_is_there(f.pc) ? "(it has not begun)"
						 : "(its code has no map)");
}

static void print_copy(const struct copy *c, struct printer *p)
{
	fprintf(p->out, "%s%s %s%s%s\n", p->indent, c->name, c->state, c->why ? " " : "",
		c->why ? c->why : "");
	if (c->len > SAVED_WORDS * sizeof(uint64_t))
		print_frames(c, p);
	else
		fprintf(p->out, "%s  (its stack did not fit)\n", p->indent);
}

bool stacks_shared(size_t nr)
{
	return nr < STACKS_MAX && sets[nr].shared;
}

void stacks_print(FILE *out, size_t nr, const char *indent, const char *const *skip)
{
	const struct set *set = &sets[nr];
	struct printer p = { .out = out, .indent = indent, .skip = skip };

	if (nr >= STACKS_MAX || !set->nr)
		return;
	for (unsigned int i = 0; i < set->nr; i++)
		print_copy(&copies[set->first + i], &p);
}

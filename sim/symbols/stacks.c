// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks of reports: copies of what the tasks had on them, and their functions by
 * the maps of the code (a release has no frame pointers).
 */
#include "symbols/stacks.h"

#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

#include "symbols/place.h"
#include "symbols/place_map.h"
#include "sched/sched.h"

#define POOL_SIZE  (1u << 20)
#define COPIES_MAX 512
#define EARLY_SIZE (16u << 10)
#define NOTES_MAX  2048
#define NOTES_SIZE (4u << 20)
#define ABOUT_MAX  4
#define FRAMES_MAX 128

/* as struct sched_stack has them: r15 to r12, rbx, rbp, and the return address */
#define SAVED_WORDS 7
#define SAVED_BP    5
#define SAVED_PC    6

/**
 * struct copy - one task's stack
 * @at: where the first byte was
 * @text, @len: in the pool, which has @room bytes left; 0: they are too few
 */
struct copy {
	char name[24];
	const char *state, *why;
	uint64_t at;
	char *text;
	size_t room, len;
};

/* struct set - the copies of a report: @nr from @first; may be shared with another */
struct set {
	unsigned int first, nr;
	uint64_t steps;
	bool all; /* not only of the task that reported */
	bool shared;
	uint8_t earlier; /* number of the earlier access' stack, from 1 */
	uint8_t nr_about;
	uint16_t about[ABOUT_MAX]; /* numbers of notes */
};

bool stacks_on;
static struct set sets[STACKS_MAX];
static struct copy copies[COPIES_MAX];
static unsigned int nr_copies;
static char pool[POOL_SIZE];
static size_t pool_used;

static struct copy early[STACKS_EARLIER];
static char early_pool[STACKS_EARLIER][EARLY_SIZE];
static bool early_used[STACKS_EARLIER];

/* of objects, in the order in which they were taken; more than fit are not kept */
static struct note {
	const void *object;
	struct copy copy;
} notes[NOTES_MAX];
static char notes_pool[NOTES_SIZE];
static unsigned int nr_notes;
static size_t notes_used;

void stacks_enable(bool on)
{
	stacks_on = on;
}

void stacks_reset(void)
{
	memset(early_used, 0, sizeof(early_used));
	nr_notes = 0;
	notes_used = 0;
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
	if (stack->len > c->room)
		return;
	c->len = stack->len;
	copy_bytes(c->text, stack->from, stack->len);
}

static void take(struct set *set, const struct sched_task *t)
{
	struct copy *c = &copies[nr_copies];

	if (nr_copies == COPIES_MAX)
		return;
	nr_copies++;
	set->nr++;
	memset(c, 0, sizeof(*c));
	c->text = pool + pool_used;
	c->room = POOL_SIZE - pool_used;
	memcpy(c->name, t->name, sizeof(c->name));
	c->state = t == sched_current()	       ? "reports this"
		   : t->state == SCHED_BLOCKED ? "waits for"
					       : "could run";
	c->why = t->state == SCHED_BLOCKED ? t->blocked_why : NULL;
	sched_look(t, keep, c);
	pool_used += (c->len + 7) & ~(size_t)7;
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

	if (!stacks_on)
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
	return (struct bytes){ c->at, c->text, c->len };
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

	memcpy(saved, c->text, sizeof(saved));
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

/* struct wanted - a function that is looked for */
struct wanted {
	const char *pattern;
	bool there;
};

static void is_wanted(const struct sched_site *place, void *arg)
{
	struct wanted *w = arg;

	w->there = w->there || !fnmatch(w->pattern, place->func, 0);
}

/* where it is: nothing is kept of it */
static void look_for(const struct sched_stack *stack, void *arg)
{
	struct copy c = {
		.at = (uintptr_t)stack->from,
		.text = (char *)(uintptr_t)stack->from,
		.len = stack->len,
	};
	const struct bytes b = bytes_of(&c);
	struct wanted *w = arg;
	struct frame f;
	unsigned int nr = 0;

	if (c.len <= SAVED_WORDS * sizeof(uint64_t))
		return;
	f = innermost(&c);
	do
		place_each((const void *)(uintptr_t)f.pc, is_wanted, w);
	while (!w->there && ++nr < FRAMES_MAX && go_up(&b, &f));
}

bool stacks_have(const char *pattern)
{
	struct wanted w = { .pattern = pattern };

	if (sched_current())
		sched_look(sched_current(), look_for, &w);
	return w.there;
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

void stacks_take_earlier(unsigned int nr)
{
	struct copy *c = &early[nr];

	if (!stacks_on || early_used[nr])
		return;
	*c = (struct copy){
		.state = "made the earlier access",
		.text = early_pool[nr],
		.room = EARLY_SIZE,
	};
	memcpy(c->name, sched_current()->name, sizeof(c->name));
	sched_look(sched_current(), keep, c);
}

void stacks_note_slow(const void *object, const char *what)
{
	struct note *n = &notes[nr_notes];

	if (nr_notes == NOTES_MAX || !sched_current())
		return;
	nr_notes++;
	*n = (struct note){
		.object = object,
		.copy = { .state = what,
			  .text = notes_pool + notes_used,
			  .room = NOTES_SIZE - notes_used },
	};
	memcpy(n->copy.name, sched_current()->name, sizeof(n->copy.name));
	sched_look(sched_current(), keep, &n->copy);
	notes_used += (n->copy.len + 7) & ~(size_t)7;
}

static bool is_noted(const struct set *set, const struct note *n)
{
	for (unsigned int i = 0; i < set->nr_about; i++)
		if (!strcmp(notes[set->about[i]].copy.state, n->copy.state))
			return true;
	return false;
}

/* the latest first */
void stacks_about(size_t report, const void *object)
{
	struct set *set = &sets[report];

	if (!stacks_on || report >= STACKS_MAX)
		return;
	for (unsigned int i = nr_notes; i-- && set->nr_about < ABOUT_MAX;)
		if (notes[i].object == object && !is_noted(set, &notes[i]))
			set->about[set->nr_about++] = (uint16_t)i;
}

void stacks_use_earlier(size_t report, unsigned int nr)
{
	if (!stacks_on || report >= STACKS_MAX || !early[nr].text)
		return;
	early_used[nr] = true;
	sets[report].earlier = (uint8_t)(nr + 1);
}

void stacks_drop(size_t nr)
{
	if (stacks_on)
		memmove(&sets[nr], &sets[nr + 1],
			(STACKS_MAX - nr - 1) * sizeof(sets[0]));
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
	if (set->earlier)
		print_copy(&early[set->earlier - 1], &p);
	for (unsigned int i = 0; i < set->nr_about; i++)
		print_copy(&notes[set->about[i]].copy, &p);
}

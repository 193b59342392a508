// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks of reports: copies of what the tasks had on them, and their functions by
 * the unwind tables (a release has no frame pointers).
 */
#include "detect/stacks.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "detect/place_i.h"
#include "detect/report.h"
#include "sched/sched.h"

#define POOL_SIZE  (1u << 20)
#define COPIES_MAX 512
#define FRAMES_MAX 128

/* registers as struct sched_stack has them, in DWARF's numbers (System V x86-64) */
enum { REG_RBX = 3, REG_RBP = 6, REG_RSP = 7, REG_R12 = 12, NR_REGS = 17, REG_RIP = 16 };
#define SAVED_WORDS 7

/**
 * struct copy - one task's stack
 * @at: where the first byte was
 * @text, @len: in the pool; 0: there was no room
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
	bool all; /* not only of who reported */
	bool shared;
};

static bool enabled;
static struct set sets[REPORT_MAX];
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
	c->state = t == sched_current	       ? "reports this"
		   : t->state == SCHED_BLOCKED ? "waits for"
					       : "could run";
	c->why = t->state == SCHED_BLOCKED ? t->blocked_why : NULL;
	sched_look(t, keep, c);
}

/* who reported, and then everybody who has not ended and is not at rest */
static void take_all(struct set *set, bool all)
{
	if (sched_current)
		take(set, sched_current);
	for (unsigned int i = 0; all && i < sched_task_count(); i++) {
		const struct sched_task *t = sched_task_nr(i);

		if (t != sched_current && t->state != SCHED_DONE && !t->idle)
			take(set, t);
	}
}

/* reported at the same moment as the one before: nobody has moved in between */
static bool same_moment(const struct set *set, const struct set *before)
{
	return !sched_current && before->nr && before->all == set->all &&
	       before->steps == set->steps && sched_standstills();
}

void stacks_take(size_t nr, const struct report *r)
{
	struct set *set = &sets[nr];

	if (!enabled)
		return;
	*set = (struct set){
		.first = nr_copies,
		.steps = sched_steps(),
		.all = r->kind == REPORT_PROGRESS || (!sched_current && r->stuck),
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

struct walk {
	const struct copy *copy;
	uint64_t pcs[FRAMES_MAX];
	unsigned int nr;
};

static struct walk walks[SCHED_MAX_TASKS];

static bool get_thread(Dwfl *d, pid_t tid, void *dwfl_arg, void **thread_arg)
{
	(void)d, (void)tid;
	*thread_arg = *(struct walk **)dwfl_arg;
	return true;
}

static pid_t next_thread(Dwfl *d, void *dwfl_arg, void **thread_arg)
{
	bool first = !*thread_arg;

	(void)d;
	*thread_arg = *(struct walk **)dwfl_arg;
	return first ? 1 : 0;
}

static bool read_copy(Dwfl *d, Dwarf_Addr addr, Dwarf_Word *word, void *dwfl_arg)
{
	const struct copy *c = (*(struct walk **)dwfl_arg)->copy;

	(void)d;
	if (addr < c->at || addr - c->at > c->len - sizeof(*word))
		return false;
	memcpy(word, pool + c->text + (addr - c->at), sizeof(*word));
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *arg)
{
	const struct copy *c = ((struct walk *)arg)->copy;
	Dwarf_Word saved[SAVED_WORDS], regs[NR_REGS] = { 0 };

	memcpy(saved, pool + c->text, sizeof(saved));
	for (unsigned int i = 0; i < 4; i++)
		regs[REG_R12 + 3 - i] = saved[i];
	regs[REG_RBX] = saved[4];
	regs[REG_RBP] = saved[5];
	regs[REG_RIP] = saved[6];
	regs[REG_RSP] = c->at + sizeof(saved);
	dwfl_thread_state_register_pc(thread, saved[6]);
	return dwfl_thread_state_registers(thread, 0, NR_REGS, regs);
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = read_copy,
	.set_initial_registers = set_registers,
};

static int note_frame(Dwfl_Frame *frame, void *arg)
{
	struct walk *w = arg;
	Dwarf_Addr pc;

	if (w->nr == FRAMES_MAX || !dwfl_frame_pc(frame, &pc, NULL))
		return DWARF_CB_ABORT;
	w->pcs[w->nr++] = pc;
	return DWARF_CB_OK;
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

static void print_walk(const struct walk *w, struct printer *p)
{
	const struct copy *c = w->copy;

	fprintf(p->out, "%s%s %s%s%s\n", p->indent, c->name, c->state, c->why ? " " : "",
		c->why ? c->why : "");
	p->lines = 0;
	for (unsigned int i = 0; i < w->nr; i++)
		place_each((const void *)(uintptr_t)w->pcs[i], print_place, p);
	if (!p->lines)
		fprintf(p->out, "%s  %s\n", p->indent,
			c->len ? "(it has not begun)"
			       : "(no room was left for its stack)");
}

/* all of them before a place is asked for, which ends libdwfl's view */
static bool unwind(const struct set *set)
{
	static struct walk *walk;
	Dwfl *d = place_process();

	if (!d || !dwfl_attach_state(d, NULL, getpid(), &thread_callbacks, &walk))
		return false;
	for (unsigned int i = 0; i < set->nr; i++) {
		walk = &walks[i];
		walk->copy = &copies[set->first + i];
		walk->nr = 0;
		if (walk->copy->len > SAVED_WORDS * sizeof(uint64_t))
			dwfl_getthread_frames(d, 1, note_frame, walk);
	}
	return true;
}

bool stacks_shared(size_t nr)
{
	return nr < REPORT_MAX && sets[nr].shared;
}

void stacks_print(FILE *out, size_t nr, const char *indent, const char *const *skip)
{
	const struct set *set = &sets[nr];
	struct printer p = { .out = out, .indent = indent, .skip = skip };

	if (nr >= REPORT_MAX || !set->nr)
		return;
	if (!unwind(set)) {
		fprintf(out, "%sstacks: libdwfl cannot read them: %s\n", indent,
			dwfl_errmsg(-1));
		return;
	}
	for (unsigned int i = 0; i < set->nr; i++)
		print_walk(&walks[i], &p);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The failures of one execution, in a static array: what the detectors, WARN
 * and BUG say. Formatting is done here, because a failure is rare.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "symbols/stacks.h"
#include "detect/suppress.h"
#include "sched/checkpoint.h"
#include "sched/lines.h"
#include "sched/sched.h"
#include "sched/trace.h"

static struct report reports[REPORT_MAX];
static struct report *last; /* that report_detail() adds to */
static size_t kept;
static size_t dropped;
static size_t per_kind[REPORT_NR_KINDS];

static const char *const kind_names[REPORT_NR_KINDS] = {
	[REPORT_HEAP] = "heap",
	[REPORT_RACE] = "race",
	[REPORT_LOCK] = "lock",
	[REPORT_USER] = "user",
	[REPORT_PROGRESS] = "progress",
	[REPORT_KERNEL] = "kernel",
	[REPORT_ACCOUNTING] = "accounting",
	[REPORT_DIFFERENCE] = "difference",
	[REPORT_UNMODELLED] = "unmodelled",
};

/* A summary is one line, whatever the kernel's own message ended in. */
static void keep_first_line(char *text)
{
	while (*text && *text != '\n')
		text++;
	*text = '\0';
}

/* the last line of the trace, if there is one: that step is being done */
unsigned long report_position(void)
{
	size_t added = trace_count() + trace_dropped();

	return added ? (unsigned long)added - 1 : (unsigned long)sched_steps();
}

/* the earliest standstill since which a task has been stuck that still is */
static unsigned int stuck_since(void)
{
	unsigned int since = 0;

	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct sched_task *t = sched_task_nr(i);

		if (t->stuck_since && (!since || t->stuck_since < since))
			since = t->stuck_since;
	}
	return since;
}

__attribute__((noinline)) void report_made(size_t nr)
{
	/* not optimised away, and called with its number */
	__asm__ volatile("" : : "r"(nr) : "memory");
}

static void describe(const struct sched_site *site, char *buf, size_t len)
{
	buf[0] = '\0';
	if (site)
		snprintf(buf, len, "%s:%d (%s)", site->file, site_line(site), site->func);
}

/* ---- what it is about ---- */

static struct about {
	char rule[32];
	char object[REPORT_OBJECT];
	char group[320];
	const char *access[2];
	enum report_value value;
	const void *p; /* @n bytes that are about to be written */
	size_t n;
} about; /* the next one; empty: not said */

#define UNSETTLED 8 /* more: a failure */

/* reports that depend on what is written next, the earliest first */
static struct unsettled {
	const void *p;
	size_t n, report; /* which one */
	unsigned char old[8];
	int entry; /* by which it is known if the value stays the same */
} unsettled[UNSETTLED];
static unsigned int nr_unsettled;

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

void report_about(const char *rule, const char *object, const char *group)
{
	copy(about.rule, sizeof(about.rule), rule);
	copy(about.object, sizeof(about.object), object);
	copy(about.group, sizeof(about.group), group);
}

void report_scenario(const char *name)
{
	suppress_scenario(name);
}

void report_accesses(const char *first, const char *second)
{
	about.access[0] = first;
	about.access[1] = second;
}

void report_value(enum report_value value, const void *p, size_t n)
{
	about.value = value;
	about.p = p;
	about.n = n;
}

bool report_unsettled(void)
{
	return nr_unsettled;
}

/* those behind it get another number */
static void withdraw(size_t nr)
{
	per_kind[reports[nr].kind]--;
	kept--;
	memmove(&reports[nr], &reports[nr + 1], (kept - nr) * sizeof(reports[0]));
	stacks_drop(nr);
	last = NULL;
}

static bool is_said(size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (reports[i].kind == reports[nr].kind &&
		    !strcmp(reports[i].summary, reports[nr].summary))
			return true;
	return false;
}

void report_settle(void)
{
	/* the latest first, so that numbers stay */
	while (nr_unsettled) {
		const struct unsettled *u = &unsettled[--nr_unsettled];

		if (!memcmp(u->p, u->old, u->n)) {
			suppress_count(u->entry);
			withdraw(u->report);
		} else if (is_said(u->report)) {
			withdraw(u->report);
		} else {
			report_made(u->report);
		}
	}
}

static void settle_later(int entry)
{
	struct unsettled *u = &unsettled[nr_unsettled++];

	u->p = about.p;
	u->n = about.n;
	u->entry = entry;
	u->report = kept;
	memcpy(u->old, about.p, about.n);
}

/* @text without its numbers, which differ from one execution to the next */
static void without_numbers(char *to, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++) {
		bool digit = *text >= '0' && *text <= '9';

		if (digit && n && to[n - 1] == '#')
			continue;
		to[n++] = digit ? '#' : *text;
	}
	to[n] = '\0';
}

static void identify(struct report *r)
{
	const char *kind = kind_names[r->kind];

	copy(r->rule, sizeof(r->rule), about.rule[0] ? about.rule : kind);
	copy(r->object, sizeof(r->object), about.object);
	if (about.group[0])
		copy(r->group, sizeof(r->group), about.group);
	else if (about.rule[0])
		snprintf(r->group, sizeof(r->group), "%s: %s%s%s", kind, r->rule,
			 r->object[0] ? " of " : "", r->object);
	else
		without_numbers(r->group, sizeof(r->group), r->summary);
}

/* Whether it is a failure. Formatted in place, as a suppression may ask for its words. */
static bool record(enum report_kind kind, const struct sched_site *site,
		   const struct sched_site *other, const char *fmt, va_list args)
{
	static struct report spare; /* not on the stack of a fiber */
	const struct suppress_sides sides = {
		.site = { site, other },
		.access = { about.access[0], about.access[1] },
		.value = about.value,
	};
	struct report *r;
	bool known, unsure;
	int later;

	last = NULL;
	r = kept < REPORT_MAX ? &reports[kept] : &spare;
	vsnprintf(r->summary, sizeof(r->summary), fmt, args);
	keep_first_line(r->summary);
	r->kind = kind;
	identify(r);
	known = suppress_match(r, &sides, &later);
	unsure = !known && later >= 0 && kept < REPORT_MAX && nr_unsettled < UNSETTLED;
	if (unsure)
		settle_later(later);
	about = (struct about){ .rule = "" };
	if (known)
		return false;
	per_kind[kind]++;
	if (kept == REPORT_MAX) {
		dropped++;
		return true;
	}
	kept++;
	last = r;
	r->step = report_position();
	r->detail[0] = '\0';
	describe(site, r->where, sizeof(r->where));
	describe(other, r->other, sizeof(r->other));
	snprintf(r->task, sizeof(r->task), "%s",
		 sched_current() ? sched_current()->name : "-");
	r->stuck = stuck_since();
	stacks_take(kept - 1, kind == REPORT_PROGRESS || (!sched_current() && r->stuck));
	if (!unsure)
		report_made(kept - 1);
	return true;
}

bool report(enum report_kind kind, const struct sched_site *site, const char *fmt, ...)
{
	va_list args;
	bool counts;

	va_start(args, fmt);
	counts = record(kind, site, NULL, fmt, args);
	va_end(args);
	return counts;
}

bool report_pair(enum report_kind kind, const struct sched_site *site,
		 const struct sched_site *other, const char *fmt, ...)
{
	va_list args;
	bool counts;

	va_start(args, fmt);
	counts = record(kind, site, other, fmt, args);
	va_end(args);
	return counts;
}

void report_detail(const char *fmt, ...)
{
	size_t used = last ? strlen(last->detail) : 0, left = REPORT_DETAIL - used;
	va_list args;
	int n;

	if (!last)
		return;
	va_start(args, fmt);
	n = vsnprintf(last->detail + used, left, fmt, args);
	va_end(args);
	/* a line is added as a whole or not at all */
	if (n < 0 || (size_t)n + 1 >= left)
		last->detail[used] = '\0';
	else
		memcpy(last->detail + used + n, "\n", 2);
}

void report_fatal(enum report_kind kind, const struct sched_site *site, const char *fmt,
		  ...)
{
	va_list args;

	va_start(args, fmt);
	record(kind, site, NULL, fmt, args);
	va_end(args);
	sched_stop();
}

void report_reset(void)
{
	stacks_reset();
	suppress_execution();
	last = NULL;
	nr_unsettled = 0;
	kept = 0;
	dropped = 0;
	for (int i = 0; i < REPORT_NR_KINDS; i++)
		per_kind[i] = 0;
}

void report_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, last);
	checkpoint_value(c, kept);
	checkpoint_value(c, dropped);
	checkpoint_value(c, per_kind);
	checkpoint_value(c, about);
	checkpoint_value(c, nr_unsettled);
	checkpoint_bytes(c, unsettled, nr_unsettled * sizeof(unsettled[0]));
	checkpoint_bytes(c, reports, kept * sizeof(reports[0]));
	suppress_checkpoint(c);
}

size_t report_count(void)
{
	report_settle();
	return kept;
}

size_t report_count_kind(enum report_kind kind)
{
	report_settle();
	return per_kind[kind];
}

size_t report_last(void)
{
	return kept - 1;
}

size_t report_dropped(void)
{
	return dropped;
}

const struct report *report_get(size_t i)
{
	report_settle();
	return i < kept ? &reports[i] : NULL;
}

const char *report_kind_name(enum report_kind kind)
{
	return kind_names[kind];
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live-lock: the tasks that spin, where, and on what.
 */
#include "detect/progress.h"

#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "sched/lines.h"
#include "sched/prng.h"
#include "sched/trace.h"

#define PLACES	   8 /* of a task that are remembered */
#define IN_SUMMARY 2 /* tasks named there */

/* struct spin - where a task was seen */
struct spin {
	unsigned int nr;
	struct {
		const struct sched_site *at;
		enum sched_what what;
		bool again;
	} place[PLACES];
};

static struct {
	struct spin of[SCHED_MAX_TASKS];
	struct prng dice;
	uint64_t bound;
	struct sched_strategy strategy;
} p;

static void note(const struct sched_task *t)
{
	struct spin *s = &p.of[t->id];

	if (!t->at || t->state != SCHED_RUNNABLE)
		return;
	for (unsigned int i = 0; i < s->nr; i++)
		if (s->place[i].at == t->at) {
			s->place[i].again = true;
			return;
		}
	if (s->nr == PLACES)
		return;
	s->place[s->nr].at = t->at;
	s->place[s->nr++].what = t->at_what;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	(void)ctx;
	if (last)
		note(last);
	return runnable[prng_below(&p.dice, n)];
}

/* The part of the bound that the strategy has: more than the exhaustive search keeps,
 * which says that it was cut. */
static uint64_t unfairly(void)
{
	return p.bound / 2;
}

/*
 * Under a random schedule, which is fair, and the same in each process. What a task does
 * in the first half, before it waits for ever, is no part of a loop.
 */
static enum sched_why run_fairly(const struct sched_strategy *strategy)
{
	uint64_t half = (p.bound - unfairly()) / 2;
	enum sched_why why;

	prng_seed(&p.dice, 0, 0);
	p.strategy = (struct sched_strategy){
		.pick = pick,
		.mask = strategy ? strategy->mask : SCHED_SYNC,
		.idle = strategy ? strategy->idle : NULL,
	};
	sched_set_bound(half);
	why = sched_run(&p.strategy);
	if (why != SCHED_BOUND)
		return why;
	memset(p.of, 0, sizeof(p.of));
	sched_set_bound(p.bound - unfairly() - half);
	return sched_run(&p.strategy);
}

/* ---- words ---- */

static int compare_sites(const struct sched_site *a, const struct sched_site *b)
{
	int by_file = strcmp(a->file, b->file);

	return by_file ? by_file : site_line(a) - site_line(b);
}

/* what it came by once only is no part of the loop */
static void keep_repeated(struct spin *s)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->nr; i++)
		if (s->place[i].again)
			s->place[kept++] = s->place[i];
	s->nr = kept;
}

/* A loop has no first place: in the order of the source. */
static void sort(struct spin *s)
{
	for (unsigned int i = 1; i < s->nr; i++)
		for (unsigned int k = i;
		     k && compare_sites(s->place[k].at, s->place[k - 1].at) < 0; k--) {
			const struct sched_site *at = s->place[k].at;
			enum sched_what what = s->place[k].what;

			s->place[k] = s->place[k - 1];
			s->place[k - 1].at = at;
			s->place[k - 1].what = what;
		}
}

static const char *what_name(enum sched_what what)
{
	return what == SCHED_NR_WHAT ? "yield" : sched_what_name(what);
}

static void in_short(char *buf, size_t len)
{
	unsigned int named = 0;
	size_t used = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct spin *s = &p.of[i];

		if (!s->nr || named++ >= IN_SUMMARY || used >= len)
			continue;
		used += (size_t)snprintf(buf + used, len - used, "%s%s spins in %s",
					 named > 1 ? ", " : "", sched_task_nr(i)->name,
					 s->place[0].at->func);
	}
	if (named > IN_SUMMARY && used < len)
		snprintf(buf + used, len - used, ", and %u more", named - IN_SUMMARY);
}

static void in_full(unsigned int task)
{
	const struct spin *s = &p.of[task];

	for (unsigned int i = 0; i < s->nr; i++) {
		const struct sched_site *at = s->place[i].at;

		report_detail("%s comes by %s:%d (%s) again and again: %s %s",
			      sched_task_nr(task)->name, at->file, site_line(at),
			      at->func, what_name(s->place[i].what),
			      at->expr ? at->expr : "");
	}
}

static void report_livelock(uint64_t bound)
{
	const struct sched_site *first = NULL;
	char words[192];

	for (unsigned int i = 0; i < sched_task_count(); i++) {
		/* it had only lacked its turn */
		if (sched_task_nr(i)->state == SCHED_DONE)
			p.of[i].nr = 0;
		keep_repeated(&p.of[i]);
		sort(&p.of[i]);
		if (!first && p.of[i].nr)
			first = p.of[i].place[0].at;
	}
	in_short(words, sizeof(words));
	report(REPORT_PROGRESS, first, "no end after %llu switches: %s",
	       (unsigned long long)bound, words);
	for (unsigned int i = 0; i < sched_task_count(); i++)
		in_full(i);
}

static enum sched_why run(const struct sched_strategy *strategy)
{
	enum sched_why why = sched_run(strategy);

	if (why != SCHED_BOUND)
		return why;
	why = run_fairly(strategy);
	sched_set_bound(unfairly());
	if (why == SCHED_BOUND) {
		report_livelock(p.bound);
		sched_stop();
	}
	return why;
}

enum sched_why progress_run(const struct sched_strategy *strategy, uint64_t bound)
{
	p.bound = bound;
	sched_set_bound(unfairly());
	return run(strategy);
}

enum sched_why progress_goes_on(void)
{
	return run(NULL);
}

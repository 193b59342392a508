// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process of fuzz: takes a program, plays it in some orders, in more of them as long as
 * they bring something new, and keeps it if any did.
 */
#include "fuzz/worker.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "detect/race.h"
#include "engine/detectors.h"
#include "engine/difference.h"
#include "fuzz/generate.h"
#include "sched/hash.h"
#include "sched/trace.h"
#include "shim/cover.h"
#include "shim/oops.h"
#include "world/world.h"

#define USUAL	   8   /* executions of a program */
#define MOST	   128 /* of one that goes on to bring something new */
#define LOOK_EVERY 8   /* programs between two looks at the clock */
#define GIVE_BACK  64  /* programs between two times that memory is given back */

static double clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double fuzz_clock(void)
{
	return clock_s(CLOCK_MONOTONIC);
}

/* ---- failures ---- */

bool group_known(struct fuzzing *f, const char *group, bool add)
{
	uint64_t hash = hash_text(HASH_START, group);

	for (unsigned int i = 0; i < f->nr_groups; i++)
		if (f->groups[i] == hash)
			return true;
	if (add && f->nr_groups < GROUPS_MAX)
		f->groups[f->nr_groups++] = hash;
	return false;
}

static void note_failures(struct fuzzing *f, struct part *part, const struct program *p,
			  const struct trial_nth *nth)
{
	uint64_t fresh[FAILURES_MAX];
	unsigned int nr_fresh = 0;
	bool broken = f->trial.broken;

	for (size_t i = 0; i < report_count(); i++) {
		const struct report *r = report_get(i);
		struct failure *to = &part->failures[part->nr_failures];

		/* who did not go on has left over what the rest is about, and so on */
		if (broken && r->kind != REPORT_RACE)
			continue;
		broken |= r->kind == REPORT_PROGRESS || r->kind == REPORT_KERNEL;
		if (part->nr_failures == FAILURES_MAX || group_known(f, r->group, true))
			continue;
		fresh[nr_fresh++] = hash_text(HASH_START, r->group);
		part->nr_failures++;
		program_copy(&to->program, p);
		to->nth = *nth;
		to->seed = f->trial.seed;
		to->programs = part->programs;
		to->executions = f->trial.executions;
		to->report = *r;
	}
	for (unsigned int i = 0; i < nr_fresh; i++)
		suppress_group(fresh[i]);
}

/* ---- one program ---- */

/* Return: how many numbers of the last execution are new; they are kept */
static unsigned int note_covered(struct fuzzing *f, struct part *part)
{
	const uint64_t *list;
	unsigned int nr = cover_list(&list), fresh = 0;

	for (unsigned int i = 0; i < nr && part->nr_numbers < NUMBERS_MAX; i++) {
		if (!features_add(&f->features, list[i]))
			continue;
		part->numbers[part->nr_numbers++] = list[i];
		fresh++;
	}
	return fresh;
}

/* Return: how many executions it took; 0: it ended early */
static unsigned int play(struct fuzzing *f, struct part *part, const struct program *p)
{
	unsigned int most = USUAL, i;

	for (i = 0; i < most && !f->shared->stop; i++) {
		struct trial_nth nth = trial_nth(&f->trial, i);

		if (!trial_play(&f->trial, &nth))
			return i;
		note_failures(f, part, p, &nth);
		if (f->trial.endless)
			return i + 1;
		if (note_covered(f, part) && most < 2 * i + USUAL)
			most = 2 * i + USUAL;
		if (most > MOST)
			most = MOST;
	}
	return i;
}

static void try_program(struct fuzzing *f, struct part *part, struct program *p)
{
	unsigned int first = part->nr_numbers, played;
	struct kept *kept = &part->kept[part->nr_kept];
	char err[256];

	if (!trial_load(&f->trial, p, err, sizeof(err)))
		return;
	played = play(f, part, p);
	if (part->nr_numbers == first)
		return;
	kept->first = first;
	kept->nr = part->nr_numbers - first;
	minimise(f, p, part->numbers + first, kept->nr, played);
	program_copy(&kept->program, p);
	part->nr_kept++;
}

/* ---- which program ---- */

/* those that came last, and brought much, are more promising */
static unsigned int pick(const struct corpus *c, struct prng *r)
{
	unsigned int best = prng_below(r, c->nr), other;

	if (chance(r, 50)) {
		unsigned int recent = c->nr < 32 ? c->nr : 32 + c->nr / 8;

		best = c->nr - 1 - prng_below(r, recent < c->nr ? recent : c->nr);
	}
	other = prng_below(r, c->nr);
	return c->at[other].covers > c->at[best].covers && chance(r, 30) ? other : best;
}

static void make(struct fuzzing *f, struct program *p, struct prng *r)
{
	static struct program other;
	bool has_other;

	if (!f->corpus.nr || chance(r, f->corpus.nr < 50 ? 50 : 5) ||
	    !corpus_program(&f->corpus, pick(&f->corpus, r), &f->vocabulary,
			    f->trial.text, p)) {
		generate(p, &f->vocabulary, r);
		if (chance(r, 20))
			mutate(p, &f->vocabulary, r, NULL, &f->o->player.chances);
		return;
	}
	has_other =
		chance(r, 20) && corpus_program(&f->corpus, pick(&f->corpus, r),
						&f->vocabulary, f->trial.text, &other);
	mutate(p, &f->vocabulary, r, has_other ? &other : NULL, &f->o->player.chances);
}

/* Return: false: there is nothing to be played */
static bool next(struct fuzzing *f, unsigned int job, uint64_t n, struct program *p,
		 struct prng *r)
{
	uint64_t pending = n * f->o->jobs + job;

	if (pending < f->pending.nr)
		return corpus_program(&f->pending, (unsigned int)pending, &f->vocabulary,
				      f->trial.text, p);
	if (f->o->only_merge)
		return false;
	make(f, p, r);
	return p->nr_lines;
}

/* ---- the process ---- */

bool time_is_over(struct fuzzing *f)
{
	if (hunt_signalled())
		f->shared->stop = 1;
	if (f->shared->stop)
		return true;
	if (f->shared->until <= 0 || fuzz_clock() < f->shared->until)
		return false;
	f->shared->timed_out = true;
	f->shared->stop = 1;
	return true;
}

static bool is_over(struct fuzzing *f, const struct part *part, uint64_t n)
{
	return f->shared->stop || part->nr_kept == KEPT_MAX ||
	       part->nr_numbers > NUMBERS_MAX - COVER_MAX ||
	       (!(n % LOOK_EVERY) && time_is_over(f));
}

void work(struct fuzzing *f, unsigned int job, uint64_t programs)
{
	struct part *part = &f->shared->part[job];
	double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
	struct rusage usage;
	struct prng r;

	shim_endless_watch();
	suppress_uncount();
	for (unsigned int i = 0; i < f->nr_groups; i++)
		suppress_group(f->groups[i]);
	detectors_cover(true);
	difference_begin();
	prng_seed(&r, f->o->seed, f->round * FUZZ_MAX_JOBS + job);
	for (uint64_t n = 0; n < programs && !is_over(f, part, n); n++) {
		bool there = next(f, job, n, &part->trying, &r);

		part->programs++;
		if (!there)
			continue;
		part->busy = true;
		try_program(f, part, &part->trying);
		part->busy = false;
		/* a few programs need much, each elsewhere */
		if (n % GIVE_BACK == GIVE_BACK - 1) {
			trace_give_back();
			race_give_back();
		}
	}
	detectors_cover(false);
	difference_end();
	part->difference = *difference_tally();
	memcpy(part->suppressed, suppress_counts(), sizeof(part->suppressed));
	part->executions = f->trial.executions;
	part->lacked = f->trial.lacked;
	part->unmodelled = f->trial.unmodelled;
	part->cpu_s = clock_s(CLOCK_THREAD_CPUTIME_ID) - start;
	getrusage(RUSAGE_SELF, &usage);
	part->peak_rss_kb = usage.ru_maxrss;
}

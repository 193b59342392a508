// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rounds: in each, processes play programs; then their parent takes what they found, in
 * an order that does not depend on which was faster. A process that dies takes nothing
 * along but what it found in that round.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/keep.h"
#include "fuzz/worker.h"
#include "program/end.h"
#include "program/program.h"
#include "shim/cover.h"
#include "shim/oops.h"
#include "world/world.h"

#define ROUND 200 /* programs of a process */

static struct fuzzing fuzzing;

/* ---- beginning ---- */

static void add_built_in(struct fuzzing *f)
{
	const struct driver *d = f->o->player.driver;

	for (unsigned int i = 0; i < d->nr_scenarios; i++) {
		const struct scenario *s =
			d->scenarios[i]->small ? d->scenarios[i]->small : d->scenarios[i];
		struct player p = f->o->player;
		char *bytes = NULL;
		struct world *w;
		size_t size;
		FILE *out;

		if (!vocabulary_can(&f->vocabulary, s->needs))
			continue;
		p.scenario = s;
		p.chances = (struct chances){ 0, 0 };
		queued_watch(p.driver->words->note);
		w = player_play(&p, NULL);
		queued_watch(NULL);
		out = w ? open_memstream(&bytes, &size) : NULL;
		if (!out)
			continue;
		text_print(out, p.driver, s, w);
		fclose(out);
		corpus_add(&f->pending, bytes, size, 0);
		free(bytes);
	}
}

static bool read_folders(struct fuzzing *f, struct fuzz_tally *t, char *err, size_t len)
{
	const struct fuzz_options *o = f->o;

	if (o->corpus && !access(o->corpus, F_OK) &&
	    !corpus_read(&f->pending, o->corpus, &t->left_out, err, len))
		return false;
	for (unsigned int i = 0; i < o->nr_merged; i++)
		if (!corpus_read(&f->pending, o->merged[i], &t->left_out, err, len))
			return false;
	return true;
}

static struct shared *map_shared(unsigned int jobs)
{
	void *p = mmap(NULL, sizeof(struct shared) + jobs * sizeof(struct part),
		       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static bool begin(struct fuzzing *f, const struct fuzz_options *o, struct fuzz_tally *t,
		  char *err, size_t len)
{
	memset(f, 0, sizeof(*f));
	memset(t, 0, sizeof(*t));
	f->o = o;
	if (!vocabulary_make(&f->vocabulary, o->player.driver,
			     o->player.subject->driver->caps, err, len))
		return false;
	f->shared = map_shared(o->jobs);
	if (!f->shared || !trial_begin(&f->trial, &o->player, &f->vocabulary, o->mask)) {
		snprintf(err, len, "out of memory");
		return false;
	}
	world_takes_any_scenario(shim_give_up);
	if (!read_folders(f, t, err, len))
		return false;
	if (!o->from_nothing && !o->only_merge)
		add_built_in(f);
	return true;
}

/* ---- processes ---- */

static void start(struct fuzzing *f, pid_t *pids, const uint64_t *programs)
{
	fflush(NULL);
	for (unsigned int j = 0; j < f->o->jobs; j++) {
		struct part *p = &f->shared->part[j];

		p->programs = p->executions = p->lacked = p->unmodelled = 0;
		p->nr_kept = p->nr_numbers = p->nr_failures = 0;
		p->busy = false;
		p->cpu_s = 0;
		memset(p->suppressed, 0, sizeof(p->suppressed));
		memset(&p->difference, 0, sizeof(p->difference));
		pids[j] = fork();
		if (pids[j] < 0) {
			complain("fork: %s", strerror(errno));
			exit(STATUS_SIMULATOR);
		}
		if (pids[j])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* the terminal's Ctrl-C reaches all processes; the parent stops them */
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_DFL);
		f->trial.executions = f->trial.lacked = f->trial.unmodelled = 0;
		work(f, j, programs[j]);
		end_child(0);
	}
}

static bool ended(pid_t pid, bool *died)
{
	int status;
	pid_t got = waitpid(pid, &status, WNOHANG);

	if (got == 0 || (got < 0 && errno == EINTR))
		return false;
	*died = got < 0 || !WIFEXITED(status) || WEXITSTATUS(status);
	return true;
}

static void wait_for_all(struct fuzzing *f, pid_t *pids, bool *died)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	unsigned int left = f->o->jobs;

	while (left) {
		nanosleep(&pause, NULL);
		if (hunt_signalled())
			f->shared->stop = 1;
		for (unsigned int j = 0; j < f->o->jobs; j++) {
			if (!pids[j] || !ended(pids[j], &died[j]))
				continue;
			pids[j] = 0;
			left--;
		}
	}
}

/* ---- what they found ---- */

static void keep_program(struct fuzzing *f, struct fuzz_tally *t, const struct part *part,
			 const struct kept *k)
{
	char text[PROGRAM_TEXT], name[PROGRAM_NAME], err[512];
	unsigned int fresh = 0;
	size_t size;

	for (unsigned int i = 0; i < k->nr; i++)
		fresh += features_add(&f->features, part->numbers[k->first + i]);
	size = fresh ? program_text(&k->program, &f->vocabulary, text, name) : 0;
	if (!size || !corpus_add(&f->corpus, text, size, fresh))
		return;
	t->corpus = f->corpus.nr;
	if (f->o->corpus &&
	    !corpus_write(f->o->corpus, name, text, size, err, sizeof(err))) {
		complain("%s", err);
		exit(STATUS_USAGE);
	}
}

static void take_crash(struct fuzzing *f, struct fuzz_tally *t, const struct part *part)
{
	char file[OWN_MISTAKE_FILE];

	t->crashed++;
	if (!part->busy) {
		complain("a process of fuzz failed");
		return;
	}
	if (keep_own_mistake(f, &part->trying, file))
		complain("a process of fuzz failed on %s/%s.scenario", f->o->schedules,
			 file);
}

static void take_counts(struct fuzz_tally *t, const struct part *part)
{
	t->programs += part->programs;
	t->executions += part->executions;
	t->lacked += part->lacked;
	difference_add(&t->difference, &part->difference);
	t->unmodelled += part->unmodelled;
	t->cpu_s += part->cpu_s;
	if (part->peak_rss_kb > t->peak_rss_kb)
		t->peak_rss_kb = part->peak_rss_kb;
	for (unsigned int i = 0; i < SUPPRESS_MAX; i++) {
		if (part->suppressed[i] && !t->first_known[i])
			t->first_known[i] = t->programs ? t->programs : 1;
		t->suppressed[i] += part->suppressed[i];
	}
}

static void take_own_memory(struct fuzz_tally *t)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	if (usage.ru_maxrss > t->peak_rss_kb)
		t->peak_rss_kb = usage.ru_maxrss;
}

static void take_all(struct fuzzing *f, struct fuzz_tally *t, const bool *died)
{
	const struct fuzz_tally before = *t;

	for (unsigned int j = 0; j < f->o->jobs; j++) {
		const struct part *part = &f->shared->part[j];

		take_counts(t, part);
		if (died[j])
			take_crash(f, t, part);
		for (unsigned int i = 0; i < part->nr_kept; i++)
			keep_program(f, t, part, &part->kept[i]);
	}
	t->edges = f->features.nr[COVER_EDGE];
	t->pairs = f->features.nr[COVER_PAIR];
	t->states = f->features.nr[COVER_STATE];
	for (unsigned int j = 0; j < f->o->jobs; j++)
		tell_failures(f, t, &before, &f->shared->part[j]);
	take_own_memory(t);
}

/* ---- rounds ---- */

/* Return: whether there is anything to do; @programs: of each process */
static bool share_out(const struct fuzzing *f, uint64_t done, uint64_t *programs)
{
	unsigned int jobs = f->o->jobs;
	uint64_t left = (uint64_t)ROUND * jobs;

	if (f->pending.nr) {
		if (left > f->pending.nr)
			left = f->pending.nr;
	} else if (f->o->only_merge) {
		return false;
	} else if (f->o->programs && left > f->o->programs - done) {
		left = f->o->programs - done;
	}
	for (unsigned int j = 0; j < jobs; j++)
		programs[j] = left / jobs + (j < left % jobs);
	return left;
}

/* entry @nr of those that were read, of which the processes took turns */
static bool was_played(void *arg, unsigned int nr)
{
	const struct fuzzing *f = arg;

	return nr / f->o->jobs < f->shared->part[nr % f->o->jobs].programs;
}

static void play_round(struct fuzzing *f, struct fuzz_tally *t, uint64_t *done)
{
	uint64_t programs[FUZZ_MAX_JOBS], before = t->programs;
	bool died[FUZZ_MAX_JOBS] = { false }, reading = f->pending.nr;
	pid_t pids[FUZZ_MAX_JOBS] = { 0 };

	if (!share_out(f, *done, programs)) {
		f->shared->stop = 1;
		return;
	}
	start(f, pids, programs);
	wait_for_all(f, pids, died);
	take_all(f, t, died);
	if (reading)
		corpus_drop(&f->pending, was_played, f);
	else
		*done += t->programs - before;
	f->round++;
}

bool fuzz(const struct fuzz_options *o, struct fuzz_tally *t, char *err, size_t len)
{
	double begun = fuzz_clock();
	struct fuzzing *f = &fuzzing;
	uint64_t done = 0;

	if (!begin(f, o, t, err, len))
		return false;
	if (o->seconds > 0)
		f->shared->until = begun + o->seconds;
	while (!f->shared->stop && !hunt_signalled() &&
	       !(o->programs && done >= o->programs)) {
		play_round(f, t, &done);
		t->wall_s = fuzz_clock() - begun;
		o->show(o->arg, t);
	}
	t->interrupted = hunt_signalled();
	t->timed_out = f->shared->timed_out;
	t->wall_s = fuzz_clock() - begun;
	world_takes_any_scenario(NULL);
	corpus_free(&f->corpus);
	corpus_free(&f->pending);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures that a round found, told one by one. A process of its own makes each small:
 * that takes thousands of executions, and what they touch of the simulator's tables, and
 * whatever the failing program breaks, goes with it.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detect/race.h"
#include "engine/keep.h"
#include "fuzz/worker.h"
#include "program/end.h"
#include "program/program.h"
#include "sched/trace.h"
#include "shim/oops.h"

/* The program goes into a file, which is played from now on. Return: false:
 * keep_unwritten() knows
 */
static bool write_failure(struct fuzzing *f, const char *stem, char path[PATH_MAX])
{
	const char *name = strrchr(stem, '/') + 1;
	char err[PATH_MAX + 128];

	if (snprintf(path, PATH_MAX, "%s.scenario", stem) >= PATH_MAX)
		snprintf(err, sizeof(err), "cannot write %s", path);
	else if (keep_make_folder(f->o->schedules, err, sizeof(err)) &&
		 corpus_write(f->o->schedules, name, f->trial.bytes, f->trial.size, err,
			      sizeof(err)))
		return true;
	keep_unwritten(err);
	return false;
}

bool keep_own_mistake(struct fuzzing *f, const struct program *p,
		      char file[OWN_MISTAKE_FILE])
{
	static char text[PROGRAM_TEXT];
	char name[PROGRAM_NAME], err[512];
	size_t size = program_text(p, &f->vocabulary, text, name);

	snprintf(file, OWN_MISTAKE_FILE, "simulator-%s", name);
	return size && keep_folder(f->o->schedules) &&
	       corpus_write(f->o->schedules, file, text, size, err, sizeof(err));
}

static void does_not_come(struct fuzzing *f, const struct failure *failure)
{
	char file[OWN_MISTAKE_FILE];

	complain("a failure does not come again: %s", failure->report.summary);
	if (keep_own_mistake(f, &failure->program, file))
		complain("it was in %s/%s.scenario, seed %" PRIu64, f->o->schedules, file,
			 failure->seed);
}

/* Return: whether the process made it small: it is in shared memory then */
static bool shrink_apart(struct fuzzing *f, struct failure *failure)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		complain("fork: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_DFL);
		shim_endless_watch(); /* its timer is not inherited */
		end_child(!failure_shrink(f, failure, &f->shared->found));
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
		if (hunt_signalled())
			f->shared->stop = 1;
	}
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* Let @player play the file at @path. Return: to be dropped */
static const struct text *play_file(struct player *player, const char *path)
{
	char err[512];
	const struct text *text = text_read(path, player->driver, err, sizeof(err));

	if (text) {
		player->scenario = text_scenario(text);
		return text;
	}
	complain("%s", err);
	exit(STATUS_SIMULATOR);
}

static void tell(struct fuzzing *f, struct fuzz_tally *t, struct failure *failure)
{
	const struct found *found = &f->shared->found;
	struct fuzz_failure told;
	struct player player;
	char stem[PATH_MAX], path[PATH_MAX], err[512];
	const struct text *text = NULL;
	bool written;

	if (!shrink_apart(f, failure) ||
	    !trial_load(&f->trial, &failure->program, err, sizeof(err))) {
		does_not_come(f, failure);
		t->crashed++;
		return;
	}
	player = f->trial.player;
	keep_stem(&player, &found->report, f->o->schedules, stem);
	written = write_failure(f, stem, path);
	if (written)
		text = play_file(&player, path);
	told = (struct fuzz_failure){
		.player = &player,
		.file = written ? path : NULL,
		.found = found,
		.programs = failure->programs,
		.executions = failure->executions,
		.options = { .kind = SEARCH_RANDOM,
			     .mask = f->o->mask,
			     .seed = failure->seed,
			     .preemptions = SEARCH_NO_BOUND,
			     .shards = 1 },
	};
	f->o->tell(f->o->arg, &told);
	trace_give_back();
	race_give_back();
	report_scenario(NULL);
	if (text)
		text_drop(text);
}

/* of a process in this round: what was before it is in @before */
static void count_all(struct failure *failure, const struct fuzz_tally *before,
		      unsigned int jobs)
{
	failure->programs = before->programs + failure->programs * jobs;
	failure->executions = before->executions + failure->executions * jobs;
}

void tell_failures(struct fuzzing *f, struct fuzz_tally *t,
		   const struct fuzz_tally *before, struct part *part)
{
	for (unsigned int i = 0; i < part->nr_failures; i++) {
		struct failure *failure = &part->failures[i];
		struct found *found = &f->shared->found;

		if (group_known(f, failure->report.group, true))
			continue;
		found->report = failure->report;
		found->reports = found->nr_words = 1;
		if (f->o->knows(f->o->arg, &f->trial.player, found))
			continue;
		t->failures++;
		count_all(failure, before, f->o->jobs);
		tell(f, t, failure);
	}
}

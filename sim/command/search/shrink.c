// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim shrink: takes switches out of a schedule as long as its failure still
 * comes, first many at a time, then one by one until none can go; then tasks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/end.h"
#include "command/search/keep.h"

static struct schedule schedule, trial;
static unsigned int replays;

/* ---- one attempt ---- */

/* Take what was really done as the new schedule: what was not reached is gone. */
static void adopt(void)
{
	const struct switches *made = replay_switches();

	schedule = trial;
	if (made->lost || made->nr >= schedule.nr)
		return;
	schedule.nr = made->nr;
	memcpy(schedule.list, made->list, made->nr * sizeof(made->list[0]));
}

static bool still_fails(const struct player *p)
{
	replays++;
	if (!keep_replay(p, &trial, true))
		return false;
	adopt();
	return true;
}

/* ---- switches ---- */

/* Return: whether it fails without @n switches from @from on */
static bool without(const struct player *p, unsigned int from, unsigned int n)
{
	trial = schedule;
	memmove(trial.list + from, trial.list + from + n,
		(trial.nr - from - n) * sizeof(trial.list[0]));
	trial.nr -= n;
	return still_fails(p);
}

/*
 * From the end: what comes last depends on what came before, and not the other
 * way round. Return: how many parts went.
 */
static unsigned int remove_parts(const struct player *p, unsigned int size)
{
	unsigned int gone = 0;

	for (unsigned int end = schedule.nr; end;) {
		unsigned int from = end > size ? end - size : 0;

		if (without(p, from, end - from))
			gone++;
		end = from < schedule.nr ? from : schedule.nr;
	}
	return gone;
}

static void remove_switches(const struct player *p)
{
	unsigned int size = schedule.nr;

	while (size > 1) {
		remove_parts(p, size);
		size = size > schedule.nr ? schedule.nr : size;
		size = (size + 1) / 2;
	}
	while (schedule.nr && remove_parts(p, 1))
		;
}

/* ---- tasks ---- */

/*
 * A task that is parked does nothing: of use only if the failure is one of a step
 * and not of what is left undone at the end.
 */
static void park_tasks(const struct player *p)
{
	uint64_t ran;

	if (!schedule.stops)
		return;
	trial = schedule;
	if (!still_fails(p))
		return;
	ran = replay_ran();
	for (; ran; ran &= ran - 1) {
		trial = schedule;
		trial.parked |= ran & -ran;
		still_fails(p);
	}
}

/* ---- the command ---- */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **file = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*file) {
			complain("%s is one schedule too many", arg);
			exit(STATUS_USAGE);
		}
		*file = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		complain("name the schedule to shrink");
		exit(STATUS_USAGE);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Take away from a schedule what its failure does not need, and write "
	       "FILE.min.",
};

static unsigned int preemptions(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < schedule.nr; i++)
		n += schedule.notes[i].place[0] != '\0';
	return n;
}

static void print_switches(void)
{
	for (unsigned int i = 0; i < schedule.nr; i++)
		printf("switch    %s to %s%s%s\n", schedule.notes[i].from,
		       schedule.notes[i].to,
		       schedule.notes[i].place[0] ? ", " : " at its end",
		       schedule.notes[i].place);
	for (unsigned int t = 0; t < SCHED_MAX_TASKS; t++)
		if (schedule.parked & (1ull << t))
			printf("parked    %s\n",
			       sched_task_nr(t) ? sched_task_nr(t)->name : "?");
}

static int shrink(const char *file, const struct player *p)
{
	unsigned int before = schedule.nr;
	char path[PATH_MAX], err[512];

	trial = schedule;
	if (!still_fails(p)) {
		complain("%s: its failure does not come, so there is nothing to shrink",
			 file);
		return STATUS_USAGE;
	}
	remove_switches(p);
	park_tasks(p);
	trial = schedule;
	if (!still_fails(p)) {
		complain("%s: what was left over does not fail twice", file);
		return STATUS_SIMULATOR;
	}
	print_switches();
	snprintf(path, sizeof(path), "%s.min", file);
	if (!schedule_write(&schedule, path, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	printf("result    %u of %u switches are left, %u of them preemptions, after %u "
	       "replays\n",
	       schedule.nr, before, preemptions(), replays);
	printf("replay    uringsim replay %s\n", path);
	return STATUS_OK;
}

int command_shrink(int argc, char **argv)
{
	const char *file = NULL;
	char err[512];
	struct player p;
	int status;

	read_arguments(&argp, argc, argv, &file);
	if (!schedule_read(&schedule, file, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	keep_player(&schedule, NULL, NULL, &p);
	end_doing(schedule.scenario);
	status = shrink(file, &p);
	end_doing(NULL);
	return status;
}

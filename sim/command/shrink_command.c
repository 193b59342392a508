// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim shrink: the command line of it.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "program/end.h"
#include "command/recorded.h"
#include "engine/keep.h"
#include "engine/shrink.h"

static struct schedule schedule;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	return take_schedule(key, arg, state->input, "shrink");
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Take away from a schedule what its failure does not need, and write "
	       "FILE.min.",
};

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
	struct shrunk result;

	if (!shrink_schedule(p, &schedule, &result)) {
		complain("%s: its failure does not come, so there is nothing to shrink",
			 file);
		return STATUS_USAGE;
	}
	if (!result.again) {
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
	       schedule.nr, before, result.preemptions, result.replays);
	if (result.least)
		puts("least     no order of the steps fails with fewer preemptions");
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
	choose_recorded(&schedule, NULL, NULL, &p);
	end_doing(schedule.scenario);
	status = shrink(file, &p);
	end_doing(NULL);
	return status;
}

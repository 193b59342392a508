// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim shrink: the command line of it.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "program/end.h"
#include "program/output.h"
#include "command/choose/recorded.h"
#include "engine/keep.h"
#include "engine/shrink.h"

static struct schedule schedule;

/* struct arguments - the command line */
struct arguments {
	const char *file, *subject, *tree;
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Play it on another subject", 0 },
	{ "tree", 't', "DIR", 0, "Play it on fs/fuse of that Linux tree, or of REPO@REV",
	  0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 's':
		args->subject = arg;
		return 0;
	case 't':
		args->tree = arg;
		return 0;
	default:
		return take_schedule(key, arg, &args->file, "shrink");
	}
}

static const struct argp argp = {
	.options = options,
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

/* as a replay, which survives changes; then from the switches that this made */
static bool comes(const struct player *p, bool elsewhere)
{
	return follow_recorded(p, &schedule, elsewhere) && keep_settle(p, &schedule);
}

static int shrink(const char *file, const char *path, const struct player *p,
		  bool elsewhere)
{
	unsigned int before = schedule.nr;
	struct shrunk result;
	char err[512];

	if (!comes(p, elsewhere) || !shrink_schedule(p, &schedule, &result)) {
		complain("%s: its failure does not come, so there is nothing to shrink",
			 file);
		return STATUS_USAGE;
	}
	if (!result.again) {
		complain("%s: what was left over does not fail twice", file);
		return STATUS_SIMULATOR;
	}
	print_switches();
	keep_subject(&schedule, p);
	if (!schedule_write(&schedule, path, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	printf("result    %u of %u switches are left, %u of them preemptions, after %u "
	       "replays\n",
	       schedule.nr, before, result.preemptions, result.replays);
	if (result.least)
		puts("least     no order of the steps fails with fewer preemptions");
	/* the known reports have no part in that: the failure may be one of them */
	printf("replay    %s replay %s%s\n", program_command(), path,
	       p->subject ? " --suppress none" : "");
	return STATUS_OK;
}

int command_shrink(int argc, char **argv)
{
	struct arguments args = { 0 };
	char path[PATH_MAX], err[512];
	struct player p;
	bool elsewhere;
	int status;

	read_arguments(&argp, argc, argv, &args);
	if (!schedule_read(&schedule, args.file, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	snprintf(path, sizeof(path), "%.*s.min", PATH_MAX - 8, args.file);
	if (output_check(path) != STATUS_OK)
		return STATUS_USAGE;
	elsewhere = choose_recorded(&schedule, args.subject, args.tree, &p);
	end_doing(schedule.scenario);
	status = shrink(args.file, path, &p, elsewhere);
	end_doing(NULL);
	return status;
}

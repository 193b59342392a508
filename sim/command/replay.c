// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim replay: a schedule twice or more often, and the traces compared byte for
 * byte; or once, in gdb.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "program/end.h"
#include "command/verdict/result.h"
#include "command/debug.h"
#include "command/choose/recorded.h"
#include "engine/keep.h"
#include "command/verdict/suppressions.h"
#include "detect/suppress.h"
#include "detect/race.h"
#include "symbols/stacks.h"
#include "sched/trace.h"
#include "shim/chance.h"
#include "shim/log.h"

/* struct arguments - the command line */
struct arguments {
	const char *file, *subject, *tree;
	bool gdb, once;
	unsigned int times; /* 0: not said */
	bool by_count;
	struct suppressions suppressions;
};

static struct schedule schedule;
static bool elsewhere; /* not on what it was recorded with */

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Play it on another subject", 0 },
	{ "tree", 't', "DIR", 0, "Play it on fs/fuse of that Linux tree, or of REPO@REV",
	  0 },
	{ "gdb", 'g', NULL, 0,
	  "In gdb, stopped at the failing access, or when no task can run any more; "
	  "without a terminal it prints what is there and ends",
	  0 },
	SUPPRESS_OPTION,
	{ "times", 'n', "N", 0, "Play it so often [2], and say how often it failed", 0 },
	{ "by-count", 'c', NULL, OPTION_HIDDEN, NULL, 0 },
	{ "once", 'o', NULL, 0,
	  "Play it once alone, as under a debugger; whether a failure that does not come "
	  "is a known report is not looked at",
	  0 },
	{ 0 },
};

static unsigned int times_of(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || !n || n > 1000000) {
		complain("--times takes a number from 1 to 1000000, not %s", text);
		exit(STATUS_USAGE);
	}
	return (unsigned int)n;
}

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
	case 'u':
		suppressions_name(&args->suppressions, arg);
		return 0;
	case 'g':
		args->gdb = true;
		return 0;
	case 'o':
		args->once = true;
		args->times = 1;
		return 0;
	case 'c':
		args->by_count = true;
		return 0;
	case 'n':
		args->times = times_of(arg);
		return 0;
	default:
		return take_schedule(key, arg, &args->file, "replay");
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Play the schedule of a failure again, and show what happened. "
	       "Exit status 1 if the failure came again, 0 if it did not or is a known "
	       "report, 4 if it did not and the replay left the schedule. In gdb it is 1 "
	       "of a known report, too.\v" EXIT_STATUSES,
};

/* struct attempt - one replay */
struct attempt {
	char *text;
	size_t len;
	int report; /* the failure's number, or -1 */
};

static struct attempt play_once(const struct player *p, bool by_count)
{
	const struct replay_plan plan = {
		.list = schedule.list,
		.notes = schedule.notes,
		.nr = schedule.nr,
		.mask = points_of(schedule.points),
		.by_count = by_count,
		.parked = schedule.parked,
	};
	struct attempt t = { .report = -1 };
	FILE *out = open_memstream(&t.text, &t.len);

	if (!out) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	trace_enable(true, SCHED_MARKED | points_of(schedule.points));
	stacks_enable(true);
	shim_log_listen(1);
	do {
		orders_expect(&schedule);
		replay_begin(&plan);
		player_play(p, replay_strategy());
	} while (race_repeat());
	trace_print(out);
	fclose(out);
	t.report = elsewhere ? keep_find_alike(&schedule) : keep_find(&schedule);
	return t;
}

static void print_report(size_t i, bool again)
{
	const struct report *f = report_get(i);

	printf("failure   %-10s  %s\n", report_kind_name(f->kind), f->summary);
	printf("          %-10s  %s%stask %s, step %lu\n", "", f->where,
	       *f->where ? ", " : "", f->task, f->step);
	report_print_detail(stdout, f, UINT_MAX);
	report_print_stacks(stdout, i, again);
}

/* @first: what the schedule is of; or -1 */
static void print_reports(int first)
{
	if (first >= 0)
		print_report((size_t)first, true);
	for (size_t i = 0; i < report_count(); i++)
		if ((int)i != first)
			print_report(i, (int)i == first + 1);
}

static bool is_deterministic(const struct attempt *a, const struct attempt *b)
{
	return a->report == b->report && a->len == b->len &&
	       !memcmp(a->text, b->text, a->len);
}

/*
 * struct attempts - all replays: the first one, and how the others compare with it;
 * whether it came as a known report, which is none of theirs, or nobody looked (@once)
 */
struct attempts {
	struct attempt first;
	unsigned int nr, failed, alike;
	bool by_count, once, known;
};

/*
 * By the places of the switches; if they are not reached, as the subject has other places
 * now, by their numbers.
 */
static void play_first(const struct player *p, struct attempts *all)
{
	struct attempt other;

	all->first = play_once(p, all->by_count);
	if (all->by_count || all->first.report >= 0 || !replay_divergence())
		return;
	other = play_once(p, true);
	all->by_count = other.report >= 0;
	free(other.text);
	free(all->first.text);
	all->first = play_once(p, all->by_count);
}

static void play_again(const struct player *p, struct attempts *all)
{
	free(all->first.text);
	all->first = play_once(p, all->by_count);
}

/* With no report known at first: so it is seen whether a failure comes that is. */
static void play_known(const struct player *p, const struct suppressions *s,
		       struct attempts *all)
{
	bool came;

	if (all->once) { /* in a debugger, which counts reports */
		suppressions_load(s, p);
		play_first(p, all);
		return;
	}
	play_first(p, all);
	came = all->first.report >= 0;
	suppressions_load(s, p);
	if (suppress_nr())
		play_again(p, all);
	all->known = came && all->first.report < 0;
}

static void play_on(const struct player *p, struct attempts *all, unsigned int times)
{
	all->nr = all->alike = 1;
	all->failed = all->first.report >= 0;
	while (all->nr < times) {
		struct attempt t = play_once(p, all->by_count);

		all->nr++;
		all->failed += t.report >= 0;
		all->alike += is_deterministic(&all->first, &t);
		free(t.text);
	}
}

/* @divergence: where the replay left the schedule, or NULL */
static int status_of(const struct attempts *all, const char *divergence)
{
	if (all->first.report >= 0)
		return STATUS_FOUND;
	return divergence && !all->known ? STATUS_CUT : STATUS_OK;
}

/* Who debugs a known report wants to see it. */
static int replay_in_gdb(const struct arguments *args, const struct player *p,
			 struct attempts *all)
{
	static const struct suppressions none = { .not_the_drivers = true };
	const struct debug_target target = {
		.file = args->file,
		.subject = args->subject,
		.tree = args->tree,
		.by_count = all->by_count,
		.suppressions = all->known ? &none : &args->suppressions,
	};

	if (all->known) {
		printf("known     it is one of the known reports: gdb plays it with "
		       "--suppress none\n");
		suppress_clear();
		play_again(p, all);
	}
	if (all->first.report >= 0)
		return debug_in_gdb(&target, report_get((size_t)all->first.report),
				    all->first.report);
	if (replay_divergence())
		printf("diverged  %s\n", replay_divergence());
	complain("the failure does not come: there is nothing to stop at");
	return status_of(all, replay_divergence());
}

/* Return: whether anything was */
static bool print_kept_back(bool maybe_it)
{
	const uint64_t *known = suppress_counts();
	unsigned int n = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++)
		n += known[i] != 0;
	if (!n)
		return false;
	suppressions_print_short(known);
	if (maybe_it)
		printf("known     --suppress none takes them for failures\n");
	return true;
}

/* with what is known of it */
static const char *outcome_of(const struct attempts *all)
{
	if (all->first.report >= 0)
		return "came again";
	if (print_kept_back(all->known || all->once) && all->once)
		return "did not come again, or is one of the known reports";
	return all->known ? "came again, as one of the known reports"
			  : "did not come again";
}

static int print_outcome(const struct player *p, const struct attempts *all, bool counted)
{
	const struct attempt *first = &all->first;
	const char *divergence = replay_divergence(), *outcome;
	char line[256];

	fwrite(first->text, 1, first->len, stdout);
	putchar('\n');
	print_reports(first->report);
	for (unsigned int i = 0; chances_words(i, line, sizeof(line)); i++)
		printf("happened  %s\n", line);
	if (all->by_count)
		puts(BY_COUNT_LINE);
	if (replay_moved())
		printf("moved     %s\n", replay_moved());
	if (divergence)
		printf("diverged  %s\n", divergence);
	if (counted)
		printf("replays   %u, %u with the failure, %u like the first\n", all->nr,
		       all->failed, all->alike);
	if (all->alike != all->nr) {
		complain(
			"two replays had two traces: the simulator or the subject is not "
			"deterministic");
		return STATUS_SIMULATOR;
	}
	if (trace_hash() != schedule.trace && !divergence)
		printf("differs   the trace is not the one that was recorded\n");
	outcome = outcome_of(all);
	if (first->report < 0 && !all->known &&
	    strcmp(player_subject(p), schedule.subject) != 0)
		printf("differs   the failure is of %s: on %s these switches may do "
		       "nothing, and nothing else was tried\n",
		       schedule.subject, player_subject(p));
	printf("verdict   %s on %s: the failure %s (%s: %s)\n", player_scenario(p),
	       player_subject(p), outcome, schedule.kind, schedule.summary);
	return status_of(all, divergence);
}

int command_replay(int argc, char **argv)
{
	struct arguments args = { 0 };
	struct attempts all = { 0 };
	struct player p;
	char err[512];
	int status;

	read_arguments(&argp, argc, argv, &args);
	if (!schedule_read(&schedule, args.file, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	elsewhere = choose_recorded(&schedule, args.subject, args.tree, &p);
	end_doing(schedule.scenario);
	all.by_count = args.by_count;
	all.once = args.once && !args.gdb;
	play_known(&p, &args.suppressions, &all);
	if (args.gdb) {
		end_doing(NULL);
		status = replay_in_gdb(&args, &p, &all);
	} else {
		play_on(&p, &all, args.times ? args.times : 2);
		status = print_outcome(&p, &all, args.times > 1);
		end_doing(NULL);
	}
	free(all.first.text);
	return status;
}

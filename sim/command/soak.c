// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim fuzz --soak: worlds that live long, and what was looked at in them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command/choose/choose.h"
#include "command/command.h"
#include "command/verdict/suppressions.h"
#include "engine/hunt.h"
#include "engine/soak.h"
#include "sched/trace.h"

struct arguments {
	struct soak_options soak;
	const char *subject, *tree;
	struct suppressions suppressions;
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Subject [bufring]", 0 },
	{ "calls", 'c', "N", 0, "calls", 0 },
	{ "world-calls", 'w', "N", 0, "calls", 0 },
	{ "seed", 'x', "N", 0, "calls", 0 },
	{ "world", 'W', "N", 0, "calls", 0 },
	{ "rounds", 'r', "N", 0, "calls", 0 },
	{ "faults", 'f', "N", 0, "calls", 0 },
	{ "trace", 't', NULL, 0, "calls", 0 },
	SUPPRESS_OPTION,
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 's':
		a->subject = arg;
		return 0;
	case 'c':
		a->soak.calls = strtoull(arg, NULL, 0);
		return 0;
	case 'w':
		a->soak.world_calls = strtoull(arg, NULL, 0);
		return 0;
	case 'x':
		a->soak.seed = strtoull(arg, NULL, 0);
		return 0;
	case 'W':
		a->soak.first = strtoull(arg, NULL, 0);
		return 0;
	case 'r':
		a->soak.rounds = strtoull(arg, NULL, 0);
		return 0;
	case 'f':
		a->soak.fault_every = (unsigned int)strtoull(arg, NULL, 0);
		return 0;
	case 't':
		a->soak.trace = true;
		return 0;
	case 'u':
		suppressions_name(&a->suppressions, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}
static const struct argp argp = { .options = options, .parser = parse };

int command_soak(int argc, char **argv)
{
	struct arguments a = { .soak = { .calls = 100000,
					 .world_calls = 1000000,
					 .seed = 1,
					 .stride = 1,
					 .fault_every = 4,
					 .mask = SCHED_SYNC } };
	struct player p = { 0 };
	struct soak_result r;

	read_arguments(&argp, argc, argv, &a);
	p.subject = choose_subject(a.subject ? a.subject : "bufring", a.tree, true);
	p.driver = command_driver(p.subject);
	suppressions_load(&a.suppressions, &p);
	a.soak.stop = hunt_signalled;
	hunt_catch_signals();
	soak(&p, &a.soak, &r);
	hunt_let_signals();
	if (a.soak.trace)
		trace_print(stdout);
	for (size_t i = 0; i < report_count(); i++) {
		const struct report *x = report_get(i);
		printf("%s: %s [%s] %s\n%s", report_kind_name(x->kind), x->summary,
		       x->where, x->task, x->detail);
	}
	printf("world %" PRIu64 " round %" PRIu64 "; %" PRIu64 " worlds %" PRIu64
	       " rounds, %" PRIu64 " calls, %" PRIu64 " failed, %" PRIu64
	       " bytes, %" PRIu64 " exits, %" PRIu64 " signals\n",
	       r.world, r.round, r.worlds, r.rounds, r.tally.calls, r.tally.failed,
	       r.tally.bytes, r.tally.exits, r.tally.signals);
	for (int i = 0; i < FAULT_NR; i++)
		printf(" %" PRIu64, r.tally.faults[i]);
	puts("");
	return r.failed;
}

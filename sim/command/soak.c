// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim fuzz --soak: what came of worlds that lived long, in figures for each oracle.
 */
#include "command/soak.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>

#include "command/command.h"
#include "command/verdict/failure.h"
#include "command/verdict/junit.h"
#include "command/verdict/result.h"
#include "command/verdict/suppressions.h"
#include "engine/detectors.h"
#include "engine/hunt.h"
#include "sched/trace.h"
#include "shim/fault.h"

static const char *const fault_words[FAULT_NR] = {
	[FAULT_ALLOC] = "allocations",
	[FAULT_TO_USER] = "copies to user memory",
	[FAULT_FROM_USER] = "copies from user memory",
	[FAULT_PIN] = "pinnings of user pages",
	[FAULT_HALF_TO_USER] = "halves of copies to user memory",
	[FAULT_HALF_FROM_USER] = "halves of copies from user memory",
	[FAULT_IMPORT] = "imports of user memory",
	[FAULT_SHORT_PAGE] = "halves of user pages",
	[FAULT_TASK_WORK] = "task works",
};

static uint64_t all_faults(const struct soak_tally *t)
{
	uint64_t n = 0;

	for (unsigned int kind = 0; kind < FAULT_NR; kind++)
		n += t->faults[kind];
	return n;
}

/* ---- printing ---- */

static void print_head(const struct soak_command *c)
{
	const struct soak_options *o = &c->options;
	const char *lack = detectors_lack(c->player.subject);
	char subject[PATH_MAX + 128];

	if (c->verdict->say == SAY_FAILURES)
		return;
	printf("soak      %s%s%s\n", subject_words(&c->player, subject, sizeof(subject)),
	       lack ? ", " : "", lack ? lack : "");
	printf("options   --seed %" PRIu64 " --faults %u --jobs %u", o->seed, o->faults,
	       o->jobs);
	if (o->rounds)
		printf(" --world %" PRIu64 " --round %" PRIu64, o->world, o->rounds);
	else if (o->calls)
		printf(" --calls %" PRIu64, o->calls);
	if (o->seconds > 0)
		printf(" --seconds %g", o->seconds);
	putchar('\n');
}

static void show(void *arg, const struct soak_tally *t)
{
	const struct soak_command *c = arg;

	if (c->terminal && c->verdict->say != SAY_FAILURES)
		fprintf(stderr,
			"\r\033[Ksoak: %" PRIu64 " calls, %" PRIu64 " failures injected",
			t->calls, all_faults(t));
}

static void print_tally(const struct soak_command *c, const struct soak_result *r)
{
	const struct soak_tally *t = &r->tally;

	if (c->terminal && c->verdict->say != SAY_FAILURES)
		fputs("\r\033[K", stderr);
	if (c->verdict->say == SAY_FAILURES)
		return;
	printf("worlds    %" PRIu64 ", %" PRIu64 " rounds, %" PRIu64
	       " threads of the server left, %" PRIu64 " signals\n",
	       r->worlds, r->rounds, t->exits, t->signals);
	printf("calls     %" PRIu64 ", each ended once; %" PRIu64 " with an error\n",
	       t->calls, t->failed);
	printf("data      %" PRIu64 " bytes compared\n", t->bytes);
	printf("rest      looked at %" PRIu64
	       " times: entries, queues, counters, objects; %" PRIu64
	       " objects allocated\n",
	       t->looks, t->allocated);
	printf("failures  %" PRIu64 " injected:", all_faults(t));
	for (unsigned int kind = 0; kind < FAULT_NR; kind++)
		printf("%s %" PRIu64 " %s", kind ? "," : "", t->faults[kind],
		       fault_words[kind]);
	printf("\nresult    %.2f s CPU, %.0f calls per CPU second, %ld kB\n", r->cpu_s,
	       r->cpu_s > 0 ? (double)t->calls / r->cpu_s : 0, r->peak_rss_kb);
}

static void tell(struct soak_command *c, const struct soak_result *r)
{
	char when[96];

	snprintf(when, sizeof(when), "round %" PRIu64 " of world %" PRIu64 ", ", r->round,
		 r->world);
	for (unsigned int i = 0; i < r->nr; i++) {
		const struct telling t = { .player = &c->player,
					   .report = &r->reports[i],
					   .reports = 1,
					   .words = 1,
					   .when = when };

		if (!verdict_knows(c->verdict, &t))
			verdict_tell(c->verdict, &t,
				     (struct failure_how){ -1, NULL, "", false });
	}
}

static void print_again(const struct soak_command *c, const struct soak_result *r)
{
	if (!r->nr || c->options.rounds)
		return;
	printf("again     uringsim fuzz --soak --subject %s --seed %" PRIu64
	       " --faults %u --world %" PRIu64 " --round %" PRIu64
	       "  (with the trace of that round)\n",
	       player_subject(&c->player), c->options.seed, c->options.faults, r->world,
	       r->round ? r->round : 1);
}

/* ---- JSON ---- */

static struct json_object *tally_json(const struct soak_result *r)
{
	const struct soak_tally *t = &r->tally;
	const struct {
		const char *name;
		uint64_t n;
	} list[] = {
		{ "worlds", r->worlds },       { "rounds", r->rounds },
		{ "calls", t->calls },	       { "failed", t->failed },
		{ "bytes", t->bytes },	       { "exits", t->exits },
		{ "signals", t->signals },     { "looks", t->looks },
		{ "allocated", t->allocated }, { "faults", all_faults(t) },
	};
	struct json_object *o = json_object_new_object();

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		json_object_object_add(o, list[i].name,
				       json_object_new_uint64(list[i].n));
	return o;
}

static int write_result(struct soak_command *c, const struct soak_result *r, int status)
{
	const struct result result = {
		.player = &c->player,
		.state = r->stopped ? "cut" : "done",
		.strategy = "soak",
		.points = "sync",
		.seed = c->options.seed,
		.executions = r->rounds,
		.cpu_s = r->cpu_s,
		.wall_s = r->wall_s,
		.peak_rss_kb = r->peak_rss_kb,
	};
	struct json_object *results = json_object_new_array(),
			   *failures = json_object_new_array(), *o;
	bool unwritten = false;

	for (unsigned int i = 0; i < r->nr; i++)
		json_object_array_add(
			failures,
			failure_json(&r->reports[i],
				     verdict_group(c->verdict, &r->reports[i]), NULL));
	o = result_json(&result, failures);
	json_object_object_add(o, "soak", tally_json(r));
	json_object_object_add(o, "interrupted", json_object_new_boolean(r->signalled));
	json_object_object_add(o, "suppressed", suppressions_json(r->suppressed));
	json_object_array_add(results, o);
	if (c->json && results_write(c->json, results) != STATUS_OK)
		unwritten = true;
	if (c->junit && junit_write(c->junit, results) != STATUS_OK)
		unwritten = true;
	json_object_put(results);
	return unwritten ? verdict_unwritten(status) : status;
}

int soak_command(struct soak_command *c)
{
	static const struct scenario scenario = { .name = "soak" };
	struct verdict *v = c->verdict;
	const struct soak_result *r;

	c->player.scenario = &scenario;
	c->options.show = show;
	c->options.show_arg = c;
	v->subject = &c->player;
	if (!c->player.driver->soak) {
		complain("no world of %s can live long", c->player.driver->name);
		return STATUS_USAGE;
	}
	print_head(c);
	hunt_catch_signals();
	r = soak(&c->player, &c->options);
	hunt_let_signals();
	if (c->options.rounds)
		trace_print(stdout);
	print_tally(c, r);
	tell(c, r);
	print_again(c, r);
	v->asked = 1;
	v->failed = r->nr != 0;
	v->interrupted = r->signalled;
	v->cut = r->stopped && (r->signalled || c->options.calls);
	verdict_count(v, r->suppressed);
	return write_result(c, r, verdict_end(v));
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What uringsim explore prints of each search.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/choose/ring_flags.h"
#include "command/verdict/result.h"
#include "command/command.h"
#include "command/explore/explore.h"
#include "engine/detectors.h"

static void print_options(const struct arguments *args, const struct search_options *o)
{
	if (args->automatic)
		printf("options   --strategy auto --budget %s",
		       budget_name(args->budget));
	else
		printf("options   --strategy %s --points %s", search_kind_name(o->kind),
		       args->points);
	if (args->automatic || search_samples(o->kind))
		printf(" --seed %" PRIu64, o->seed);
	if (o->kind == SEARCH_PCT && o->steps)
		printf(" --depth %u (%" PRIu64 " steps)", o->depth, o->steps);
	else if (o->kind == SEARCH_PCT)
		printf(" --depth %u", o->depth);
	if (o->preemptions != SEARCH_NO_BOUND)
		printf(" --preemptions %d", o->preemptions);
	if (o->kind == SEARCH_DELAY)
		printf(" --delays %d", o->delays);
	if (args->chances.timers)
		printf(" --timers %u", args->chances.timers);
	if (args->chances.faults)
		printf(" --faults %u", args->chances.faults);
	if (world_added_ring_flags())
		printf(" --ring-flags %s", ring_flags_given());
	if (o->executions)
		printf(" --executions %" PRIu64, o->executions);
	if (args->seconds > 0)
		printf(" --seconds %g", args->seconds);
	if (args->each > 0)
		printf(" --seconds-each %g", args->each);
	if (strcmp(detectors_names(), "all") != 0)
		printf(" --detect %s", detectors_names());
	if (args->hunt.first)
		printf(" --first");
	if (o->shards > 1)
		printf(" --shard %u/%u", o->shard + 1, o->shards);
	printf(" --jobs %u\n", args->hunt.jobs);
}

/* -v: before each scenario */
void print_title(const struct player *p, const struct arguments *args,
		 const struct search_options *o)
{
	const char *lack = detectors_lack(p->subject);

	printf("explore   %s on %s%s%s\n", player_scenario(p), player_subject(p),
	       lack ? ", " : "", lack ? lack : "");
	print_options(args, o);
	if (p->subject && p->scenario->explored)
		printf("explored  %s; until then in the default order\n",
		       p->scenario->explored);
}

/* once, before all of them */
void print_head(const struct player *p, unsigned int nr, const struct arguments *args)
{
	const char *lack = detectors_lack(p->subject);
	char subject[PATH_MAX + 128];

	printf("explore   %u scenario%s on %s%s%s\n", nr, nr == 1 ? "" : "s",
	       subject_words(p, subject, sizeof(subject)), lack ? ", " : "",
	       lack ? lack : "");
	print_options(args, &args->hunt.search);
}

/* the clock or Ctrl-C ended it */
bool was_cut(const struct hunt_result *c)
{
	return c->interrupted && !c->complete;
}

/* what cut a search short; NULL: nothing */
const char *what_cut(const struct hunt_result *c, const struct hunt_options *h)
{
	const struct search_options *o = &h->search;

	if (was_cut(c))
		return "stopped";
	if (c->cut_endless)
		return "endless";
	if (c->cut_steps)
		return "length";
	if (h->nr_phases && !c->complete)
		return phases_complete(h, c) < 0 ? "executions" : "preemptions";
	if (h->nr_phases || search_samples(o->kind))
		return NULL;
	if (c->cut_length)
		return "length";
	if (!c->complete)
		return o->executions ? "executions" : "stopped";
	if (!c->cut_preemptions)
		return NULL;
	return o->kind == SEARCH_DELAY ? "delays" : "preemptions";
}

static void add_bound(char *text, size_t len, const struct search_options *o)
{
	bool delays = o->kind == SEARCH_DELAY;
	int bound = delays ? o->delays : o->preemptions;

	snprintf(text + strlen(text), len - strlen(text), " within %d %s%s", bound,
		 delays ? "delay" : "preemption", bound == 1 ? "" : "s");
}

static const char *completeness_of_phases(const struct hunt_result *c,
					  const struct hunt_options *h)
{
	static char text[80];
	int bound = phases_complete(h, c);

	if (c->complete)
		return "complete";
	if (c->interrupted)
		return "stopped";
	if (bound < 0)
		return "as many as asked for";
	snprintf(text, sizeof(text), "complete within %d preemption%s", bound,
		 bound == 1 ? "" : "s");
	return text;
}

static const char *completeness(const struct hunt_result *c, const struct hunt_options *h)
{
	const struct search_options *o = &h->search;
	static char text[80];

	if (h->first && c->nr)
		return "stopped by a failure";
	if (c->cut_endless)
		return "stopped: too many of them are endless loops";
	if (c->cut_steps)
		return "stopped: they are too long for the budget";
	if (h->nr_phases)
		return completeness_of_phases(c, h);
	if (search_samples(o->kind))
		return c->interrupted ? "stopped" : "as many as asked for";
	if (c->cut_length)
		return "not complete: an execution was too long to be searched";
	if (c->complete) {
		snprintf(text, sizeof(text), "%scomplete",
			 o->shards > 1 ? "this part is " : "");
		if (c->cut_preemptions)
			add_bound(text, sizeof(text), o);
		return text;
	}
	if (o->executions && !c->interrupted)
		return "not complete: the number of executions cut it";
	return "not complete: stopped";
}

/* -v: after each scenario */
void print_result(const struct hunt_result *c, const struct hunt_options *o)
{
	printf("result    %" PRIu64 " executions, %s", c->executions, completeness(c, o));
	if (c->redundant)
		printf("; %" PRIu64 " more cut off as repetitions", c->redundant);
	printf("\n          %.2f s CPU, %.0f executions per CPU second, at most %" PRIu64
	       " choices, %ld kB\n",
	       c->cpu_s, c->cpu_s > 0 ? (double)c->executions / c->cpu_s : 0, c->depth,
	       c->peak_rss_kb);
	phases_print(o, c);
	answers_print(&c->difference);
}

/* two of them make a line where there are many scenarios, in which nothing was found */
#define MANY 60
static bool many, half;

void print_lines_begin(unsigned int nr)
{
	many = nr > MANY;
	half = false;
}

void print_lines_end(void)
{
	if (half)
		putchar('\n');
	half = false;
	fflush(stdout);
}

static void print_half(const struct player *p, const struct hunt_result *c)
{
	unsigned int known = 0;

	for (unsigned int i = 0; i < SUPPRESS_MAX; i++)
		known += c->suppressed[i] != 0;
	printf("%s%-24s %6" PRIu64 ": nothing%s", half ? "" : "scenario  ",
	       player_scenario(p), c->executions, known ? ", " : "");
	if (known)
		printf("%u known", known);
	if (half)
		putchar('\n');
	else
		printf("%*s", known ? (known > 9 ? 2 : 3) : 12, "");
	half = !half;
	fflush(stdout);
}

/* otherwise: one line */
void print_line(const struct player *p, const struct hunt_result *c,
		const struct hunt_options *o, unsigned int failures)
{
	const char *how = completeness(c, o);
	char words[96];

	if (!strcmp(how, "as many as asked for"))
		how = "";
	if (many && !failures && !*how) {
		print_half(p, c);
		return;
	}
	print_lines_end();
	printf("scenario  %-28s %8" PRIu64 " executions%s%s: %s\n", player_scenario(p),
	       c->executions, *how ? ", " : "", how,
	       verdict_words(failures, c->failures, c->suppressed, words, sizeof(words)));
	fflush(stdout);
}

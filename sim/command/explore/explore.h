/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * uringsim explore: its command line, and what its files share.
 */
#ifndef COMMAND_EXPLORE_EXPLORE_H
#define COMMAND_EXPLORE_EXPLORE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "command/verdict/suppressions.h"
#include "command/verdict/verdict.h"
#include "engine/hunt.h"
#include "engine/player.h"
#include "engine/portfolio.h"

/* struct arguments - the command line */
struct arguments {
	const char *subject, *tree, *json, *junit, *points, *schedules;
	const char **scenarios;
	unsigned int nr_scenarios;
	uint64_t executions;
	struct hunt_options hunt;
	const char *strategy; /* NULL: not said */
	const char *decided;  /* an option that auto decides about itself; or NULL */
	bool budget_given, depth_given;
	bool automatic; /* the strategy chooses by itself, within @budget */
	enum budget budget;
	struct chances chances;
	struct suppressions suppressions;
	double seconds, each; /* of all, and of each scenario; 0: not said */
	double until;	      /* by now_s(); 0: no end */
	struct verdict verdict;
};

/* options.c */

/** explore_arguments() - read the command line; ends the program if it is wrong */
void explore_arguments(int argc, char **argv, struct arguments *args);

/* phase.c */

/** phase_of() - how number @nr of the phases is searched; of a search in one phase: that
 */
struct hunt_phase phase_of(const struct player *p, const struct arguments *args,
			   const struct hunt_options *o, unsigned int nr);
/** phases_complete() - within how many preemptions everything was explored; -1: it was
 * not even without one */
int phases_complete(const struct hunt_options *o, const struct hunt_result *c);
/** phases_print() - with -v, what became of each */
void phases_print(const struct hunt_options *o, const struct hunt_result *c);
/** phases_json() - an array; NULL: the search was none in phases */
struct json_object *phases_json(const struct hunt_options *o,
				const struct hunt_result *c);
/** phases_count() - a scenario is done: for phases_left_out() */
void phases_count(const struct hunt_options *o, const struct hunt_result *c);
/** phases_left_out() - after all scenarios: how far the search went, and what it left out
 */
void phases_left_out(enum budget budget);

/* print.c */

/** was_cut() - the clock or Ctrl-C ended a search: it is what its line calls "stopped" */
bool was_cut(const struct hunt_result *c);
/** what_cut() - a word for what cut a search short; NULL: nothing did */
const char *what_cut(const struct hunt_result *c, const struct hunt_options *h);

/** print_head() - once, before all @nr scenarios */
void print_head(const struct player *p, unsigned int nr, const struct arguments *args);
/** print_title() - with -v, before each scenario */
void print_title(const struct player *p, const struct arguments *args,
		 const struct search_options *o);
/** print_result() - with -v, after each scenario */
void print_result(const struct hunt_result *c, const struct hunt_options *o);
/** print_lines_begin() - before the first of @nr lines; _end(): behind the last one */
void print_lines_begin(unsigned int nr);
void print_lines_end(void);
/** print_line() - otherwise: one line, or, of more than 60 scenarios, half of one */
void print_line(const struct player *p, const struct hunt_result *c,
		const struct hunt_options *o, unsigned int failures);

/* result.c */

/** add_result() - of one scenario; @failures are its own then */
void add_result(struct json_object *results, const struct player *p,
		const struct arguments *args, const struct hunt_options *h,
		const struct hunt_result *c, const char *state,
		struct json_object *failures);

#endif /* COMMAND_EXPLORE_EXPLORE_H */

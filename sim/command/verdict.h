/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all scenarios together have shown: one failure of each group, known reports, the
 * last lines, and the exit status.
 */
#ifndef COMMAND_VERDICT_H
#define COMMAND_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "command/suppressions.h"
#include "detect/report.h"
#include "detect/suppress.h"
#include "search/schedule.h"

/** enum saying - how much is printed: -q, nothing, -v */
enum saying { SAY_FAILURES, SAY_LINES, SAY_ALL };

struct told; /* a group of failures, in words */

/**
 * struct verdict - of all scenarios that are asked for; zeroed but for its options
 * @say, @strict: the options; with @strict, an entry of the suppressions that suppressed
 *	nothing is a failure
 * @all: every scenario of the subject is played: all entries should be used
 * @subject: the player of any scenario
 * @asked, @failed, @cut, @not_started: scenarios
 * @interrupted: by Ctrl-C
 * @unjudged: the subject called what the shim does not model
 * @one: a single scenario is asked for: it gets a sentence at the end
 * @once: each is played in the default order, which needs no schedule to be repeated
 * @known: reports that each entry of the suppressions kept back
 */
struct verdict {
	enum saying say;
	bool strict, all, one, once;
	const struct player *subject;
	unsigned int asked, failed, cut, not_started;
	bool interrupted, unjudged;
	uint64_t known[SUPPRESS_MAX];
	struct told *told;
	unsigned int nr_told;
	char names[160];    /* of scenarios that were not started */
	char sentence[256]; /* about the last scenario that was played */
};

#define VERDICT_OPTIONS                                                                  \
	{ "verbose", 'v', NULL, 0, "Print all that is known of each scenario", 0 },      \
		{ "quiet", 'q', NULL, 0, "Print failures and the last lines alone", 0 }, \
		{ "strict",                                                              \
		  0x100,                                                                 \
		  NULL,                                                                  \
		  0,                                                                     \
		  "A known report that did not come is a failure (if all scenarios are " \
		  "played)",                                                             \
		  0 },                                                                   \
	{                                                                                \
		"bisect", 0x101, NULL, 0,                                                \
			"For git bisect run: exit status 125 where a tree cannot be "    \
			"judged",                                                        \
			0                                                                \
	}

/** verdict_option() - take one of them. Return: false: it is another one */
bool verdict_option(struct verdict *v, int key);

/**
 * struct telling - a failure, to be told
 * @reports, @words: how many reports of its group there are, in how many wordings
 * @when: where it came, in words: "execution 94, "
 */
struct telling {
	const struct player *player;
	const struct report *report;
	uint64_t reports;
	unsigned int words;
	const char *when;
};

/**
 * verdict_knows() - count a failure whose group was told before
 *
 * Return: the schedule of that group, "" if it has none; NULL: it is to be told.
 */
const char *verdict_knows(struct verdict *v, const struct telling *t);

/**
 * verdict_tell() - put a failure into words, which verdict_end() prints; with SAY_ALL
 * they are printed at once
 * @number: of the same report in the replay that was just made, for its stacks; or -1
 * @s: its schedule, or NULL: the default order leads to it
 * @path: of its schedule; or ""
 */
void verdict_tell(struct verdict *v, const struct telling *t, int number,
		  const struct schedule *s, const char *path);

/** verdict_not_started() - a scenario is not played any more */
void verdict_not_started(struct verdict *v, const struct player *p);

/** verdict_say() - put the verdict of one scenario into words; with SAY_ALL print it */
void verdict_say(struct verdict *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** verdict_count() - add what the suppressions suppressed in one scenario */
void verdict_count(struct verdict *v, const uint64_t *known);

/**
 * verdict_words() - of one scenario: "2 failures in 20 of them, 3 known"
 * @failures: kinds of them
 * @in: executions with one; 0: there was only one
 */
const char *verdict_words(unsigned int failures, uint64_t in, const uint64_t *known,
			  char *buf, size_t len);

/** verdict_end() - print what comes last. Return: the exit status */
int verdict_end(struct verdict *v);

#endif /* COMMAND_VERDICT_H */

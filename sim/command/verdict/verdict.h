/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all scenarios together have shown: one failure of each group, known reports, the
 * last lines, and the exit status.
 */
#ifndef COMMAND_VERDICT_H
#define COMMAND_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "command/verdict/suppressions.h"
#include "command/verdict/causes.h"
#include "detect/report.h"
#include "detect/suppress.h"
#include "search/schedule.h"

/** enum saying - how much is printed: -q, nothing, -v */
enum saying { SAY_FAILURES, SAY_LINES, SAY_ALL };

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
 * @suppressions: of the command line, which a replay has to have, too; NULL: none
 * @ring_flags, @detect: as on the command line, or NULL: what @once is repeated with
 * @once: each is played in the default order, which needs no schedule to be repeated
 * @known: reports that each entry of the suppressions kept back
 */
struct verdict {
	enum saying say;
	bool strict, all, one, once;
	const struct suppressions *suppressions;
	const char *ring_flags, *detect;
	const struct player *subject;
	unsigned int asked, failed, cut, not_started;
	bool interrupted, unjudged;
	uint64_t known[SUPPRESS_MAX];
	struct cause_list told;
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
			"judged, or the simulator fails",                                \
			0                                                                \
	}

/** verdict_option() - take one of them. Return: false: it is another one */
bool verdict_option(struct verdict *v, int key);

/** verdict_knows() - as cause_knows() */
const char *verdict_knows(struct verdict *v, const struct telling *t);

/**
 * verdict_tell() - put a failure into words, which verdict_end() prints; with SAY_ALL
 * they are printed at once
 */
void verdict_tell(struct verdict *v, const struct telling *t, struct failure_how how);

/** verdict_group() - as cause_group() */
const char *verdict_group(const struct verdict *v, const struct report *r);

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

/**
 * verdict_unwritten() - the exit status where a file could not be written
 * @status: that it would have been
 *
 * Return: end_unwritten() of it; but with --bisect a disk that is full says nothing about
 * the tree.
 */
int verdict_unwritten(int status);

#endif /* COMMAND_VERDICT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a report tells: one replay of a schedule, put into words. Every text in it
 * is plain ASCII without control characters, whatever the schedule file had in it.
 */
#ifndef COMMAND_REPORT_TALE_H
#define COMMAND_REPORT_TALE_H

#include <stdio.h>

#include "engine/keep.h"
#include "sched/sched.h"

#define NO_LANE	 (-1)
#define NO_STEP	 ((size_t)-1)
#define TALE_OBJ 192

/**
 * struct tale_step - a line of the trace
 * @lane: who did it; NO_LANE: nobody, the scenario itself
 * @what: enum sched_what; @verb: in a word
 * @object: what it was done to, as in the trace; @name: the object's name alone
 * @file, @func, @line: where; line 0: not known
 * @wakes: whom it wakes or creates, or NO_LANE
 * @switched: the step before was somebody else's
 * @waits: a lock that is taken already
 * @fails: the failure was noticed in this step
 * @party: of a race: the other access was next to this step, in the same function
 * @shown: part of the time line; else folded
 */
struct tale_step {
	unsigned long nr;
	int lane, wakes;
	enum sched_what what;
	const char *verb;
	char object[TALE_OBJ], name[96];
	char file[96], func[64];
	int line;
	long long value;
	bool has_value, switched, waits, fails, party, shown;
};

/** struct tale_span - a lock that is held, or a wait; @to NO_STEP: to the end */
struct tale_span {
	int lane;
	size_t from, to;
	char what[96];
};

struct tale_spans {
	struct tale_span *at;
	size_t nr;
};

/**
 * struct tale_lane - a task
 * @born, @ended: steps, or NO_STEP
 * @column: its place in the time line; NO_LANE: it acts in no step that is shown
 * @doing: what it was about when the failure was noticed, in words
 */
struct tale_lane {
	char name[24];
	size_t born, ended;
	int column;
	char doing[256];
};

/** struct tale_failure - the one that the schedule is about, or another */
struct tale_failure {
	char kind[16], summary[256], where[160], task[24];
	char detail[REPORT_DETAIL]; /* lines, each ended by '\n' */
	unsigned long step;
};

/**
 * struct tale - everything
 * @failure: as replayed; as recorded, if it did not come again
 * @came: it did
 * @fails: its step, or NO_STEP
 * @others, @nr_others: what else was reported
 * @diverged: where the replay left the schedule, or ""
 * @same_trace: the trace is the one that was recorded
 * @dropped: steps that the trace had no room for
 * @nr_columns: lanes that have a column
 * @config: the scenario's world, in words
 */
struct tale {
	const struct schedule *schedule;
	const struct player *player;
	struct tale_failure failure, *others;
	unsigned int nr_others;
	bool came, same_trace;
	size_t fails, dropped;
	char diverged[512], config[256];
	unsigned long long hash;
	struct tale_lane lanes[SCHED_MAX_TASKS];
	int nr_lanes, nr_columns;
	struct tale_step *steps;
	size_t nr;
	struct tale_spans locks, waits;
};

/**
 * tale_take() - of the execution that was just replayed
 *
 * Lives until the program ends. Ends it with STATUS_SIMULATOR without memory.
 */
const struct tale *tale_take(const struct schedule *s, const struct player *p, bool all);

/** tale_locks_at() - locks that the lane holds at step @i, ", " between them */
void tale_locks_at(const struct tale *t, int lane, size_t i, char *buf, size_t len);

/** tale_choose() - which steps are shown; @all: every one */
void tale_choose(struct tale *t, bool all);

/** tale_hidden() - names of the lanes without a column, ", " between them */
void tale_hidden(const struct tale *t, char *buf, size_t len);

/** tale_same_file() - file @i of the schedule is the one that was replayed */
bool tale_same_file(const struct tale *t, unsigned int i);

/* A place without its folders, for where there is little room. */
const char *tale_base(const char *file);

/* What the formats are. */
void tale_text(FILE *out, const void *tale);
void tale_svg(FILE *out, const void *tale);
void tale_html(FILE *out, const void *tale);
void tale_json(FILE *out, const void *tale);

/** tale_escape() - for XML and HTML, text or attribute */
void tale_escape(FILE *out, const char *text);

#endif /* COMMAND_REPORT_TALE_H */

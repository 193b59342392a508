/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a report shows: one replay of a schedule as steps, tasks, locks and waits. Every
 * text in it is plain ASCII without control characters, whatever the schedule file had
 * in it.
 */
#ifndef COMMAND_REPORT_TIMELINE_H
#define COMMAND_REPORT_TIMELINE_H

#include <stdio.h>

#include "engine/keep.h"
#include "sched/sched.h"

#define NO_LANE		(-1)
#define NO_STEP		((size_t)-1)
#define TIMELINE_OBJECT 192

/**
 * struct timeline_step - a line of the trace
 * @lane: the task that did it; NO_LANE: the scenario itself
 * @what: enum sched_what; @verb: in a word
 * @object: what it was done to, as in the trace; @name: the object's name alone
 * @file, @func, @line: where; line 0: not known
 * @wakes: the task that it wakes or creates, or NO_LANE
 * @switched: the step before was another task's
 * @waits: a lock that is taken already
 * @fails: the failure was noticed in this step
 * @other_access: of a race: the other access was next to this step, in the same function
 * @shown: part of the time line; else folded
 */
struct timeline_step {
	unsigned long nr;
	int lane, wakes;
	enum sched_what what;
	const char *verb;
	char object[TIMELINE_OBJECT], name[96];
	char file[96], func[64];
	int line;
	long long value;
	bool has_value, switched, waits, fails, other_access, shown;
};

/** struct timeline_span - a lock that is held, or a wait; @to NO_STEP: to the end */
struct timeline_span {
	int lane;
	size_t from, to;
	char what[96];
};

struct timeline_spans {
	struct timeline_span *at;
	size_t nr;
};

/**
 * struct timeline_lane - a task
 * @born, @ended: steps, or NO_STEP
 * @column: its place in the time line; NO_LANE: it acts in no step that is shown
 * @doing: what it did when the failure was noticed, in words
 */
struct timeline_lane {
	char name[24];
	size_t born, ended;
	int column;
	char doing[256];
};

/** struct timeline_failure - the one that the schedule is about, or another */
struct timeline_failure {
	char kind[16], summary[256], where[160], task[24];
	char detail[REPORT_DETAIL]; /* lines, each ended by '\n' */
	unsigned long step;
};

/**
 * struct timeline - a replay, and the failure in it
 * @failure: as replayed; as recorded, if it did not come again
 * @came: it did
 * @fails: its step, or NO_STEP
 * @others, @nr_others: what else was reported
 * @diverged: where the replay left the schedule, or ""
 * @same_trace: the trace is the one that was recorded
 * @dropped: earlier steps that the trace does not hold
 * @nr_columns: lanes that have a column
 * @config: the scenario's world, in words; @differs: what in it is not the default
 */
struct timeline {
	const struct schedule *schedule;
	const struct player *player;
	struct timeline_failure failure, *others;
	unsigned int nr_others;
	bool came, same_trace;
	size_t fails, dropped;
	char diverged[512], config[256], differs[256];
	unsigned long long hash;
	struct timeline_lane lanes[SCHED_MAX_TASKS];
	int nr_lanes, nr_columns;
	struct timeline_step *steps;
	size_t nr;
	struct timeline_spans locks, waits;
};

/**
 * timeline_of_replay() - of the execution that was just replayed
 *
 * Lives until the program ends. Ends it with STATUS_SIMULATOR without memory.
 */
const struct timeline *timeline_of_replay(const struct schedule *s,
					  const struct player *p, bool all);

/** timeline_sentence() - what failed, where, and which switches lead to it. Return: @buf
 */
const char *timeline_sentence(const struct timeline *t, char *buf, size_t len);

/** timeline_subject() - what it was played on, in words. Return: @buf */
const char *timeline_subject(const struct timeline *t, char *buf, size_t len);

/** timeline_differs() - fields of @config whose value is not that of @defaults */
void timeline_differs(const char *config, const char *defaults, char *buf, size_t len);

/** timeline_locks_at() - locks that the lane holds at step @i, ", " between them */
void timeline_locks_at(const struct timeline *t, int lane, size_t i, char *buf,
		       size_t len);

/** timeline_choose() - which steps are shown; @all: every one */
void timeline_choose(struct timeline *t, bool all);

/** timeline_hidden() - names of the lanes without a column, ", " between them */
void timeline_hidden(const struct timeline *t, char *buf, size_t len);

/** timeline_same_file() - file @i of the schedule is the one that was replayed */
bool timeline_same_file(const struct timeline *t, unsigned int i);

/** timeline_base() - a file's name without its folders */
const char *timeline_base(const char *file);

/* the formats */
void timeline_text(FILE *out, const void *timeline);
void timeline_svg(FILE *out, const void *timeline);
void timeline_html(FILE *out, const void *timeline);
void timeline_json(FILE *out, const void *timeline);

/** timeline_escape() - for XML and HTML, text or attribute */
void timeline_escape(FILE *out, const char *text);

#endif /* COMMAND_REPORT_TIMELINE_H */

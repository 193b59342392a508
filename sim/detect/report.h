/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong in this execution: every detector, and the shim's WARN and
 * BUG, end here. Kinds are the contract of the command line and the JSON.
 */
#ifndef DETECT_REPORT_H
#define DETECT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "sched/site.h"
#include "symbols/stacks.h"

/** enum report_kind - the oracle; the names on the command line are in report.c */
enum report_kind {
	REPORT_HEAP,
	REPORT_RACE,
	REPORT_LOCK,
	REPORT_USER,
	REPORT_PROGRESS,
	REPORT_KERNEL,
	REPORT_ACCOUNTING,
	REPORT_DIFFERENCE,
	REPORT_UNMODELLED, /* the simulator's own limit: exit status 3 */
	REPORT_NR_KINDS
};

/** enum report_value - do the writes of a race change the value that is there? */
enum report_value {
	REPORT_CHANGES, /* or nobody looked */
	REPORT_STAYS,
	REPORT_NOT_YET, /* the last of them is about to be made */
};

#define REPORT_DETAIL 1536
#define REPORT_OBJECT 176

/**
 * struct report - one failure
 * @kind: which detector
 * @summary: one line, without an address in it
 * @where: file:line (function) of the offending step, or ""
 * @other: likewise, of the second place; or ""
 * @task: name of the task that was running, or "-"
 * @step: number of the step in the trace; without a trace, points passed
 * @detail: further lines, each ended by '\n'; the failure is told apart from
 *	others without them
 * @rule: which rule of the oracle was broken, "use-after-free"; the oracle's name if it
 *	has but one
 * @object: what it is about, "ring_queue.busy_list", or ""
 * @group: reports of one cause have the same
 * @stuck: the earliest standstill (sched_standstills()) since which a task has been
 *	blocked that still is; 0: there is none
 */
struct report {
	enum report_kind kind;
	char summary[256];
	char where[160], other[160];
	char task[24];
	unsigned long step;
	char detail[REPORT_DETAIL];
	char rule[32];
	char object[REPORT_OBJECT];
	char group[320];
	unsigned int stuck;
};

#define REPORT_MAX STACKS_MAX

/**
 * report() - record a failure and go on
 * @kind: the oracle
 * @site: where, or NULL
 * @fmt: one line, printf style, without an address in it
 *
 * At most %REPORT_MAX are kept per execution; report_dropped() counts the rest. One that
 * is suppressed (detect/suppress.h) is counted there and nowhere else.
 *
 * Context: any; formats, but neither allocates nor makes a system call. Return: whether
 * it is a failure: false if it is suppressed.
 */
bool report(enum report_kind kind, const struct sched_site *site, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));

/**
 * report_about() - what the next report is about, which its caller makes at once
 * @rule, @object: as in struct report; copied; NULL: not said
 * @group: NULL: made of kind, rule and object, and without these of the summary, numbers
 *	left out
 */
void report_about(const char *rule, const char *object, const char *group);

/** report_position() - the step that a report would name now (struct report) */
unsigned long report_position(void);

/** report_scenario() - a constant: what is played from now on; NULL: it has no name */
void report_scenario(const char *name);

/**
 * report_accesses() - how the two places of the next report_pair() access its object
 * @first, @second: constants: "read", "marked write"
 */
void report_accesses(const char *first, const char *second);

/**
 * report_value() - what the writes of the next report_pair() do to the value
 * @p, @n: for %REPORT_NOT_YET: the bytes that are about to be written, at most 8
 *
 * A report that is known if the value stays the same is withdrawn by the next
 * report_settle() that finds it so.
 */
void report_value(enum report_value value, const void *p, size_t n);

/** report_settle() - what was about to be written is written: RACE_SETTLES asks for it */
void report_settle(void);

/** report_unsettled() - whether report_settle() has something to do */
bool report_unsettled(void);

/** report_pair() - likewise, with a second place that a suppression may name */
bool report_pair(enum report_kind kind, const struct sched_site *site,
		 const struct sched_site *other, const char *fmt, ...)
	__attribute__((format(printf, 4, 5), cold));

/**
 * report_detail() - add a line to the last report, unless that was suppressed or
 * the line did not fit
 */
void report_detail(const char *fmt, ...) __attribute__((format(printf, 1, 2), cold));

/**
 * report_fatal() - record a failure and end the execution (sched_stop()), which
 * ends if the report is suppressed, too
 */
void report_fatal(enum report_kind kind, const struct sched_site *site, const char *fmt,
		  ...) __attribute__((format(printf, 3, 4), cold));

/**
 * report_made() - number @nr is complete, and the execution has not gone on
 *
 * Does nothing; a debugger stops here. [of a race that is known if the value stays the
 * same: one access later]
 */
void report_made(size_t nr);

/** report_reset() - a new execution: forget all reports */
void report_reset(void);

/** report_checkpoint() - the reports so far are state of an execution */
struct checkpoint;
void report_checkpoint(struct checkpoint *c);

/** report_count() - number of reports that are kept */
size_t report_count(void);

/** report_count_kind() - number of reports of a kind, dropped ones included */
size_t report_count_kind(enum report_kind kind);

/** report_dropped() - number of reports that did not fit */
size_t report_dropped(void);

/** report_last() - number of the report that was made last; there is one */
size_t report_last(void);

/** report_get() - report @i, in the order in which they were made, or NULL */
const struct report *report_get(size_t i);

/** report_kind_name() - the word for a kind on the command line and in JSON */
const char *report_kind_name(enum report_kind kind);

#endif /* DETECT_REPORT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The result of playing one scenario, as text and as JSON.
 */
#ifndef COMMAND_RESULT_H
#define COMMAND_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;
struct player;
struct difference_tally;
struct report;

/**
 * struct result - one scenario on one subject, however often it was played
 * @difference: what was compared with the other way; NULL: nothing
 * @state: "done", "cut" - by Ctrl-C, or as time was over - or "not-started"
 */
struct result {
	const struct player *player;
	const struct difference_tally *difference;
	const char *strategy;
	const char *state;
	const char *points;
	uint64_t seed;
	uint64_t executions;
	bool complete; /* nothing is left to be tried */
	double cpu_s, wall_s;
	long peak_rss_kb;
	unsigned int checks, failed_checks;
};

/**
 * subject_words() - what is played, in words: its version, or the tree's folder and a
 * hash of what is compiled of it, and whether the files are the tree's own. Return: @buf
 */
const char *subject_words(const struct player *p, char *buf, size_t len);

/** answers_print() - how many were compared, and why others were not: a line, if any */
void answers_print(const struct difference_tally *t);

/** struct stopwatch - what a part of the program costs */
struct stopwatch {
	double cpu, wall;
};

void stopwatch_start(struct stopwatch *s);

/** stopwatch_stop() - set the times in @r, and the memory of this process */
void stopwatch_stop(const struct stopwatch *s, struct result *r);

/**
 * result_json() - one object of the results file
 * @failures: array of failure_json(); belongs to the object afterwards
 */
struct json_object *result_json(const struct result *r, struct json_object *failures);

/**
 * failure_json() - a report as an element of "failures"
 * @schedule: file; NULL: none was written, or none is needed to repeat it
 */
struct json_object *failure_json(const struct report *report, const char *group,
				 const char *schedule);

/** report_print_detail() - its further lines, below its first ones; at most @most */
void report_print_detail(FILE *out, const struct report *r, unsigned int most);

/**
 * report_print_stacks() - of number @nr: functions of the code under test, not the
 * simulator's own
 * @again: also if they are those of number @nr - 1
 */
void report_print_stacks(FILE *out, size_t nr, bool again);

/**
 * results_write() - write an array of them to @path, one object per line; all or
 * nothing if it is an ordinary file
 *
 * Return: STATUS_OK, or STATUS_USAGE with a line when it cannot be written.
 */
int results_write(const char *path, struct json_object *array);

#endif /* COMMAND_RESULT_H */

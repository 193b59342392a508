/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The result of playing one scenario, as text and as JSON.
 */
#ifndef COMMAND_RESULT_H
#define COMMAND_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;
struct report;

/** struct result - one scenario on one subject, however often it was played */
struct result {
	const char *subject;
	const char *scenario;
	const char *strategy;
	const char *points;
	uint64_t seed;
	uint64_t executions;
	bool complete; /* nothing is left to be tried */
	double cpu_s, wall_s;
	long peak_rss_kb;
	unsigned int checks, failed_checks;
};

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
struct json_object *failure_json(const struct report *report, const char *schedule);

/** report_print_detail() - its further lines, below its first ones */
void report_print_detail(const struct report *r);

/**
 * report_print_stacks() - of number @nr: functions of the code under test, not the
 * simulator's own
 * @again: also if they are those of number @nr - 1
 */
void report_print_stacks(size_t nr, bool again);

/**
 * results_write() - write an array of them to @path, one object per line; all or
 * nothing if it is an ordinary file
 *
 * Return: STATUS_OK, or STATUS_USAGE with a line when it cannot be written.
 */
int results_write(const char *path, struct json_object *array);

#endif /* COMMAND_RESULT_H */

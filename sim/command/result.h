/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What came of playing one scenario, on paper and as JSON.
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
	unsigned int checks, failed_checks;
};

/** struct stopwatch - CPU and wall clock time of what the program does */
struct stopwatch {
	double cpu, wall;
};

void stopwatch_start(struct stopwatch *s);
void stopwatch_stop(const struct stopwatch *s, struct result *r);

/**
 * result_json() - the object of the contract, with the failures that were
 * reported in this execution
 */
struct json_object *result_json(const struct result *r);

/** report_print_detail() - its further lines, below its first ones */
void report_print_detail(const struct report *r);

/**
 * report_print_stacks() - of number @nr: functions of the code under test, no machinery
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

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmarks share: CPU time, several repetitions and their spread, a row
 * as text and in JSON.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#define BENCH_MOST 32 /* repetitions */

/** struct samples - what the repetitions took; fewer than BENCH_MOST */
struct samples {
	double at[BENCH_MOST];
	unsigned int nr;
};

/** struct spread - of samples: noise only adds, so the least is the best estimate */
struct spread {
	double min, median, max;
};

/** bench_cpu_ns() - CPU time of this process */
double bench_cpu_ns(void);
/** bench_instructions() - executed by this process in user mode since the first call, or
 * -1: the machine does not count them
 */
double bench_instructions(void);
struct spread bench_spread(const struct samples *s);

/**
 * struct benchmark - one name of "uringsim bench"
 * @run: print rows and append them to @rows. Return: enum status
 */
struct benchmark {
	const char *name;
	const char *summary;
	int (*run)(struct json_object *rows);
};

/** bench_models - "explore" on models of the search */
extern const struct benchmark bench_models;

/** bench_quick() - for tests: fewer and shorter repetitions */
void bench_quick(void);
unsigned int bench_repetitions(unsigned int n);
unsigned int bench_some(unsigned int n);

/**
 * bench_ends_early() - from now on Ctrl-C and SIGTERM have @end called behind the row
 * that is measured, and so has an output that nobody reads any more, or that is full
 */
void bench_ends_early(void (*end)(void));

/** bench_end_if_asked() - have @end called if that is due; where a row takes long, before
 * it is there, too
 */
void bench_end_if_asked(void);

/**
 * bench_row() - a new row with the benchmark's name in it, appended to @rows, when what
 * is in the ones before is complete
 */
struct json_object *bench_row(struct json_object *rows, const char *bench);
void bench_put(struct json_object *row, const char *key, double value);
void bench_put_number(struct json_object *row, const char *key, size_t value);
void bench_put_text(struct json_object *row, const char *key, const char *value);
/** bench_put_spread() - @unit_min, @unit_median, @unit_max */
void bench_put_spread(struct json_object *row, const char *unit, struct spread s);

/** bench_explore_row() - a row of "explore" about @what */
struct json_object *bench_explore_row(struct json_object *rows, const char *what);
/** bench_print_rate() - executions per CPU second; @goal: 0: there is none */
void bench_print_rate(const char *words, const char *detect, struct spread s,
		      double goal);

struct subject;

/** bench_subject() - load @name; NULL when it is not built here */
const struct subject *bench_subject(const char *name);

#endif /* BENCH_BENCH_H */

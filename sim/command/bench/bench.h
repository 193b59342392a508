/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmarks share: CPU time, several repetitions and their spread, a row
 * on paper and in JSON.
 */
#ifndef COMMAND_BENCH_H
#define COMMAND_BENCH_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#define BENCH_MOST 32 /* repetitions */

/** struct samples - what the repetitions took; fewer than BENCH_MOST */
struct samples {
	double at[BENCH_MOST];
	unsigned int nr;
};

/** struct spread - of samples: noise only adds, so the least is nearest to the truth */
struct spread {
	double min, median, max;
};

/** bench_cpu_ns() - CPU time of this process */
double bench_cpu_ns(void);
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

extern const struct benchmark bench_roundtrip, bench_ring, bench_pools, bench_memory,
	bench_explore;

/* With --quick, for tests: fewer repetitions, and less in each. */
unsigned int bench_repetitions(unsigned int n);
unsigned int bench_some(unsigned int n);

/** bench_row() - a new row with the benchmark's name in it, appended to @rows */
struct json_object *bench_row(struct json_object *rows, const char *bench);
void bench_put(struct json_object *row, const char *key, double value);
void bench_put_number(struct json_object *row, const char *key, size_t value);
void bench_put_text(struct json_object *row, const char *key, const char *value);
/** bench_put_spread() - @unit_min, @unit_median, @unit_max */
void bench_put_spread(struct json_object *row, const char *unit, struct spread s);

struct subject_ops;

/** bench_subject() - load @name; NULL when it is not built here */
const struct subject_ops *bench_subject(const char *name);

/**
 * struct registers - two threads of a server REGISTER the first entries of the same
 * queue at the same time, again and again from the same moment
 * @executions: how many
 * @per_s: of them, per CPU second
 * @restored: bytes that are put back after each
 */
struct registers {
	size_t executions, restored;
	struct samples per_s;
};

/**
 * bench_registers() - measure it on @subject, with the detectors that were chosen
 *
 * Return: false with a line on stderr when an execution did not end as it must.
 */
bool bench_registers(const struct subject_ops *subject, struct registers *r);

#endif /* COMMAND_BENCH_H */

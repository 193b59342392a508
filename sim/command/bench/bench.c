// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim bench: which benchmarks are meant, and how their rows are written.
 */
#include "command/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/command.h"
#include "command/end.h"
#include "command/near.h"
#include "command/result.h"
#include "sched/trace.h"
#include "subject/subject.h"

static const struct benchmark *const benchmarks[] = {
	&bench_roundtrip, &bench_ring, &bench_pools, &bench_memory, &bench_explore,
};

#define NR_BENCHMARKS (sizeof(benchmarks) / sizeof(benchmarks[0]))

/* struct bench_wishes - the command line */
struct bench_wishes {
	const char *json;
	bool wanted[NR_BENCHMARKS];
	bool any;
};

static bool quick;

/* ---- what the benchmarks share ---- */

unsigned int bench_repetitions(unsigned int n)
{
	return quick && n > 2 ? 2 : n;
}

unsigned int bench_some(unsigned int n)
{
	return quick ? n / 20 : n;
}

double bench_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct spread bench_spread(const struct samples *s)
{
	struct samples sorted = *s;

	qsort(sorted.at, sorted.nr, sizeof(sorted.at[0]), by_value);
	return (struct spread){ sorted.at[0], sorted.at[sorted.nr / 2],
				sorted.at[sorted.nr - 1] };
}

struct json_object *bench_row(struct json_object *rows, const char *bench)
{
	struct json_object *row = json_object_new_object();

	bench_put_text(row, "bench", bench);
	json_object_array_add(rows, row);
	return row;
}

void bench_put(struct json_object *row, const char *key, double value)
{
	json_object_object_add(row, key, json_object_new_double(value));
}

void bench_put_number(struct json_object *row, const char *key, size_t value)
{
	json_object_object_add(row, key, json_object_new_uint64(value));
}

void bench_put_text(struct json_object *row, const char *key, const char *value)
{
	json_object_object_add(row, key, json_object_new_string(value));
}

void bench_put_spread(struct json_object *row, const char *unit, struct spread s)
{
	char key[64];

	snprintf(key, sizeof(key), "%s_min", unit);
	bench_put(row, key, s.min);
	snprintf(key, sizeof(key), "%s_median", unit);
	bench_put(row, key, s.median);
	snprintf(key, sizeof(key), "%s_max", unit);
	bench_put(row, key, s.max);
}

const struct subject_ops *bench_subject(const char *name)
{
	const struct subject_ops *subject;
	char err[512];

	subject = subject_load(name, err, sizeof(err));
	if (!subject)
		printf("%s: not measured: %s\n", name, err);
	return subject;
}

/* ---- the command line ---- */

static void want(struct bench_wishes *wishes, const char *name)
{
	struct near near = { .typed = name };
	size_t i;

	for (i = 0; i < NR_BENCHMARKS; i++) {
		if (!strcmp(name, benchmarks[i]->name)) {
			wishes->wanted[i] = true;
			wishes->any = true;
			return;
		}
		near_offer(&near, benchmarks[i]->name);
	}
	if (near.best)
		complain("no benchmark %s; did you mean %s?", name, near.best);
	else
		complain("no benchmark %s (roundtrip, ring, pools, memory and explore "
			 "are there)",
			 name);
	exit(STATUS_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct bench_wishes *wishes = state->input;

	switch (key) {
	case 'q':
		quick = true;
		return 0;
	case 'j':
		wishes->json = arg;
		return 0;
	case ARGP_KEY_ARG:
		want(wishes, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "json", 'j', "FILE", 0, "Write the rows to FILE", 0 },
	{ "quick", 'q', NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static char *list_benchmarks(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t len, i;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	out = open_memstream(&list, &len);
	if (!out)
		return NULL;
	fputs("Benchmarks:\n", out);
	for (i = 0; i < NR_BENCHMARKS; i++)
		fprintf(out, "  %-10s %s\n", benchmarks[i]->name, benchmarks[i]->summary);
	fclose(out);
	return list;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[NAME...]",
	.doc = "Measure, in CPU time: each figure is the median of several repetitions, "
	       "with "
	       "the least and the most. Without a NAME: everything.",
	.help_filter = list_benchmarks,
};

int command_bench(int argc, char **argv)
{
	struct bench_wishes wishes = { 0 };
	struct json_object *rows = json_object_new_array();
	int status = STATUS_OK, one;
	size_t i;

	read_arguments(&argp, argc, argv, &wishes);
	trace_enable(false, 0);
	for (i = 0; i < NR_BENCHMARKS; i++) {
		if (wishes.any && !wishes.wanted[i])
			continue;
		end_doing(benchmarks[i]->name);
		printf("%s: %s\n", benchmarks[i]->name, benchmarks[i]->summary);
		one = benchmarks[i]->run(rows);
		if (one > status)
			status = one;
		putchar('\n');
		fflush(stdout);
	}
	end_doing(NULL);
	if (wishes.json) {
		one = results_write(wishes.json, rows);
		if (one != STATUS_OK)
			status = one;
	}
	json_object_put(rows);
	return status;
}

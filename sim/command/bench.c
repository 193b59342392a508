// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim bench: which benchmarks the command line names, and how their rows are
 * written.
 */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "program/end.h"
#include "program/near.h"
#include "program/output.h"
#include "command/verdict/result.h"
#include "sched/trace.h"

#define MOST 32

/* of the drivers, then our own; two of the same name run one after the other */
static const struct benchmark *benchmarks[MOST];
static size_t nr_benchmarks;

static void add(const struct benchmark *b)
{
	if (b && nr_benchmarks < MOST)
		benchmarks[nr_benchmarks++] = b;
}

static void collect(void)
{
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		for (const struct benchmark *const *b = program_drivers[i].benchmarks;
		     b && *b; b++)
			add(*b);
	add(&bench_models);
}

static bool first_of_name(size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(benchmarks[i]->name, benchmarks[nr]->name))
			return false;
	return true;
}

/* struct bench_arguments - the command line */
struct bench_arguments {
	const char *json;
	bool wanted[MOST];
	bool any;
};

static void want(struct bench_arguments *args, const char *name)
{
	struct near near = { .typed = name };
	bool found = false;
	size_t i;

	for (i = 0; i < nr_benchmarks; i++) {
		if (!strcmp(name, benchmarks[i]->name))
			args->wanted[i] = found = true;
		near_offer(&near, benchmarks[i]->name);
	}
	args->any |= found;
	if (found)
		return;
	if (near.best)
		complain("no benchmark %s; did you mean %s?", name, near.best);
	else
		complain("no benchmark %s (bench --help lists them)", name);
	exit(STATUS_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct bench_arguments *args = state->input;

	switch (key) {
	case 'q':
		bench_quick();
		return 0;
	case 'j':
		args->json = arg;
		return 0;
	case ARGP_KEY_ARG:
		want(args, arg);
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
	for (i = 0; i < nr_benchmarks; i++)
		if (first_of_name(i))
			fprintf(out, "  %-10s %s\n", benchmarks[i]->name,
				benchmarks[i]->summary);
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

static struct bench_arguments args;
static struct json_object *rows;

/* what was measured until then is of use */
static void ends_early(void)
{
	bool ok = !args.json || results_write(args.json, rows) == STATUS_OK;

	fflush(stdout);
	/* ... and if nobody reads any more, end_with() has the reason */
	if (!ferror(stdout))
		complain("interrupted");
	exit(end_with(ok ? STATUS_CUT : STATUS_USAGE));
}

int command_bench(int argc, char **argv)
{
	int status = STATUS_OK, one;
	size_t i;

	rows = json_object_new_array();
	collect();
	read_arguments(&argp, argc, argv, &args);
	if (args.json && output_check(args.json) != STATUS_OK)
		return STATUS_USAGE;
	trace_enable(false, 0);
	bench_ends_early(ends_early);
	for (i = 0; i < nr_benchmarks; i++) {
		if (args.any && !args.wanted[i])
			continue;
		end_doing(benchmarks[i]->name);
		if (first_of_name(i))
			printf("%s: %s\n", benchmarks[i]->name, benchmarks[i]->summary);
		one = benchmarks[i]->run(rows);
		if (one > status)
			status = one;
		if (i + 1 == nr_benchmarks || first_of_name(i + 1))
			putchar('\n');
		fflush(stdout);
	}
	end_doing(NULL);
	if (args.json && results_write(args.json, rows) != STATUS_OK)
		status = end_unwritten(status);
	json_object_put(rows);
	return status;
}

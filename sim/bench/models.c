// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "explore": how fast the searches are on models, with and without detectors.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "detect/report.h"
#include "engine/detectors.h"
#include "engine/player.h"
#include "program/program.h"
#include "search/search.h"

#define REPETITIONS 7
#define RANDOM_NR   200000

static struct player model_player(const char *name)
{
	struct player p = { .subject = NULL };

	if (!model_find(name, &p.model)) {
		complain("no model %s", name);
		exit(STATUS_SIMULATOR);
	}
	return p;
}

/* CPU seconds of a search; false: something was found */
static bool search(const struct player *p, const struct search_options *o, double *s)
{
	double before = bench_cpu_ns();
	bool ok = true;

	search_begin(o);
	while (ok && search_next()) {
		player_play(p, search_strategy());
		ok = !report_count();
		search_ended();
	}
	*s = (bench_cpu_ns() - before) / 1e9;
	return ok;
}

/* ---- exhaustive ---- */

static const struct {
	const char *model;
	size_t executions;
} counts[] = {
	{ "ring-2", 70 },
	{ "ring-3", 15642 },
	{ "qrace-2", 4 },
	{ "qrace-3", 15 },
};

static bool exhaust(size_t which, struct json_object *rows)
{
	const struct search_options o = {
		.kind = SEARCH_EXHAUSTIVE,
		.mask = SCHED_MARKED,
		.preemptions = SEARCH_NO_BOUND,
		.shards = 1,
	};
	struct player p = model_player(counts[which].model);
	struct json_object *row = bench_explore_row(rows, "exhaustive");
	struct samples times = { .nr = 0 };
	struct spread s;
	size_t n;

	while (times.nr < bench_repetitions(REPETITIONS))
		if (!search(&p, &o, &times.at[times.nr++]))
			return false;
	s = bench_spread(&times);
	n = search_tally()->executions;
	printf("  exhaustive, %-8s %6zu executions%s  %8.4f s  (%.4f - %.4f)\n",
	       counts[which].model, n,
	       n == counts[which].executions ? "" : ", WHICH IS WRONG", s.median, s.min,
	       s.max);
	bench_put_text(row, "model", counts[which].model);
	bench_put_number(row, "executions", n);
	bench_put_number(row, "expected", counts[which].executions);
	bench_put_spread(row, "cpu_s", s);
	return n == counts[which].executions && search_tally()->complete;
}

/* ---- random ---- */

static bool random_model(const char *name, double goal, struct json_object *rows)
{
	const struct search_options o = {
		.kind = SEARCH_RANDOM,
		.mask = SCHED_MARKED,
		.seed = 1,
		.executions = bench_some(RANDOM_NR),
		.shards = 1,
	};
	struct player p = model_player(name);
	struct samples rates = { .nr = 0 };
	struct json_object *row = bench_explore_row(rows, "random");
	struct spread s;
	char words[48];
	double took;

	while (rates.nr < bench_repetitions(REPETITIONS)) {
		if (!search(&p, &o, &took))
			return false;
		rates.at[rates.nr++] = bench_some(RANDOM_NR) / took;
	}
	s = bench_spread(&rates);
	snprintf(words, sizeof(words), "random, %s, marked points", name);
	bench_print_rate(words, detectors_names(), s, goal);
	bench_put_text(row, "model", name);
	bench_put_text(row, "detect", detectors_names());
	bench_put_spread(row, "executions_per_cpu_s", s);
	return true;
}

static int run(struct json_object *rows)
{
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(counts) / sizeof(counts[0]); i++)
		ok = exhaust(i, rows);
	detectors_choose("none");
	ok = ok && random_model("ring-3", 0, rows) && random_model("qrace-2", 0, rows);
	detectors_choose("all");
	if (!detectors_lack(NULL))
		ok = ok && random_model("ring-3", 562000, rows) &&
		     random_model("qrace-2", 0, rows);
	if (!ok)
		complain("bench: a search did not come out as it must");
	return ok ? STATUS_OK : STATUS_FOUND;
}

const struct benchmark bench_models = {
	.name = "explore",
	.summary = "searches: counts, speed with and without detectors, memory",
	.run = run,
};

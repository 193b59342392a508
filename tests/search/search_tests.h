/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the search share: play a program in every execution of a
 * search, and look at what came of it.
 */
#ifndef TESTS_SEARCH_H
#define TESTS_SEARCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detect/report.h"
#include "model/model_i.h"
#include "sched/trace.h"
#include "search/search.h"
#include "shim/shim.h"

#define SYNC   SCHED_SYNC
#define MARKED SCHED_MARKED

/* exhaustive(.mask = MARKED) and the like: options of a search */
#define options_of(k, bound, ...) \
	((struct search_options){ .kind = (k), .preemptions = (bound), __VA_ARGS__ })
#define exhaustive(...)	 options_of(SEARCH_EXHAUSTIVE, SEARCH_NO_BOUND, __VA_ARGS__)
#define bounded(n, ...)	 options_of(SEARCH_EXHAUSTIVE, n, __VA_ARGS__)
#define random_walk(...) options_of(SEARCH_RANDOM, SEARCH_NO_BOUND, __VA_ARGS__)
#define pct(...)	 options_of(SEARCH_PCT, SEARCH_NO_BOUND, __VA_ARGS__)
#define pos(...)	 options_of(SEARCH_POS, SEARCH_NO_BOUND, __VA_ARGS__)
#define surw(...)	 options_of(SEARCH_SURW, SEARCH_NO_BOUND, __VA_ARGS__)
#define delayed(n, ...) \
	options_of(SEARCH_DELAY, SEARCH_NO_BOUND, .delays = (n), __VA_ARGS__)

/* one execution of a model; Return: whether it counts */
static inline bool play_model(const struct model *m)
{
	model_open(m);
	sched_run(search_strategy());
	if (!sched_stopped())
		model_check(m);
	return search_ended() == SEARCH_COUNTS;
}

/* search a model by name; Return: executions with a report */
static inline uint64_t search_model(const char *name, const struct search_options *o)
{
	uint64_t failed = 0;
	struct model m;

	if (!model_find(name, &m))
		fail_msg("there is no model %s", name);
	search_begin(o);
	while (search_next())
		failed += play_model(&m) && report_count();
	return failed;
}

#endif /* TESTS_SEARCH_H */

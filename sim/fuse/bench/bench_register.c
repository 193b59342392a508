// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two racing REGISTERs, as a part of benchmark "explore". The world is set up once:
 * mounted, FUSE_INIT answered, two threads of the server with a ring each. An execution
 * is the two REGISTERs under the random strategy, from io_uring_enter to the end of it,
 * and a check of the result; then memory is put back. First the benchmark checks that
 * nothing is left over: traces must be those of a fresh world.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/bench/bench_fuse.h"
#include "bench/restore.h"
#include "program/program.h"
#include "engine/detectors.h"
#include "detect/race/race_i.h"
#include "detect/report.h"
#include "sched/trace.h"
#include "search/search_i.h"
#include "shim/heap.h"
#include "fuse/fuse.h"

#define LOOK_EVERY  8
#define PROOFS	    40
#define LEARNING    400	  /* executions after each of which memory is looked at */
#define EXECUTIONS  50000 /* between two looks */
#define REPETITIONS 9

/* struct race - state at the start of an execution, and expected state at its end */
struct race {
	struct world *w;
	struct submit *first, *second;
	unsigned long objects, looks;
};

static bool set_up(struct race *r, const struct subject *subject)
{
	struct fuse_config config = { .entries = 2 };
	struct actor *a, *b;

	r->w = fuse_open(subject, &config);
	if (!r->w)
		return false;
	a = server_thread(r->w, "server-a");
	b = server_thread(r->w, "server-b");
	server_opens_ring(a);
	server_opens_ring(b);
	sched_run(NULL);
	r->first = server_registers(a, 0, 0);
	r->second = server_registers(b, 0, 1);
	r->objects = 0;
	r->looks = 0;
	race_quiet(); /* the set-up happens before both REGISTERs */
	return !sched_stopped() && !report_count();
}

/* one queue, with two entries that are free */
static bool queue_is_right(struct world *w)
{
	struct queue_view q;

	return fuse_queue(w, 0, &q) && q.nr_ents == 2 &&
	       q.ents[0].state == ENT_AVAILABLE && q.ents[1].state == ENT_AVAILABLE;
}

/*
 * Both wait for requests, nothing was reported, there are as many objects as the first
 * time. The queue itself is looked at less often: that takes longer than all of this.
 */
static bool as_it_must(struct race *r)
{
	unsigned long objects = shim_heap_live(NULL);

	if (!r->objects)
		r->objects = objects;
	if (report_count() || sched_stopped() || objects != r->objects ||
	    !r->first->issued || !r->second->issued || r->first->completed ||
	    r->second->completed)
		return false;
	return ++r->looks % LOOK_EVERY || queue_is_right(r->w);
}

/*
 * The race detector's memory is not put back: its clock goes on, so that the entries are
 * stale in the next execution, as between two executions of explore.
 */
static void begin_restoring(const struct subject *subject)
{
	struct memory own[RESTORE_OWN] = { { &searching, sizeof(searching) },
					   { &race_base, sizeof(race_base) } };
	unsigned int nr = 2;

	race_quiet();
	for (unsigned int i = 0; nr < RESTORE_OWN; i++, nr++) {
		own[nr].at = race_shadow(i, &own[nr].len);
		if (!own[nr].at)
			break;
	}
	restore_begin(subject, own, nr);
}

static bool execute(struct race *r)
{
	bool ok;

	search_next();
	sched_run(search_strategy());
	ok = as_it_must(r);
	search_ended();
	race_quiet();
	return ok;
}

/* ns for an execution; 0: one of them went wrong */
static double batch_ns(struct race *r, unsigned int n)
{
	double before = bench_cpu_ns();

	for (unsigned int i = 0; i < n; i++) {
		if (!execute(r))
			return 0;
		restore_now();
	}
	return (bench_cpu_ns() - before) / n;
}

static bool learn(struct race *r)
{
	for (unsigned int i = 0; i < LEARNING; i++) {
		if (!execute(r))
			return false;
		restore_look();
	}
	return true;
}

/* A batch in which a line was missed does not count; the line is known afterwards. */
static bool measure(struct race *r, struct registers *result)
{
	while (result->per_s.nr < bench_repetitions(REPETITIONS)) {
		unsigned int n = bench_some(EXECUTIONS);
		double ns = batch_ns(r, n);

		if (ns <= 0)
			return false;
		if (restore_look())
			continue;
		result->per_s.at[result->per_s.nr++] = 1e9 / ns;
		result->executions += n;
	}
	result->restored = restore_bytes();
	return true;
}

static void begin_search(uint64_t seed)
{
	const struct search_options options = {
		.kind = SEARCH_RANDOM,
		.mask = SCHED_SYNC,
		.seed = seed,
		.shards = 1,
	};

	search_begin(&options);
	sched_set_bound(10000);
}

static bool traced(struct race *r, uint64_t seed, uint64_t *hash)
{
	bool ok;

	begin_search(seed);
	ok = execute(r);
	*hash = trace_hash();
	return ok;
}

/* Memory was put back if the next execution is the one of a fresh world. */
static bool prove(const struct subject *subject)
{
	uint64_t fresh[PROOFS], again;
	struct race r;
	bool ok = true;

	trace_enable(true, SCHED_MARKED);
	for (unsigned int i = 0; ok && i < PROOFS; i++)
		ok = set_up(&r, subject) && traced(&r, i, &fresh[i]);
	ok = ok && set_up(&r, subject);
	begin_restoring(subject);
	for (unsigned int i = 0; ok && i < PROOFS; i++) {
		ok = traced(&r, i, &again) && again == fresh[i];
		restore_look();
	}
	restore_end();
	sched_set_bound(0);
	trace_enable(false, 0);
	if (!ok)
		complain("%s: an execution after memory was put back is not that of a "
			 "fresh world%s%s",
			 subject->name, report_count() ? ", or fails: " : "",
			 report_count() ? report_get(0)->summary : "");
	return ok;
}

static bool race_again(const struct subject *subject, struct registers *result)
{
	struct race r;
	bool ok;

	if (!set_up(&r, subject)) {
		complain("%s: the world for two REGISTERs cannot be set up",
			 subject->name);
		return false;
	}
	begin_search(1);
	begin_restoring(subject);
	ok = learn(&r) && measure(&r, result);
	sched_set_bound(0);
	if (!ok)
		complain("%s: two REGISTERs did not end as they must: %s", subject->name,
			 report_count() ? report_get(0)->summary : "see the queue");
	restore_end();
	return ok;
}

bool bench_registers(const struct subject *subject, struct registers *result)
{
	memset(result, 0, sizeof(*result));
	detectors_watch(subject);
	return prove(subject) && race_again(subject, result);
}

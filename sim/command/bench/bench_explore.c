// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "explore": how fast the searches are, with and without detectors, and what
 * memory a process of them needs. The goals are DESIGN.md's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/bench/bench.h"
#include "command/command.h"
#include "engine/detectors.h"
#include "engine/player.h"
#include "command/suppressions.h"
#include "detect/race.h"
#include "detect/report.h"
#include "sched/sanitizer.h"
#include "search/search.h"
#include "subject/path.h"
#include "world/world.h"

#define REPETITIONS 7
#define RANDOM_NR   200000
#define TRIPS	    20000
#define SCENARIO_NR 2000
#define TREE	    "linux-7.3"

static struct json_object *new_row(struct json_object *rows, const char *what)
{
	struct json_object *row = bench_row(rows, "explore");

	bench_put_text(row, "what", what);
	return row;
}

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
	struct json_object *row = new_row(rows, "exhaustive");
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

static void print_rate(const char *words, const char *detect, struct spread s,
		       double goal)
{
	printf("  %-34s detect %-5s %9.0f per CPU s  (%.0f - %.0f)", words, detect,
	       s.median, s.min, s.max);
	if (goal > 0)
		printf("  goal %.0f", goal);
	putchar('\n');
}

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
	struct json_object *row = new_row(rows, "random");
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
	print_rate(words, detectors_names(), s, goal);
	bench_put_text(row, "model", name);
	bench_put_text(row, "detect", detectors_names());
	bench_put_spread(row, "executions_per_cpu_s", s);
	return true;
}

/* ---- a subject ---- */

/* AddressSanitizer's own notes are not restore's to put back. */
static bool left_out(const struct subject_ops *subject)
{
#ifdef HAVE_ASAN
	printf("  two REGISTERs, %s: left out, no memory is put back beside "
	       "AddressSanitizer\n",
	       subject->name);
	return true;
#else
	(void)subject;
	return false;
#endif
}

static bool registers(const struct subject_ops *subject, double goal,
		      struct json_object *rows)
{
	struct json_object *row;
	struct registers r;
	struct spread s;
	char words[64];

	if (left_out(subject))
		return true;
	row = new_row(rows, "registers");
	if (!bench_registers(subject, &r))
		return false;
	s = bench_spread(&r.per_s);
	snprintf(words, sizeof(words), "two REGISTERs, %s, %s", subject->name,
		 subject->hooked ? "hooks" : "plain");
	print_rate(words, detectors_names(), s, goal);
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "detect", detectors_names());
	json_object_object_add(row, "hooked", json_object_new_boolean(subject->hooked));
	bench_put_number(row, "executions", r.executions);
	bench_put_number(row, "restored_bytes", r.restored);
	bench_put_spread(row, "executions_per_cpu_s", s);
	return true;
}

static double trips_failed(const struct subject_ops *subject)
{
	complain("%s: round trips with detectors %s: %s", subject->name,
		 detectors_names(),
		 report_count() ? report_get(0)->summary : "they do not come back");
	return 0;
}

/* ns of a round trip, the median */
static double trips(const struct subject_ops *subject, struct json_object *rows)
{
	struct samples ns = { .nr = 0 };
	struct json_object *row = new_row(rows, "roundtrip");
	unsigned int n = bench_some(TRIPS);
	struct spread s;

	while (ns.nr < bench_repetitions(REPETITIONS)) {
		struct world *w;
		double before;

		detectors_watch(subject);
		w = world_open(subject, NULL);
		before = bench_cpu_ns();
		if (!w || world_round_trips(w, n) != n)
			return trips_failed(subject);
		ns.at[ns.nr++] = (bench_cpu_ns() - before) / n;
		if (world_close(w))
			return trips_failed(subject);
	}
	s = bench_spread(&ns);
	printf("  round trip, %s, %-14s detect %-5s %9.0f ns  (%.0f - %.0f)\n",
	       subject->name, subject->hooked ? "hooks" : "plain", detectors_names(),
	       s.median, s.min, s.max);
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "detect", detectors_names());
	json_object_object_add(row, "hooked", json_object_new_boolean(subject->hooked));
	bench_put_spread(row, "ns", s);
	return s.median;
}

static bool plain_subject(struct json_object *rows, double *trip_ns)
{
	const struct subject_ops *subject = bench_subject(TREE);
	bool ok;

	if (!subject)
		return true;
	detectors_choose("none");
	ok = registers(subject, 0, rows);
	*trip_ns = ok ? trips(subject, rows) : 0;
	subject_unload(subject);
	return ok && *trip_ns > 0;
}

static bool hooked_subject(struct json_object *rows, double plain_ns)
{
	const struct subject_ops *subject;
	const struct suppressions none = { .nr = 0 };
	char path[4096], err[512];
	double ns = 0;
	bool ok;

	if (!subject_path_hooked(TREE, path))
		return true;
	suppressions_load(&none, TREE);
	subject = subject_load(path, err, sizeof(err));
	if (!subject || !subject->hooked) {
		printf("  %s is not built with hooks\n", TREE);
		return true;
	}
	detectors_choose("none");
	ok = registers(subject, 500000, rows) && trips(subject, rows) > 0;
	detectors_choose("all");
	ok = ok && registers(subject, 150000, rows);
	if (ok)
		ns = trips(subject, rows);
	if (ns > 0 && plain_ns > 0)
		printf("  a round trip takes %.1f times as long with every detector; "
		       "goal "
		       "5\n",
		       ns / plain_ns);
	subject_unload(subject);
	return ok && ns > 0;
}

/* ---- memory ---- */

static void play_all(void)
{
	const struct suppressions none = { .nr = 0 };
	const struct search_options o = {
		.kind = SEARCH_RANDOM,
		.mask = SCHED_SYNC,
		.seed = 1,
		.executions = bench_some(SCENARIO_NR),
		.shards = 1,
	};
	struct player *players;
	unsigned int nr;

	suppressions_load(&none, TREE);
	nr = player_choose(TREE, NULL, NULL, 0, &players);
	detectors_choose("all");
	for (unsigned int i = 0; i < nr; i++) {
		detectors_watch(players[i].subject);
		search_begin(&o);
		while (search_next()) {
			player_play(&players[i], search_strategy());
			search_ended();
		}
	}
	free(players);
}

/*
 * What explore needs for all scenarios of a subject: in a process of its own, before
 * this one has grown. Return: kB, 0: it failed.
 */
static long peak_of_all(void)
{
	struct rusage usage;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		play_all();
		_exit(0);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status)
		return 0;
	return usage.ru_maxrss;
}

static bool memory(struct json_object *rows)
{
	struct json_object *row;
	char path[4096];
	long kb;

	if (!subject_path_hooked(TREE, path) || !strstr(path, "/hooked/"))
		return true;
	row = new_row(rows, "memory");
	kb = peak_of_all();
	printf("  peak resident memory, all scenarios, %s, detect all  %ld kB, goal "
	       "5000\n",
	       TREE, kb);
	bench_put_text(row, "subject", TREE);
	bench_put_text(row, "detect", "all");
	bench_put_number(row, "peak_rss_kb", (size_t)kb);
	return kb > 0;
}

static int run(struct json_object *rows)
{
	double plain_ns = 0;
	bool ok = memory(rows);

	for (size_t i = 0; ok && i < sizeof(counts) / sizeof(counts[0]); i++)
		ok = exhaust(i, rows);
	detectors_choose("none");
	ok = ok && random_model("ring-3", 0, rows) && random_model("qrace-2", 0, rows);
	detectors_choose("all");
	if (!detectors_lack(NULL))
		ok = ok && random_model("ring-3", 562000, rows) &&
		     random_model("qrace-2", 0, rows);
	ok = ok && plain_subject(rows, &plain_ns) && hooked_subject(rows, plain_ns);
	if (!ok)
		complain("bench: a search did not come out as it must");
	return ok ? STATUS_OK : STATUS_FOUND;
}

const struct benchmark bench_explore = {
	.name = "explore",
	.summary = "searches: counts, speed with and without detectors, memory",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "explore" on FUSE: two racing REGISTERs and round trips
 * with and without detectors, and what memory a search of all scenarios needs.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detect/race.h"
#include "detect/report.h"
#include "engine/checkpoints.h"
#include "engine/detectors.h"
#include "engine/known.h"
#include "engine/player.h"
#include "fuse/bench/bench_fuse.h"
#include "fuse/fuse.h"
#include "program/program.h"
#include "sched/sanitizer.h"
#include "search/search.h"
#include "subject/path.h"
#include "subject/subject.h"

#define REPETITIONS 7
#define TRIPS	    20000
#define SCENARIO_NR 2000
#define TREE	    "linux-7.3"

/* with its known reports suppressed; NULL: it is not built, or they cannot be read */
static const struct subject *load(const char *path)
{
	struct player p = { .driver = &fuse_driver };
	char err[512];

	p.subject = subject_load(path, err, sizeof(err));
	if (p.subject && known_load(&p, err, sizeof(err)))
		return p.subject;
	complain("%s", err);
	return NULL;
}

/* AddressSanitizer's own memory must not be restored. */
static bool left_out(const char *what, const char *why)
{
#ifdef HAVE_ASAN
	printf("  %s, %s: left out, %s AddressSanitizer\n", what, TREE, why);
	return true;
#else
	(void)what;
	(void)why;
	return false;
#endif
}

static bool registers(const struct subject *subject, double goal,
		      struct json_object *rows)
{
	struct json_object *row;
	struct registers r;
	struct spread s;
	char words[64];

	if (left_out("two REGISTERs", "no memory is put back beside"))
		return true;
	row = bench_explore_row(rows, "registers");
	if (!bench_registers(subject, &r))
		return false;
	s = bench_spread(&r.per_s);
	snprintf(words, sizeof(words), "two REGISTERs, %s, %s", subject->name,
		 subject->hooked ? "hooks" : "plain");
	bench_print_rate(words, detectors_names(), s, goal);
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "detect", detectors_names());
	json_object_object_add(row, "hooked", json_object_new_boolean(subject->hooked));
	bench_put_number(row, "executions", r.executions);
	bench_put_number(row, "restored_bytes", r.restored);
	bench_put_spread(row, "executions_per_cpu_s", s);
	return true;
}

static double trips_failed(const struct subject *subject)
{
	complain("%s: round trips with detectors %s: %s", subject->name,
		 detectors_names(),
		 report_count() ? report_get(0)->summary : "they do not come back");
	return 0;
}

/* ns of a round trip, the median */
static double trips(const struct subject *subject, struct json_object *rows)
{
	struct samples ns = { .nr = 0 };
	struct json_object *row = bench_explore_row(rows, "roundtrip");
	unsigned int n = bench_some(TRIPS);
	struct spread s;

	while (ns.nr < bench_repetitions(REPETITIONS)) {
		struct world *w;
		double before;

		detectors_watch(subject);
		w = fuse_open(subject, NULL);
		before = bench_cpu_ns();
		if (!w || fuse_round_trips(w, n) != n)
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
	const struct subject *subject = bench_subject(TREE);
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
	const struct subject *subject;
	char path[4096];
	double ns = 0;
	bool ok;

	if (!subject_path_hooked(TREE, path))
		return true;
	subject = load(path);
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

static void search(const struct player *p)
{
	const struct search_options o = {
		.kind = SEARCH_RANDOM,
		.mask = SCHED_SYNC,
		.seed = 1,
		.executions = bench_some(SCENARIO_NR),
		.shards = 1,
	};

	search_begin(&o);
	checkpoints_begin(p);
	while (search_next()) {
		player_play(p, search_strategy());
		search_ended();
	}
	checkpoints_end();
	race_give_back(); /* as explore does */
}

static void play_all(const char *path)
{
	struct player p = { .driver = &fuse_driver, .subject = load(path) };

	if (!p.subject)
		_exit(1);
	detectors_choose("all");
	for (unsigned int i = 0; i < fuse_driver.nr_scenarios; i++) {
		const struct scenario *s = fuse_driver.scenarios[i];

		p.scenario = s->small ? s->small : s;
		if (!(s->needs & ~p.subject->driver->caps))
			search(&p);
	}
}

/*
 * Ctrl-C comes to this process, too, and is its parent's to judge: that ends this one,
 * whatever ends itself.
 */
static void play_apart(const char *path)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	play_all(path);
	_exit(0);
}

/* a signal came: the process @pid ends, and then this one */
static void end_with_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	bench_end_if_asked();
}

/*
 * What explore needs for all scenarios of a subject: in a process of its own, before
 * this one has grown. Return: kB, 0: it failed.
 */
static long peak_of_all(const char *path)
{
	struct rusage usage;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		play_apart(path);
	if (pid < 0)
		return 0;
	if (wait4(pid, &status, 0, &usage) != pid) {
		end_with_child(pid);
		return 0;
	}
	return status ? 0 : usage.ru_maxrss;
}

static bool memory(struct json_object *rows)
{
	struct json_object *row;
	char path[4096];
	long kb;

	if (!subject_path_hooked(TREE, path) || !strstr(path, "/hooked/"))
		return true;
	/* the goal is the simulator's own memory */
	if (left_out("peak memory", "most of it would be that of"))
		return true;
	bench_end_if_asked();
	kb = peak_of_all(path);
	if (!kb)
		return false;
	row = bench_explore_row(rows, "memory");
	printf("  peak resident memory, all scenarios, %s, detect all  %ld kB, goal "
	       "6000\n",
	       TREE, kb);
	bench_put_text(row, "subject", TREE);
	bench_put_text(row, "detect", "all");
	bench_put_number(row, "peak_rss_kb", (size_t)kb);
	return true;
}

static int run(struct json_object *rows)
{
	double plain_ns = 0;
	bool ok = memory(rows) && plain_subject(rows, &plain_ns) &&
		  hooked_subject(rows, plain_ns);

	if (!ok)
		complain("bench: a search of %s did not come out as it must", TREE);
	return ok ? STATUS_OK : STATUS_FOUND;
}

const struct benchmark bench_explore = {
	.name = "explore",
	.summary = "searches: counts, speed with and without detectors, memory",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the benchmarks share: repetitions, their spread, rows.
 */
#include "bench/bench.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "program/program.h"
#include "subject/subject.h"

static bool quick;

void bench_quick(void)
{
	quick = true;
}

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

	/* of the only thread: the clock of the process goes on with ticks alone while
	 * shim_endless_watch() has it watched */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int open_counter(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

double bench_instructions(void)
{
	static int counter = -2;
	uint64_t n;

	if (counter == -2)
		counter = open_counter();
	return counter >= 0 && read(counter, &n, sizeof(n)) == sizeof(n) ? (double)n : -1;
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

/* In memory that is shared, which a benchmark does not put back (restore.h). */
static volatile sig_atomic_t *signalled;
static void (*end_early)(void);

static void stop(int sig)
{
	(void)sig;
	*signalled = 1;
}

void bench_ends_early(void (*end)(void))
{
	const struct sigaction sa = { .sa_handler = stop,
				      .sa_flags = SA_ONSTACK | (int)SA_RESETHAND };

	void *shared = mmap(NULL, sizeof(*signalled), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED) {
		complain("mmap: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	signalled = shared;
	end_early = end;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

void bench_end_if_asked(void)
{
	fflush(stdout); /* what was measured is seen by who reads a pipe, too */
	if (*signalled || ferror(stdout))
		end_early();
}

struct json_object *bench_row(struct json_object *rows, const char *bench)
{
	struct json_object *row;

	bench_end_if_asked();
	row = json_object_new_object();
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

const struct subject *bench_subject(const char *name)
{
	const struct subject *subject;
	char err[512];

	subject = subject_load(name, err, sizeof(err));
	if (!subject)
		printf("%s: not measured: %s\n", name, err);
	return subject;
}

/* ---- rows of benchmark "explore" ---- */

struct json_object *bench_explore_row(struct json_object *rows, const char *what)
{
	struct json_object *row = bench_row(rows, "explore");

	bench_put_text(row, "what", what);
	return row;
}

void bench_print_rate(const char *words, const char *detect, struct spread s, double goal)
{
	printf("  %-34s detect %-5s %9.0f per CPU s  (%.0f - %.0f)", words, detect,
	       s.median, s.min, s.max);
	if (goal > 0)
		printf("  goal %.0f", goal);
	putchar('\n');
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the detectors share: a case of tests/detector/cases as one task,
 * or several, of a fresh kernel whose accesses are watched.
 */
#ifndef TESTS_DETECTOR_H
#define TESTS_DETECTOR_H

#include "../unit/unit.h"

#include "cases/cases.h"
#include "shim/hook.h"
#include "shim/user.h"

#define MAX_CASES 8

/* play_cases() - a fresh kernel in which each of @nr runs once, in their order */
static inline void play_cases(unsigned int watchers, void (*const *cases)(void *),
			      unsigned int nr)
{
	struct shim_mm *mm;
	void *user;

	hook_watch(watchers);
	fresh_kernel(NULL);
	mm = shim_mm_new();
	user = shim_mmap(mm, 8192, SHIM_PROT_READ | SHIM_PROT_WRITE);
	for (unsigned int i = 0; i < nr; i++)
		shim_task_new("case", 0, mm, 0, cases[i], user);
	sched_run(NULL);
}

static inline void play_case(unsigned int watchers, void (*one)(void *))
{
	play_cases(watchers, &one, 1);
}

/* the only report: of this kind, with @text in its summary and @place in its place */
#define assert_finds(watchers, one, kind, text, place)                            \
	do {                                                                      \
		play_case(watchers, one);                                         \
		assert_reported(kind, text);                                      \
		if (!strstr(report_get(0)->where, place))                         \
			fail_msg("%s is not in %s", report_get(0)->where, place); \
	} while (0)

#define assert_finds_nothing(watchers, one)                         \
	do {                                                        \
		play_case(watchers, one);                           \
		if (report_count())                                 \
			fail_msg("false alarm: %s", last_report()); \
	} while (0)

#endif /* TESTS_DETECTOR_H */

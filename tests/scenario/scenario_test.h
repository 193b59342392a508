/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scenario tests share. A test opens a world, queues jobs with the
 * calls of fuse/fuse.h and world/world.h, and steers it with those of sched/script.h; at
 * its end the world closes, and nothing may be reported that the test did not expect.
 *
 * argv[1] is the subject's shared object, argv[2] a pattern of tests to run. With
 * SCENARIO_TRACE=1 in the environment every test prints its trace.
 */
#ifndef TESTS_SCENARIO_TEST_H
#define TESTS_SCENARIO_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "detect/suppress.h"
#include "program/program.h"
#include "detect/report.h"
#include "sched/script.h"
#include "sched/trace.h"
#include "shim/hook.h"
#include "shim/log.h"
#include "shim/uring.h"
#include "fuse/abi.h"
#include "fuse/fuse.h"
#include "subject/subject.h"

static const struct subject *subject;
static struct world *world;

/* the_world_is(.cpus = 2, .entries = 4): opens it; fields that are left out are defaults
 */
#define the_world_is(...) scenario_opens(&(const struct fuse_config){ __VA_ARGS__ })

static inline struct world *scenario_opens(const struct fuse_config *config)
{
	world = fuse_open(subject, config);
	assert_non_null(world);
	return world;
}

/* until @a has done its jobs, or serves and waits */
#define finishes(a) run_to_end(task_of(a))
/* until @a waits for somebody, in the middle of a job */
#define gets_stuck(a) run_until_blocked(task_of(a))
/* until @a is about to take the lock: nothing of it has happened yet */
#define stops_before_lock(a, lock)     run_until_lock(task_of(a), lock)
#define stops_before_copy_from_user(a) run_until(task_of(a), SCHED_FROM_USER, 1)
#define stops_before_copy_to_user(a)   run_until(task_of(a), SCHED_TO_USER, 1)

static inline bool subject_has(unsigned int caps)
{
	return (subject->driver->caps & caps) == caps;
}

#define needs(caps)                     \
	do {                            \
		if (!subject_has(caps)) \
			skip();         \
	} while (0)

/* A report that the test is about: it must be there, with no other, and is then
 * forgotten. */
#define expects_report(kind, text)                                             \
	do {                                                                   \
		if (!scenario_reports_only(kind, text))                        \
			fail_msg("not what was to be reported: \"%s\"", text); \
		report_reset();                                                \
	} while (0)

/*
 * What the trees of Linux get wrong, by its heading in docs/findings.md: there it must be
 * reported in these words, and our own fs/fuse must not have it.
 */
#define expects_finding(heading, kind, text)                              \
	do {                                                              \
		if (!subject_has(FUSE_CAN_BUFRING) &&                     \
		    !scenario_reports_only(kind, text))                   \
			fail_msg("\"%s\" should say: %s", heading, text); \
		if (!subject_has(FUSE_CAN_BUFRING))                       \
			report_reset();                                   \
		assert_int_equal(report_count(), 0);                      \
	} while (0)

/* are there reports, and all of that kind, with that text? */
static inline bool scenario_reports_only(enum report_kind kind, const char *text)
{
	for (size_t i = 0; i < report_count(); i++)
		if (report_get(i)->kind != kind || !strstr(report_get(i)->summary, text))
			return false;
	return report_count() > 0;
}

/* @t does not come for its task work before it enters its ring to wait */
static inline void comes_late(struct actor *t)
{
	actor_ring_flags(t, URING_SETUP_SQE128 | URING_SETUP_SINGLE_ISSUER |
				    URING_SETUP_DEFER_TASKRUN);
}

static inline unsigned int entries_in(enum subject_ent_state state)
{
	return fuse_entries_in(world, 0, state);
}

static inline struct queue_view queue_now(unsigned int qid)
{
	struct queue_view v;

	assert_true(fuse_queue(world, qid, &v));
	return v;
}

static inline struct ring_view ring_now(void)
{
	struct ring_view v;

	fuse_ring(world, &v);
	return v;
}

/* a task of the kernel's own, by how its name begins */
static inline struct sched_task *task_named(const char *name)
{
	for (unsigned int i = 0; i < sched_task_count(); i++)
		if (!strncmp(sched_task_nr(i)->name, name, strlen(name)))
			return sched_task_nr(i);
	fail_msg("there is no task %s", name);
	return NULL;
}

/* how an abort is told depends on where the command meets it */
static inline bool says_the_connection_is_gone(int res)
{
	return res == -ENOTCONN || res == -ECONNABORTED;
}

/* a server thread that has set up queue 0 and serves nothing yet */
static inline struct actor *a_ready_server(void)
{
	struct actor *server = server_thread(world, "server-0");

	server_sets_up(server, 0);
	finishes(server);
	return server;
}

static inline void scenario_script_failed(const char *message, const char *file, int line)
{
	print_error("%s\n", message);
	_fail(file, line);
}

static inline int scenario_begins(void **state)
{
	(void)state;
	world = NULL;
	script_set_fail(scenario_script_failed);
	trace_enable(getenv("SCENARIO_TRACE") != NULL, SCHED_SYNC);
	shim_log_listen(1);
	return 0;
}

static inline int scenario_ends(void **state)
{
	size_t n;

	(void)state;
	if (world)
		world_close(world);
	if (getenv("SCENARIO_TRACE"))
		trace_print(stderr);
	n = report_count();
	for (size_t i = 0; i < n; i++) {
		const struct report *r = report_get(i);

		print_error("%s: %s (%s) [%s]\n", report_kind_name(r->kind), r->summary,
			    r->where, r->task);
	}
	report_reset();
	world = NULL;
	return n ? -1 : 0;
}

#define scenario_test(f) \
	cmocka_unit_test_setup_teardown(f, scenario_begins, scenario_ends)

/* the main() of a file of tests */
#define SCENARIO_TESTS(...)                                                          \
	int main(int argc, char **argv)                                              \
	{                                                                            \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                   \
		char err[512], known[PATH_MAX];                                      \
                                                                                     \
		subject = argc > 1 ? subject_load(argv[1], err, sizeof(err)) : NULL; \
		if (!subject) {                                                      \
			fprintf(stderr, "%s\n", argc > 1 ? err : "no subject");      \
			return 1;                                                    \
		}                                                                    \
		/* where it can be seen, memory is looked at */                      \
		hook_watch(subject->hooked ? HOOK_HEAP | HOOK_USER : 0);             \
		if (!program_file(known, "tests/scenario/double-fetches") ||         \
		    !suppress_read(known, err, sizeof(err)))                         \
			return 1;                                                    \
		if (argc > 2)                                                        \
			cmocka_set_test_filter(argv[2]);                             \
		return cmocka_run_group_tests(tests, NULL, NULL);                    \
	}

#endif /* TESTS_SCENARIO_TEST_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * No access of a subject to the arena escapes the hooks: all scenarios, each access
 * compared with what was announced. With the path of a hooked subject, and perhaps the
 * scenarios that are enough; without one: does the comparison itself find what it must?
 */
#include "detector.h"
#include "escapes.h"

#include <stdio.h>

#include "fuse/scenario/scenario.h"
#include "text/text.h"
#include "subject/subject.h"

/* ---- does it find anything? ---- */

static unsigned int escapes_of(void (*one)(void *), size_t forget)
{
	struct sched_task *t;

	escapes_watch((const void *)(uintptr_t)one);
	escapes_forget(forget);
	fresh_kernel(NULL);
	t = spawn("case", one, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(t->state, SCHED_DONE);
	assert_true(escapes_seen() >= 2);
	return escapes_end();
}

static void a_file_without_hooks_is_found(void **state)
{
	(void)state;
	assert_int_equal(escapes_of(accesses_with_hooks, 0), 0);
	assert_int_equal(escapes_of(accesses_without_hooks, 0), 2);
}

static void a_hook_that_says_nothing_is_found(void **state)
{
	(void)state;
	assert_int_equal(escapes_of(accesses_with_hooks, 4), 0);
	assert_int_equal(escapes_of(accesses_with_hooks, 8), 1);
}

/* ---- a subject ---- */

static const struct subject *subject;
static char **chosen; /* names of scenarios, up to a NULL; none: all */

static bool is_chosen(const struct scenario *s)
{
	char **name = chosen;

	if (s->needs & ~subject->driver->caps)
		return false;
	while (*name && strcmp(*name, s->name) != 0)
		name++;
	return *name || !*chosen;
}

static void play(const struct scenario *s)
{
	struct world *w = fuse_open(subject, s->config);

	assert_non_null(w);
	/* who looks on calls functions of the subject, and is not announced */
	world_look_at_rules(w, false);
	if (s->text)
		text_play(w, s->text);
	else
		s->play(w);
	sched_run(NULL);
	if (!sched_stopped() && s->check)
		s->check(w);
	if (!sched_stopped())
		world_close(w);
	if (report_count())
		fail_msg("%s: %s", s->name, last_report());
}

static void nothing_escapes(void **state)
{
	unsigned int played = 0, escaped;

	(void)state;
	escapes_watch((const void *)(uintptr_t)fuse_ops_of(subject)->request);
	for (unsigned int i = 0; i < FUSE_SCENARIOS; i++) {
		if (!is_chosen(fuse_scenarios[i]))
			continue;
		play(fuse_scenarios[i]);
		played++;
	}
	escaped = escapes_end();
	printf("%u scenarios, %lu accesses compared\n", played, escapes_seen());
	assert_true(escapes_accessed("fs/fuse/dev_uring.c"));
	assert_true(escapes_accessed("fs/fuse/dev.c"));
	assert_true(escapes_accessed("kernel_shim/include/linux/list.h"));
	assert_int_equal(escaped, 0);
}

static void reads_that_are_not_announced_are_found(void **state)
{
	(void)state;
	escapes_watch((const void *)(uintptr_t)fuse_ops_of(subject)->request);
	escapes_forget(4);
	play(driver_scenario(&fuse_driver, "round-trip"));
	assert_true(escapes_end() > 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest of_itself[] = {
		cmocka_unit_test(a_file_without_hooks_is_found),
		cmocka_unit_test(a_hook_that_says_nothing_is_found),
	};
	const struct CMUnitTest of_a_subject[] = {
		cmocka_unit_test(nothing_escapes),
		cmocka_unit_test(reads_that_are_not_announced_are_found),
	};
	char err[512];

	if (argc == 1)
		return cmocka_run_group_tests(of_itself, NULL, NULL);
	subject = subject_load(argv[1], err, sizeof(err));
	if (!subject || !subject->hooked) {
		fprintf(stderr, "%s\n", subject ? "this subject has no hooks" : err);
		return 2;
	}
	chosen = argv + 2;
	return cmocka_run_group_tests(of_a_subject, NULL, NULL);
}

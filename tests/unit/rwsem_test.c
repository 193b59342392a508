// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reader-writer semaphores: readers together, a writer alone.
 */
#include "shim/rwsem.h"
#include "unit.h"

static const struct shim_lock_class class = { "&thing->sem" };
static struct shim_rwsem sem;
static int readers, writers, most_readers, got;

#define SITE SCHED_SITE("&thing->sem")

static int fresh_sem(void **state)
{
	fresh_kernel(state);
	sem.readers = 0;
	shim_lock_init(&sem.lock, &class);
	readers = writers = most_readers = got = 0;
	return 0;
}

static void reads(void *arg)
{
	(void)arg;
	shim_down_read(&sem, SITE);
	readers++;
	most_readers = readers > most_readers ? readers : most_readers;
	assert_int_equal(writers, 0);
	sched_point(SCHED_ATOMIC, NULL, SCHED_SITE("inside"));
	readers--;
	shim_up_read(&sem, SITE);
}

static void writes(void *arg)
{
	(void)arg;
	shim_down_write(&sem, SITE);
	assert_int_equal(readers, 0);
	assert_int_equal(writers++, 0);
	sched_point(SCHED_ATOMIC, NULL, SCHED_SITE("inside"));
	writers--;
	shim_up_write(&sem, SITE);
}

static void tries_to_read(void *arg)
{
	(void)arg;
	got = shim_down_read_trylock(&sem, SITE);
	if (got)
		shim_up_read(&sem, SITE);
}

static void tries_to_write(void *arg)
{
	(void)arg;
	got = shim_down_write_trylock(&sem, SITE);
	if (got)
		shim_up_write(&sem, SITE);
}

static void readers_are_inside_together(void **state)
{
	struct sched_task *a = spawn("a", reads, NULL);

	(void)state;
	run_until(a, SCHED_ATOMIC, 1);
	run_to_end(spawn("b", reads, NULL));
	run_to_end(a);
	assert_int_equal(most_readers, 2);
	assert_int_equal(sem.readers, 0);
	assert_int_equal(report_count(), 0);
}

static void a_writer_waits_for_the_readers_that_are_there(void **state)
{
	struct sched_task *a = spawn("a", reads, NULL), *w = spawn("w", writes, NULL);

	(void)state;
	run_until(a, SCHED_ATOMIC, 1);
	assert_int_equal(sched_run_task(w, NULL, NULL, 0), SCHED_IS_BLOCKED);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(report_count(), 0);
}

static void who_comes_while_a_writer_writes_waits(void **state)
{
	struct sched_task *w = spawn("w", writes, NULL), *a = spawn("a", reads, NULL);

	(void)state;
	run_until(w, SCHED_ATOMIC, 1);
	assert_int_equal(sched_run_task(a, NULL, NULL, 0), SCHED_IS_BLOCKED);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(most_readers, 1);
}

static void a_trylock_does_not_wait(void **state)
{
	struct sched_task *a = spawn("a", reads, NULL), *w;

	(void)state;
	run_until(a, SCHED_ATOMIC, 1);
	run_to_end(spawn("r", tries_to_read, NULL));
	assert_int_equal(got, 1);
	run_to_end(spawn("x", tries_to_write, NULL));
	assert_int_equal(got, 0);
	run_to_end(a);
	run_to_end(spawn("x", tries_to_write, NULL));
	assert_int_equal(got, 1);

	w = spawn("w", writes, NULL);
	run_until(w, SCHED_ATOMIC, 1);
	run_to_end(spawn("r", tries_to_read, NULL));
	assert_int_equal(got, 0);
	run_to_end(spawn("x", tries_to_write, NULL));
	assert_int_equal(got, 0);
	run_to_end(w);
	assert_int_equal(report_count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(readers_are_inside_together, fresh_sem),
		cmocka_unit_test_setup(a_writer_waits_for_the_readers_that_are_there,
				       fresh_sem),
		cmocka_unit_test_setup(who_comes_while_a_writer_writes_waits, fresh_sem),
		cmocka_unit_test_setup(a_trylock_does_not_wait, fresh_sem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

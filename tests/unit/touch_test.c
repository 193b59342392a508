// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations tell the exhaustive search of state that no point names: two of them
 * that may not change places touch a common object, which one of them changes.
 */
#include "uring_unit.h"

#define TOUCHES 512

struct touches {
	unsigned int nr;
	struct {
		const void *object;
		bool changes;
	} at[TOUCHES];
};

static struct touches *now;
static const struct sched_task *by; /* NULL: whoever runs */

static bool touches(const struct touches *t, const void *object, bool changes)
{
	for (unsigned int i = 0; i < t->nr; i++)
		if (t->at[i].object == object && t->at[i].changes == changes)
			return true;
	return false;
}

/* each once; a list that is full lacks what the test asks for */
static void touched(void *ctx, const void *object, bool changes)
{
	(void)ctx;
	if (!now || (by && by != sched_current()) || touches(now, object, changes) ||
	    now->nr == TOUCHES)
		return;
	now->at[now->nr].object = object;
	now->at[now->nr++].changes = changes;
}

static struct sched_task *the_last(void *ctx, struct sched_task *const *runnable,
				   unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	return runnable[n - 1];
}

/* what all tasks do that can run, the latest first, until none can */
static void record(struct touches *t)
{
	static const struct sched_strategy s = { .pick = the_last,
						 .touched = touched,
						 .watch = SCHED_TOUCHES };

	t->nr = 0;
	now = t;
	sched_run(&s);
	now = NULL;
}

/* likewise, but only what @task does */
static void record_of(const struct sched_task *task, struct touches *t)
{
	by = task;
	record(t);
	by = NULL;
}

static bool depend(const struct touches *a, const struct touches *b)
{
	for (unsigned int i = 0; i < a->nr; i++)
		if (touches(b, a->at[i].object, true) ||
		    (a->at[i].changes && touches(b, a->at[i].object, false)))
			return true;
	return false;
}

/* ---- files ---- */

static void opens(void *arg)
{
	int fd;

	(void)arg;
	shim_file_open(&driver_ops, 0, &fd);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

static void opening_depends_on_opening(void **state)
{
	static struct touches a, b;
	struct task_struct *first = process("first", opens, NULL);

	(void)state;
	record(&a);
	thread(first, "second", opens, NULL);
	record(&b);
	assert_true(depend(&a, &b));
}

static void processes_have_their_own_files(void **state)
{
	static struct touches a, b;

	(void)state;
	process("first", opens, NULL);
	record(&a);
	process("second", opens, NULL);
	record(&b);
	assert_false(depend(&a, &b));
}

/* ---- wait queues ---- */

static const struct shim_lock_class class = { "&q->lock" };
static struct shim_waitqueue wq;

static void waits(void *arg)
{
	struct shim_waiter w = { 0 };

	(void)arg;
	shim_prepare_to_wait(&wq, &w, SHIM_TASK_INTERRUPTIBLE, 0, SCHED_SITE("wq"));
	shim_schedule(SCHED_SITE("wq"));
	shim_finish_wait(&wq, &w, SCHED_SITE("wq"));
}

static void wakes(void *arg)
{
	(void)arg;
	shim_wake_up(&wq, SHIM_TASK_NORMAL, 0, 0, SCHED_SITE("wq"));
}

static void waiting_and_waking_change_the_queue_and_the_state(void **state)
{
	static struct touches a, b;
	struct task_struct *waiter;

	(void)state;
	shim_wait_init(&wq, &class);
	waiter = process("waiter", waits, NULL);
	record(&a);
	process("waker", wakes, NULL);
	record(&b);
	assert_true(touches(&a, &wq.first, true));
	assert_true(touches(&a, &waiter->state, true));
	assert_true(touches(&a, &waiter->state, false));
	assert_true(touches(&b, &wq.first, true));
	assert_true(touches(&b, &waiter->state, true));
}

/* ---- work ---- */

static void nothing(struct shim_work *work)
{
	(void)work;
}

static void queues(void *arg)
{
	shim_work_queue(arg, 10, SCHED_SITE("w"));
}

static void cancels(void *arg)
{
	shim_work_cancel(arg, SCHED_SITE("w"));
}

static void work_items_are_on_common_lists(void **state)
{
	static struct shim_work one, two;
	static struct touches a, b;

	(void)state;
	shim_work_init(&one, nothing);
	shim_work_init(&two, nothing);
	process("queues", queues, &one);
	record(&a);
	process("cancels", cancels, &two);
	record(&b);
	assert_true(depend(&a, &b));
}

/* ---- commands that can be cancelled ---- */

static void parks_two(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	put_sqe(u.ring, 2, PARK_CANCELABLE);
	submit(u.ring, 2);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

static void does_not_care(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	(void)flags;
}

static void closes(void *arg)
{
	sys_uring_close(arg);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

static void marking_changes_a_command_and_a_pass_looks_at_it(void **state)
{
	static struct touches mark, del, pass;
	struct task_struct *server = process("server", parks_two, NULL);

	(void)state;
	u.on_cancel = does_not_care;
	record(&mark);
	assert_true(touches(&mark, u.cmd[1], true));
	assert_true(touches(&mark, u.cmd[2], true));
	process("client", completes_unlocked, (void *)1);
	record(&del);
	assert_true(touches(&del, u.cmd[1], true));
	assert_false(touches(&del, u.cmd[2], true));
	thread(server, "closes", closes, u.ring);
	record(&pass);
	assert_true(touches(&pass, u.cmd[2], false));
	assert_false(touches(&pass, u.cmd[2], true));
}

static void finishes_one(void *arg)
{
	(void)arg;
	put_sqe(u.ring, 1, FINISH);
	submit(u.ring, 1);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

/* what ends anywhere may be what an exit kworker waits for, if there is one by then */
static void closing_a_ring_depends_on_what_happens_on_others(void **state)
{
	static struct touches close, finish;
	struct task_struct *server = process("server", parks_two, NULL), *other;
	struct shim_uring *ring;

	(void)state;
	record(&finish);
	ring = u.ring;
	u.mm = shim_mm_new();
	other = process("other", parks_two, NULL);
	record(&finish);
	record_of(thread(other, "finishes", finishes_one, NULL)->fiber, &finish);
	record_of(thread(server, "closes", closes, ring)->fiber, &close);
	assert_true(depend(&close, &finish));
	/* the kworker begins when it is closed, and not before */
	assert_true(touches(&close, ring, true));
}

static void the_exit_kworker_depends_on_the_close(void **state)
{
	static struct touches all;
	struct task_struct *server = process("server", parks_two, NULL);

	(void)state;
	record(&all);
	thread(server, "closes", closes, u.ring);
	record(&all);
	assert_non_null(task_named("iou_exit"));
	assert_true(touches(&all, u.ring, true));
	assert_true(touches(&all, u.ring, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(opening_depends_on_opening),
		uring_test(processes_have_their_own_files),
		uring_test(waiting_and_waking_change_the_queue_and_the_state),
		uring_test(work_items_are_on_common_lists),
		uring_test(marking_changes_a_command_and_a_pass_looks_at_it),
		uring_test(closing_a_ring_depends_on_what_happens_on_others),
		uring_test(the_exit_kworker_depends_on_the_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations tell the exhaustive search of state that no point names: two of them
 * that may not change places touch a common object, which one of them changes.
 */
#include "io_uring/model.h"
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

/* ---- step by step ---- */

static struct {
	char text[2048];
	unsigned int nr;
	struct {
		const void *object;
		const char *name;
	} name[24];
} told;

static void tell(const char *text)
{
	strncat(told.text, text, sizeof(told.text) - strlen(told.text) - 1);
}

static void name(const void *object, const char *text)
{
	told.name[told.nr].object = object;
	told.name[told.nr++].name = text;
}

static void tell_touch(void *ctx, const void *object, bool changes)
{
	const char *text = "other";

	(void)ctx;
	if (by != sched_current())
		return;
	for (unsigned int i = 0; i < told.nr; i++)
		if (told.name[i].object == object)
			text = told.name[i].name;
	tell(text);
	tell(changes ? "! " : " ");
}

/* a point ends a step, and begins the next one */
static struct sched_task *tell_point(void *ctx, struct sched_task *const *runnable,
				     unsigned int n, struct sched_task *last)
{
	(void)ctx;
	if (last == by && by->state == SCHED_RUNNABLE && by->at_what != SCHED_NR_WHAT) {
		tell("| ");
		tell(sched_what_name(by->at_what));
		tell(": ");
	}
	for (unsigned int i = 0; i < n; i++)
		if (runnable[i] == by)
			return runnable[i];
	return runnable[n - 1];
}

/* what @task tells until it blocks or ends; objects have the names that were given */
static const char *told_by(struct sched_task *task)
{
	static const struct sched_strategy s = { .pick = tell_point,
						 .mask = SCHED_MARKED,
						 .touched = tell_touch,
						 .watch = SCHED_TOUCHES };

	told.text[0] = '\0';
	by = task;
	sched_run(&s);
	by = NULL;
	return told.text;
}

static void names_of_ring(struct shim_uring *ring)
{
	told.nr = 0;
	name(ring, "ring");
	name(ring->shared, "shared");
	name(&ring->local, "local");
	name(&ring->cq_wait.first, "cq_wait");
	name(&uring_nr_dying, "dying");
}

static void names_of_task(struct task_struct *t)
{
	name(t, "task");
	name(&t->state, "state");
	name(&t->in_kernel, "in_kernel");
	if (!t->io_uring)
		return;
	name(t->io_uring, "tctx");
	name(&t->io_uring->wq_queue, "wq_queue");
	name(&t->io_uring->fifo, "fifo");
}

static void parks_one(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	sched_block(&u, "go on", SCHED_SITE("begin"));
}

static void parks_and_waits(void *arg)
{
	parks_one(arg);
	submit_and_wait(u.ring, 0, 1);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

static void parks_and_closes(void *arg)
{
	parks_one(arg);
	sys_uring_close(u.ring);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

static void parks_and_ends(void *arg)
{
	parks_one(arg);
}

static struct task_struct *parked(void (*fn)(void *), unsigned int setup)
{
	struct task_struct *server;

	u.setup = setup;
	server = process("server", fn, NULL);
	sched_run(NULL);
	names_of_ring(u.ring);
	names_of_task(server);
	name(u.cmd[1], "cmd");
	return server;
}

static void run_to_last(struct sched_task *task)
{
	while (task->state == SCHED_RUNNABLE)
		sched_run_task(task, NULL, NULL, 0);
}

enum side { SERVER, CLIENT, KWORKER };

static const struct {
	const char *what;
	void (*server)(void *arg);
	void (*client)(void *arg);
	unsigned int setup;
	enum side side; /* who is watched */
	const char *told;
} operations[] = {
	{ "waiting for CQEs", parks_and_waits, NULL, 0, SERVER,
	  "| submit: task in_kernel! other local task shared "
	  "| lock: task cq_wait! state! "
	  "| wait: local shared task shared state task " },
	{ "completing unlocked", parks_and_waits, completes_unlocked, 0, CLIENT,
	  "| complete: "
	  "| task-work: dying fifo! cmd! task task! state! "
	  "| complete: other other! other other! other! other other! other! other! " },
	{ "being woken for a CQE", parks_and_waits, completes_unlocked, 0, SERVER,
	  "state! task task! task! "
	  "| task-work: fifo! cmd "
	  "| lock: "
	  "| task-work: dying dying shared! cq_wait "
	  "| wake-up: "
	  "| lock: state! other cmd! "
	  "| free: dying dying task shared state! other "
	  "| lock: other! cq_wait! shared other task in_kernel! " },
	{ "exiting with a ring", parks_and_ends, NULL, 0, SERVER,
	  "| submit: task in_kernel! wq_queue! dying other other! wq_queue! wq_queue "
	  "tctx wq_queue! other other! other! other! other! other! other! "
	  "| atomic: task! task task! "
	  "| task-work: "
	  "| lock: dying! "
	  "| work: ring! other! "
	  "| free: task task! task! in_kernel! " },
	{ "closing a ring", parks_and_closes, NULL, 0, SERVER,
	  "| submit: task in_kernel! other other! other! other! "
	  "| atomic: "
	  "| lock: dying! "
	  "| work: ring! other! "
	  "| free: task in_kernel! " },
	{ "completing unlocked, closed", parks_and_closes, completes_unlocked, 0, CLIENT,
	  "| complete: "
	  "| task-work: dying fifo! cmd! task task! state! "
	  "| complete: other other! other other! other! other other! other! other! " },
	{ "the exit kworker", parks_and_closes, NULL, 0, KWORKER,
	  "ring dying! "
	  "| lock: other wq_queue! wq_queue! "
	  "| lock: other dying! "
	  "| wait: dying! other " },
	{ "the last passes of the exit kworker", parks_and_closes, completes_unlocked, 0,
	  KWORKER,
	  "dying! ring dying! "
	  "| lock: other wq_queue! wq_queue! "
	  "| lock: other dying! "
	  "| wait: dying! other " },
	{ "waiting for CQEs with DEFER_TASKRUN", parks_and_waits, NULL, DEFER, SERVER,
	  "| submit: task in_kernel! other local task shared local! "
	  "| lock: task cq_wait! state! "
	  "| wait: local shared task shared state task " },
	{ "completing unlocked with DEFER_TASKRUN", parks_and_waits, completes_unlocked,
	  DEFER, CLIENT,
	  "| complete: "
	  "| task-work: dying local! cmd! dying cq_wait "
	  "| wake-up: "
	  "| lock: state! other! cq_wait! "
	  "| complete: other other! other other! other! other other! other! other! " },
	{ "being woken for a CQE with DEFER_TASKRUN", parks_and_waits, completes_unlocked,
	  DEFER, SERVER,
	  "state! local! "
	  "| lock: local! cmd "
	  "| task-work: dying dying local shared! cq_wait other cmd! "
	  "| free: dying dying local task shared state! other shared other task "
	  "in_kernel! " },
	{ "exiting with a ring with DEFER_TASKRUN", parks_and_ends, NULL, DEFER, SERVER,
	  "| submit: task in_kernel! wq_queue! dying other other! wq_queue! wq_queue "
	  "tctx wq_queue! other other! other! other! other! other! other! "
	  "| atomic: task! task task! "
	  "| task-work: "
	  "| lock: dying! "
	  "| work: ring! other! "
	  "| free: task task! task! in_kernel! " },
	{ "closing a ring with DEFER_TASKRUN", parks_and_closes, NULL, DEFER, SERVER,
	  "| submit: task in_kernel! other other! other! other! "
	  "| atomic: "
	  "| lock: dying! "
	  "| work: ring! other! "
	  "| free: task in_kernel! " },
	{ "completing unlocked, closed with DEFER_TASKRUN", parks_and_closes,
	  completes_unlocked, DEFER, CLIENT,
	  "| complete: "
	  "| task-work: dying local! cmd! dying "
	  "| complete: other other! other other! other! other other! other! other! " },
	{ "the exit kworker with DEFER_TASKRUN", parks_and_closes, NULL, DEFER, KWORKER,
	  "ring dying! "
	  "| lock: local "
	  "| lock: other wq_queue! wq_queue! "
	  "| lock: other dying! "
	  "| wait: dying! other " },
	{ "the last passes of the exit kworker with DEFER_TASKRUN", parks_and_closes,
	  completes_unlocked, DEFER, KWORKER,
	  "dying! ring dying! "
	  "| lock: local! cmd "
	  "| task-work: dying dying local shared! cq_wait other cmd! "
	  "| free: dying dying "
	  "| lock: other wq_queue! wq_queue! "
	  "| lock: other dying! other in_kernel dying! other! "
	  "| lock: shared! cq_wait dying! "
	  "| free: other other! other! other! other other! other! other! " },
};

/*
 * Which state each step depends on, and which it changes (!). A point that is missing
 * here is one that no other task can use.
 */
static void each_step_tells_what_it_depends_on(void **state)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		struct task_struct *server, *client;
		struct sched_task *watched;

		fresh_uring(state);
		shim_time_limit(0); /* nobody sleeps for a time */
		server = parked(operations[i].server, operations[i].setup);
		sched_wake(server->fiber);
		watched = server->fiber;
		if (operations[i].client) {
			sched_run(NULL);
			client = process("client", operations[i].client, (void *)1);
			if (operations[i].side == CLIENT)
				watched = client->fiber;
		}
		if (operations[i].side == KWORKER) {
			watched = task_named("iou_exit");
			if (!watched)
				run_to_last(server->fiber);
			watched = task_named("iou_exit");
		}
		if (strcmp(told_by(watched), operations[i].told) != 0)
			fail_msg("%s: \"%s\" and not \"%s\"", operations[i].what,
				 told.text, operations[i].told);
	}
}

/* ---- references of files ---- */

static struct file *got;

static void gets_and_may_close(void *arg)
{
	start();
	got = shim_fget(u.fd);
	if (arg)
		shim_close(u.fd);
	sched_block(&u, "go on", SCHED_SITE("begin"));
	shim_fput(got);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

/* without a descriptor, and only then, another reference may be the last one */
static void a_reference_matters_when_no_descriptor_is_left(void **state)
{
	for (unsigned int closed = 0; closed < 2; closed++) {
		static struct touches drop;
		struct task_struct *t;

		fresh_uring(state);
		t = process("server", gets_and_may_close, (void *)(uintptr_t)closed);
		sched_run(NULL);
		sched_wake(t->fiber);
		record_of(t->fiber, &drop);
		assert_int_equal(touches(&drop, got, true), closed);
		assert_int_equal(touches(&drop, got, false), !closed);
	}
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
		uring_test(each_step_tells_what_it_depends_on),
		uring_test(a_reference_matters_when_no_descriptor_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The io_uring model under random schedules, with a driver that locks as fuse does
 * and makes no mistake: whatever the order, nothing may be reported, nothing may be
 * left, and every command completes once.
 */
#include "sched/sched.h"
#include "uring_unit.h"

#define SCHEDULES 2000
#define ENTRIES	  3
#define ROUNDS	  2

enum entry_state { NONE, AVAILABLE, SENDING, GONE };

static const struct shim_lock_class queue_class = { "&queue->lock" };

static struct {
	struct shim_lock lock;
	enum entry_state state[ENTRIES];
	struct shim_uring_cmd *cmd[ENTRIES];
	unsigned int issued, completed, reaped;
	int aborted, last_thread_closes, async;
} d;

static uint64_t random_state;

static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void lock(void)
{
	shim_spin_lock(&d.lock, SCHED_SITE("&queue->lock"));
}

static void unlock(void)
{
	shim_spin_unlock(&d.lock, SCHED_SITE("&queue->lock"));
}

/* Return: whether the caller got it */
static int take(unsigned int i, enum entry_state to)
{
	int got;

	lock();
	got = d.state[i] == AVAILABLE;
	if (got)
		d.state[i] = to;
	unlock();
	return got;
}

static void finish(struct shim_uring_cmd *cmd, int ret, unsigned int flags)
{
	d.completed++;
	done(cmd, ret, flags);
}

static void send_in_task(struct shim_uring_req *req, int cancel)
{
	lock();
	d.state[req->user_data] = GONE;
	unlock();
	finish(&req->cmd, cancel ? -ECANCELED : 0, TW_FLAGS);
}

static void on_cancel(struct shim_uring_cmd *cmd, unsigned int flags)
{
	if (take((unsigned int)id_of(cmd), GONE))
		finish(cmd, -ENOTCONN, flags);
}

static int fetches(struct shim_uring_cmd *cmd, unsigned int flags)
{
	unsigned int i = (unsigned int)id_of(cmd);
	int refused;

	d.issued++;
	shim_uring_cmd_mark_cancelable(cmd, flags, SCHED_SITE("cmd"));
	lock();
	refused = d.aborted;
	d.cmd[i] = cmd;
	d.state[i] = refused ? GONE : AVAILABLE;
	unlock();
	if (refused)
		finish(cmd, -ENOTCONN, flags);
	return QUEUED;
}

/* so that it comes early in one schedule and late in another */
static void dawdle(unsigned int most)
{
	for (uint64_t n = draw() % most; n; n--)
		sched_yield();
}

static void client(void *arg)
{
	(void)arg;
	dawdle(40);
	for (unsigned int n = 0; n < 2 * ENTRIES; n++) {
		unsigned int i = n % ENTRIES;

		dawdle(20);
		if (take(i, SENDING))
			shim_uring_cmd_do_in_task(d.cmd[i], send_in_task, 0,
						  SCHED_SITE("cmd"));
	}
}

static void aborter(void *arg)
{
	(void)arg;
	dawdle(300);
	lock();
	d.aborted = 1;
	unlock();
	for (unsigned int i = 0; i < ENTRIES; i++)
		if (take(i, GONE))
			finish(d.cmd[i], -ENOTCONN, UNLOCKED);
}

static void fetch(struct shim_uring *ring, unsigned int i)
{
	put_sqe(ring, i, SPECIAL)->flags = d.async ? URING_SQE_ASYNC : 0;
}

static void server(void *arg)
{
	struct shim_uring *ring;
	const struct uring_cqe *cqe;

	(void)arg;
	open_driver();
	ring = open_ring();
	u.ring = ring;
	for (unsigned int i = 0; i < ENTRIES; i++)
		fetch(ring, i);
	sys_io_uring_enter(ring, ENTRIES, 0, 0);
	for (unsigned int n = 0; n < ROUNDS; n++) {
		if (submit_and_wait(ring, 0, 1) < 0)
			break;
		cqe = uring_peek_cqe(ring);
		if (!cqe)
			continue;
		if (!cqe->res) {
			fetch(ring, (unsigned int)cqe->user_data);
			submit(ring, 1);
		}
		uring_seen_cqe(ring);
		d.reaped++;
	}
	if (d.last_thread_closes)
		sys_uring_close(ring);
}

/* keeps the process's files for a while */
static void second_thread(void *arg)
{
	(void)arg;
	dawdle(300);
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	return runnable[draw() % n];
}

static bool advance(void *ctx)
{
	(void)ctx;
	return shim_time_advance();
}

static void set_up(unsigned int seed)
{
	struct task_struct *s;

	random_state = seed * 0x9e3779b97f4a7c15ull + 1;
	memset(&d, 0, sizeof(d));
	shim_lock_init(&d.lock, &queue_class);
	u.special = fetches;
	u.on_cancel = on_cancel;
	u.setup = seed & 1 ? DEFER : 0;
	d.async = !!(seed & 2);
	d.last_thread_closes = !!(seed & 4);
	s = process("server", server, NULL);
	thread(s, "thread", second_thread, NULL);
	process("client", client, NULL);
	if (seed & 8)
		process("client2", client, NULL);
	/* a server whose commands nobody takes would wait for ever */
	process("aborter", aborter, NULL);
}

static void no_schedule_loses_or_repeats_a_completion(void **state)
{
	const struct sched_strategy strategy = { .pick = pick,
						 .mask = SCHED_SYNC,
						 .idle = advance };

	for (unsigned int seed = 0; seed < SCHEDULES; seed++) {
		enum sched_why why;

		fresh_uring(state);
		trace_enable(false, 0);
		set_up(seed);
		why = sched_run(&strategy);
		/* one whose wait is not answered is told to go */
		for (int i = 0; i < 4 && !shim_uring_is_freed(u.ring); i++) {
			shim_signal(task_named("server")->data, 1);
			why = sched_run(&strategy);
		}
		if (why != SCHED_ENDED || report_count() || d.issued != d.completed ||
		    d.completed != d.reaped + shim_uring_cq_ready(u.ring) ||
		    !shim_uring_is_freed(u.ring) || u.released != 1 ||
		    shim_heap_live(NULL))
			fail_msg("seed %u: why %d, issued %u, completed %u, CQEs %u, "
				 "freed %d, "
				 "released %u, live %lu: %s",
				 seed, why, d.issued, d.completed,
				 d.reaped + shim_uring_cq_ready(u.ring),
				 shim_uring_is_freed(u.ring), u.released,
				 shim_heap_live(NULL), last_report());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_schedule_loses_or_repeats_a_completion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks as processes: a client is a process of its own, because it may be killed;
 * the threads of the server are threads of one process.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include "real/floor.h"

#define POLL_MS 10

static void woken(int sig)
{
	(void)sig;
}

/* A signal ends the system call that it meets, without more ado. */
static void handle_signals(void)
{
	struct sigaction sa = { .sa_handler = woken };

	sigaction(SIGUSR1, &sa, NULL);
}

static void pin(unsigned int cpu)
{
	unsigned long set = 1ul << cpu;

	syscall(SYS_sched_setaffinity, 0, sizeof(set), &set);
}

static void begin(struct floor_task *t)
{
	self = t;
	t->tid = (pid_t)syscall(SYS_gettid);
	prctl(PR_SET_NAME, t->task.comm);
	floor_lock();
}

/* ---- clients ---- */

static void client_process(struct floor_task *t)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	handle_signals();
	pin(t->task.cpu);
	begin(t);
	client_prepare(t);
	t->fn(t->actor);
	t->fiber.state = SCHED_DONE;
	floor_wake_all();
	floor_unlock();
	_exit(0);
}

/* ---- the server ---- */

static thrd_t threads[SCHED_MAX_TASKS];

static int server_thread_body(void *arg)
{
	struct floor_task *t = arg;

	begin(t);
	t->fn(t->actor);
	while (!clients_are_ready() && !t->task.sigpending) {
		ring_helps(t);
		floor_sleep(ground.wakes, POLL_MS);
	}
	t->leaving = true;
	floor_wake_all();
	floor_unlock();
	return 0;
}

/*
 * Start what is to be started, bury what has ended: a thread that is joined has
 * left its io_uring. Return: threads that are there or to come.
 */
static unsigned int tend(void)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < ground.nr_tasks; i++) {
		struct floor_task *t = &ground.tasks[i];

		if (!t->server || t->fiber.state == SCHED_DONE)
			continue;
		left++;
		if (!t->spawned) {
			t->spawned = true;
			t->pid = getpid();
			thrd_create(&threads[i], server_thread_body, t);
		} else if (t->leaving) {
			floor_unlock();
			thrd_join(threads[i], NULL);
			floor_lock();
			t->fiber.state = SCHED_DONE;
			ground.activity++;
			left--;
		}
	}
	return left;
}

static void server_process(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "server-process");
	handle_signals();
	memory_handle_faults();
	floor_lock();
	while (tend())
		floor_sleep(ground.wakes, POLL_MS);
	floor_unlock();
	_exit(0);
}

/* ---- both ---- */

static void start(struct floor_task *t)
{
	pid_t pid;

	if (t->server && ground.server) {
		floor_wake_all();
		return;
	}
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		world_full("processes");
	if (!pid) {
		if (t->server)
			server_process();
		client_process(t);
	}
	t->pid = pid;
	if (t->server)
		ground.server = pid;
}

struct task_struct *shim_task_new(const char *name, unsigned int cpu, struct shim_mm *mm,
				  unsigned int flags, void (*fn)(void *), void *arg)
{
	struct floor_task *t;

	if (ground.nr_tasks == SCHED_MAX_TASKS)
		world_full("tasks");
	t = &ground.tasks[ground.nr_tasks++];
	memset(t, 0, sizeof(*t));
	snprintf(t->task.comm, sizeof(t->task.comm), "%s", name);
	snprintf(t->fiber.name, sizeof(t->fiber.name), "%s", name);
	t->task.fiber = &t->fiber;
	t->task.cpu = cpu;
	t->task.mm = mm;
	t->task.flags = flags;
	t->fiber.state = SCHED_RUNNABLE;
	t->fiber.data = t;
	t->fn = fn;
	t->actor = arg;
	t->server = mm != NULL;
	start(t);
	return &t->task;
}

void shim_signal(struct task_struct *task, int kill_it)
{
	struct floor_task *t = task->fiber->data;

	task->sigpending = 1;
	if (kill_it) {
		task->sigkill = 1;
		if (t->pid && t->fiber.state != SCHED_DONE)
			kill(t->server ? ground.server : t->pid, SIGKILL);
	} else if (t->tid && t->fiber.state != SCHED_DONE) {
		syscall(SYS_tgkill, t->server ? ground.server : t->pid, t->tid, SIGUSR1);
	}
}

void shim_signal_clear(struct task_struct *task)
{
	task->sigpending = task->sigkill;
}

/* Who was killed inside a call has come back from it, in a way: it could die. */
static void task_died(struct floor_task *t)
{
	struct call *c = t->call;

	t->fiber.state = SCHED_DONE;
	t->actor->gone = true;
	t->in_call = false;
	t->call = NULL;
	if (!c)
		return;
	c->times_ended++;
	c->done = true;
	c->ret = -4; /* -EINTR */
	fuse_of(t->actor->w)->in_calls--;
}

static bool belongs(const struct floor_task *t, pid_t pid)
{
	return t->server ? ground.server == pid : t->pid == pid;
}

void floor_break_lock(void)
{
	pid_t owner = floor_owner();
	siginfo_t dead = { .si_pid = 0 };

	if (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT) || !dead.si_pid ||
	    !owner)
		return;
	for (unsigned int i = 0; i < ground.nr_tasks; i++)
		if (belongs(&ground.tasks[i], dead.si_pid) &&
		    (owner == dead.si_pid || ground.tasks[i].tid == owner)) {
			floor_unlock();
			return;
		}
}

/* Called without the lock, which somebody may have taken into the grave. */
void floor_reap(void)
{
	pid_t pid;

	for (;;) {
		floor_break_lock();
		pid = waitpid(-1, NULL, WNOHANG);
		if (pid <= 0)
			return;
		floor_lock();
		for (unsigned int i = 0; i < ground.nr_tasks; i++)
			if (belongs(&ground.tasks[i], pid) &&
			    ground.tasks[i].fiber.state != SCHED_DONE)
				task_died(&ground.tasks[i]);
		if (pid == ground.server)
			ground.server = 0;
		ground.activity++;
		floor_wake_all();
		floor_unlock();
	}
}

void floor_kill_all(void)
{
	for (unsigned int i = 0; i < ground.nr_tasks; i++) {
		struct floor_task *t = &ground.tasks[i];

		if (t->fiber.state != SCHED_DONE &&
		    (t->server ? ground.server : t->pid) > 0)
			kill(t->server ? ground.server : t->pid, SIGKILL);
	}
}

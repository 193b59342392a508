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

#include "real/real.h"
#include "shim/file.h"
#include "shim/uring.h"

#define POLL_MS 10

static void woken(int sig)
{
	(void)sig;
}

/* The handler does nothing: the signal interrupts the system call. */
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

static void begin(struct real_task *t)
{
	self = t;
	t->tid = (pid_t)syscall(SYS_gettid);
	prctl(PR_SET_NAME, t->task.comm);
	real_lock();
}

/* ---- clients ---- */

static void client_process(struct real_task *t)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	handle_signals();
	pin(t->task.cpu);
	begin(t);
	client_prepare(t);
	t->fn(t->actor);
	t->fiber.state = SCHED_DONE;
	real_wake_all();
	real_unlock();
	_exit(0);
}

/* ---- the server ---- */

static thrd_t threads[SCHED_MAX_TASKS];

static int server_thread_body(void *arg)
{
	struct real_task *t = arg;

	begin(t);
	t->fn(t->actor);
	while (!clients_are_ready() && !t->task.sigpending) {
		ring_helps(t);
		real_sleep(real.wakes, POLL_MS);
	}
	t->leaving = true;
	real_wake_all();
	real_unlock();
	return 0;
}

/*
 * Create the threads that are wanted, join those that have ended: a joined thread has
 * left its io_uring. Return: threads that exist or are to be created.
 */
static unsigned int tend(void)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < real.nr_tasks; i++) {
		struct real_task *t = &real.tasks[i];

		if (!t->server || t->forked || t->fiber.state == SCHED_DONE)
			continue;
		if (t->actor->unforked) {
			/* nobody has forked it, and nobody will */
			if (actor_leaves(t->actor)) {
				t->fiber.state = SCHED_DONE;
				t->actor->gone = true;
			}
			continue;
		}
		left++;
		if (!t->spawned) {
			t->spawned = true;
			t->pid = getpid();
			thrd_create(&threads[i], server_thread_body, t);
		} else if (t->leaving) {
			real_unlock();
			thrd_join(threads[i], NULL);
			real_lock();
			t->fiber.state = SCHED_DONE;
			real.activity++;
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
	real_lock();
	while (tend())
		real_sleep(real.wakes, POLL_MS);
	real_unlock();
	_exit(0);
}

/* ---- a child of the server ---- */

/*
 * It goes on as the actor that the world knows, with descriptors and mappings of the
 * thread that forked. Whoever adopts it reaps it.
 */
void shim_files_fork(const struct task_struct *child)
{
	struct real_task *t = child->fiber->data;
	pid_t pid;

	if (t->spawned)
		return;
	t->spawned = t->forked = true;
	pid = fork();
	if (pid < 0)
		world_full("processes");
	t->pid = pid;
	if (pid)
		return;
	begin(t);
	t->pid = t->tid;
	t->fn(t->actor);
	t->fiber.state = SCHED_DONE;
	real.activity++;
	real_wake_all();
	real_unlock();
	_exit(0);
}

/*
 * The harness's own program, which does nothing if it is told so: its exit ends the
 * process, as that of the simulated one's thread does. Whoever waits for the process
 * notes what has become of its tasks.
 */
void shim_uring_exec(void)
{
	static char self_exe[] = "/proc/self/exe", nothing[] = REAL_NOTHING;
	char *argv[] = { self_exe, nothing, NULL }, *envp[] = { NULL };

	call_begins();
	execve(self_exe, argv, envp);
	perror("execve");
	call_ends_now();
}

void shim_wait_for_exit(struct task_struct *task)
{
	(void)task;
}

void shim_exec_mm(void)
{
}

/* ---- both ---- */

/* the process that a task is in */
static pid_t process_of(const struct real_task *t)
{
	return t->server && !t->forked ? real.server : t->pid;
}

static void start(struct real_task *t)
{
	pid_t pid;

	if (t->server && real.server) {
		real_wake_all();
		return;
	}
	fflush(stdout);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
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
		real.server = pid;
}

struct task_struct *shim_task_new(const char *name, unsigned int cpu, struct shim_mm *mm,
				  unsigned int flags, void (*fn)(void *), void *arg)
{
	struct real_task *t;

	if (real.nr_tasks == SCHED_MAX_TASKS)
		world_full("tasks");
	t = &real.tasks[real.nr_tasks++];
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
	struct real_task *t = task->fiber->data;

	task->sigpending = 1;
	if (kill_it) {
		task->sigkill = 1;
		if (t->pid && t->fiber.state != SCHED_DONE)
			kill(process_of(t), SIGKILL);
	} else if (t->tid && t->fiber.state != SCHED_DONE) {
		syscall(SYS_tgkill, process_of(t), t->tid, SIGUSR1);
	}
}

void shim_signal_clear(struct task_struct *task)
{
	task->sigpending = task->sigkill;
}

void shim_task_moves(struct task_struct *task, unsigned int cpu)
{
	task->cpu = cpu;
	pin(cpu);
}

/* A task killed inside a call counts as returned from it: it could die. */
static void task_died(struct real_task *t)
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
	c->ret = -4;		  /* -EINTR */
	if (c->opcode != OP_INIT) /* mount(2), which is no call of the file system's */
		fuse_of(t->actor->w)->in_calls--;
}

static bool belongs(const struct real_task *t, pid_t pid)
{
	return process_of(t) == pid;
}

void real_break_lock(void)
{
	pid_t owner = real_owner();
	siginfo_t dead = { .si_pid = 0 };

	if (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT) || !dead.si_pid ||
	    !owner)
		return;
	for (unsigned int i = 0; i < real.nr_tasks; i++)
		if (belongs(&real.tasks[i], dead.si_pid) &&
		    (owner == dead.si_pid || real.tasks[i].tid == owner)) {
			real_unlock();
			return;
		}
}

/* Called without the lock: the task that died may have held it. */
void real_reap(void)
{
	pid_t pid;

	for (;;) {
		real_break_lock();
		pid = waitpid(-1, NULL, WNOHANG);
		if (pid <= 0)
			return;
		real_lock();
		for (unsigned int i = 0; i < real.nr_tasks; i++)
			if (belongs(&real.tasks[i], pid) &&
			    real.tasks[i].fiber.state != SCHED_DONE)
				task_died(&real.tasks[i]);
		if (pid == real.server)
			real.server = 0;
		real.activity++;
		real_wake_all();
		real_unlock();
	}
}

void real_kill_all(void)
{
	for (unsigned int i = 0; i < real.nr_tasks; i++) {
		struct real_task *t = &real.tasks[i];

		if (t->fiber.state != SCHED_DONE && process_of(t) > 0)
			kill(process_of(t), SIGKILL);
	}
}

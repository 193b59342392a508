// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets all tasks run until nothing happens any more, and names what each task that has
 * not returned waits for.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "detect/progress.h"
#include "real/real.h"
#include "shim/fault.h"
#include "shim/shim.h"
#include "shim/wait.h"
#include "shim/chance.h"
#include "shim/work.h"

#define POLL_MS	    5
#define POLL_MAX_MS 50	  /* when nothing has happened for a while */
#define NAP_MS	    20	  /* of a task that has to serve a ring, or help */
#define SLEEP_MS    1000  /* of a task that is woken when there is something to do */
#define QUIET_MS    60	  /* all at rest for that long: nothing more will come */
#define HUNG_MS	    3000  /* a task is in a call and nothing happens */
#define TIMEOUT_MS  20000 /* how much later than asked the kernel may time out */

unsigned long volatile jiffies;

static void tell_time(void)
{
	jiffies = SHIM_INITIAL_JIFFIES + (now_ms() - real.started_ms) * SHIM_HZ / 1000;
}

void shim_reset(unsigned int cpus)
{
	(void)cpus;
	memset(&real, 0, sizeof(real));
	rings_forget();
	real.started_ms = now_ms();
	real_lock();
	tell_time();
}

void shim_time_set(unsigned long jiffies_from_start)
{
	jiffies = SHIM_INITIAL_JIFFIES + jiffies_from_start;
}

/* world_lets_time_pass() sets a limit that is never reached: none. */
void shim_time_limit(unsigned long limit)
{
	unsigned long ms = limit * 1000 / SHIM_HZ;

	real.limit_ms = ms < now_ms() - real.started_ms + 3000000 ? ms : 0;
}

/* a kernel's own failures are not injected from here */
int fault_any_fired(void)
{
	return 0;
}

/* the kernel's own clock and faults are not known */
bool chances_taken(void)
{
	return false;
}

/* ---- sleeping and waking, in user mode ---- */

/* Wake-ups may be spurious: the caller checks its condition again. */
void sched_block(const void *on, const char *why, const struct sched_site *site)
{
	struct sched_task *t = &self->fiber;
	bool naps;

	t->blocked_on = on;
	t->blocked_why = why;
	t->blocked_at = site;
	t->state = SCHED_BLOCKED;
	ring_helps(self);
	if (real.unmounting)
		client_lets_go(self);
	naps = !clients_are_ready() || real.unmounting || self->actor->ring;
	real_sleep(real.wakes, naps ? NAP_MS : SLEEP_MS);
	t->state = SCHED_RUNNABLE;
	t->blocked_on = NULL;
}

/* It sleeps for a limited time: it must not be taken for a task that hangs. */
long shim_schedule_timeout(long timeout, const struct sched_site *site)
{
	unsigned long until = now_ms() + (unsigned long)timeout * 1000 / SHIM_HZ;

	while (now_ms() < until && !self->task.sigpending) {
		real.activity++;
		sched_block(&until, "sleep", site);
	}
	return now_ms() < until ? (long)((until - now_ms()) * SHIM_HZ / 1000) : 0;
}

bool sched_wake(struct sched_task *t)
{
	bool was = t->state == SCHED_BLOCKED;

	real.activity++;
	real_wake_all();
	return was;
}

unsigned int sched_wake_on(const void *on)
{
	(void)on;
	real.activity++;
	real_wake_all();
	return 1;
}

/* ---- the main process ---- */

/* enum quiet - how quiet a task is */
enum quiet { AT_REST, WAITS, RUNS };

static enum quiet quiet_of(const struct real_task *t)
{
	if (t->fiber.state == SCHED_DONE)
		return AT_REST;
	if (t->actor->unforked)
		return AT_REST;
	if (t->leaving || (t->server && !t->spawned))
		return RUNS;
	if (t->in_call)
		return t->fiber.idle ? AT_REST : WAITS;
	/* between two sleeps it is awake for a moment */
	if (t->actor->resting && !t->actor->first && !t->task.sigpending)
		return AT_REST;
	return t->fiber.state == SCHED_BLOCKED ? WAITS : RUNS;
}

/* Answers are under way that no system call waits for. */
static bool background_is_out(void)
{
	const struct world *w = real.nr_tasks ? real.tasks[0].actor->w : NULL;

	for (unsigned int i = 0; w && i < fuse_of(w)->nr_calls; i++)
		if (fuse_of(w)->calls[i].background && fuse_of(w)->calls[i].started &&
		    !fuse_of(w)->calls[i].done)
			return true;
	return false;
}

/* Its last thread has left and the process is exiting, which takes a debug kernel longer.
 */
static bool server_is_leaving(void)
{
	for (unsigned int i = 0; real.server && i < real.nr_tasks; i++)
		if (real.tasks[i].server && real.tasks[i].fiber.state != SCHED_DONE)
			return false;
	return real.server;
}

static enum quiet quiet_of_all(void)
{
	enum quiet all = background_is_out() || server_is_leaving() ? WAITS : AT_REST;

	for (unsigned int i = 0; i < real.nr_tasks; i++) {
		enum quiet one = quiet_of(&real.tasks[i]);

		if (one > all)
			all = one;
	}
	return all;
}

/* A signal that came just before the system call that it was to end. */
static void remind(void)
{
	for (unsigned int i = 0; i < real.nr_tasks; i++) {
		struct real_task *t = &real.tasks[i];

		if (t->task.sigpending && t->fiber.state != SCHED_DONE && t->in_call)
			shim_signal(&t->task, t->task.sigkill);
	}
}

/* Where in the kernel it is, by /proc: a fiber has blocked_why for that. */
static void name_place(struct real_task *t)
{
	static char places[SCHED_MAX_TASKS][64];
	char path[64], *place = places[t - real.tasks];
	ssize_t n = -1;
	int fd;

	if (!t->in_call || !t->pid)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stack", t->pid, t->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, place, sizeof(places[0]) - 1);
		close(fd);
	}
	if (n > 0) {
		place[n] = 0;
		place[strcspn(place, "\n")] = 0;
		t->fiber.blocked_why = place;
	}
}

static unsigned long patience(void)
{
	const struct world *w = real.tasks[0].actor->w;
	unsigned long s = fuse_of(w)->config.request_timeout;

	return HUNG_MS + (s ? s * 1000 + TIMEOUT_MS : 0);
}

static unsigned int poll_ms(unsigned long still)
{
	unsigned long ms = POLL_MS + still / 8;

	return ms < POLL_MAX_MS ? (unsigned int)ms : POLL_MAX_MS;
}

static enum sched_why run_until(struct sched_task *alone)
{
	unsigned long seen = real.activity, since = now_ms(), still = 0;
	enum quiet quiet;

	for (;;) {
		real_unlock();
		real_reap();
		usleep(poll_ms(still) * 1000);
		real_reap();
		real_lock();
		quiet = alone ? quiet_of(alone->data) : quiet_of_all();
		if (seen != real.activity) {
			seen = real.activity;
			since = now_ms();
		}
		still = now_ms() - since;
		if (real.limit_ms) {
			if (now_ms() - real.started_ms >= real.limit_ms)
				return SCHED_ENDED;
			continue;
		}
		if (quiet == AT_REST && still >= (alone ? POLL_MS : QUIET_MS))
			return SCHED_ENDED;
		if (still >= patience())
			return SCHED_IS_BLOCKED;
		if (still >= QUIET_MS)
			remind();
	}
}

enum sched_why sched_run(const struct sched_strategy *strategy)
{
	enum sched_why why;

	(void)strategy;
	if (!real.nr_tasks)
		return SCHED_ENDED;
	why = run_until(NULL);
	tell_time();
	for (unsigned int i = 0; why == SCHED_IS_BLOCKED && i < real.nr_tasks; i++)
		name_place(&real.tasks[i]);
	return why;
}

enum sched_why progress_goes_on(void)
{
	return sched_run(NULL);
}

/* For the server's main thread, before there are others. */
enum sched_why sched_run_task(struct sched_task *t,
			      bool (*stop)(void *ctx, enum sched_what what,
					   const void *object,
					   const struct sched_site *site),
			      void *ctx, unsigned int mask)
{
	(void)stop;
	(void)ctx;
	(void)mask;
	run_until(t);
	return SCHED_IS_BLOCKED;
}

bool sched_stopped(void)
{
	return false;
}

void shim_syscall_enter(const char *name)
{
	self->task.syscall = name;
	self->fiber.blocked_why = "something unknown";
}

void shim_syscall_exit(long ret)
{
	(void)ret;
	self->task.syscall = NULL;
}

/* The real kernel runs it whenever a thread enters or leaves. */
void shim_task_work_run(const struct sched_site *site)
{
	(void)site;
}

/* ---- what only a simulated kernel knows ---- */

/* stub: which task a task of a real kernel waits for is not known */
void shim_tell_wait(const struct task_struct *task)
{
	(void)task;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of the server and rings that are not, or not only, their own.
 */
#include <errno.h>

#include "fuse/fuse_i.h"
#include "shim/file.h"
#include "shim/work.h"

/* Said when it is queued; the job is there to be printed. */
static void job_shares(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
}

void server_uses_ring_of(struct actor *t, struct actor *other)
{
	server_shares_ring(t, other);
	actor_steps(t, STEP_SHARE_RING, job_shares, other);
}

/* ---- processes and descriptors ---- */

static void job_fork(struct actor *t, void *arg)
{
	server_forks(t, arg);
}

void server_forks_off(struct actor *t, struct actor *child)
{
	/* the first thread and clients are what they are from the beginning on */
	if (!child->server || child == server_main(t->w) || child == t)
		world_full("processes to fork");
	if (!server_is_forked(child))
		return;
	actor_steps(t, STEP_FORK, job_fork, child);
}

static void job_dup_ring(struct actor *t, void *arg)
{
	int fd = shim_uring_fd(ring_of(t));

	(void)arg;
	shim_syscall_enter("dup");
	shim_syscall_exit(shim_dup(fd));
}

void server_dups_ring(struct actor *t)
{
	actor_steps(t, STEP_DUP_RING, job_dup_ring, NULL);
}

static void job_dup_dev(struct actor *t, void *arg)
{
	(void)arg;
	shim_syscall_enter("dup");
	shim_syscall_exit(shim_dup(fuse_of(t->w)->dev_fd));
}

void server_dups_dev(struct actor *t)
{
	actor_steps(t, STEP_DUP_DEV, job_dup_dev, NULL);
}

static void job_close_fd(struct actor *t, void *arg)
{
	struct actor *holder = ring_holder(t);
	struct shim_uring *ring = holder->ring;

	(void)arg;
	holder->ring = NULL;
	holder->file_in_table = 0;
	holder->outstanding = 0;
	holder->ready = NULL;
	if (ring)
		sys_uring_close_fd(ring);
}

void server_closes_ring_fd(struct actor *t)
{
	actor_steps(t, STEP_CLOSE_RING_FD, job_close_fd, NULL);
}

/* [prepare_bprm_creds]: one thread at a time; the others wait until it has them killed */
static bool is_executed(struct world *w, const struct actor *t)
{
	for (unsigned int i = 0; i < w->nr_actors; i++) {
		const struct actor *a = &w->actors[i];

		if (fuse_of(w)->in_exec >> i & 1 && a->task->tgid == t->task->tgid)
			return true;
	}
	return false;
}

/*
 * [begin_new_exec]: io_uring first, then the other threads, then memory, then
 * descriptors, all of which are O_CLOEXEC. What follows is another program, which does
 * nothing.
 */
static void job_exec(struct actor *t, void *arg)
{
	struct world *w = t->w;

	(void)arg;
	shim_syscall_enter("execve");
	sched_touch(&fuse_of(w)->in_exec, true);
	if (is_executed(w, t)) {
		shim_syscall_exit(-EINTR);
		t->exiting = true;
		return;
	}
	fuse_of(w)->in_exec |= 1u << steps_actor(t);
	shim_uring_exec();
	for (unsigned int i = 0; i < w->nr_actors; i++) {
		struct actor *a = &w->actors[i];

		if (a == t || !a->server || a->task->tgid != t->task->tgid || a->gone)
			continue;
		/* the kernel does it: it is no step of anybody's */
		shim_signal(a->task, 1);
		actor_wake(a);
		shim_wait_for_exit(a->task);
	}
	shim_uring_threads_end(t->task->tgid);
	shim_exec_mm();
	for (int fd = SHIM_FIRST_FD; fd < SHIM_FIRST_FD + SHIM_TASK_FILES; fd++)
		shim_close(fd);
	shim_syscall_exit(0);
	t->exiting = true;
}

void server_execs(struct actor *t)
{
	actor_steps(t, STEP_EXEC, job_exec, NULL);
}

/* ---- what a ring can be told ---- */

static void job_clone(struct actor *t, void *arg)
{
	struct shim_uring *from = server_ring(arg);

	/* without a table, its commands name buffers that are not there */
	if (!from || sys_io_uring_clone_buffers(ring_of(t), from))
		fs_is_not_asked(t->w);
}

void server_clones_buffers(struct actor *t, struct actor *from)
{
	t->table_registered = true;
	actor_steps(t, STEP_CLONE, job_clone, from);
}

static void job_poll(struct actor *t, void *arg)
{
	struct fuse_command *c = arg;
	struct uring_sqe *sqe = ring_sqe(t, (struct command *)&c->pub, -1);

	sqe->flags = 0;
	uring_prep_poll(ring_of(t), sqe);
	ring_submit_one(t, (struct command *)&c->pub);
}

struct submit *server_polls_event(struct actor *t)
{
	struct fuse_command *c = command_new(t, 0, 0, 0);

	actor_steps(t, STEP_POLL, job_poll, c);
	return &c->pub;
}

static void job_cancel(struct actor *t, void *arg)
{
	struct fuse_command *c = arg;
	const struct uring_cancel how = {
		.user_data = (uintptr_t)c->target,
		.fd = fuse_of(t->w)->dev_fd,
		.flags = c->cancel_flags,
		.timeout = (unsigned long)c->seconds * SHIM_HZ,
	};

	c->pub.issued = true;
	c->pub.res = sys_io_uring_sync_cancel(ring_of(t), &how);
	c->pub.completed = true;
	c->pub.cqes = 1;
}

struct submit *server_cancels(struct actor *t, const struct submit *target,
			      unsigned int flags, unsigned int seconds)
{
	struct fuse_command *c = command_new(t, 0, 0, 0);

	c->target = target;
	c->cancel_flags = flags;
	c->seconds = seconds;
	actor_steps(t, STEP_CANCEL, job_cancel, c);
	return &c->pub;
}

static void job_signal_event(struct actor *t, void *arg)
{
	struct shim_uring *ring = server_ring(arg);

	(void)t;
	if (ring)
		uring_event_signal(ring);
}

void server_signals_event(struct actor *t, struct actor *of)
{
	actor_steps(t, STEP_EVENT, job_signal_event, of);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server thread and its io_uring instance: how a command gets into the
 * submission queue, and how its completion is matched with it.
 */
#include <errno.h>

#include "detect/report.h"
#include "shim/chance.h"
#include "shim/fault.h"
#include "shim/file.h"
#include "shim/user.h"
#include "world/world_i.h"

struct actor *server_thread(struct world *w, const char *name)
{
	return actor_new(w, name, 0, w->server_mm);
}

struct actor *server_main(struct world *w)
{
	return w->main;
}

void server_dies(struct world *w)
{
	for (unsigned int i = 0; i < w->nr_actors; i++)
		if (w->actors[i].server && !w->actors[i].forked)
			kill_task(&w->actors[i]);
	shim_uring_kill_threads(w->main->task->tgid);
}

/* Return: whether a task asks, and @a has begun with what it does. Its next step may be
 * to. */
static bool has_begun(struct actor *a)
{
	if (!sched_current())
		return false;
	sched_touch(&a->first, true);
	return a->begun;
}

/* Return: false: it is a thread already, or was forked before */
bool server_is_forked(struct actor *child)
{
	if (has_begun(child) || (child->forked && !child->unforked))
		return false;
	child->unforked = child->forked = true;
	child->task->tgid = child->task->pid;
	return true;
}

/* [kernel_clone]: descriptors and mappings are those of this moment */
void server_forks(struct actor *t, struct actor *child)
{
	if (!child->unforked || child->gone)
		return;
	world_disturbed(t->w, DISTURBED_LEFT);
	shim_syscall_enter("fork");
	shim_files_fork(child->task);
	child->task->mm = shim_mm_fork(t->task->mm);
	sched_touch(&child->first, true);
	child->unforked = false;
	shim_syscall_exit(child->task->pid);
	actor_wake(child);
}

/* A scenario asks for memory when it says what a process is to do with it. That may be
 * after the process was forked, in which it would be missing; one that has ended has no
 * memory at all.
 */
void *server_mmap(struct world *w, size_t size, unsigned int prot)
{
	void *p = shim_mmap(w->server_mm, size, prot);

	for (unsigned int i = 0; p && i < w->nr_actors; i++) {
		const struct actor *a = &w->actors[i];

		if (a->forked && !a->unforked && a->task->mm)
			shim_mmap_too(a->task->mm, p, size, prot);
	}
	return p;
}

/* ---- the instance ---- */

static unsigned int added;

void world_adds_ring_flags(unsigned int flags)
{
	added = flags;
}

unsigned int world_added_ring_flags(void)
{
	return added;
}

/*
 * An sq thread runs the task work: nothing can be said of how it reaches a task. What is
 * left out here only --ring-flags and the scenario can have together, as neither may say
 * it alone; text_ring_flags_lost() tells of it.
 */
static unsigned int flags_of(const struct actor *t)
{
	unsigned int flags = t->ring_flags | added;

	/* a ring of small SQEs is one that a scenario wants */
	if (!(t->ring_flags & (URING_SETUP_SQE128 | URING_SETUP_SQE_MIXED)))
		flags &= ~URING_SETUP_SQE_MIXED;
	if (flags & URING_SETUP_SQE_MIXED)
		flags &= ~URING_SETUP_SQE128;
	if (flags & URING_SETUP_SQPOLL)
		flags &= ~(URING_SETUP_COOP_TASKRUN | URING_SETUP_TASKRUN_FLAG |
			   URING_SETUP_DEFER_TASKRUN);
	return flags;
}

/* Of two threads of a server that make the ring they share, the one that was faster has.
 */
static void make_ring(struct actor *holder)
{
	struct shim_uring *made = sys_io_uring_setup(
		RING_ENTRIES, flags_of(holder) & ~WORLD_RING_FIXED_FILE);

	if (holder->ring) {
		if (made)
			sys_uring_close(made);
	} else if (made) {
		holder->ring = made;
		holder->ring_nr++;
	}
}

struct shim_uring *ring_of(struct actor *t)
{
	unsigned int tries = 0;

	t = ring_holder(t);
	/* what a scenario is about begins when there is one: with a fault, try again */
	while (!t->ring) {
		make_ring(t);
		if (!fault_any_fired() || tries++ == CHANCES_MAX)
			break;
	}
	if (!t->ring && world_is_of_anybody())
		world_full("rings of such flags");
	return t->ring;
}

static void job_open_ring(struct actor *t, void *arg)
{
	(void)arg;
	ring_of(t);
}

void server_opens_ring(struct actor *t)
{
	actor_steps(t, STEP_OPEN_RING, job_open_ring, NULL);
}

struct shim_uring *server_ring(struct actor *t)
{
	return ring_holder(t)->ring;
}

/* Return: whether @t is @other, or is on the way to the holder of its ring */
static bool leads_to(const struct actor *other, const struct actor *t)
{
	while (other && other != t)
		other = other->shares;
	return other;
}

void server_shares_ring(struct actor *t, struct actor *other)
{
	if (has_begun(t) || leads_to(other, t))
		return;
	t->shares = other;
	ring_holder(other)->shared = true;
}

static void job_close_ring(struct actor *t, void *arg)
{
	struct shim_uring *ring;

	(void)arg;
	t = ring_holder(t);
	ring = t->ring;
	t->ring = NULL;
	t->file_in_table = 0;
	t->outstanding = 0;
	t->ready = NULL;
	if (ring)
		sys_uring_close(ring);
}

void server_closes_ring(struct actor *t)
{
	actor_steps(t, STEP_CLOSE_RING, job_close_ring, NULL);
}

/* ---- submitting ---- */

/* A ring's table of files is there before the first command that uses it. */
static bool uses_table(struct actor *t, int fd)
{
	struct actor *holder = ring_holder(t);

	if (!(flags_of(holder) & WORLD_RING_FIXED_FILE) || fd < 0)
		return false;
	if (holder->file_in_table == fd)
		return true;
	if (holder->file_in_table > 0 || sys_io_uring_register_file(ring_of(t), fd))
		return false;
	holder->file_in_table = fd;
	return true;
}

static bool polled(struct actor *t)
{
	return flags_of(ring_holder(t)) & URING_SETUP_SQPOLL;
}

/* [io_uring_submit]: of a ring whose thread looks for SQEs, a call only if it sleeps */
static int enter(struct actor *t, unsigned int n, unsigned int min, unsigned int flags,
		 const struct uring_wait *how)
{
	struct shim_uring *ring = server_ring(t);

	if (polled(t)) {
		if (uring_sq_flush(ring))
			flags |= URING_ENTER_SQ_WAKEUP;
		else if (!flags)
			return (int)n;
	}
	return how ? sys_io_uring_enter_ext(ring, n, min, flags, how)
		   : sys_io_uring_enter(ring, n, min, flags);
}

static struct uring_sqe *next_sqe(struct actor *t)
{
	struct uring_sqe *sqe = uring_get_sqe(ring_of(t));

	if (sqe || !polled(t))
		return sqe;
	enter(t, 0, 0, URING_ENTER_SQ_WAIT, NULL);
	return uring_get_sqe(ring_of(t));
}

struct uring_sqe *ring_sqe(struct actor *t, struct command *c, int fd)
{
	bool fixed = uses_table(t, fd);
	struct uring_sqe *sqe = next_sqe(t);

	if (!sqe)
		world_full("submission queue");
	sqe->opcode = flags_of(ring_holder(t)) & URING_SETUP_SQE_MIXED
			      ? URING_OP_URING_CMD128
			      : URING_OP_URING_CMD;
	sqe->fd = fixed ? 0 : fd;
	sqe->flags = fixed ? URING_SQE_FIXED_FILE : 0;
	sqe->cmd_op = c->cmd_op;
	sqe->user_data = (uintptr_t)c;
	return sqe;
}

void command_issue(struct actor *t, struct command *c)
{
	c->issued = true;
	c->completed = false;
	c->cqes = 0;
	t = ring_holder(t);
	if (t->shared)
		sched_touch(&t->ready, true);
	t->outstanding++;
	c->ring_of = t;
	c->ring_nr = t->ring_nr;
}

bool command_can_complete(const struct command *c)
{
	const struct actor *holder = ring_holder(c->actor);

	return holder->ring && holder == c->ring_of && holder->ring_nr == c->ring_nr;
}

bool command_is_kept(const struct command *c)
{
	const struct command *kept = ring_holder(c->actor)->ready;

	while (kept && kept != c)
		kept = kept->next_ready;
	return kept;
}

void ring_submit(struct actor *t, unsigned int n)
{
	int ret;

	while (n && server_ring(t)) {
		ret = enter(t, n, 0, 0, NULL);
		if (ret > 0)
			n -= (unsigned int)ret;
		else if (ret != -EAGAIN)
			break;
	}
	if (polled(t) && server_ring(t))
		uring_sq_settle(server_ring(t));
}

void ring_submit_one(struct actor *t, struct command *c)
{
	command_issue(t, c);
	c->submitting = true;
	ring_submit(t, 1);
	ring_reap(t, c);
	c->submitting = false;
}

/* ---- completions ---- */

/* what threads that share a ring keep of it in user mode, under a lock of their own */
static void touch_shared(const struct actor *holder)
{
	if (holder->shared)
		sched_touch(&holder->ready, true);
}

static void push_ready(struct actor *t, struct command *c)
{
	c->next_ready = NULL;
	*(t->ready ? &t->ready_last->next_ready : &t->ready) = c;
	t->ready_last = c;
}

struct command *ring_pop_ready(struct actor *t)
{
	struct command *c;

	t = ring_holder(t);
	touch_shared(t);
	c = t->ready;
	if (c)
		t->ready = c->next_ready;
	return c;
}

/* where no allocation was made to fail, the limit on locked memory alone leaves none */
static void report_memlock(const struct actor *t, const struct command *c)
{
	report(REPORT_ACCOUNTING, NULL,
	       "set-up failed: the kernel rejected command %u of %s: %d (ENOMEM): it may "
	       "lock %u pages (memlock)",
	       c->cmd_op, t->name, c->res, t->w->config.memlock);
}

/*
 * What follows a set-up that failed says nothing: so the set-up has to. With a fault
 * that was injected, it may fail.
 */
static void look_at_refusal(const struct actor *t, const struct command *c)
{
	if (!c->needed || fault_any_fired() || world_is_of_anybody() ||
	    t->w->config.may_be_rejected)
		return;
	if (c->res == -ENOMEM && t->w->config.memlock)
		report_memlock(t, c);
	if (c->res != -EINVAL && c->res != -EOPNOTSUPP)
		return;
	report(REPORT_ACCOUNTING, NULL,
	       "set-up failed: the kernel rejected command %u of %s: %d (%s)", c->cmd_op,
	       t->name, c->res, c->res == -EINVAL ? "EINVAL" : "EOPNOTSUPP");
}

void ring_reap(struct actor *t, const struct command *own)
{
	const struct uring_cqe *cqe;

	t = ring_holder(t);
	touch_shared(t);
	while (t->ring && (cqe = uring_peek_cqe(t->ring))) {
		struct command *c = (struct command *)(uintptr_t)cqe->user_data;

		c->cqes++;
		c->completed = true;
		c->res = cqe->res;
		t->outstanding--;
		uring_seen_cqe(t->ring);
		if (c->cqes > 1)
			report(REPORT_ACCOUNTING, NULL,
			       "command %u of %s completed %u times", c->cmd_op, t->name,
			       c->cqes);
		look_at_refusal(t, c);
		if (c->parks && !((c == own || c->submitting) && cqe->res))
			push_ready(t, c);
	}
}

/* Nothing tells a thread that rests of a completion that an sq thread has posted. */
void world_looks_at_completions(struct world *w)
{
	for (unsigned int i = 0; i < w->nr_actors; i++)
		if (w->actors[i].ring && polled(&w->actors[i]) && !w->actors[i].gone)
			ring_reap(&w->actors[i], NULL);
}

/* to ask again would be the same: no ring, its thread is gone, or another task's */
static bool in_vain(int ret)
{
	return ret == -EBADF || ret == -EOWNERDEAD || ret == -EEXIST;
}

int ring_wait_within(struct actor *t, const struct uring_wait *how)
{
	int ret = server_ring(t) ? enter(t, 0, 1, URING_ENTER_GETEVENTS, how) : -EBADF;

	shim_signal_clear(t->task);
	if (in_vain(ret))
		return ret;
	ring_reap(t, NULL);
	return ret == -ETIME ? ret : 0;
}

int ring_wait(struct actor *t, unsigned int to_submit)
{
	int ret = server_ring(t) ? enter(t, to_submit, 1, URING_ENTER_GETEVENTS, NULL)
				 : -EBADF;

	shim_signal_clear(t->task);
	if (in_vain(ret))
		return ret;
	ring_reap(t, NULL);
	return (int)to_submit - (ret > 0 ? ret : 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instances and what belongs to a task [io_uring/io_uring.c, tctx.c]: setting up,
 * finding, looking at. Kind: model.
 */
#include <string.h>

#include "model.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/clear.h"
#include "shim/user.h"

struct shim_uring uring_rings[URING_MAX_RINGS];
unsigned int uring_nr_rings;
const char uring_user_bit[URING_MAX_RINGS][SCHED_MAX_TASKS];

static struct io_uring_task tasks[SCHED_MAX_TASKS];
static unsigned int nr_tasks;

static const struct shim_lock_class lock_class = { "ctx->uring_lock" };
static const struct shim_lock_class cq_class = { "ctx->cq_wait.lock" };

static const struct shim_file_ops ring_file_ops = { .release = uring_release };

void shim_uring_reset(void)
{
	clear_some(uring_rings, uring_nr_rings * sizeof(uring_rings[0]));
	uring_nr_rings = 0;
	uring_nr_dying = 0;
	clear_some(tasks, nr_tasks * sizeof(tasks[0]));
	nr_tasks = 0;
	uring_iowq_reset();
}

bool shim_uring_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = i ? (uintptr_t)tasks : (uintptr_t)uring_rings;
	*to = *from +
	      (i ? nr_tasks * sizeof(tasks[0]) : uring_nr_rings * sizeof(uring_rings[0]));
	return true;
}

void shim_uring_checkpoint(struct checkpoint *c)
{
	const unsigned int rings = uring_nr_rings, was = nr_tasks;

	checkpoint_value(c, uring_nr_rings);
	checkpoint_value(c, uring_nr_dying);
	checkpoint_value(c, nr_tasks);
	checkpoint_table(c, uring_rings, uring_nr_rings * sizeof(uring_rings[0]),
			 rings * sizeof(uring_rings[0]));
	checkpoint_table(c, tasks, nr_tasks * sizeof(tasks[0]), was * sizeof(tasks[0]));
	uring_iowq_checkpoint(c);
}

/* ---- what belongs to a task ---- */

struct io_uring_task *uring_tctx_nr(unsigned int index)
{
	return &tasks[index];
}

unsigned int uring_nr_tctx(void)
{
	return nr_tasks;
}

/* [io_uring_alloc_task_context]: once per task, there are no more than tasks */
struct io_uring_task *uring_tctx_of(struct task_struct *task,
				    const struct shim_uring *ring)
{
	struct io_uring_task *tctx = &tasks[nr_tasks];

	sched_touch(&nr_tasks, true); /* who comes first has the lower number */
	tctx->task = task;
	tctx->index = nr_tasks++;
	uring_tw_init(tctx);
	uring_iowq_init(tctx, ring);
	task->io_uring = tctx;
	return tctx;
}

/* [__io_uring_add_tctx_node]: the current task uses the ring from now on */
struct io_uring_task *uring_tctx_get(struct shim_uring *ring)
{
	struct task_struct *me = shim_current();
	struct io_uring_task *tctx = me->io_uring;

	if (!tctx)
		tctx = uring_tctx_of(me, ring);
	if (!uring_is_user(ring, tctx->index))
		uring_touch_user(ring, tctx->index, 1);
	ring->users |= 1ull << tctx->index;
	return tctx;
}

/* ---- setting up ---- */

static int map_rings(struct shim_uring *ring)
{
	struct shim_mm *mm = shim_current()->mm;
	char *p;

	ring->shared_size =
		sizeof(*ring->shared) + ring->cq_entries * sizeof(*ring->cqes);
	ring->slot_size = sizeof(*ring->sqes);
	ring->sqes_size = ring->sq_entries * ring->slot_size;
	p = mm ? shim_mmap(mm, ring->shared_size, SHIM_PROT_READ | SHIM_PROT_WRITE)
	       : NULL;
	if (!p)
		return -ENOMEM;
	ring->shared = (struct uring_shared *)p;
	ring->cqes = (struct uring_cqe *)(p + sizeof(*ring->shared));
	ring->sqes = shim_mmap(mm, ring->sqes_size, SHIM_PROT_READ | SHIM_PROT_WRITE);
	return ring->sqes ? 0 : -ENOMEM;
}

/* [io_uring_sanitise_params], and what this model does not have is said */
static int check_params(unsigned int entries, unsigned int flags)
{
	const unsigned int known = URING_SETUP_SQPOLL | URING_SETUP_SUBMIT_ALL |
				   URING_SETUP_SQE128 | URING_SETUP_SINGLE_ISSUER |
				   URING_SETUP_DEFER_TASKRUN | URING_SETUP_CQSIZE |
				   URING_SETUP_COOP_TASKRUN | URING_SETUP_TASKRUN_FLAG |
				   URING_SETUP_SQE_MIXED;

	if (flags & ~known)
		shim_unmodelled("an io_uring setup flag", SCHED_SITE("io_uring_setup"));
	if ((flags & URING_SETUP_SQE128) && (flags & URING_SETUP_SQE_MIXED))
		return -EINVAL;
	if ((flags & URING_SETUP_SQPOLL) &&
	    (flags & (URING_SETUP_COOP_TASKRUN | URING_SETUP_TASKRUN_FLAG |
		      URING_SETUP_DEFER_TASKRUN)))
		return -EINVAL;
	if ((flags & URING_SETUP_DEFER_TASKRUN) && !(flags & URING_SETUP_SINGLE_ISSUER))
		return -EINVAL;
	if ((flags & URING_SETUP_TASKRUN_FLAG) &&
	    !(flags & (URING_SETUP_COOP_TASKRUN | URING_SETUP_DEFER_TASKRUN)))
		return -EINVAL;
	return !entries || entries > 256 || (entries & (entries - 1)) ? -EINVAL : 0;
}

/* One that is freed is used again when all were used, and not before: who uses it after
 * that is noticed as long as possible.
 */
static struct shim_uring *take_slot(void)
{
	unsigned int index = uring_nr_rings;
	struct shim_uring *ring;

	sched_touch(&uring_nr_rings, true); /* who comes first has the lower number */
	if (index < URING_MAX_RINGS)
		uring_nr_rings++;
	else
		for (index = 0; index < URING_MAX_RINGS && !uring_rings[index].freed;)
			index++;
	if (index == URING_MAX_RINGS)
		report_fatal(REPORT_UNMODELLED, SCHED_SITE("io_uring_setup"),
			     "more than %d io_uring instances at a time",
			     URING_MAX_RINGS);
	ring = &uring_rings[index];
	memset(ring, 0, sizeof(*ring));
	ring->index = index;
	return ring;
}

/* [io_uring_create] */
static struct shim_uring *create(unsigned int entries, unsigned int flags)
{
	struct shim_uring *ring;
	void *token;

	if (check_params(entries, flags))
		return NULL;
	token = shim_kmalloc(sizeof(long), SHIM_GFP_ZERO, SCHED_SITE("io_ring_ctx"));
	if (!token)
		return NULL;
	ring = take_slot();
	ring->flags = flags;
	ring->sq_entries = entries;
	ring->cq_entries = (flags & URING_SETUP_CQSIZE ? 4 : 2) * entries;
	shim_lock_init(&ring->lock, &lock_class);
	shim_wait_init(&ring->cq_wait, &cq_class);
	ring->token = token;
	if (!map_rings(ring))
		ring->file = shim_file_open(&ring_file_ops, 0, &ring->fd);
	if (!ring->file) {
		ring->freed = 1;
		shim_kfree(token, SCHED_SITE("io_ring_ctx"));
		return NULL;
	}
	ring->file->private_data = ring;
	if (flags & URING_SETUP_SINGLE_ISSUER)
		ring->submitter = shim_current();
	uring_tctx_get(ring);
	if (flags & URING_SETUP_SQPOLL)
		uring_sq_create(ring);
	return ring;
}

struct shim_uring *sys_io_uring_setup(unsigned int entries, unsigned int flags)
{
	struct shim_uring *ring;

	shim_syscall_enter("io_uring_setup");
	uring_install_hooks();
	ring = create(entries, flags);
	shim_syscall_exit(ring ? ring->fd : -EINVAL);
	return ring;
}

void sys_uring_close_fd(struct shim_uring *ring)
{
	shim_syscall_enter("close");
	if (!ring->mapped_in && shim_current()->mm) {
		shim_file_get(ring->file);
		sched_touch(shim_current()->mm, true);
		ring->mapped_in = shim_current()->mm;
	}
	shim_syscall_exit(shim_close(ring->fd));
}

void sys_uring_close(struct shim_uring *ring)
{
	shim_syscall_enter("close");
	shim_syscall_exit(shim_close(ring->fd));
}

/* ---- finding and looking ---- */

/* [fget, io_is_uring_fops]: NULL when this process has it no more */
struct file *uring_fget(struct shim_uring *ring)
{
	struct file *file = shim_fget(ring->fd);

	if (file && file != ring->file) {
		shim_fput(file);
		file = NULL;
	}
	return file;
}

/* [io_is_uring_fops] */
int uring_is_file(const struct file *file)
{
	return shim_file_ops(file) == &ring_file_ops;
}

/* the table outlasts the instance: whoever still uses one that is freed is told */
void uring_check(const struct shim_uring *ring, const struct sched_site *site)
{
	if (__builtin_expect(ring->freed, 0))
		report_fatal(REPORT_HEAP, site, "use after free: io_uring instance %u",
			     ring->index);
}

void uring_submit_lock(struct shim_uring *ring, unsigned int issue_flags,
		       const struct sched_site *site)
{
	if (issue_flags & SHIM_URING_F_UNLOCKED)
		shim_mutex_lock(&ring->lock, site);
	else
		shim_lockdep_assert(&ring->lock, 1, site);
}

void uring_submit_unlock(struct shim_uring *ring, unsigned int issue_flags,
			 const struct sched_site *site)
{
	if (issue_flags & SHIM_URING_F_UNLOCKED)
		shim_mutex_unlock(&ring->lock, site);
}

static int inside(const void *addr, const void *start, size_t size)
{
	uintptr_t a = (uintptr_t)addr, s = (uintptr_t)start;

	return start && a >= s && a < s + size;
}

int shim_uring_is_ring_memory(const void *addr)
{
	for (unsigned int i = 0; i < uring_nr_rings; i++) {
		const struct shim_uring *r = &uring_rings[i];

		if (!r->freed && (inside(addr, r->sqes, r->sqes_size) ||
				  inside(addr, r->shared, r->shared_size)))
			return 1;
	}
	return 0;
}

int shim_uring_sqe_offset(const void *addr)
{
	for (unsigned int i = 0; i < uring_nr_rings; i++) {
		const struct shim_uring *r = &uring_rings[i];

		if (!r->freed && inside(addr, r->sqes, r->sqes_size))
			return (int)(((const char *)addr - (const char *)r->sqes) %
				     sizeof(*r->sqes));
	}
	return -1;
}

int shim_uring_fd(const struct shim_uring *ring)
{
	return ring->fd;
}

unsigned int shim_uring_inflight(const struct shim_uring *ring)
{
	return ring->nr_reqs;
}

unsigned int shim_uring_cq_ready(const struct shim_uring *ring)
{
	return uring_cq_pending(ring);
}

int shim_uring_is_freed(const struct shim_uring *ring)
{
	return ring->freed;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What root does to a connection: umount, and what it writes to fusectl, to sysctls and
 * to the module's parameters.
 */
#include <errno.h>

#include "detect/race.h"
#include "detect/report.h"
#include "fuse/client/client_i.h"
#include "shim/param.h"
#include "shim/task.h"

/*
 * umount -f: abort what is under way [fuse_umount_begin], and once the last
 * caller has left, tear the connection down [fuse_conn_destroy].
 */
static void job_umount(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct fuse_mount *fm = fuse_of(w)->fm;

	(void)arg;
	sched_touch(w, true);
	if (!fm)
		return;
	shim_syscall_enter("umount");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	fuse_of(w)->fm = NULL;
	if (fuse_of(w)->in_calls)
		fuse_of(w)->ops->abort(fm, false);
	while (sched_touch(w, true), fuse_of(w)->in_calls)
		sched_block(&fuse_of(w)->in_calls, "callers to leave the file system",
			    SCHED_SITE(NULL));
	race_acquire(&fuse_of(w)->in_calls);
	fuse_of(w)->ops->umount(fm);
	shim_syscall_exit(0);
}

void client_umounts(struct actor *a)
{
	actor_steps(a, STEP_UMOUNT, job_umount, NULL);
}

/*
 * umount -l: from now on nobody finds the file system; it goes when the last caller has
 * left it, in that one's task [mntput, cleanup_mnt].
 */
static void job_umount_lazily(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct fuse *f = fuse_of(w);
	struct fuse_mount *fm = f->fm;

	(void)arg;
	sched_touch(w, true);
	if (!fm)
		return;
	shim_syscall_enter("umount");
	race_acquire(&f->fm); /* it is after the mount */
	f->fm = NULL;
	f->detached = fm;
	f->in_calls++;
	leave_call(w);
	shim_syscall_exit(0);
}

void client_umounts_lazily(struct actor *a)
{
	actor_steps(a, STEP_UMOUNT_LAZY, job_umount_lazily, NULL);
}

static void job_abort(struct actor *a, void *arg)
{
	struct world *w = a->w;

	(void)arg;
	sched_touch(w, false);
	shim_syscall_enter("write abort");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	if (fuse_of(w)->fm) {
		fuse_of(w)->in_calls++;
		fuse_of(w)->ops->abort(fuse_of(w)->fm, true);
		leave_call(w);
	}
	shim_syscall_exit(0);
}

void client_aborts_connection(struct actor *a)
{
	actor_steps(a, STEP_ABORT, job_abort, NULL);
}

/* Of two that write at a time, either may be the last one. */
static void note_limit(struct fuse *f, bool none)
{
	f->no_background = none || (f->no_background && f->limit_writers);
}

static void job_set_max_background(struct actor *a, void *arg)
{
	struct world *w = a->w;

	sched_touch(w, false);
	shim_syscall_enter("write max_background");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	if (fuse_of(w)->fm) {
		/* [fuse_ctl_file_conn_get]: the connection stays for it */
		fuse_of(w)->in_calls++;
		note_limit(fuse_of(w), !arg);
		fuse_of(w)->limit_writers++;
		fuse_of(w)->limit_set = true;
		fuse_of(w)->ops->set_max_background(fuse_of(w)->fm,
						    (unsigned int)(uintptr_t)arg);
		fuse_of(w)->limit_writers--;
		leave_call(w);
	}
	shim_syscall_exit(0);
}

void client_sets_max_background(struct actor *a, unsigned int n)
{
	actor_steps(a, STEP_MAX_BACKGROUND, job_set_max_background, (void *)(uintptr_t)n);
}

/* ---- numbers ---- */

/* what is written to a file of root's: the value and its place in one argument */
static void *knob_arg(enum fuse_knob knob, unsigned int n)
{
	return (void *)((uintptr_t)knob << 32 | n);
}

static bool set_knob(struct world *w, enum fuse_knob knob, unsigned int n)
{
	struct fuse *f = fuse_of(w);

	if (knob == KNOB_ENABLE_URING)
		return !shim_param_set("enable_uring", n);
	return f->ops->set_knob && f->ops->set_knob(f->fm, knob, n);
}

static void job_sets(struct actor *a, void *arg)
{
	static const char *const names[] = {
		[KNOB_MAX_BACKGROUND] = "write max_background",
		[KNOB_CONGESTION] = "write congestion_threshold",
		[KNOB_DEFAULT_TIMEOUT] = "write default_request_timeout",
		[KNOB_MAX_TIMEOUT] = "write max_request_timeout",
		[KNOB_ENABLE_URING] = "write enable_uring",
	};
	enum fuse_knob knob = (enum fuse_knob)((uintptr_t)arg >> 32);
	struct world *w = a->w;

	/* it is in the order in which requests, and FUSE_INIT, come to look at it */
	sched_point(SCHED_SYSCALL, names[knob], SCHED_SITE(NULL));
	sched_touch(&fuse_of(w)->ops, true);
	sched_touch(w, false);
	shim_syscall_enter(names[knob]);
	race_acquire(&fuse_of(w)->fm);
	if (!set_knob(w, knob, (unsigned int)(uintptr_t)arg))
		report(REPORT_UNMODELLED, NULL, "this subject has nothing to %s to",
		       names[knob]);
	race_release(&fuse_of(w)->in_calls);
	shim_syscall_exit(0);
}

void client_sets(struct actor *a, enum fuse_knob knob, unsigned int n)
{
	if (knob == KNOB_MAX_BACKGROUND)
		client_sets_max_background(a, n);
	else
		actor_steps(a, STEP_KNOB, job_sets, knob_arg(knob, n));
}

/* ---- another CPU ---- */

static void job_moves(struct actor *a, void *arg)
{
	shim_syscall_enter("sched_setaffinity");
	shim_task_moves(a->task, (unsigned int)(uintptr_t)arg);
	shim_syscall_exit(0);
}

void client_moves(struct actor *a, unsigned int cpu)
{
	if (cpu >= fuse_of(a->w)->config.cpus)
		world_full("CPUs");
	actor_steps(a, STEP_CPU, job_moves, (void *)(uintptr_t)cpu);
}

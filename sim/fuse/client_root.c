// SPDX-License-Identifier: GPL-2.0-only
/*
 * What root does to a connection: umount, and what it writes to fusectl, to sysctls and
 * to the module's parameters.
 */
#include <errno.h>

#include "detect/race.h"
#include "fuse/client_i.h"
#include "shim/param.h"

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

static void job_set_max_background(struct actor *a, void *arg)
{
	struct world *w = a->w;

	sched_touch(w, false);
	shim_syscall_enter("write max_background");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	if (fuse_of(w)->fm)
		fuse_of(w)->ops->set_max_background(fuse_of(w)->fm,
						    (unsigned int)(uintptr_t)arg);
	race_release(&fuse_of(w)->in_calls);
	shim_syscall_exit(0);
}

void client_sets_max_background(struct actor *a, unsigned int n)
{
	actor_steps(a, STEP_MAX_BACKGROUND, job_set_max_background, (void *)(uintptr_t)n);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resetting the fake kernel between executions, and its state in a checkpoint, in the one
 * right order.
 */
#include "detect/lock_order.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/chance.h"
#include "shim/fault.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "shim/log.h"
#include "shim/misc.h"
#include "shim/names.h"
#include "shim/page.h"
#include "shim/shim.h"
#include "shim/task.h"
#include "shim/uring.h"
#include "shim/user.h"
#include "shim/work.h"

static bool advance_time(void *ctx)
{
	(void)ctx;
	return shim_time_advance();
}

void shim_reset(unsigned int cpus)
{
	arena_init();
	sched_set_hooks(0);
	shim_names_install();
	sched_reset();
	sched_set_idle(advance_time, NULL);
	report_reset();
	shim_lock_reset();
	fault_reset();
	chances_reset();
	shim_log_reset();
	shim_task_reset();
	shim_work_reset();
	shim_file_reset();
	shim_misc_reset();
	shim_uring_reset();
	arena_reset();
	shim_nr_cpus = cpus;
	hook_reset();
}

/* the scheduler's state first: it says what is used of the others' */
void shim_checkpoint(struct checkpoint *c)
{
	sched_checkpoint(c);
	report_checkpoint(c);
	lock_order_checkpoint(c);
	fault_checkpoint(c);
	chances_checkpoint(c);
	shim_log_checkpoint(c);
	shim_task_checkpoint(c);
	shim_work_checkpoint(c);
	shim_file_checkpoint(c);
	shim_misc_checkpoint(c);
	shim_uring_checkpoint(c);
	shim_heap_checkpoint(c);
	shim_page_checkpoint(c);
	shim_user_checkpoint(c);
	hook_checkpoint(c);
}

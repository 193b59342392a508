// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files. Model of fs/file.c (descriptors) and fs/file_table.c (fput(),
 * __fput_deferred(), delayed_fput(), __fput_sync()), for files that need neither
 * a path nor an inode.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "detect/race.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/clear.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/work.h"

#define FIRST_TGID 100 /* shim/task.h: pids start here */
#define TABLES	   (1 + SCHED_MAX_TASKS)

struct open_file {
	struct file file;
	struct shim_callback work;
};

/* the descriptors of one process; table 0 is the main context's */
static struct file *tables[TABLES][SHIM_TASK_FILES];
static unsigned int tables_high; /* tables from here on were never used */
static unsigned int files_open;
static struct file *delayed; /* files for the kworker, the newest first */
static struct shim_work delayed_work;

static struct file **table_of(const struct task_struct *task)
{
	unsigned int i = (unsigned int)(task->tgid - FIRST_TGID + 1);

	if (i >= TABLES)
		i = 0;
	if (i >= tables_high)
		tables_high = i + 1;
	return tables[i];
}

/* the slot of a descriptor that is open, or NULL */
static struct file **slot_of(const struct task_struct *task, int fd)
{
	unsigned int slot = (unsigned int)fd - SHIM_FIRST_FD;
	struct file **table = table_of(task);

	sched_touch(table, false);
	return slot < SHIM_TASK_FILES && table[slot] ? &table[slot] : NULL;
}

/* ------------------------------------------------------------------ release */

/* [__fput] */
static void release(struct file *file)
{
	if (file->ops->release)
		file->ops->release(file);
	files_open--;
	shim_kfree(file, SCHED_SITE("file"));
}

static void release_in_task(struct shim_callback *cb)
{
	release((struct file *)((char *)cb - offsetof(struct open_file, work)));
}

/* [delayed_fput]: newest first, as the kernel's llist gives them out */
static void release_delayed(struct shim_work *work)
{
	struct file *file = delayed;

	(void)work;
	delayed = NULL;
	while (file) {
		struct file *next = file->next;

		release(file);
		file = next;
	}
}

/*
 * The kernel waits a jiffy, to gather more of them. Here time stands still while
 * anybody can run, so that a delay would hide what the kworker races with.
 */
static void release_in_kworker(struct file *file)
{
	file->next = delayed;
	delayed = file;
	if (!delayed_work.func)
		shim_work_init(&delayed_work, release_delayed);
	shim_work_queue(&delayed_work, 0, SCHED_SITE("&delayed_fput_work"));
}

/* [__fput_deferred] */
static void release_later(struct file *file)
{
	struct shim_callback *work = &((struct open_file *)file)->work;
	struct task_struct *task = current_task();

	work->func = release_in_task;
	/* the main context never leaves the kernel, where task work would run */
	if (!sched_current() || (task->flags & SHIM_PF_KTHREAD) ||
	    shim_task_work_add(task, work, 0))
		release_in_kworker(file);
}

/* Freed memory is filled with something, so that it looks released, too. */
static bool is_alive(const struct file *file, const char *deed)
{
	if (!file->released)
		return true;
	report(REPORT_KERNEL, SCHED_SITE("&file->f_ref"),
	       "reference %s on a file that has been released", deed);
	return false;
}

/* Return: whether it was the last one */
static bool drop(struct file *file)
{
	if (!is_alive(file, "dropped"))
		return false;
	/* as long as it has a descriptor no other reference is the last one */
	sched_touch(file, !file->descriptors);
	/* who drops the last one, and when, is what others can notice */
	if (file->refs == 1)
		sched_point(SCHED_ATOMIC, file, SCHED_SITE("&file->f_ref"));
	file->released = --file->refs == 0;
	race_atomic(file, RACE_FULL);
	return file->released;
}

void shim_file_get(struct file *file)
{
	if (is_alive(file, "taken"))
		file->refs++;
}

void shim_fput(struct file *file)
{
	if (drop(file))
		release_later(file);
}

/* ------------------------------------------------------------------ descriptors */

static int free_fd(struct file *const *table)
{
	for (int i = 0; i < SHIM_TASK_FILES; i++)
		if (!table[i])
			return SHIM_FIRST_FD + i;
	return -EMFILE;
}

/* whether another task of @task's process still uses its descriptors; it is exiting */
static bool is_shared(const struct task_struct *task)
{
	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct task_struct *t = sched_task_nr(i)->data;

		if (t && t->tgid == task->tgid && !(t->flags & SHIM_PF_EXITING))
			return true;
	}
	return false;
}

static void take_descriptor(struct file *file)
{
	file->descriptors--;
	sched_touch(file, true);
}

/* [exit_files, close_files]: lowest descriptor first */
static void exit_files(struct task_struct *task)
{
	struct file **table = table_of(task);

	sched_touch(table + 1, true); /* who is the last one */
	if (is_shared(task))
		return;
	sched_touch(table, true);
	for (int i = 0; i < SHIM_TASK_FILES; i++) {
		struct file *file = table[i];

		table[i] = NULL;
		if (!file)
			continue;
		take_descriptor(file);
		shim_fput(file);
	}
}

/* [do_dentry_open]. Return: the file, or NULL and the reason in *@err */
static struct file *open_file(const struct shim_file_ops *ops, unsigned int f_flags,
			      int *err)
{
	struct open_file *of;

	of = shim_kmalloc(sizeof(*of), SHIM_GFP_ZERO, SCHED_SITE("file"));
	if (!of) {
		*err = -ENOMEM;
		return NULL;
	}
	of->file.ops = ops;
	of->file.f_op = ops->f_op;
	of->file.f_flags = f_flags;
	of->file.refs = 1;
	*err = ops->open ? ops->open(&of->file) : 0;
	if (*err) {
		shim_kfree(of, SCHED_SITE("file"));
		return NULL;
	}
	files_open++;
	return &of->file;
}

struct file *shim_file_open(const struct shim_file_ops *ops, unsigned int f_flags,
			    int *fd)
{
	struct file **table = table_of(current_task());
	struct file *file;
	int err;

	shim_exit_hooks.exit_files = exit_files;
	*fd = free_fd(table);
	if (*fd < 0)
		return NULL;
	file = open_file(ops, f_flags, &err);
	if (!file) {
		*fd = err;
		return NULL;
	}
	/* ->open() may have let another thread open one */
	*fd = free_fd(table);
	if (*fd < 0) {
		shim_fput(file);
		return NULL;
	}
	sched_touch(table, true);
	file->descriptors++;
	table[*fd - SHIM_FIRST_FD] = file;
	race_release(&table[*fd - SHIM_FIRST_FD]);
	return file;
}

struct file *shim_fget_from(const struct task_struct *task, int fd)
{
	struct file **slot = slot_of(task, fd);

	if (!slot)
		return NULL;
	race_acquire(slot);
	(*slot)->refs++;
	return *slot;
}

struct file *shim_fget(int fd)
{
	return shim_fget_from(current_task(), fd);
}

int shim_close(int fd)
{
	struct file **slot = slot_of(current_task(), fd);
	struct file *file;

	if (!slot)
		return -EBADF;
	file = *slot;
	sched_touch(table_of(shim_current()), true);
	take_descriptor(file);
	*slot = NULL;
	if (drop(file))
		release(file);
	return 0;
}

/* [fd_install] of a file that has a descriptor already */
static void add_descriptor(struct file **slot, struct file *file)
{
	file->refs++;
	file->descriptors++;
	sched_touch(file, true);
	*slot = file;
	race_release(slot);
}

int shim_dup(int fd)
{
	struct file **slot = slot_of(current_task(), fd);
	struct file **table = table_of(current_task());
	int new = free_fd(table);

	if (!slot || new < 0)
		return slot ? new : -EBADF;
	sched_touch(table, true);
	add_descriptor(&table[new - SHIM_FIRST_FD], *slot);
	return new;
}

void shim_files_fork(const struct task_struct *child)
{
	struct file **from = table_of(current_task());
	struct file **to = table_of(child);

	sched_touch(from, false);
	sched_touch(to, true);
	for (int i = 0; i < SHIM_TASK_FILES; i++)
		if (from[i])
			add_descriptor(&to[i], from[i]);
}

const struct shim_file_ops *shim_file_ops(const struct file *file)
{
	return file->ops;
}

unsigned int shim_files_open(void)
{
	return files_open;
}

bool shim_files_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = (uintptr_t)&delayed_work;
	*to = *from + (i ? 0 : sizeof(delayed_work));
	return true;
}

void shim_file_checkpoint(struct checkpoint *c)
{
	const unsigned int was = tables_high;

	checkpoint_value(c, tables_high);
	checkpoint_table(c, tables, tables_high * sizeof(tables[0]),
			 was * sizeof(tables[0]));
	checkpoint_value(c, files_open);
	checkpoint_value(c, delayed);
	checkpoint_value(c, delayed_work);
}

void shim_file_reset(void)
{
	clear_some(tables, tables_high * sizeof(tables[0]));
	memset(&delayed_work, 0, sizeof(delayed_work));
	tables_high = 0;
	files_open = 0;
	delayed = NULL;
}

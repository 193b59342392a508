// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files: descriptors, references, and who releases a file when (rule 5.5).
 */
#include <errno.h>
#include <string.h>

#include "in_task.h"
#include "shim/fault.h"
#include "shim/file.h"
#include "shim/heap.h"

#define HERE SCHED_SITE(NULL)

/* what the file's driver and the tasks of a test saw */
static struct seen {
	int opened, released;
	int open_err;
	char releaser[24]; /* task of the last release */
	void *order[32];   /* private_data of the files, as released */
	int fd[32], err;
	int before_exit, after_exit; /* releases when the system call returned */
	struct file *file;
	void (*at_release)(struct file *file);
} seen;

static int drv_open(struct file *file)
{
	(void)file;
	seen.opened++;
	return seen.open_err;
}

static int drv_release(struct file *file)
{
	seen.order[seen.released++ % 32] = file->private_data;
	memcpy(seen.releaser, shim_current()->comm, sizeof(seen.releaser));
	if (seen.at_release)
		seen.at_release(file);
	return 0;
}

static const struct file_operations *const some_f_op = (const void *)0x1234;
static struct shim_file_ops ops = { .open = drv_open, .release = drv_release };

static struct file *open_one(int *fd)
{
	return shim_file_open(&ops, 2, fd);
}

static int set_up(void **state)
{
	memset(&seen, 0, sizeof(seen));
	ops.f_op = some_f_op;
	return fresh_kernel(state);
}

/* ------------------------------------------------------------------ descriptors */

static void the_lowest_free_descriptor_is_taken(void **state)
{
	int fd[3], again;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_non_null(open_one(&fd[i]));
	assert_int_equal(fd[0], 3);
	assert_int_equal(fd[1], 4);
	assert_int_equal(fd[2], 5);
	assert_int_equal(shim_close(4), 0);
	open_one(&again);
	assert_int_equal(again, 4);
	assert_int_equal(shim_files_open(), 3);
}

static void a_new_file_has_one_reference_and_its_operations(void **state)
{
	struct file *file;
	int fd;

	(void)state;
	file = open_one(&fd);
	assert_int_equal(file->refs, 1);
	assert_int_equal(file->f_flags, 2);
	assert_ptr_equal(file->f_op, some_f_op);
	assert_ptr_equal(shim_file_ops(file), &ops);
	assert_null(file->private_data);
	assert_int_equal(seen.opened, 1);
}

static void fget_finds_an_open_descriptor_only(void **state)
{
	struct file *file;
	int fd;

	(void)state;
	file = open_one(&fd);
	assert_ptr_equal(shim_fget(fd), file);
	assert_int_equal(file->refs, 2);
	assert_null(shim_fget(fd + 1));
	assert_null(shim_fget(0));
	assert_null(shim_fget(-1));
	assert_null(shim_fget(3 + SHIM_TASK_FILES));
}

static void a_descriptor_is_closed_once(void **state)
{
	int fd;

	(void)state;
	open_one(&fd);
	assert_int_equal(shim_close(fd), 0);
	assert_int_equal(shim_close(fd), -EBADF);
	assert_int_equal(shim_close(-1), -EBADF);
	assert_null(shim_fget(fd));
	assert_int_equal(seen.released, 1);
}

static void too_many_descriptors_are_refused(void **state)
{
	int fd;

	(void)state;
	for (int i = 0; i < SHIM_TASK_FILES; i++)
		assert_non_null(open_one(&fd));
	assert_null(open_one(&fd));
	assert_int_equal(fd, -EMFILE);
	assert_int_equal(seen.opened, SHIM_TASK_FILES);
	assert_int_equal(seen.released, 0);
}

static void without_memory_there_is_no_file(void **state)
{
	int fd;

	(void)state;
	fault_nth(FAULT_ALLOC, 1);
	assert_null(open_one(&fd));
	assert_int_equal(fd, -ENOMEM);
	assert_int_equal(seen.opened, 0);
	assert_int_equal(shim_files_open(), 0);
}

static void a_driver_that_refuses_leaves_nothing_behind(void **state)
{
	int fd;

	(void)state;
	seen.open_err = -ENODEV;
	assert_null(open_one(&fd));
	assert_int_equal(fd, -ENODEV);
	assert_int_equal(seen.released, 0);
	assert_int_equal(shim_files_open(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
	seen.open_err = 0;
	open_one(&fd);
	assert_int_equal(fd, 3);
}

static void opens_in_own_process(void *arg)
{
	int *fd = arg;

	open_one(fd);
}

static void processes_have_descriptors_of_their_own(void **state)
{
	int first, second;

	(void)state;
	shim_task_new("one", 0, NULL, 0, opens_in_own_process, &first);
	shim_task_new("two", 0, NULL, 0, opens_in_own_process, &second);
	sched_run(NULL);
	assert_int_equal(first, 3);
	assert_int_equal(second, 3);
	assert_null(shim_fget(3));
}

/* ------------------------------------------------------------------ release */

static void closes(void *arg)
{
	int fd;

	(void)arg;
	shim_syscall_enter("close");
	open_one(&fd);
	shim_close(fd);
	seen.before_exit = seen.released;
	shim_syscall_exit(0);
}

static void close_releases_before_it_returns(void **state)
{
	(void)state;
	run_in_task(NULL, 0, closes, NULL);
	assert_int_equal(seen.before_exit, 1);
	assert_string_equal(seen.releaser, "task");
	assert_int_equal(shim_files_open(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void close_leaves_a_file_that_others_use(void **state)
{
	struct file *file;
	int fd;

	(void)state;
	file = open_one(&fd);
	shim_file_get(file);
	shim_close(fd);
	assert_int_equal(seen.released, 0);
	assert_int_equal(file->refs, 1);
	assert_int_equal(shim_files_open(), 1);
}

static void drops_the_last_reference(void *arg)
{
	int fd;

	(void)arg;
	shim_syscall_enter("io_uring_enter");
	open_one(&fd);
	shim_file_get(seen.file = shim_fget(fd));
	shim_fput(seen.file);
	shim_close(fd);
	shim_fput(seen.file);
	seen.before_exit = seen.released;
	shim_syscall_exit(0);
	seen.after_exit = seen.released;
}

static void fput_of_a_user_task_releases_when_it_leaves_the_kernel(void **state)
{
	(void)state;
	run_in_task(NULL, 0, drops_the_last_reference, NULL);
	assert_int_equal(seen.before_exit, 0);
	assert_int_equal(seen.after_exit, 1);
	assert_string_equal(seen.releaser, "task");
}

static void fput_of_a_kernel_thread_releases_in_a_kworker(void **state)
{
	(void)state;
	run_in_task(NULL, SHIM_PF_KTHREAD, drops_the_last_reference, NULL);
	assert_int_equal(seen.released, 1);
	assert_memory_equal(seen.releaser, "kworker", 7);
}

static void drops_two(void *arg)
{
	struct file *file[2];
	int fd;

	(void)arg;
	for (long i = 0; i < 2; i++) {
		file[i] = open_one(&fd);
		shim_file_get(file[i]);
		file[i]->private_data = (void *)i;
		shim_close(fd);
	}
	shim_fput(file[0]);
	shim_fput(file[1]);
}

static void the_kworker_releases_the_newest_first(void **state)
{
	(void)state;
	run_in_task(NULL, SHIM_PF_KTHREAD, drops_two, NULL);
	assert_int_equal(seen.released, 2);
	assert_ptr_equal(seen.order[0], (void *)1);
	assert_ptr_equal(seen.order[1], (void *)0);
	run_in_task(NULL, SHIM_PF_KTHREAD, drops_two, NULL);
	assert_int_equal(seen.released, 4);
}

static void fput_of_the_main_context_releases_in_a_kworker(void **state)
{
	int fd;

	(void)state;
	seen.file = open_one(&fd);
	shim_file_get(seen.file);
	shim_close(fd);
	shim_fput(seen.file);
	assert_int_equal(seen.released, 0);
	sched_run(NULL);
	assert_int_equal(seen.released, 1);
	assert_memory_equal(seen.releaser, "kworker", 7);
}

static bool is_the_file(void *ctx, enum sched_what what, const void *object,
			const struct sched_site *site)
{
	(void)ctx;
	(void)what;
	(void)site;
	return object && object == seen.file;
}

static void the_last_drop_is_announced_before_it_is_made(void **state)
{
	struct task_struct *t;

	(void)state;
	t = shim_task_new("task", 0, NULL, 0, drops_the_last_reference, NULL);
	assert_int_equal(sched_run_task(t->fiber, is_the_file, NULL,
					SCHED_BIT(SCHED_ATOMIC)),
			 SCHED_AT_POINT);
	assert_int_equal(seen.file->refs, 1);
	/* somebody else takes one meanwhile: so it is not the last one any more */
	shim_file_get(seen.file);
	sched_run(NULL);
	assert_int_equal(seen.released, 0);
	assert_int_equal(seen.file->refs, 1);
}

static void drop_after_work(struct task_struct *task)
{
	if (!(task->flags & SHIM_PF_KTHREAD))
		shim_fput(seen.file);
}

static void keeps_a_reference(void *arg)
{
	int fd;

	(void)arg;
	seen.file = open_one(&fd);
	shim_file_get(seen.file);
	shim_exit_hooks.after_work = drop_after_work;
}

static void fput_past_the_last_task_work_releases_in_a_kworker(void **state)
{
	void (*saved)(struct task_struct * task) = shim_exit_hooks.after_work;

	(void)state;
	run_in_task(NULL, 0, keeps_a_reference, NULL);
	shim_exit_hooks.after_work = saved;
	assert_int_equal(seen.released, 1);
	assert_memory_equal(seen.releaser, "kworker", 7);
}

static void put_again(struct file *file)
{
	shim_fput(file);
	shim_file_get(file);
}

static void a_released_file_has_no_references_to_drop_or_take(void **state)
{
	int fd;

	(void)state;
	seen.at_release = put_again;
	open_one(&fd);
	shim_close(fd);
	assert_int_equal(seen.released, 1);
	assert_reports(REPORT_KERNEL, 2);
	assert_summary(0, "reference dropped on a file that has been released");
	assert_summary(1, "reference taken on a file that has been released");
}

/* ------------------------------------------------------------------ exit */

static void opens_three(void *arg)
{
	int fd;

	(void)arg;
	for (long i = 0; i < 3; i++)
		open_one(&fd)->private_data = (void *)i;
}

static void looks_for_fd_three(struct file *file)
{
	(void)file;
	seen.err += shim_fget(3) != NULL;
}

/* task works run last queued first (5.3), and descriptors are put in order */
static void exit_closes_what_is_open(void **state)
{
	(void)state;
	seen.at_release = looks_for_fd_three;
	run_in_task(NULL, 0, opens_three, NULL);
	assert_int_equal(seen.released, 3);
	assert_int_equal(seen.err, 0);
	assert_string_equal(seen.releaser, "task");
	assert_ptr_equal(seen.order[0], (void *)2);
	assert_ptr_equal(seen.order[2], (void *)0);
	assert_int_equal(shim_files_open(), 0);
}

static void does_nothing(void *arg)
{
	(void)arg;
}

static void threads_share_descriptors_and_the_last_closes_them(void **state)
{
	struct task_struct *one, *two;

	(void)state;
	one = shim_task_new("one", 0, NULL, 0, opens_three, NULL);
	two = shim_task_new("two", 0, NULL, 0, does_nothing, NULL);
	two->tgid = one->tgid;
	assert_int_equal(sched_run_task(one->fiber, NULL, NULL, 0), SCHED_ENDED);
	assert_int_equal(seen.released, 0);
	assert_int_equal(sched_run_task(two->fiber, NULL, NULL, 0), SCHED_ENDED);
	assert_int_equal(seen.released, 3);
	assert_string_equal(seen.releaser, "two");
}

static void another_process_keeps_nothing_open(void **state)
{
	struct task_struct *one;

	(void)state;
	one = shim_task_new("one", 0, NULL, 0, opens_three, NULL);
	shim_task_new("other", 0, NULL, 0, does_nothing, NULL);
	assert_int_equal(sched_run_task(one->fiber, NULL, NULL, 0), SCHED_ENDED);
	assert_int_equal(seen.released, 3);
}

static void closes_fd_three(void *arg)
{
	(void)arg;
	seen.err = shim_close(3);
}

static void a_thread_may_close_what_another_opened(void **state)
{
	struct task_struct *one, *two;

	(void)state;
	one = shim_task_new("one", 0, NULL, 0, opens_three, NULL);
	two = shim_task_new("two", 0, NULL, 0, closes_fd_three, NULL);
	two->tgid = one->tgid;
	sched_run(NULL);
	assert_int_equal(seen.err, 0);
	assert_ptr_equal(seen.order[0], (void *)0);
	assert_int_equal(seen.released, 3);
}

static void the_exit_of_a_kernel_thread_closes_nothing(void **state)
{
	int fd;

	(void)state;
	open_one(&fd);
	run_in_task(NULL, SHIM_PF_KTHREAD, does_nothing, NULL);
	assert_int_equal(seen.released, 0);
	assert_non_null(shim_fget(fd));
}

static void reset_forgets_every_descriptor(void **state)
{
	int fd;

	shim_file_get(open_one(&fd));
	shim_file_get(seen.file = open_one(&fd));
	shim_close(fd);
	shim_fput(seen.file); /* waits for a kworker */
	fd = 3;
	fresh_kernel(state);
	assert_int_equal(shim_files_open(), 0);
	assert_null(shim_fget(fd));
	run_in_task(NULL, SHIM_PF_KTHREAD, drops_two, NULL);
	assert_int_equal(seen.released, 2);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_lowest_free_descriptor_is_taken),
		TEST(a_new_file_has_one_reference_and_its_operations),
		TEST(fget_finds_an_open_descriptor_only),
		TEST(a_descriptor_is_closed_once),
		TEST(too_many_descriptors_are_refused),
		TEST(without_memory_there_is_no_file),
		TEST(a_driver_that_refuses_leaves_nothing_behind),
		TEST(processes_have_descriptors_of_their_own),
		TEST(close_releases_before_it_returns),
		TEST(close_leaves_a_file_that_others_use),
		TEST(fput_of_a_user_task_releases_when_it_leaves_the_kernel),
		TEST(fput_of_a_kernel_thread_releases_in_a_kworker),
		TEST(the_kworker_releases_the_newest_first),
		TEST(fput_of_the_main_context_releases_in_a_kworker),
		TEST(the_last_drop_is_announced_before_it_is_made),
		TEST(fput_past_the_last_task_work_releases_in_a_kworker),
		TEST(a_released_file_has_no_references_to_drop_or_take),
		TEST(exit_closes_what_is_open),
		TEST(threads_share_descriptors_and_the_last_closes_them),
		TEST(another_process_keeps_nothing_open),
		TEST(a_thread_may_close_what_another_opened),
		TEST(the_exit_of_a_kernel_thread_closes_nothing),
		TEST(reset_forgets_every_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

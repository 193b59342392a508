/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the io_uring model share: a driver that notes how it is
 * called, a server process, and a diary. Bodies of tasks write into the diary;
 * the test compares it: cmocka must not leave a failed test from another stack.
 */
#ifndef TESTS_URING_UNIT_H
#define TESTS_URING_UNIT_H

#include <errno.h>
#include <stdio.h>

#include "shim/fault.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/iov.h"
#include "shim/lock.h"
#include "shim/uring.h"
#include "shim/user.h"
#include "shim/wait.h"
#include "shim/work.h"
#include "unit.h"

#define QUEUED	 (-529) /* -EIOCBQUEUED */
#define DEFER	 (URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN)
#define UNLOCKED SHIM_URING_F_UNLOCKED
#define TW_FLAGS SHIM_URING_F_COMPLETE_DEFER
#define CMDS	 16

/* what a command asks the driver for: sqe->cmd_op */
enum op { FINISH, PARK, PARK_CANCELABLE, AGAIN, AGAIN_TWICE, SPECIAL };

static struct {
	char diary[1024];
	struct shim_uring_cmd *cmd[CMDS]; /* by user_data */
	int (*special)(struct shim_uring_cmd *cmd, unsigned int flags);
	void (*on_cancel)(struct shim_uring_cmd *cmd, unsigned int flags);
	unsigned int released;
	int ignored; /* cancels, for @on_cancel */
	int fd;
	struct shim_mm *mm;
	struct shim_uring *ring, *other;
	unsigned int setup; /* flags of both rings besides SQE128 */
} u;

__attribute__((format(printf, 1, 2))) static inline void note(const char *fmt, ...)
{
	size_t len = strlen(u.diary);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(u.diary + len, sizeof(u.diary) - len, fmt, ap);
	va_end(ap);
	strncat(u.diary, " ", sizeof(u.diary) - strlen(u.diary) - 1);
}

#define assert_diary(text) assert_string_equal(u.diary, text)
#define assert_clean()                                           \
	do {                                                     \
		if (report_count())                              \
			fail_msg("reported: %s", last_report()); \
	} while (0)

static inline unsigned long long id_of(const struct shim_uring_cmd *cmd)
{
	return ((const struct shim_uring_req *)cmd)->user_data;
}

static inline void done(struct shim_uring_cmd *cmd, int ret, unsigned int flags)
{
	shim_uring_cmd_done(cmd, ret, flags, SCHED_SITE("cmd"));
}

static inline int driver_uring_cmd(void *c, unsigned int flags)
{
	struct shim_uring_cmd *cmd = c;

	if (flags & SHIM_URING_F_CANCEL) {
		note("cancel%llu", id_of(cmd));
		if (u.on_cancel)
			u.on_cancel(cmd, flags);
		else
			done(cmd, -ENOTCONN, flags);
		return 0;
	}
	if (id_of(cmd) < CMDS)
		u.cmd[id_of(cmd)] = cmd;
	switch ((enum op)cmd->cmd_op) {
	case PARK_CANCELABLE:
		shim_uring_cmd_mark_cancelable(cmd, flags, SCHED_SITE("cmd"));
		return QUEUED;
	case PARK:
		return QUEUED;
	case AGAIN:
		if (flags & SHIM_URING_F_NONBLOCK)
			return -EAGAIN;
		return 7;
	case AGAIN_TWICE:
		return -EAGAIN;
	case SPECIAL:
		return u.special(cmd, flags);
	case FINISH:
		break;
	}
	return (int)id_of(cmd);
}

static inline int driver_release(struct file *file)
{
	(void)file;
	u.released++;
	note("release");
	return 0;
}

static const struct shim_file_ops driver_ops = {
	.uring_cmd = driver_uring_cmd,
	.release = driver_release,
};

/* ---- user side ---- */

static inline struct uring_sqe *put_sqe(struct shim_uring *ring, unsigned int id,
					enum op op)
{
	struct uring_sqe *sqe = uring_get_sqe(ring);

	sqe->opcode = URING_OP_URING_CMD;
	sqe->fd = u.fd;
	sqe->cmd_op = op;
	sqe->user_data = id;
	return sqe;
}

static inline int submit(struct shim_uring *ring, unsigned int n)
{
	return sys_io_uring_enter(ring, n, 0, 0);
}

static inline int submit_and_wait(struct shim_uring *ring, unsigned int n,
				  unsigned int min)
{
	return sys_io_uring_enter(ring, n, min, URING_ENTER_GETEVENTS);
}

/* note every CQE that is there as id=res */
static inline void reap(struct shim_uring *ring)
{
	const struct uring_cqe *cqe;

	while ((cqe = uring_peek_cqe(ring))) {
		note("%llu=%d", cqe->user_data, cqe->res);
		uring_seen_cqe(ring);
	}
}

static inline void open_driver(void)
{
	shim_file_open(&driver_ops, 0, &u.fd);
}

static inline struct shim_uring *open_ring(void)
{
	return sys_io_uring_setup(8, URING_SETUP_SQE128 | u.setup);
}

/* what most servers begin with */
static inline void start(void)
{
	open_driver();
	u.ring = open_ring();
}

/* ---- tasks ---- */

static inline struct task_struct *process(const char *name, void (*fn)(void *), void *arg)
{
	return shim_task_new(name, 0, u.mm, 0, fn, arg);
}

static inline struct task_struct *thread(struct task_struct *of, const char *name,
					 void (*fn)(void *), void *arg)
{
	struct task_struct *t = process(name, fn, arg);

	t->tgid = of->tgid;
	return t;
}

/* the task of that name, once it exists */
static inline struct sched_task *task_named(const char *prefix)
{
	for (unsigned int i = 0; i < sched_task_count(); i++)
		if (!strncmp(sched_task_nr(i)->name, prefix, strlen(prefix)))
			return sched_task_nr(i);
	return NULL;
}

/* completes a parked command as fuse does from outside of io_uring */
static inline void completes_unlocked(void *arg)
{
	done(u.cmd[(uintptr_t)arg], 5, UNLOCKED);
	note("done-returned");
}

static inline int fresh_uring(void **state)
{
	fresh_kernel(state);
	memset(&u, 0, sizeof(u));
	u.mm = shim_mm_new();
	return 0;
}

#define uring_test(f) cmocka_unit_test_setup(f, fresh_uring)

#endif /* TESTS_URING_UNIT_H */

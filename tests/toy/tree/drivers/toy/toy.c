// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device with io_uring commands: a client asks by ioctl(2) and sleeps; a FETCH that a
 * server has parked completes with the number of the question; COMMIT brings the answer.
 * TOY_RACY: a parked command is taken off its list when the lock was given back.
 */
#include <linux/fs.h>
#include <linux/io_uring/cmd.h>
#include <linux/miscdevice.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "toy.h"

/* a FETCH that waits for a question: in the command itself; off its list once taken */
struct toy_fetch {
	struct list_head list;
	u32 question;
};

/* a client that waits for an answer */
struct toy_ask {
	struct list_head list;
	u32 question, answer;
	bool answered;
};

static struct {
	spinlock_t lock;
	struct list_head fetches, asks;
	wait_queue_head_t waitq;
	u32 questions;
} toy;

#define toy_pdu(cmd)   io_uring_cmd_to_pdu(cmd, struct toy_fetch)
#define toy_cmd(fetch) container_of((u8(*)[32])(fetch), struct io_uring_cmd, pdu)

static void toy_deliver(struct io_tw_req tw_req, io_tw_token_t tw)
{
	struct io_uring_cmd *cmd = io_uring_cmd_from_tw(tw_req);
	s32 res = tw.cancel ? -ECANCELED : (s32)toy_pdu(cmd)->question;

	io_uring_cmd_done(cmd, res, IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);
}

/* a parked command, off its list; NULL: there is none */
static struct toy_fetch *toy_take_fetch(void)
{
	struct toy_fetch *fetch;

	spin_lock(&toy.lock);
	fetch = list_first_entry_or_null(&toy.fetches, struct toy_fetch, list);
	if (TOY_RACY)
		spin_unlock(&toy.lock);
	if (fetch)
		list_del_init(&fetch->list);
	if (!TOY_RACY)
		spin_unlock(&toy.lock);
	return fetch;
}

static long toy_ioctl(struct file *file, unsigned int op, unsigned long arg)
{
	struct toy_ask ask = { .answered = false };
	struct toy_fetch *fetch = toy_take_fetch();

	if (!fetch)
		return -EAGAIN;
	spin_lock(&toy.lock);
	ask.question = fetch->question = ++toy.questions;
	list_add_tail(&ask.list, &toy.asks);
	spin_unlock(&toy.lock);
	io_uring_cmd_complete_in_task(toy_cmd(fetch), toy_deliver);
	wait_event(toy.waitq, READ_ONCE(ask.answered));
	spin_lock(&toy.lock);
	list_del(&ask.list);
	spin_unlock(&toy.lock);
	return ask.answer + arg;
}

static int toy_park(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	spin_lock(&toy.lock);
	list_add_tail(&toy_pdu(cmd)->list, &toy.fetches);
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
	spin_unlock(&toy.lock);
	return -EIOCBQUEUED;
}

static int toy_commit(const struct toy_commit *commit)
{
	struct toy_ask *ask;

	spin_lock(&toy.lock);
	list_for_each_entry(ask, &toy.asks, list)
		if (ask->question == commit->question) {
			ask->answer = commit->answer;
			WRITE_ONCE(ask->answered, true);
		}
	wake_up_all(&toy.waitq);
	spin_unlock(&toy.lock);
	return 0;
}

static int toy_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	bool mine;

	spin_lock(&toy.lock);
	mine = !list_empty(&toy_pdu(cmd)->list);
	list_del_init(&toy_pdu(cmd)->list);
	spin_unlock(&toy.lock);
	if (mine) /* else a client has it, and completes it */
		io_uring_cmd_done(cmd, -ECANCELED, issue_flags);
	return 0;
}

static int toy_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (issue_flags & IO_URING_F_CANCEL)
		return toy_cancel(cmd, issue_flags);
	if (cmd->cmd_op == TOY_FETCH)
		return toy_park(cmd, issue_flags);
	return toy_commit(io_uring_sqe128_cmd(cmd->sqe, struct toy_commit));
}

static const struct file_operations toy_fops = {
	.unlocked_ioctl = toy_ioctl,
	.uring_cmd = toy_uring_cmd,
};

static struct miscdevice toy_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "toy",
	.fops = &toy_fops,
};

int toy_init(void)
{
	spin_lock_init(&toy.lock);
	INIT_LIST_HEAD(&toy.fetches);
	INIT_LIST_HEAD(&toy.asks);
	init_waitqueue_head(&toy.waitq);
	return misc_register(&toy_device);
}

void toy_exit(void)
{
	misc_deregister(&toy_device);
}

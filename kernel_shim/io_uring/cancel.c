// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that can be cancelled: the list, and the pass over it
 * [io_uring/uring_cmd.c]. Kind: model. Rules 2.1, 2.4, 4.1, 4.2, 4.5.
 */
#include "model.h"

static void hash(struct shim_uring_req *req)
{
	struct shim_uring_req **head = &req->ctx->cancelable;

	req->hash_next = *head;
	if (*head)
		(*head)->hash_pprev = &req->hash_next;
	req->hash_pprev = head;
	*head = req;
	req->hashed = 1;
}

/* [hlist_del_init] */
static void unhash(struct shim_uring_req *req)
{
	if (!req->hashed)
		return;
	*req->hash_pprev = req->hash_next;
	if (req->hash_next)
		req->hash_next->hash_pprev = req->hash_pprev;
	req->hashed = 0;
}

/* [io_uring_cmd_mark_cancelable]: the flag is set before L is taken */
void shim_uring_cmd_mark_cancelable(struct shim_uring_cmd *cmd, unsigned int issue_flags,
				    const struct sched_site *site)
{
	struct shim_uring_req *req = uring_req(cmd, "io_uring_cmd_mark_cancelable", site);

	if (cmd->flags & URING_CMD_CANCELABLE)
		return;
	sched_touch(req, true);
	cmd->flags |= URING_CMD_CANCELABLE;
	uring_submit_lock(req->ctx, issue_flags, site);
	hash(req);
	uring_event(req->ctx);
	uring_kick_exit();
	uring_submit_unlock(req->ctx, issue_flags, site);
}

/*
 * [io_uring_cmd_del_cancelable]: the flag goes first, then L is waited for: in
 * between a pass skips the command though it is on the list (4.5)
 */
void uring_del_cancelable(struct shim_uring_req *req, unsigned int issue_flags,
			  const struct sched_site *site)
{
	if (!(req->cmd.flags & URING_CMD_CANCELABLE))
		return;
	sched_touch(req, true);
	req->cmd.flags &= ~URING_CMD_CANCELABLE;
	uring_submit_lock(req->ctx, issue_flags, site);
	unhash(req);
	uring_submit_unlock(req->ctx, issue_flags, site);
}

/*
 * [io_uring_try_cancel_uring_cmd]: newest first; the handler's answer is ignored.
 * The next one is remembered before the handler runs: it may take its own off
 * the list, and L keeps everybody else away.
 *
 * @tctx: only what this one submitted; NULL: everything
 *
 * Return: whether any was asked, also if it did not care (4.6)
 */
int uring_cancel_pass(struct shim_uring *ring, const struct io_uring_task *tctx)
{
	struct shim_uring_req *req, *next;
	int asked = 0;

	for (req = ring->cancelable; req; req = next) {
		next = req->hash_next;
		sched_touch(req, false);
		if (!(req->cmd.flags & URING_CMD_CANCELABLE) ||
		    (tctx && req->tctx != tctx))
			continue;
		sched_point(SCHED_SUBMIT, req, SCHED_SITE("IO_URING_F_CANCEL"));
		uring_call_driver(req, SHIM_URING_F_CANCEL | SHIM_URING_F_COMPLETE_DEFER);
		asked = 1;
	}
	uring_flush(ring);
	return asked;
}

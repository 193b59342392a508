// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: requests that are issued one after the other, each by task work when the one
 * before has ended [io_uring/io_uring.c, timeout.c]. Kind: model. Rules 8.1 to 8.3.
 */
#include "model.h"

/* [io_queue_sqe, io_queue_sqe_fallback] of the head */
static void end_chain(struct shim_uring *ring)
{
	struct shim_uring_req *head = ring->link_head;

	ring->link_head = ring->link_last = NULL;
	if (!head)
		return;
	if (head->failed)
		uring_fail_defer(head, head->result);
	else
		uring_queue_sqe(head, SHIM_URING_F_INLINE);
}

/*
 * [io_submit_sqe]: whether @req is kept for later. The head of a chain waits for its
 * last member, which has the head issued instead of itself.
 *
 * Return: 1: kept; 0: issue @req, which may be the head now (*ring->link_head is NULL)
 */
int uring_chain_add(struct shim_uring *ring, struct shim_uring_req *req)
{
	if (!ring->link_head) {
		if (!req->links)
			return 0;
		ring->link_head = ring->link_last = req;
		return 1;
	}
	uring_copy_sqe(req);
	ring->link_last->link = req;
	ring->link_last = req;
	if (!req->links)
		end_chain(ring);
	return 1;
}

/* [io_submit_state_end]: a chain whose batch ends before it does is io-wq's */
void uring_chain_end(struct shim_uring *ring)
{
	struct shim_uring_req *head = ring->link_head;

	if (!head)
		return;
	if (!head->failed)
		head->async = 1;
	end_chain(ring);
}

/*
 * [io_submit_fail_init]: prep found @req wrong; its error is in it. The head of its chain
 * is failed, so that everything behind it is cancelled; a member keeps its own error
 * (8.3)
 *
 * Return: whether the batch goes on: more of the chain comes
 */
int uring_chain_failed(struct shim_uring *ring, struct shim_uring_req *req)
{
	struct shim_uring_req *head = ring->link_head;
	int goes_on = req->links;

	req->failed = 1;
	if (!head) {
		ring->link_head = req;
	} else {
		if (!head->failed)
			head->result = -ECANCELED;
		head->failed = 1;
		ring->link_last->link = req;
	}
	ring->link_last = req;
	if (!goes_on)
		end_chain(ring);
	return goes_on;
}

/* [io_fail_links]: each by task work of its own, with -ECANCELED or its own error */
static void fail_links(struct shim_uring_req *link)
{
	while (link) {
		struct shim_uring_req *next = link->link;

		link->link = NULL;
		link->links = 0;
		uring_tw_fail(link, link->failed ? link->result : -ECANCELED);
		link = next;
	}
}

/* [io_req_find_next]: what comes after @req, which has ended; NULL: nothing (any more) */
struct shim_uring_req *uring_chain_next(struct shim_uring_req *req)
{
	struct shim_uring_req *next = req->link;

	req->link = NULL;
	if (!next || !req->failed)
		return next;
	fail_links(next);
	return NULL;
}

/* [io_req_task_submit] */
static void task_submit(struct shim_uring_req *req, int cancel)
{
	if (cancel)
		uring_fail_defer(req, -EFAULT);
	else if (req->async)
		uring_iowq_enqueue(req);
	else
		uring_queue_sqe(req, 0);
}

/* [io_queue_next]: at the flush, when @req is freed; L is held */
void uring_chain_queue_next(struct shim_uring_req *req)
{
	struct shim_uring_req *next = uring_chain_next(req);

	if (next)
		uring_tw_add(next, task_submit, 0, SCHED_SITE("io_req_task_queue"));
}

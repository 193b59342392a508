// SPDX-License-Identifier: GPL-2.0-only
/*
 * A REGISTER that is wrong, one scenario for each way: it is refused with the right
 * error, and the file system goes on, through /dev/fuse if the kernel gives up on
 * io_uring.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct submit *wrong, *next;
static PER_PLAY struct dev_read *read_there;
static PER_PLAY struct call *stat_call;

static void play_with(struct world *w, void (*spoil)(struct reg *r),
		      unsigned int ring_flags)
{
	struct actor *server = server_thread(w, "server-0");
	struct reg r;

	register_default(w, 0, 0, &r);
	if (spoil)
		spoil(&r);
	actor_ring_flags(server, ring_flags);
	wrong = server_registers_raw(server, &r);
	next = server_registers(server, 0, 0);
	server_serves(server);
	read_there = server_reads_dev(server_main(w));
	server_answers_read(server_main(w), read_there, 0);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check_result(struct world *w, int res)
{
	expect(w, wrong->completed);
	expect_eq(w, wrong->cqes, 1);
	expect_eq(w, wrong->res, res);
	expect(w, !next->completed || next->res == 0 || next->res == -EOPNOTSUPP);
	expect_eq(w, stat_call->times_ended, 1);
	expect_eq(w, stat_call->ret, 0);
	expect_eq(w, stat_call->attr_size, FILE_SIZE);
}

/* REFUSED(): spoil_NAME(), play_NAME() and check_NAME() become a scenario */
#define REFUSED(id, title, text, error)                         \
	static void play_##id(struct world *w)                  \
	{                                                       \
		play_with(w, spoil_##id, URING_SETUP_SQE128);   \
	}                                                       \
	static void check_##id(struct world *w)                 \
	{                                                       \
		check_result(w, error);                         \
	}                                                       \
	const struct scenario scenario_register_##id = {        \
		.name = "register-" title,                      \
		.summary = "REGISTER with " text " is refused", \
		.play = play_##id,                              \
		.check = check_##id,                            \
	}

static void spoil_queue(struct reg *r)
{
	r->qid = 1;
}
REFUSED(queue, "queue", "a queue beyond the last CPU", -EINVAL);

static void spoil_one_iovec(struct reg *r)
{
	r->iov_nr = 1;
}
REFUSED(one_iovec, "one-iovec", "one iovec instead of two", -EINVAL);

static void spoil_three_iovecs(struct reg *r)
{
	r->iov_nr = 3;
}
REFUSED(three_iovecs, "three-iovecs", "three iovecs instead of two", -EINVAL);

static void spoil_unreadable(struct reg *r)
{
	r->iov = (void *)64;
}
REFUSED(unreadable, "unreadable", "an unreadable array of iovecs", -EFAULT);

static void spoil_headers(struct reg *r)
{
	r->headers_len--;
}
REFUSED(headers, "headers", "headers that are too short", -EINVAL);

static void spoil_payload(struct reg *r)
{
	r->payload_len--;
}
REFUSED(payload, "payload", "a payload that is too short", -EINVAL);

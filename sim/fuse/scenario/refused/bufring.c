// SPDX-License-Identifier: GPL-2.0-only
/*
 * REGISTER of a buffer ring in all ways that are wrong, before and after the queue is
 * there; then it serves.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

#define HUGE_PAYLOAD (65536ul * 8192)

static struct {
	struct submit *flags, *depth, *size, *iovec, *headers, *small, *none, *many,
		*wraps;
	struct submit *good;
	struct submit *id, *twice, *kind, *other_depth, *other_size;
} did;
static PER_PLAY struct call *read_call;
static PER_PLAY struct dev_read *read_there;

#define WITH(r, good, field, value)  \
	({                           \
		(r) = (good);        \
		(r).field = (value); \
		&(r);                \
	})

static void before(struct actor *t, const struct reg *good)
{
	struct reg r;

	did.flags = server_registers_raw(t, WITH(r, *good, flags, good->flags | 8));
	did.depth = server_registers_raw(t, WITH(r, *good, queue_depth, 0));
	did.size = server_registers_raw(t, WITH(r, *good, buf_size, 0));
	did.iovec = server_registers_raw(t, WITH(r, *good, iov_nr, 1));
	did.headers = server_registers_raw(t, WITH(r, *good, headers_len,
						   good->headers_len - 1));
	did.small = server_registers_raw(t, WITH(r, *good, buf_size, 8191));
	did.none = server_registers_raw(t, WITH(r, *good, payload_len, 8191));
	did.many = server_registers_raw(t, WITH(r, *good, payload_len, HUGE_PAYLOAD));
	did.wraps = server_registers_raw(t, WITH(r, *good, payload, (void *)-4096l));
}

static void after(struct actor *t, const struct reg *good)
{
	struct reg r;

	did.id = server_registers_raw(t, WITH(r, *good, buf_index, 2));
	did.twice = server_registers_raw(t, good);
	did.kind = server_registers_raw(t, WITH(r, *good, flags, 0));
	did.other_depth = server_registers_raw(t, WITH(r, *good, queue_depth, 1));
	did.other_size = server_registers_raw(t, WITH(r, *good, buf_size, 8193));
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct reg good;

	register_default(w, 0, 0, &good);
	before(server, &good);
	did.good = server_registers_raw(server, &good);
	after(server, &good);
	server_serves(server);
	read_there = server_reads_dev(server_main(w));
	server_answers_read(server_main(w), read_there,
			    0); /* what comes after the first refusal */
	read_call = client_read(client_new(w, "cat", 0), 2, 0, 4096);
}

static void check(struct world *w)
{
	expect_eq(w, did.flags->res, -EINVAL);
	expect_eq(w, did.depth->res, -EINVAL);
	expect_eq(w, did.size->res, -EINVAL);
	expect_eq(w, did.iovec->res, -EINVAL);
	expect_eq(w, did.headers->res, -EINVAL);
	expect_eq(w, did.small->res, -EINVAL);
	expect_eq(w, did.none->res, -EINVAL);
	expect_eq(w, did.many->res, -EINVAL);
	expect_eq(w, did.wraps->res, -EFAULT);
	expect(w, !did.good->completed || did.good->res == 0);
	expect_eq(w, did.id->res, -EINVAL);
	expect_eq(w, did.twice->res, -EINVAL);
	expect_eq(w, did.kind->res, -EINVAL);
	expect_eq(w, did.other_depth->res, -EINVAL);
	expect_eq(w, did.other_size->res, -EINVAL);
	expect(w, call_has_file_data(read_call));
}

const struct scenario scenario_bufring_refused = {
	.name = "bufring-refused",
	.summary = "REGISTER of a buffer ring in all ways that are wrong, then right",
	.needs = FUSE_CAN_BUFRING,
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_BUFRING),
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * READ and WRITE through io_uring's registered buffers: of pages that the server reaches
 * through its ring's table, so that nothing is copied, and of a pool of buffers that is
 * itself a registered buffer.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *write_call, *read_call, *stat_call;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *a, *b;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	a = client_new(w, "writer", 0);
	b = client_new(w, "stat", 0);
	write_call = client_write(a, 2, 0, 8192);
	read_call = client_read(a, 2, 0, 8192);
	stat_call = client_getattr(b, 3);
}

static void check(struct world *w)
{
	expect_eq(w, write_call->ret, 8192);
	expect(w, call_has_file_data(read_call));
	expect(w, stat_call->done && stat_call->ret == 0);
}

const struct scenario scenario_zero_copy = {
	.name = "zero-copy",
	.summary = "pages lent to the server through registered buffers",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY,
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_BUFPOOL, .buffers = 1,
			      .zero_copy = true),
	.play = play,
	.check = check,
};

const struct scenario scenario_fixed_pool = {
	.name = "fixed-pool",
	.summary = "a buffer pool that is a registered io_uring buffer",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL,
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_BUFPOOL_FIXED),
	.play = play,
	.check = check,
};

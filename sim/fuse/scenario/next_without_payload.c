// SPDX-License-Identifier: GPL-2.0-only
/*
 * The next request of an entry that has a buffer needs none: the buffer goes back to the
 * pool when the request is assigned, not when it is answered.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *read_call, *fsync_call;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	read_call = client_read(client_new(w, "reader", 0), 2, 0, 4096);
	fsync_call = client_fsync(client_new(w, "sync", 0), 3);
}

static void check(struct world *w)
{
	struct queue_view q = { 0 };

	expect(w, call_has_file_data(read_call));
	expect(w, fsync_call->done && fsync_call->ret == 0);
	expect_inside(w, fuse_queue(w, 0, &q));
	expect_inside_eq(w, q.free_bufs, q.nbufs);
}

const struct scenario scenario_next_without_payload = {
	.name = "next-without-payload",
	.summary = "an entry gives its buffer back when its next request needs none",
	.explored = "once the server has registered its only entry",
	.needs = FUSE_CAN_SHARED,
	.config = FUSE_CONFIG(.entries = 1, .buffers = 1, .payload = PAYLOAD_SHARED),
	.play = play,
	.check = check,
};

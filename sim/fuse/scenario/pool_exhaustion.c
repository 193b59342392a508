// SPDX-License-Identifier: GPL-2.0-only
/*
 * More requests than buffers: two CPUs, three clients, one buffer per queue for
 * two entries. A request without a buffer waits; no client sees an error.
 */
#include "fuse/scenario/scenario.h"

#define CALLS 6

static PER_PLAY struct call *calls[CALLS];

static void play(struct world *w)
{
	struct actor *servers[] = { server_thread(w, "server-0"),
				    server_thread(w, "server-1") };
	struct actor *a, *b, *c;

	for (unsigned int qid = 0; qid < 2; qid++) {
		server_sets_up(servers[qid], qid);
		server_serves(servers[qid]);
	}
	world_is_set_up(w);

	a = client_new(w, "reader-a", 0);
	b = client_new(w, "reader-b", 0);
	c = client_new(w, "writer", 1);
	calls[0] = client_read(a, 2, 0, 4096);
	calls[1] = client_getattr(a, 2);
	calls[2] = client_read(b, 3, 4096, 4096);
	calls[3] = client_fsync(b, 3);
	calls[4] = client_write(c, 4, 0, 4096);
	calls[5] = client_read(c, 4, 0, 4096);
}

static void check(struct world *w)
{
	struct queue_view q = { 0 };

	for (unsigned int i = 0; i < CALLS; i++)
		expect(w, calls[i]->done && calls[i]->ret >= 0);
	expect(w, call_has_file_data(calls[0]));
	expect(w, call_has_file_data(calls[2]));
	expect(w, call_has_file_data(calls[5]));
	for (unsigned int qid = 0; qid < 2; qid++) {
		expect_inside(w, fuse_queue(w, qid, &q));
		expect_inside_eq(w, q.nbufs, 1);
		expect_inside_eq(w, q.free_bufs, 1);
		expect_inside_eq(w, q.waiting, 0);
	}
}

/* For a search: one CPU, and a client of each kind: two want the buffer, one none. */
static PER_PLAY struct call *small_calls[3];

static void play_small(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	small_calls[0] = client_read(client_new(w, "reader-a", 0), 2, 0, 4096);
	small_calls[1] = client_read(client_new(w, "reader-b", 0), 3, 4096, 4096);
	small_calls[2] = client_getattr(client_new(w, "stat", 0), 4);
}

static void check_small(struct world *w)
{
	struct queue_view q = { 0 };

	for (unsigned int i = 0; i < 3; i++)
		expect(w, small_calls[i]->done && small_calls[i]->ret >= 0);
	expect(w, call_has_file_data(small_calls[0]));
	expect(w, call_has_file_data(small_calls[1]));
	expect_inside(w, fuse_queue(w, 0, &q));
	expect_inside_eq(w, q.nbufs, 1);
	expect_inside_eq(w, q.free_bufs, 1);
	expect_inside_eq(w, q.waiting, 0);
}

static const struct scenario small = {
	.name = "pool-exhaustion",
	.summary = "fewer buffers than requests: they wait",
	.explored =
		"1 CPU and 3 clients with one call each, once the server has registered",
	.needs = FUSE_CAN_SHARED,
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_SHARED, .buffers = 1),
	.play = play_small,
	.check = check_small,
};

const struct scenario scenario_pool_exhaustion = {
	.name = "pool-exhaustion",
	.summary = "2 CPUs, 3 clients, fewer buffers than requests: they wait",
	.small = &small,
	.needs = FUSE_CAN_SHARED,
	.config = FUSE_CONFIG(.cpus = 2, .entries = 2, .payload = PAYLOAD_SHARED,
			      .buffers = 1),
	.play = play,
	.check = check,
};

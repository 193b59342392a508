// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection is aborted through fusectl while requests begin and end.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[3];
static PER_PLAY unsigned int nr_calls;

static void calls_come(struct world *w, bool read)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	nr_calls = 0;
	calls[nr_calls++] = client_getattr(client_new(w, "stat", 0), 2);
	if (read)
		calls[nr_calls++] = client_read(client_new(w, "cat", 0), 3, 0, 4096);
	calls[nr_calls++] = client_read_bg(client_new(w, "readahead", 0), 4, 0, 4096);
	client_aborts_connection(client_new(w, "admin", 0));
}

static void play(struct world *w)
{
	calls_come(w, true);
}

/* one in the foreground and one in the background */
static void play_small(struct world *w)
{
	calls_come(w, false);
}

static void check(struct world *w)
{
	struct ring_view ring;

	for (unsigned int i = 0; i < nr_calls; i++)
		expect(w, calls[i]->done &&
				  (calls[i]->ret >= 0 || calls[i]->ret == -ECONNABORTED ||
				   calls[i]->ret == -ENOTCONN));
	fuse_ring(w, &ring);
	expect_inside(w, !ring.connected);
	expect_inside_eq(w, ring.queue_refs, 0);
	expect_inside_eq(w, ring.num_waiting, 0);
}

static const struct scenario small = {
	.name = "abort",
	.summary = "the connection is aborted while requests come and go",
	.explored = "one call in the foreground, one in the background, once the server "
		    "has registered",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play_small,
	.check = check,
};

const struct scenario scenario_abort = {
	.name = "abort",
	.summary = "the connection is aborted while requests come and go",
	.small = &small,
	.config = FUSE_CONFIG(.entries = 2),
	.play = play,
	.check = check,
};

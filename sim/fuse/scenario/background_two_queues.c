// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two queues share max_background of one: each is always allowed one request of its
 * own, whatever the other does. Three clients at once, so that more may be under way
 * than one.
 */
#include "fuse/scenario/scenario.h"

#define CALLS 3

static PER_PLAY struct call *calls[CALLS];

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_sets_up(server, 1);
	server_serves(server);
	world_is_set_up(w);

	calls[0] = client_read_bg(client_new(w, "readahead-0", 0), 2, 0, 4096);
	calls[1] = client_read_bg(client_new(w, "readahead-1", 0), 2, 4096, 4096);
	calls[2] = client_read_bg(client_new(w, "readahead-2", 1), 3, 0, 4096);
}

static void check(struct world *w)
{
	struct ring_view ring;

	for (unsigned int i = 0; i < CALLS; i++) {
		expect_eq(w, calls[i]->times_ended, 1);
		expect_eq(w, calls[i]->ret, 4096);
	}
	fuse_ring(w, &ring);
	expect_inside_eq(w, ring.num_background, 0);
	expect_inside_eq(w, ring.active_background, 0);
}

const struct scenario scenario_background_two_queues = {
	.name = "background-two-queues",
	.summary = "background reads through two queues at max_background 1",
	.explored = "once both queues are registered",
	.config = FUSE_CONFIG(.cpus = 2, .max_background = 1),
	.play = play,
	.check = check,
};

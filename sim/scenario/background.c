// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes in the background, more than max_background allows at once.
 */
#include "scenario/scenario.h"

#define CALLS 5

static struct call *calls[CALLS];

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *a, *b;

	server_sets_up(server, 0);
	server_serves(server);
	world_story_begins(w);

	a = client_new(w, "readahead", 0);
	b = client_new(w, "writeback", 0);
	calls[0] = client_read_bg(a, 2, 0, 4096);
	calls[1] = client_read_bg(a, 2, 4096, 4096);
	calls[2] = client_read_bg(a, 2, 8192, 4096);
	calls[3] = client_write_bg(b, 3, 0, 4096);
	calls[4] = client_write_bg(b, 3, 4096, 4096);
}

static void check(struct world *w)
{
	struct ring_view ring;

	for (unsigned int i = 0; i < CALLS; i++) {
		expect_eq(w, calls[i]->times_ended, 1);
		expect_eq(w, calls[i]->ret, 4096);
		expect(w, call_has_file_data(calls[i]));
	}
	world_ring(w, &ring);
	expect_inside_eq(w, ring.num_background, 0);
	expect_inside_eq(w, ring.active_background, 0);
	expect_inside(w, !ring.blocked);
}

const struct scenario scenario_background = {
	.name = "background",
	.summary = "background reads and writes above max_background",
	.explored = "once the server has registered",
	.config = { .entries = 2, .max_background = 2 },
	.play = play,
	.check = check,
};

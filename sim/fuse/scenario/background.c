// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes in the background, more than max_background allows at once.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[5];
static PER_PLAY unsigned int nr_calls;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *a, *b;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	nr_calls = 5;
	a = client_new(w, "readahead", 0);
	b = client_new(w, "writeback", 0);
	calls[0] = client_read_bg(a, 2, 0, 4096);
	calls[1] = client_read_bg(a, 2, 4096, 4096);
	calls[2] = client_read_bg(a, 2, 8192, 4096);
	calls[3] = client_write_bg(b, 3, 0, 4096);
	calls[4] = client_write_bg(b, 3, 4096, 4096);
}

/* For a search: more than max_background, from two clients. */
static void play_small(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *a;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	nr_calls = 3;
	a = client_new(w, "readahead", 0);
	calls[0] = client_read_bg(a, 2, 0, 4096);
	calls[1] = client_read_bg(a, 2, 4096, 4096);
	calls[2] = client_write_bg(client_new(w, "writeback", 0), 3, 0, 4096);
}

static void check(struct world *w)
{
	struct ring_view ring;

	for (unsigned int i = 0; i < nr_calls; i++) {
		expect_eq(w, calls[i]->times_ended, 1);
		expect_eq(w, calls[i]->ret, 4096);
		expect(w, call_has_file_data(calls[i]));
	}
	fuse_ring(w, &ring);
	expect_inside_eq(w, ring.num_background, 0);
	expect_inside_eq(w, ring.active_background, 0);
	expect_inside(w, !ring.blocked);
}

static const struct scenario small = {
	.name = "background",
	.summary = "background reads and writes above max_background",
	.explored = "three calls at max_background 1, once the server has registered",
	.config = FUSE_CONFIG(.entries = 2, .max_background = 1),
	.play = play_small,
	.check = check,
};

const struct scenario scenario_background = {
	.name = "background",
	.summary = "background reads and writes above max_background",
	.small = &small,
	.config = FUSE_CONFIG(.entries = 2, .max_background = 2),
	.play = play,
	.check = check,
};

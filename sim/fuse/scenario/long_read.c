// SPDX-License-Identifier: GPL-2.0-only
/*
 * A read of max_pages pages, which are more than max_write: all of it arrives.
 */
#include "fuse/scenario/scenario.h"

#define PAGES 4

static PER_PLAY struct call *read_call;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_serves(server);
	read_call = client_read(client_new(w, "cat", 0), 2, 0, PAGES * 4096);
}

static void check(struct world *w)
{
	expect_eq(w, read_call->ret, PAGES * 4096);
	expect(w, call_has_file_data(read_call));
}

const struct scenario scenario_long_read = {
	.name = "long-read",
	.summary = "a read of more pages than max_write",
	.config = FUSE_CONFIG(.max_write = 4096, .max_pages = PAGES),
	.play = play,
	.check = check,
};

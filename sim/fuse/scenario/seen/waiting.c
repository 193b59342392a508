// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that wait: for an entry, for the background limit, for the ring to be ready;
 * and in which order background requests are served.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[3];
static PER_PLAY struct delivery *took[3];

/* ---- for an entry ---- */

static void play_entry(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	took[0] = server_takes(server);
	took[1] = server_takes(server);
	calls[0] = client_getattr(client_new(w, "first", 0), 2);
	calls[1] = client_getattr(client_new(w, "second", 0), 3);
}

static void check_entry(struct world *w)
{
	expect(w, took[0]->arrived);
	expect(w, !took[1]->arrived);
	expect(w, calls[0]->started && !calls[0]->done);
	expect(w, calls[1]->started && !calls[1]->done);
}

const struct scenario scenario_waits_for_entry = {
	.name = "waits-for-entry",
	.summary =
		"one entry, two requests: the second waits until the first is answered",
	.play = play_entry,
	.check = check_entry,
};

/* ---- for a place in the background ---- */

static void play_background(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *client = client_new(w, "readahead", 0);

	server_sets_up(server, 0);
	/* an entry registered meanwhile may get the second request before the first */
	world_is_set_up(w);

	for (unsigned int i = 0; i < 3; i++)
		took[i] = server_takes(server);
	for (unsigned int i = 0; i < 3; i++)
		calls[i] = client_read_bg(client, 2, i * 4096, 4096);
}

static void check_background(struct world *w)
{
	expect(w, took[0]->arrived && took[1]->arrived);
	expect(w, !took[2]->arrived);
	expect(w, took[0]->unique < took[1]->unique);
	for (unsigned int i = 0; i < 3; i++)
		expect(w, !calls[i]->done);
}

const struct scenario scenario_waits_for_background = {
	.name = "waits-for-background",
	.summary = "four entries, but max_background lets two requests through",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.entries = 4, .max_background = 2),
	.play = play_background,
	.check = check_background,
};

/* ---- in order ---- */

static void play_order(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *client = client_new(w, "readahead", 0);

	server_sets_up(server, 0);
	for (unsigned int i = 0; i < 3; i++) {
		took[i] = server_takes(server);
		server_answers(server, took[i]);
	}
	for (unsigned int i = 0; i < 3; i++)
		calls[i] = client_read_bg(client, 2, i * 4096, 4096);
}

static void check_order(struct world *w)
{
	expect(w, took[0]->arrived && took[1]->arrived && took[2]->arrived);
	expect(w, took[0]->unique < took[1]->unique);
	expect(w, took[1]->unique < took[2]->unique);
	for (unsigned int i = 0; i < 3; i++) {
		expect_eq(w, calls[i]->ret, 4096);
		expect(w, call_has_file_data(calls[i]));
	}
}

const struct scenario scenario_in_order = {
	.name = "in-order",
	.summary = "background requests are served in the order in which they came",
	.play = play_order,
	.check = check_order,
};

/* ---- for the ring ---- */

static void play_ring(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_registers(server, 0, 0);
	took[0] = server_takes(server);
	calls[0] = client_getattr(client_new(w, "client-0", 0), 2);
	calls[1] = client_getattr(client_new(w, "client-1", 1), 3);
}

static void check_ring(struct world *w)
{
	expect(w, !took[0]->arrived);
	expect(w, !calls[0]->done);
	expect(w, !calls[1]->done);
}

const struct scenario scenario_waits_for_ring = {
	.name = "waits-for-ring",
	.summary = "2 CPUs, but only one queue has an entry: all clients wait",
	.config = FUSE_CONFIG(.cpus = 2),
	.play = play_ring,
	.check = check_ring,
};

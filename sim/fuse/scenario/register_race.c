// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads of the server register the first entry of the same queue at the
 * same time: both find no queue, one of them creates it.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct submit *first, *second;
static PER_PLAY struct call *stat_call;

static void play(struct world *w)
{
	struct actor *a = server_thread(w, "server-a");
	struct actor *b = server_thread(w, "server-b");

	first = server_registers(a, 0, 0);
	second = server_registers(b, 0, 1);
	server_serves(a);
	server_serves(b);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check(struct world *w)
{
	struct queue_view q = { 0 };

	expect(w, !first->completed || first->res == 0);
	expect(w, !second->completed || second->res == 0);
	expect(w, stat_call->done && stat_call->ret == 0);
	expect_inside(w, fuse_queue(w, 0, &q));
	expect_inside_eq(w, q.nr_ents, 2);
}

const struct scenario scenario_register_race = {
	.name = "register-race",
	.summary = "two threads create the same queue at the same time",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play,
	.check = check,
};

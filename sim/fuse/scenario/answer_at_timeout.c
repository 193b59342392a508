// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server answers in the moment when the kernel looks for requests that have
 * waited for too long. This one has not yet.
 */
#include "fuse/scenario/scenario.h"

#define LOOKS_EVERY 15 /* seconds */

static PER_PLAY struct call *stat_call;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct delivery *d;

	server_sets_up(server, 0);
	d = server_takes(server);
	actor_sleeps(server, LOOKS_EVERY);
	server_answers(server, d);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check(struct world *w)
{
	expect(w, stat_call->done);
	expect_eq(w, stat_call->ret, 0);
}

const struct scenario scenario_answer_at_timeout = {
	.name = "answer-at-timeout",
	.summary = "a request is answered while the time-outs are looked at",
	.config = FUSE_CONFIG(.request_timeout = 4 * LOOKS_EVERY),
	.needs = FUSE_CAN_TIMEOUT,
	.play = play,
	.check = check,
};

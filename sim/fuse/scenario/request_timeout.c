// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server takes a request and never answers; the request time-out aborts the
 * connection.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *stat_call;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	world_is_set_up(w);

	server_takes(server);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check(struct world *w)
{
	expect(w, stat_call->done);
	expect_eq(w, stat_call->ret, -ECONNABORTED);
}

const struct scenario scenario_request_timeout = {
	.name = "request-timeout",
	.summary = "a request is never answered and times out",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.request_timeout = 20),
	.needs = FUSE_CAN_TIMEOUT,
	.play = play,
	.check = check,
};

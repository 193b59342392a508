// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection is aborted while the server, which has taken a request, answers
 * it: either of the two ends it.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *stat_call;

static void job_now_abort(struct actor *server, void *admin)
{
	(void)server;
	client_aborts_connection(admin);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct delivery *d;

	server_sets_up(server, 0);
	d = server_takes(server);
	actor_does(server, job_now_abort, client_new(w, "admin", 0));
	server_answers(server, d);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check(struct world *w)
{
	struct ring_view ring;

	expect(w, stat_call->done);
	expect(w, stat_call->ret == 0 || stat_call->ret == -ECONNABORTED ||
			  stat_call->ret == -ENOTCONN);
	fuse_ring(w, &ring);
	expect_inside_eq(w, ring.queue_refs, 0);
	expect_inside_eq(w, ring.num_waiting, 0);
}

const struct scenario scenario_abort_answer = {
	.name = "abort-answer",
	.summary = "the connection is aborted while a request is answered",
	.play = play,
	.check = check,
};

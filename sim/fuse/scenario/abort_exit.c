// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request is on its way to a server that does not look; the connection is aborted,
 * the server is killed, and the file system is unmounted, while the teardown
 * waits to retry what was on its way.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *stat_call;
static PER_PLAY struct actor *admin;

static void job_kill_server(struct actor *killer, void *arg)
{
	(void)arg;
	server_dies(world_of(killer));
}

static void job_begin(struct actor *server, void *client)
{
	(void)server;
	stat_call = client_getattr(client, 2);
	client_aborts_connection(admin);
	actor_does(admin, job_kill_server, NULL);
	client_umounts(admin);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *client = client_new(w, "stat", 0);

	admin = client_new(w, "admin", 0);
	stat_call = NULL;
	server_sets_up(server, 0);
	actor_does(server, job_begin, client);
}

static void check(struct world *w)
{
	struct ring_view ring;

	expect(w, stat_call && stat_call->done);
	if (stat_call)
		expect(w, stat_call->ret == -ECONNABORTED ||
				  stat_call->ret == -ENOTCONN ||
				  stat_call->ret == -ECANCELED);
	fuse_ring(w, &ring);
	expect_inside(w, !ring.exists);
}

const struct scenario scenario_abort_exit = {
	.name = "abort-exit",
	.summary = "a server is killed during an abort, with a request on its way",
	.config = FUSE_CONFIG(.ring_flags = URING_SETUP_SINGLE_ISSUER |
					    URING_SETUP_DEFER_TASKRUN),
	.play = play,
	.check = check,
};

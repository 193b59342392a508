// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server is killed with requests in flight: each of them ends with an error
 * or was answered before.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[2];

static void job_kill_server(struct actor *killer, void *arg)
{
	(void)arg;
	server_dies(world_of(killer));
}

static void server_is_ready(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);
}

static void play(struct world *w)
{
	server_is_ready(w);
	calls[0] = client_read(client_new(w, "cat", 0), 2, 0, 4096);
	calls[1] = client_write_bg(client_new(w, "writeback", 0), 4, 0, 4096);
	actor_does(client_new(w, "killer", 0), job_kill_server, NULL);
}

/* both requests come from one client: the first does not wait for its answer */
static void play_small(struct world *w)
{
	struct actor *client;

	server_is_ready(w);
	client = client_new(w, "client", 0);
	calls[0] = client_write_bg(client, 4, 0, 4096);
	calls[1] = client_getattr(client, 2);
	actor_does(client_new(w, "killer", 0), job_kill_server, NULL);
}

static bool ended_in_order(const struct call *c)
{
	return c->done && (c->ret >= 0 || c->ret == -ECONNABORTED ||
			   c->ret == -ENOTCONN || c->ret == -ECANCELED);
}

static void check(struct world *w)
{
	for (unsigned int i = 0; i < 2; i++)
		expect(w, ended_in_order(calls[i]));
}

static const struct scenario small = {
	.name = "server-exit",
	.summary = "the server is killed with requests in flight",
	.explored = "two calls of one client, once the server has registered",
	.play = play_small,
	.check = check,
};

const struct scenario scenario_server_exit = {
	.name = "server-exit",
	.summary = "the server is killed with requests in flight",
	.small = &small,
	.play = play,
	.check = check,
};

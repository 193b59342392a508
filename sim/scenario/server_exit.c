// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server is killed with requests in flight: each of them ends with an error
 * or was answered before.
 */
#include <errno.h>

#include "scenario/scenario.h"

static struct call *calls[2];

static void job_kill_server(struct actor *killer, void *arg)
{
	(void)arg;
	server_dies(world_of(killer));
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_serves(server);
	world_story_begins(w);

	calls[0] = client_read(client_new(w, "cat", 0), 2, 0, 4096);
	calls[1] = client_write_bg(client_new(w, "writeback", 0), 4, 0, 4096);
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

const struct scenario scenario_server_exit = {
	.name = "server-exit",
	.summary = "the server is killed with requests in flight",
	.explored = "once the server has registered",
	.play = play,
	.check = check,
};

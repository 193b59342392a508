// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client is killed while its request waits for the only entry, which becomes
 * free at that moment.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *first, *second;

static void job_kill(struct actor *killer, void *victim)
{
	(void)killer;
	kill_task(victim);
}

/* runs in the client's task: all others are where the scenario begins */
static void job_begin(struct actor *victim, void *killer)
{
	actor_does(killer, job_kill, victim);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *victim;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	victim = client_new(w, "victim", 0);
	first = client_getattr(client_new(w, "stat", 0), 2);
	actor_does(victim, job_begin, client_new(w, "killer", 0));
	second = client_getattr(victim, 3);
}

static void check(struct world *w)
{
	expect(w, first->done && first->ret == 0);
	expect(w, !second->started || second->done);
	if (second->done)
		expect(w, second->ret == 0 || second->ret == -EINTR);
}

const struct scenario scenario_killed_waiting = {
	.name = "killed-waiting",
	.summary = "a client is killed while its request waits for an entry",
	.explored = "once the server has registered",
	.play = play,
	.check = check,
};

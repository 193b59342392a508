// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client is killed by another while its request waits or is being served: the
 * call returns, and the ring goes on.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *victim_call, *other_call;

static void job_kill(struct actor *killer, void *victim)
{
	(void)killer;
	kill_task(victim);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *victim, *other;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	victim = client_new(w, "victim", 0);
	other = client_new(w, "other", 0);
	victim_call = client_getattr(victim, 2);
	other_call = client_getattr(other, 3);
	actor_does(client_new(w, "killer", 0), job_kill, victim);
}

static void check(struct world *w)
{
	expect(w, !victim_call->started ||
			  (victim_call->done &&
			   (victim_call->ret == 0 || victim_call->ret == -EINTR)));
	expect(w, other_call->done && other_call->ret == 0);
}

const struct scenario scenario_killed_client = {
	.name = "killed-client",
	.summary = "SIGKILL reaches a client somewhere on its way",
	.explored = "once the server has registered",
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * One of two threads of the server exits. Its entries go with it at the latest
 * when the ring does; the connection stays, and so do the other thread's entries.
 */
#include <errno.h>

#include "scenario/scenario.h"

static struct call *calls[2];

static void play(struct world *w)
{
	struct actor *leaves = server_thread(w, "server-a");
	struct actor *stays = server_thread(w, "server-b");

	server_registers(leaves, 0, 0);
	server_registers(stays, 0, 1);
	server_serves(stays);
	actor_exits(leaves);
	calls[0] = client_getattr(client_new(w, "client-a", 0), 2);
	calls[1] = client_getattr(client_new(w, "client-b", 0), 3);
}

/* A request that was meant for the exited thread is cancelled with its task work. */
static void check(struct world *w)
{
	for (unsigned int i = 0; i < 2; i++)
		expect(w, calls[i]->done &&
				  (calls[i]->ret == 0 || calls[i]->ret == -ECANCELED));
}

const struct scenario scenario_exit_one_thread = {
	.name = "exit-one-thread",
	.summary = "one of two server threads exits, the connection goes on",
	.config = { .entries = 2 },
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bad day: two threads serve one queue, a client is killed, one thread exits,
 * another registers one more entry, and somebody aborts the connection - all at
 * once. Nothing is promised but this: every call ends, once, and nothing is left.
 */
#include "scenario/scenario.h"

#define CALLS 2

static struct call *calls[CALLS];

static void job_kill(struct actor *killer, void *victim)
{
	(void)killer;
	kill_task(victim);
}

static void play(struct world *w)
{
	struct actor *leaves = server_thread(w, "server-a");
	struct actor *stays = server_thread(w, "server-b");
	struct actor *victim = client_new(w, "victim", 0);
	struct actor *killer = client_new(w, "killer", 0);

	server_sets_up(stays, 0);
	server_serves(stays);
	world_story_begins(w);

	server_registers(leaves, 0, 2);
	server_serves_n(leaves, 1);
	actor_exits(leaves);

	calls[0] = client_read(victim, 2, 0, 4096);
	calls[1] = client_read_bg(client_new(w, "readahead", 0), 5, 0, 4096);
	actor_does(killer, job_kill, victim);
	client_aborts_connection(client_new(w, "admin", 0));
}

static void check(struct world *w)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		/* the killed client may be gone before it called */
		expect(w, calls[i]->done || i == 0);
		expect(w, calls[i]->times_ended <= 1);
	}
}

const struct scenario scenario_bad_day = {
	.name = "bad-day",
	.summary = "a kill, an exit, a late REGISTER and an abort at once: all calls end",
	.explored = "once server-b has registered",
	.config = { .entries = 2, .buffers = 1, .payload = PAYLOAD_PER_ENTRY },
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bad day: two threads serve one queue, a client is killed, one thread exits,
 * another registers one more entry, and the connection is aborted - all at
 * once. Nothing is promised but this: every call ends, once, and nothing is left.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[4];
static PER_PLAY unsigned int nr_calls;

static void job_kill(struct actor *killer, void *victim)
{
	(void)killer;
	kill_task(victim);
}

/* without calls yet; Return: the client that will be killed */
static struct actor *everything_at_once(struct world *w)
{
	struct actor *leaves = server_thread(w, "server-a");
	struct actor *stays = server_thread(w, "server-b");
	struct actor *victim = client_new(w, "victim", 0);
	struct actor *killer = client_new(w, "killer", 0);

	server_sets_up(stays, 0);
	server_serves(stays);
	world_is_set_up(w);

	server_registers(leaves, 0, fuse_config(w)->entries);
	server_serves_n(leaves, 1);
	actor_exits(leaves);
	actor_does(killer, job_kill, victim);
	client_aborts_connection(client_new(w, "admin", 0));
	return victim;
}

static void play(struct world *w)
{
	nr_calls = 4;
	calls[0] = client_read(everything_at_once(w), 2, 0, 4096);
	calls[1] = client_getattr(client_new(w, "stat", 0), 3);
	calls[2] = client_write_bg(client_new(w, "writeback", 0), 4, 0, 4096);
	calls[3] = client_read_bg(client_new(w, "readahead", 0), 5, 0, 4096);
}

static void play_small(struct world *w)
{
	nr_calls = 1;
	calls[0] = client_read(everything_at_once(w), 2, 0, 4096);
}

static void check(struct world *w)
{
	for (unsigned int i = 0; i < nr_calls; i++) {
		/* the killed client may be gone before it called */
		expect(w, calls[i]->done || i == 0);
		expect(w, calls[i]->times_ended <= 1);
	}
}

static const struct scenario small = {
	.name = "bad-day",
	.summary = "a kill, an exit, a late REGISTER and an abort at once: the call ends",
	.explored = "the victim's call alone, once server-b has registered",
	.config = FUSE_CONFIG(.payload = PAYLOAD_PER_ENTRY),
	.play = play_small,
	.check = check,
};

const struct scenario scenario_bad_day = {
	.name = "bad-day",
	.summary = "a kill, an exit, a late REGISTER and an abort at once: all calls end",
	.small = &small,
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_PER_ENTRY),
	.play = play,
	.check = check,
};

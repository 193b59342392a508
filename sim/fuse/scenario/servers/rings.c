// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings that several threads or processes use, and servers that come and go.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[2];
static PER_PLAY struct submit *again, *polls[2];

/* ---- one ring, two queues, two threads ---- */

static void play_shared(struct world *w)
{
	struct actor *a = server_thread(w, "server-0");
	struct actor *b = server_thread(w, "server-1");

	server_uses_ring_of(b, a);
	server_sets_up(a, 0);
	server_sets_up(b, 1);
	world_is_set_up(w);

	server_serves(a);
	server_serves(b);
	calls[0] = client_getattr(client_new(w, "client-0", 0), 2);
	calls[1] = client_read(client_new(w, "client-1", 1), 3, 0, 5000);
}

static void check_shared(struct world *w)
{
	expect_eq(w, calls[0]->ret, 0);
	expect(w, call_has_file_data(calls[1]));
}

const struct scenario scenario_shared_ring = {
	.name = "shared-ring",
	.summary = "two threads of the server use one ring for two queues",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.cpus = 2),
	.play = play_shared,
	.check = check_shared,
};

/* ---- a server whose process is killed, and a child that has its ring ---- */

static PER_PLAY struct actor *parent, *child;

static void job_kill(struct actor *a, void *arg)
{
	(void)arg;
	server_dies(world_of(a));
}

static void play_fork(struct world *w)
{
	parent = server_thread(w, "server-0");
	child = server_thread(w, "child");
	server_is_forked(child);
	server_uses_ring_of(child, parent);
	server_sets_up(parent, 0);
	world_is_set_up(w);

	server_forks_off(parent, child);
	server_serves(parent);
	server_serves(child);
	calls[0] = client_getattr(client_new(w, "client", 0), 2);
	actor_does(client_new(w, "killer", 0), job_kill, NULL);
}

/* the child closes the ring in the end: then at the latest the call ends */
static void check_fork(struct world *w)
{
	expect(w, !calls[0]->done || calls[0]->ret <= 0);
}

const struct scenario scenario_fork_server = {
	.name = "fork-server",
	.summary = "a server is killed whose child has its ring and /dev/fuse",
	.explored = "once the server has registered",
	.play = play_fork,
	.check = check_fork,
};

/* ---- a child that registers for itself, and a parent that leaves ---- */

static void play_hand_over(struct world *w)
{
	parent = server_thread(w, "server-0");
	child = server_thread(w, "child");
	server_is_forked(child);
	server_registers(parent, 0, 0)->needed = true;
	world_is_set_up(w);

	server_forks_off(parent, child);
	actor_exits(parent);
	actor_exits(server_main(w));
	server_registers(child, 0, 1);
	server_serves(child);
	calls[0] = client_getattr(client_new(w, "client", 0), 2);
}

/* what the parent's ring had is lost, if it had it; finding 1: or it waits */
static void check_hand_over(struct world *w)
{
	expect(w, !calls[0]->done || calls[0]->ret == 0 || calls[0]->ret == -ECANCELED);
}

const struct scenario scenario_hand_over = {
	.name = "hand-over",
	.summary = "a server forks, its child registers, the parent leaves",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play_hand_over,
	.check = check_hand_over,
};

/* ---- the same entry with another ring; what the first one had is lost ---- */

static PER_PLAY struct actor *next;

static void job_next_registers(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	again = server_registers(next, 0, 0);
	server_serves(next);
}

static void play_again(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *c;

	again = NULL;
	next = server_thread(w, "server-1");
	server_sets_up(server, 0);
	world_is_set_up(w);

	c = client_new(w, "client", 0);
	server_serves_n(server, 1);
	server_closes_ring(server);
	actor_does(server, job_next_registers, NULL);
	calls[0] = client_getattr(c, 2);
	calls[1] = client_getattr(c, 3);
}

static void check_again(struct world *w)
{
	expect(w, calls[0]->done);
	expect_eq(w, calls[0]->ret, 0);
	expect(w, again);
	expect(w, !calls[1]->done || calls[1]->ret == 0 || calls[1]->ret == -ECANCELED);
}

const struct scenario scenario_register_again = {
	.name = "register-again",
	.summary = "a thread of the server closes its ring, another registers the same "
		   "entry",
	.explored = "once the server has registered",
	.play = play_again,
	.check = check_again,
};

/* ---- a descriptor too many ---- */

static void play_kept(struct world *w)
{
	struct actor *a = server_thread(w, "server-0");
	struct actor *b = server_thread(w, "server-1");

	server_registers(a, 0, 0)->needed = true;
	server_registers(b, 0, 1)->needed = true;
	server_dups_ring(a);
	world_is_set_up(w);

	server_closes_ring(a);
	server_closes_ring_fd(b);
	client_aborts_connection(client_new(w, "admin", 0));
	calls[0] = client_getattr(client_new(w, "client", 0), 2);
}

static void check_kept(struct world *w)
{
	expect(w, calls[0]->done);
	expect(w, calls[0]->ret < 0);
}

const struct scenario scenario_kept_rings = {
	.name = "kept-rings",
	.summary = "rings are closed and stay: one has a descriptor left, one is mapped",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play_kept,
	.check = check_kept,
};

/* ---- a ring that waits for something else, too ---- */

static void play_event(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *other = server_thread(w, "server-1");

	server_sets_up(server, 0);
	world_is_set_up(w);

	polls[0] = server_polls_event(server);
	server_serves_n(server, 1);
	polls[1] = server_polls_event(server);
	server_serves(server);
	server_signals_event(other, server);
	server_signals_event(other, server);
	calls[0] = client_getattr(client_new(w, "client", 0), 2);
}

static void check_event(struct world *w)
{
	expect_eq(w, calls[0]->ret, 0);
	expect_eq(w, polls[0]->res, 1);
}

const struct scenario scenario_poll_event = {
	.name = "poll-event",
	.summary = "a thread of the server waits for requests and for an event",
	.explored = "once the server has registered",
	.play = play_event,
	.check = check_event,
};

/* ---- a ring whose file is registered ---- */

static void play_fixed_file(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	world_is_set_up(w);

	server_serves(server);
	server_closes_dev(server_main(w));
	calls[0] = client_getattr(client_new(w, "client-0", 0), 2);
	calls[1] = client_getattr(client_new(w, "client-1", 0), 3);
}

/* the table holds /dev/fuse: nothing ends before the ring is freed */
static void check_fixed_file(struct world *w)
{
	expect_eq(w, calls[0]->ret, 0);
	expect_eq(w, calls[1]->ret, 0);
}

const struct scenario scenario_fixed_file = {
	.name = "fixed-file",
	.summary =
		"the ring's table of files holds /dev/fuse when its descriptor is closed",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.ring_flags = WORLD_RING_FIXED_FILE),
	.play = play_fixed_file,
	.check = check_fixed_file,
};

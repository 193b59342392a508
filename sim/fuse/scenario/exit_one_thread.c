// SPDX-License-Identifier: GPL-2.0-only
/*
 * One of two threads of the server exits; its io_uring instance stays open as long
 * as the process lives. What is assigned to its entries from then on is cancelled,
 * what the kernel still put into its completion queue is lost to the server, and
 * everything else is served by the other thread.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

#define CALLS 2

static PER_PLAY struct call *calls[CALLS];

static void play(struct world *w)
{
	struct actor *leaves = server_thread(w, "server-a");
	struct actor *stays = server_thread(w, "server-b");

	server_registers(leaves, 0, 0);
	world_is_set_up(w);

	server_registers(stays, 0, 1);
	server_serves(stays);
	server_drains(leaves);
	actor_exits(leaves);
	calls[0] = client_getattr(client_new(w, "client-a", 0), 2);
	calls[1] = client_getattr(client_new(w, "client-b", 0), 3);
}

/* requests that wait, and entries that could take them */
static void look(struct world *w, unsigned int *waiting, unsigned int *available)
{
	struct queue_view v;

	*waiting = 0;
	*available = fuse_entries_in(w, 0, ENT_AVAILABLE);
	if (fuse_queue(w, 0, &v))
		*waiting = v.waiting;
}

static void check(struct world *w)
{
	unsigned int lost = 0, waiting = 0, available = 0;

	for (unsigned int i = 0; i < CALLS; i++) {
		expect(w, !calls[i]->done || calls[i]->ret == 0 ||
				  calls[i]->ret == -ECANCELED);
		lost += !calls[i]->done;
	}
	look(w, &waiting, &available);
	expect_inside(w, !waiting || !available);
	/* what waits is the request of a call */
	expect_inside(w, waiting <= lost);
	/* requests that the exited thread had, and no others */
	expect_inside_eq(w, lost - waiting, fuse_entries_in(w, 0, ENT_USERSPACE));
}

const struct scenario scenario_exit_one_thread = {
	.name = "exit-one-thread",
	.summary = "one of two server threads exits, the connection goes on",
	.explored = "once server-a has registered",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play,
	.check = check,
};

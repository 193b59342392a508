// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server gives back the memory of its header slot before it answers: the
 * client gets an error, and the call of the server does what it can.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *read_call;

static void job_unmap(struct actor *server, void *delivery)
{
	const struct delivery *d = delivery;

	if (d->arrived && !d->cqe_res)
		server_unmaps(world_of(server), d->headers, 1);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct delivery *d;

	server_sets_up(server, 0);
	d = server_takes(server);
	actor_does(server, job_unmap, d);
	server_answers(server, d);
	read_call = client_read(client_new(w, "cat", 0), 2, 0, 4096);
}

static void check(struct world *w)
{
	expect(w, read_call->done);
	expect_eq(w, read_call->ret, -EFAULT);
}

const struct scenario scenario_unmapped_reply = {
	.name = "unmapped-reply",
	.summary = "the server answers from memory that it has unmapped",
	.play = play,
	.check = check,
};

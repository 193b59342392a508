// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers that come through the other device than their request, twice, and late.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static struct call *calls[2];
static struct dev_read *first, *over_dev;
static struct submit *over_ring, *right, *twice;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct delivery *d;

	server_sets_up(server, 0);
	world_is_set_up(w);

	first = server_reads_dev(server);
	over_ring = server_answers_over_ring(server, first, 0);
	d = server_takes(server);
	over_dev = server_answers_over_dev(server, d, 0);
	right = server_answers(server, d);
	twice = server_answers(server, d);
	client_forget(client_new(w, "client-0", 0), 2, 1);
	calls[0] = client_getattr(client_new(w, "client-1", 0), 3);
}

static void check(struct world *w)
{
	expect_eq(w, over_ring->res, -ENOENT);
	expect_eq(w, over_dev->ret, -ENOENT);
	expect(w, !right->completed);
	expect_eq(w, twice->res, -ENOENT);
	expect_eq(w, calls[0]->ret, 0);
}

const struct scenario scenario_other_way = {
	.name = "other-way",
	.summary = "answers go the other way than their requests came, and come twice",
	.explored = "once the server has registered",
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers that come through the other device than their request, twice, and late.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[2];
static PER_PLAY struct dev_read *first, *over_dev;
static PER_PLAY struct submit *over_ring, *right, *twice;
static PER_PLAY struct actor *server;

static void job_has_read(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	over_ring = server_answers_over_ring(server, first, 0);
}

static void play(struct world *w)
{
	struct actor *client;
	struct delivery *d;

	over_ring = NULL;
	server = server_thread(w, "server-0");
	server_sets_up(server, 0);
	world_is_set_up(w);

	first = server_reads_dev(server_main(w));
	actor_does(server_main(w), job_has_read, NULL);
	d = server_takes(server);
	over_dev = server_answers_over_dev(server, d, 0);
	right = server_answers(server, d);
	twice = server_answers(server, d);
	client = client_new(w, "client", 0);
	calls[0] = client_getattr(client, 3);
	client_forget(client, 2, 1);
}

static void check(struct world *w)
{
	expect(w, over_ring && over_ring->res == -ENOENT);
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

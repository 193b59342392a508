// SPDX-License-Identifier: GPL-2.0-only
/*
 * ADD_QUEUE and ADD_BUFPOOL that are wrong; neither ends io_uring for the connection.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static struct {
	struct submit *early, *beyond, *flags, *unprivileged;
	struct submit *queue, *again;
	struct submit *pool_flags, *reserved, *too_short, *pool, *second;
	struct submit *entry;
} did;
static PER_PLAY struct call *read_call;

static void adds_queues(struct actor *server, struct actor *user)
{
	struct world *w = world_of(server);
	struct reg r;

	add_bufpool_default(w, 0, &r);
	did.early = server_registers_raw(server, &r);
	add_queue_default(w, 1, &r);
	did.beyond = server_registers_raw(server, &r);
	add_queue_default(w, 0, &r);
	r.flags = 2;
	did.flags = server_registers_raw(server, &r);
	r.flags = 1; /* zero copy */
	actor_loses_privileges(user);
	did.unprivileged = server_registers_raw(user, &r);
}

static void adds_pools(struct actor *server)
{
	struct world *w = world_of(server);
	struct reg r, good;

	add_bufpool_default(w, 0, &good);
	r = good;
	r.flags = 1;
	did.pool_flags = server_registers_raw(server, &r);
	r = good;
	r.pool_reserved = 1;
	did.reserved = server_registers_raw(server, &r);
	r = good;
	r.pool_len = 8191;
	did.too_short = server_registers_raw(server, &r);
	did.pool = server_registers_raw(server, &good);
	did.second = server_registers_raw(server, &good);
}

/* The server goes on when the unprivileged thread has been refused. */
static void job_goes_on(struct actor *user, void *server)
{
	(void)user;
	did.queue = server_adds_queue(server, 0);
	did.again = server_adds_queue(server, 0);
	adds_pools(server);
	did.entry = server_registers(server, 0, 0);
	server_serves(server);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *user = server_thread(w, "user");

	adds_queues(server, user);
	actor_does(user, job_goes_on, server);
	read_call = client_read(client_new(w, "cat", 0), 2, 0, 4096);
}

static void check(struct world *w)
{
	expect_eq(w, did.early->res, -EINVAL);
	expect_eq(w, did.beyond->res, -EINVAL);
	expect_eq(w, did.flags->res, -EINVAL);
	expect_eq(w, did.unprivileged->res, -EPERM);
	expect(w, did.queue->completed && did.queue->res == 0);
	expect_eq(w, did.again->res, -EEXIST);
	expect_eq(w, did.pool_flags->res, -EINVAL);
	expect_eq(w, did.reserved->res, -EINVAL);
	expect_eq(w, did.too_short->res, -EINVAL);
	expect(w, did.pool->completed && did.pool->res == 0);
	expect_eq(w, did.second->res, -EINVAL);
	expect(w, !did.entry->completed || did.entry->res == 0);
	expect(w, call_has_file_data(read_call));
}

const struct scenario scenario_pool_refused = {
	.name = "pool-refused",
	.summary = "ADD_QUEUE and ADD_BUFPOOL in all ways that are wrong, then right",
	.needs = FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL),
	.play = play,
	.check = check,
};

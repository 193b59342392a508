// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server can do to the kernel (docs/findings.md, 4 to 6): answer as if to an
 * interrupt; not run task work for a request that an abort is to end; send a REGISTER
 * that is refused, and then one that must not be.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *call;

/* ---- a reply with the mark of an interrupt's ---- */

static void job_answer_as_interrupt(struct actor *t, void *delivery)
{
	struct answer a;

	answer_default(world_of(t), delivery, &a);
	a.unique |= 1;
	server_answers_raw(t, delivery, &a);
}

static void play_interrupt_reply(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	world_is_set_up(w);

	actor_does(server, job_answer_as_interrupt, server_takes(server));
	call = client_getattr(client_new(w, "client", 0), 2);
}

static void check_interrupt_reply(struct world *w)
{
	expect(w, call->done);
}

const struct scenario scenario_interrupt_reply = {
	.name = "interrupt-reply",
	.summary = "the server answers a request as if it were an interrupt",
	.finding = 4,
	.explored = "once the server has registered",
	.play = play_interrupt_reply,
	.check = check_interrupt_reply,
};

/* ---- a request on its way to a thread that is busy elsewhere ---- */

static void play_abort_unfetched(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	world_is_set_up(w);

	call = client_getattr(client_new(w, "client", 0), 2);
	client_aborts_connection(client_new(w, "admin", 0));
}

static void check_abort_unfetched(struct world *w)
{
	expect(w, call->done);
	expect(w, !call->done || call->ret < 0);
}

const struct scenario scenario_abort_unfetched = {
	.name = "abort-unfetched",
	.summary = "abort ends a request whose server does not enter its ring",
	.finding = 5,
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.ring_flags = URING_SETUP_SINGLE_ISSUER |
					    URING_SETUP_DEFER_TASKRUN,
			      .seconds = 10),
	.play = play_abort_unfetched,
	.check = check_abort_unfetched,
};

/* ---- a REGISTER after one that was refused ---- */

static PER_PLAY struct actor *leaves, *client;

static void job_client_asks(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	call = client_getattr(client, 2);
}

static void job_other_leaves(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	server_closes_ring(leaves);
	actor_does(leaves, job_client_asks, NULL);
}

static void play_refused_register(struct world *w)
{
	struct actor *stays = server_thread(w, "server-a");
	struct reg r;

	call = NULL;
	leaves = server_thread(w, "server-b");
	client = client_new(w, "client", 0);
	server_registers(leaves, 0, 0);
	world_is_set_up(w);

	register_default(w, 0, 1, &r);
	r.payload_len -= 4096;
	server_registers_raw(stays, &r);
	server_registers(stays, 0, 1);
	actor_does(stays, job_other_leaves, NULL);
	server_serves(stays);
}

static void check_refused_register(struct world *w)
{
	expect(w, call);
	expect(w, !call || call->done);
	expect(w, !call || !call->done || call->ret == 0 || call->ret == -ECANCELED);
}

const struct scenario scenario_refused_register = {
	.name = "refused-register",
	.summary = "after a REGISTER that was refused a right one counts",
	.finding = 6,
	.explored = "once one of two threads has registered",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play_refused_register,
	.check = check_refused_register,
};

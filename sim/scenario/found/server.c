// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server does to the kernel (docs/findings.md, 4 and 5): it answers as if to an
 * interrupt, and it does not come for a request that an abort is to end.
 */
#include "scenario/scenario.h"
#include "shim/uring.h"

static struct call *call;

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
	world_story_begins(w);

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
	.explored = "once the server has registered",
	.play = play_interrupt_reply,
	.check = check_interrupt_reply,
};

/* ---- a request on its way to a thread that is busy elsewhere ---- */

static void play_abort_unfetched(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	world_story_begins(w);

	call = client_getattr(client_new(w, "client", 0), 2);
	client_aborts_connection(client_new(w, "admin", 0));
}

static void check_abort_unfetched(struct world *w)
{
	expect(w, call->done && call->ret < 0);
}

const struct scenario scenario_abort_unfetched = {
	.name = "abort-unfetched",
	.summary = "abort ends a request whose server does not enter its ring",
	.explored = "once the server has registered",
	.config = { .ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN,
		    .seconds = 10 },
	.play = play_abort_unfetched,
	.check = check_abort_unfetched,
};

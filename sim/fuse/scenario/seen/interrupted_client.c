// SPDX-License-Identifier: GPL-2.0-only
/*
 * A signal for a client whose request the server has: INTERRUPT comes through
 * /dev/fuse, and the server answers the request with -EINTR.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"
#include "fuse/abi.h"

static PER_PLAY struct actor *client, *sender, *server;
static PER_PLAY struct delivery *taken;
static PER_PLAY struct dev_read *interrupt;
static PER_PLAY struct submit *reply;
static PER_PLAY struct call *stat_call;
static PER_PLAY struct abi_interrupt_in interrupt_in;

static void job_interrupt(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	interrupt_task(client);
}

static void job_taken(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	actor_does(sender, job_interrupt, NULL);
}

static void job_interrupted(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	__builtin_memcpy(&interrupt_in, interrupt->bytes + sizeof(struct abi_in_header),
			 sizeof(interrupt_in));
	reply = server_answers_error(server, taken, -EINTR);
}

static void play(struct world *w)
{
	client = client_new(w, "client", 0);
	sender = client_new(w, "sender", 0);
	server = server_thread(w, "server-0");
	server_sets_up(server, 0);
	taken = server_takes(server);
	actor_does(server, job_taken, NULL);
	interrupt = server_reads_dev(server_main(w));
	actor_does(server_main(w), job_interrupted, NULL);
	stat_call = client_getattr(client, 2);
}

static void check(struct world *w)
{
	expect(w, taken->arrived);
	expect_eq(w, interrupt->opcode, OP_INTERRUPT);
	expect_eq(w, interrupt_in.unique, taken->unique);
	expect_eq(w, interrupt->unique, taken->unique | 1);
	expect(w, reply && !reply->completed);
	expect_eq(w, stat_call->times_ended, 1);
	expect_eq(w, stat_call->ret, -EINTR);
}

const struct scenario scenario_interrupted_client = {
	.name = "interrupted-client",
	.summary = "a signal reaches a client whose request the server has",
	.play = play,
	.check = check,
};

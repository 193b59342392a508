// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for a shared buffer in vain (docs/findings.md, 2 and 3): for one that a
 * cancelled request gives back, and behind a request that waits for one.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[2];

/* ---- the buffer of a request that was cancelled ---- */

static void play_cancelled(struct world *w)
{
	struct actor *stays = server_thread(w, "server-a");
	struct actor *leaves = server_thread(w, "server-b");

	actor_ring_flags(leaves, URING_SETUP_SQE128 | URING_SETUP_SINGLE_ISSUER |
					 URING_SETUP_DEFER_TASKRUN);
	if (fuse_config(w)->payload == PAYLOAD_BUFPOOL) {
		server_adds_queue(stays, 0);
		server_adds_bufpool(stays, 0);
	}
	server_registers(stays, 0, 0);
	server_registers(leaves, 0, 1);
	world_is_set_up(w);

	server_serves(stays);
	server_closes_ring(leaves);
	calls[0] = client_getattr(client_new(w, "client-a", 0), 2);
	calls[1] = client_getattr(client_new(w, "client-b", 0), 3);
}

static void check_cancelled(struct world *w)
{
	for (unsigned int i = 0; i < 2; i++) {
		expect(w, calls[i]->done);
		expect(w, !calls[i]->done || calls[i]->ret == 0 ||
				  calls[i]->ret == -ECANCELED);
	}
}

const struct scenario scenario_cancelled_buffer = {
	.name = "cancelled-buffer",
	.summary = "a request that waits for the buffer of a cancelled request gets it",
	.finding = 2,
	.explored = "once both threads of the server have registered",
	.needs = FUSE_CAN_SHARED,
	.config = FUSE_CONFIG(.entries = 2, .buffers = 1, .payload = PAYLOAD_SHARED),
	.play = play_cancelled,
	.check = check_cancelled,
};

/* ---- behind a request that waits for a buffer ---- */

static void play_behind(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct delivery *took;

	server_sets_up(server, 0);
	server_takes(server); /* and keeps it, with the buffer */
	took = server_takes(server);
	client_getattr(client_new(w, "keeps-buffer", 0), 2);
	client_fsync(client_new(w, "keeps-entry", 0), 3);
	world_is_set_up(w);

	server_answers(server, took);
	server_serves(server);
	calls[0] = client_getattr(client_new(w, "needs-buffer", 0), 4);
	calls[1] = client_fsync(client_new(w, "needs-none", 0), 5);
}

static void check_behind(struct world *w)
{
	expect(w, calls[0]->started && !calls[0]->done);
	expect(w, calls[1]->done);
	expect(w, !calls[1]->done || calls[1]->ret == 0);
}

const struct scenario scenario_behind_a_buffer = {
	.name = "behind-a-buffer",
	.summary = "a request that needs no buffer does not wait behind one that does",
	.finding = 3,
	.explored = "once the server keeps the only buffer, and two entries",
	.needs = FUSE_CAN_SHARED,
	.config = FUSE_CONFIG(.entries = 2, .buffers = 1, .payload = PAYLOAD_SHARED),
	.play = play_behind,
	.check = check_behind,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of zero-copied requests, reached in the ways that servers have, in time and late.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[2];
static PER_PLAY struct submit *copy;

static struct actor *start(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	world_is_set_up(w);
	return server;
}

/* ---- READ_FIXED, then COMMIT_AND_FETCH ---- */

static void play_linked(struct world *w)
{
	struct actor *server = start(w), *client = client_new(w, "client", 0);

	server_answers_linked(server, server_takes(server), COPY_AT_ONCE);
	server_answers_linked(server, server_takes(server), COPY_BY_DEVICE);
	calls[0] = client_read(client, 2, 0, 4096);
	calls[1] = client_read(client, 3, 4096, 4096);
}

static void check_linked(struct world *w)
{
	expect(w, call_has_file_data(calls[0]));
	expect(w, call_has_file_data(calls[1]));
}

const struct scenario scenario_linked_commit = {
	.name = "linked-commit",
	.summary = "the answer to a zero-copied READ is linked behind its READ_FIXED",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL, .zero_copy = true),
	.play = play_linked,
	.check = check_linked,
};

/* ---- a link beside an abort ---- */

static void play_linked_abort(struct world *w)
{
	struct actor *server = start(w);

	server_answers_linked(server, server_takes(server), COPY_BY_DEVICE);
	calls[0] = client_read(client_new(w, "client", 0), 2, 0, 4096);
	client_aborts_connection(client_new(w, "admin", 0));
}

static void check_ended(struct world *w)
{
	expect(w, calls[0]->done);
}

const struct scenario scenario_linked_abort = {
	.name = "linked-abort",
	.summary = "the connection is aborted while an answer waits for its READ_FIXED",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL, .zero_copy = true),
	.play = play_linked_abort,
	.check = check_ended,
};

/* ---- taken, aborted, then used ---- */

static void play_late(struct world *w)
{
	struct actor *server = start(w);
	struct delivery *d = server_takes(server);

	copy = server_copies(server, d, COPY_BY_DEVICE);
	server_answers(server, d);
	server_copies(server, d, COPY_AT_ONCE);
	calls[0] = client_read(client_new(w, "client", 0), 2, 0, 4096);
	client_aborts_connection(client_new(w, "admin", 0));
}

const struct scenario scenario_late_copy = {
	.name = "late-copy",
	.summary = "pages of a zero-copied READ are filled after an abort or an answer",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL, .zero_copy = true),
	.play = play_late,
	.check = check_ended,
};

/* ---- a clone of the table ---- */

static void play_cloned(struct world *w)
{
	struct actor *server = start(w);
	struct actor *other = server_thread(w, "server-1");

	server_clones_buffers(other, server);
	server_serves(server);
	calls[0] = client_read(client_new(w, "client", 0), 2, 0, 4096);
}

static void check_cloned(struct world *w)
{
	expect(w, call_has_file_data(calls[0]));
}

const struct scenario scenario_cloned_buffers = {
	.name = "cloned-buffers",
	.summary = "another ring gets a clone of the table with a client's pages",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL, .zero_copy = true),
	.play = play_cloned,
	.check = check_cloned,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers with a pool: two threads on one queue, a thread that exits with a request on
 * its way and no abort behind it, commits that name the wrong buffer.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[3];
static PER_PLAY struct submit *commits[3];
static PER_PLAY struct actor *second;

/* a queue is there before a second thread registers for it */
static void job_second_registers(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
	server_registers(second, 0, 1)->needed = true;
}

/* ---- two threads, one queue, one buffer ---- */

static void play_two(struct world *w)
{
	struct actor *a = server_thread(w, "server-a");
	struct actor *b = server_thread(w, "server-b");

	server_adds_queue(a, 0)->needed = true;
	server_adds_bufpool(a, 0)->needed = true;
	server_registers(a, 0, 0)->needed = true;
	second = b;
	actor_does(a, job_second_registers, NULL);
	world_is_set_up(w);

	server_serves(a);
	server_serves(b);
	calls[0] = client_read(client_new(w, "client-0", 0), 2, 0, 4096);
	calls[1] = client_read(client_new(w, "client-1", 0), 3, 0, 4096);
}

static void check_two(struct world *w)
{
	expect(w, call_has_file_data(calls[0]));
	expect(w, call_has_file_data(calls[1]));
}

const struct scenario scenario_pool_two_threads = {
	.name = "pool-two-threads",
	.summary = "two threads of the server share a queue and its only buffer",
	.explored = "once both have registered",
	.needs = FUSE_CAN_BUFPOOL,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL, .entries = 2, .buffers = 1),
	.play = play_two,
	.check = check_two,
};

/* ---- a request on its way to a thread that exits ---- */

static void play_cancelled(struct world *w)
{
	struct actor *leaves = server_thread(w, "server-a");
	struct actor *stays = server_thread(w, "server-b");

	server_adds_queue(leaves, 0)->needed = true;
	server_adds_bufpool(leaves, 0)->needed = true;
	server_registers(leaves, 0, 0)->needed = true;
	second = stays;
	actor_does(leaves, job_second_registers, NULL);
	world_is_set_up(w);

	actor_exits(leaves);
	server_serves(stays);
	calls[0] = client_read(client_new(w, "client-0", 0), 2, 0, 4096);
	calls[1] = client_getattr(client_new(w, "client-1", 0), 3);
}

/* the ring of the thread that left is still open: what it has, it has */
static void check_cancelled(struct world *w)
{
	for (unsigned int i = 0; i < 2; i++)
		expect(w, !calls[i]->done || calls[i]->ret >= 0 ||
				  calls[i]->ret == -ECANCELED);
}

const struct scenario scenario_cancelled_with_pool = {
	.name = "cancelled-with-pool",
	.summary = "a thread exits with a request on its way; another one goes on",
	.explored = "once both have registered",
	.needs = FUSE_CAN_BUFPOOL,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL, .entries = 2, .buffers = 2),
	.play = play_cancelled,
	.check = check_cancelled,
};

/* ---- ... and the time-out behind it ---- */

static void play_cancelled_timeout(struct world *w)
{
	struct actor *leaves = server_thread(w, "server-a");
	struct actor *stays = server_thread(w, "server-b");

	server_registers(leaves, 0, 0)->needed = true;
	second = stays;
	actor_does(leaves, job_second_registers, NULL);
	world_is_set_up(w);

	actor_exits(leaves);
	actor_sleeps(stays, 5);
	server_serves(stays);
	calls[0] = client_getattr(client_new(w, "client-0", 0), 2);
}

static void check_cancelled_timeout(struct world *w)
{
	expect(w, calls[0]->done);
}

const struct scenario scenario_cancelled_timeout = {
	.name = "cancelled-timeout",
	.summary = "a thread exits with a request on its way; the time-out comes",
	.explored = "once both have registered",
	.config = FUSE_CONFIG(.entries = 2, .request_timeout = 20),
	.needs = FUSE_CAN_TIMEOUT,
	.play = play_cancelled_timeout,
	.check = check_cancelled_timeout,
};

/* ---- the index of a fixed pool ---- */

static void job_refused(struct actor *t, void *arg)
{
	struct delivery *d = arg;
	struct answer a, right;

	if (!d->arrived || d->cqe_res)
		return;
	/* once: the answer is written over what it was made from */
	answer_default(world_of(t), d, &right);
	a = right;
	a.uring_cmd_flags = 0;
	commits[0] = server_answers_raw(t, d, &a);
	a = right;
	a.buf_index++;
	commits[1] = server_answers_raw(t, d, &a);
	commits[2] = server_answers_raw(t, d, &right);
}

static void play_refused(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct delivery *d;

	server_sets_up(server, 0);
	world_is_set_up(w);

	for (unsigned int i = 0; i < 3; i++)
		commits[i] = NULL;
	d = server_takes(server);
	actor_does(server, job_refused, d);
	calls[0] = client_read(client_new(w, "client", 0), 2, 0, 4096);
}

static void check_refused(struct world *w)
{
	expect(w, commits[0] && commits[0]->res == -EINVAL);
	expect(w, commits[1] && commits[1]->res == -EINVAL);
	expect(w, commits[2] && !commits[2]->completed);
	expect(w, call_has_file_data(calls[0]));
}

const struct scenario scenario_fixed_pool_refused = {
	.name = "fixed-pool-refused",
	.summary = "commits on a registered pool without FIXED, and with another index",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_BUFPOOL,
	.config = FUSE_CONFIG(.payload = PAYLOAD_BUFPOOL_FIXED),
	.play = play_refused,
	.check = check_refused,
};

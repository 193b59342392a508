// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two CPUs, two queues, two threads of the server, two clients.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[4];
static PER_PLAY unsigned int nr_calls;

/* both queues are ready; Return: the first call's client */
static struct actor *two_servers(struct world *w)
{
	static const char *const names[] = { "server-0", "server-1" };
	for (unsigned int qid = 0; qid < 2; qid++) {
		struct actor *server = server_thread(w, names[qid]);

		server_sets_up(server, qid);
		server_serves(server);
	}
	world_is_set_up(w);
	return client_new(w, "client-0", 0);
}

static void play(struct world *w)
{
	struct actor *a = two_servers(w), *b;

	nr_calls = 4;
	b = client_new(w, "client-1", 1);
	calls[2] = client_getattr(a, 2);
	calls[0] = client_read(a, 2, 0, 4096);
	calls[3] = client_getattr(b, 3);
	calls[1] = client_read(b, 3, 0, 4096);
}

static void play_small(struct world *w)
{
	nr_calls = 2;
	calls[0] = client_read(two_servers(w), 2, 0, 4096);
	calls[1] = client_read(client_new(w, "client-1", 1), 3, 0, 4096);
}

static void check(struct world *w)
{
	for (unsigned int i = 0; i < nr_calls; i++)
		expect(w, calls[i]->done && calls[i]->ret >= 0);
	expect(w, call_has_file_data(calls[0]));
	expect(w, call_has_file_data(calls[1]));
}

static const struct scenario small = {
	.name = "two-queues",
	.summary = "two CPUs with a queue, a server thread and a client each",
	.explored = "one call of each client, once both queues are registered",
	.config = FUSE_CONFIG(.cpus = 2),
	.play = play_small,
	.check = check,
};

const struct scenario scenario_two_queues = {
	.name = "two-queues",
	.summary = "two CPUs with a queue, a server thread and a client each",
	.small = &small,
	.config = FUSE_CONFIG(.cpus = 2),
	.play = play,
	.check = check,
};

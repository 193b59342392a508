// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two CPUs, two queues, two threads of the server, two clients.
 */
#include "scenario/scenario.h"

static struct call *calls[4];

static void play(struct world *w)
{
	static const char *const names[] = { "server-0", "server-1" };
	struct actor *a, *b;

	for (unsigned int qid = 0; qid < 2; qid++) {
		struct actor *server = server_thread(w, names[qid]);

		server_sets_up(server, qid);
		server_serves(server);
	}
	world_story_begins(w);

	a = client_new(w, "client-0", 0);
	b = client_new(w, "client-1", 1);
	calls[0] = client_getattr(a, 2);
	calls[1] = client_read(a, 2, 0, 4096);
	calls[2] = client_getattr(b, 3);
	calls[3] = client_read(b, 3, 0, 4096);
}

static void check(struct world *w)
{
	for (unsigned int i = 0; i < 4; i++)
		expect(w, calls[i]->done && calls[i]->ret >= 0);
	expect(w, call_has_file_data(calls[1]));
	expect(w, call_has_file_data(calls[3]));
}

const struct scenario scenario_two_queues = {
	.name = "two-queues",
	.summary = "two CPUs with a queue, a server thread and a client each",
	.explored = "once both queues are registered",
	.config = { .cpus = 2 },
	.play = play,
	.check = check,
};

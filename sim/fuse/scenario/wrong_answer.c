// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request cannot be copied to the server, because the memory of the header slot
 * is gone; and the server answers one that it never got, by its number.
 */
#include <errno.h>
#include <string.h>

#include "fuse/scenario/scenario.h"

#define STEP 2 /* between the numbers of two requests */

static PER_PLAY struct call *first, *second;
static PER_PLAY struct delivery *taken;
static PER_PLAY struct submit *guess;

static void job_unmap(struct actor *server, void *client)
{
	if (taken->arrived && !taken->cqe_res)
		server_unmaps(world_of(server), taken->headers, 1);
	second = client_getattr(client, 3);
}

/* through another entry, whose slot is still there */
static void job_guess(struct actor *server, void *arg)
{
	struct answer a;

	(void)arg;
	if (!taken->arrived || taken->cqe_res)
		return;
	answer_default(world_of(server), taken, &a);
	a.commit_id += STEP;
	a.unique += STEP;
	guess = server_answers_raw(server, taken, &a);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *client = client_new(w, "stat", 0);

	guess = NULL;
	second = NULL;
	server_sets_up(server, 0);
	taken = server_takes(server);
	actor_does(server, job_unmap, client);
	server_answers(server, taken);
	actor_does(server_thread(w, "server-1"), job_guess, NULL);
	first = client_getattr(client, 2);
}

static void check(struct world *w)
{
	expect(w, first->done);
	expect(w, second && second->done);
	if (second)
		expect_eq(w, second->ret, -EFAULT);
}

const struct scenario scenario_wrong_answer = {
	.name = "wrong-answer",
	.summary = "a request that cannot be sent is answered all the same",
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies that are wrong: the client sees an error, and the entry fetches its next
 * request all the same.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static void another_unique(struct answer *a)
{
	a->unique += 2;
}

static void no_unique(struct answer *a)
{
	a->unique = 0;
}

static void positive_error(struct answer *a)
{
	a->error = 1;
}

static void error_512(struct answer *a)
{
	a->error = -512;
}

static void error_511(struct answer *a)
{
	a->error = -511;
}

static void one_byte_more(struct answer *a)
{
	a->payload_sz++;
}

static void one_byte_less(struct answer *a)
{
	a->payload_sz--;
}

static void good(struct answer *a)
{
	(void)a;
}

/* in the order in which they are given */
enum { ANOTHER, NONE, POSITIVE, MINUS_512, MINUS_511, MORE, LESS, GOOD, REPLIES };

static void (*const spoil[REPLIES])(struct answer *a) = {
	[ANOTHER] = another_unique, [NONE] = no_unique,	     [POSITIVE] = positive_error,
	[MINUS_512] = error_512,    [MINUS_511] = error_511, [MORE] = one_byte_more,
	[LESS] = one_byte_less,	    [GOOD] = good,
};

static PER_PLAY struct call *calls[REPLIES];
static PER_PLAY struct delivery *taken[REPLIES];
static PER_PLAY struct submit *replies[REPLIES];

static void job_reply(struct actor *t, void *arg)
{
	uintptr_t i = (uintptr_t)arg;
	struct answer a;

	answer_default(world_of(t), taken[i], &a);
	spoil[i](&a);
	replies[i] = server_answers_raw(t, taken[i], &a);
	if (i + 1 == REPLIES)
		return;
	taken[i + 1] = server_takes(t);
	actor_does(t, job_reply, (void *)(i + 1));
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *client = client_new(w, "stat", 0);

	server_sets_up(server, 0);
	taken[0] = server_takes(server);
	actor_does(server, job_reply, NULL);
	for (unsigned int i = 0; i < REPLIES; i++)
		calls[i] = client_getattr(client, 2);
}

static void check(struct world *w)
{
	expect_eq(w, calls[ANOTHER]->ret, -ENOENT);
	expect_eq(w, calls[NONE]->ret, -EINVAL);
	expect_eq(w, calls[POSITIVE]->ret, -EINVAL);
	expect_eq(w, calls[MINUS_512]->ret, -EINVAL);
	expect_eq(w, calls[MINUS_511]->ret, -511);
	expect_eq(w, calls[MORE]->ret, -EINVAL);
	expect_eq(w, calls[LESS]->ret, -EINVAL);
	expect_eq(w, calls[GOOD]->ret, 0);
	for (unsigned int i = 0; i < REPLIES; i++) {
		expect_eq(w, calls[i]->times_ended, 1);
		expect(w, !replies[i]->completed || replies[i]->res == 0);
	}
}

const struct scenario scenario_reply_refused = {
	.name = "reply-refused",
	.summary = "replies that are wrong: the client sees an error, the ring goes on",
	.play = play,
	.check = check,
};

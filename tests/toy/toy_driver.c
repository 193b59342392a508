// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for the toy device, and a program that has it: two clients ask, a thread of the
 * server has parked a FETCH for each of them.
 */
#include <string.h>

#include "command/command.h"
#include "detect/report.h"
#include "shim/file.h"
#include "sim_toy.h"
#include "world/world_i.h"

#define ASKS 2

/* struct toy_call - an ioctl of a client */
struct toy_call {
	const char *client;
	long ret;
	bool started, done;
};

static struct {
	struct command fetches[ASKS], commit[ASKS];
	struct toy_call calls[ASKS];
	int fd;
} toy;

/* ---- jobs ---- */

static void job_open(struct actor *t, void *arg)
{
	const struct shim_file_ops *ops = t->w->subject->driver->ops;

	(void)arg;
	shim_syscall_enter("open /dev/toy");
	shim_file_open(ops, 2 /* O_RDWR */, &toy.fd);
	shim_syscall_exit(toy.fd);
}

static void submit(struct actor *t, struct command *c, unsigned int op,
		   const struct toy_commit *commit)
{
	struct uring_sqe *sqe;

	*c = (struct command){ .actor = t, .cmd_op = op, .parks = op == TOY_FETCH };
	sqe = ring_sqe(t, c, toy.fd);
	if (commit)
		memcpy(sqe->cmd, commit, sizeof(*commit));
	ring_submit_one(t, c);
}

static void job_fetch(struct actor *t, void *arg)
{
	submit(t, arg, TOY_FETCH, NULL);
}

/* Answer the question of each FETCH with ten times its number. */
static void job_serve(struct actor *t, void *arg)
{
	struct toy_commit commit;

	(void)arg;
	for (unsigned int i = 0; i < ASKS; i++) {
		struct command *c;

		while (!(c = ring_pop_ready(t)))
			if (actor_leaves(t) || ring_wait(t, 0) < 0)
				return;
		commit.question = (unsigned int)c->res;
		commit.answer = 10 * commit.question;
		submit(t, &toy.commit[i], TOY_COMMIT, &commit);
	}
}

static void job_ask(struct actor *a, void *arg)
{
	struct file *file = shim_fget_of(a->w->main->task, toy.fd);
	struct toy_call *c = arg;

	c->started = true;
	shim_syscall_enter("ioctl");
	c->ret = shim_file_ops(file)->ioctl(file, TOY_ASK, 1);
	shim_syscall_exit(c->ret);
	shim_fput(file);
	c->done = true;
}

/* ---- the scenario ---- */

static void play(struct world *w)
{
	static const char *const names[ASKS] = { "client-a", "client-b" };
	struct actor *server = server_thread(w, "server-0");

	for (unsigned int i = 0; i < ASKS; i++)
		actor_does(server, job_fetch, &toy.fetches[i]);
	world_is_set_up(w);
	actor_does(server, job_serve, NULL);
	for (unsigned int i = 0; i < ASKS; i++) {
		toy.calls[i] = (struct toy_call){ .client = names[i] };
		actor_does(actor_new(w, names[i], 0, NULL), job_ask, &toy.calls[i]);
	}
}

static void check(struct world *w)
{
	expect(w, toy.calls[0].ret == 11 || toy.calls[0].ret == 21);
	expect_eq(w, toy.calls[0].ret + toy.calls[1].ret, 11 + 21);
}

static const struct scenario two_ask = {
	.name = "two-ask",
	.summary = "two clients ask at the same time",
	.explored = "once both FETCHes are parked",
	.play = play,
	.check = check,
};
static const struct scenario *const scenarios[] = { &two_ask };

/* ---- the driver ---- */

static bool open_device(struct world *w, const void *config)
{
	(void)config;
	actor_does(w->main, job_open, NULL);
	run_alone(w->main);
	return toy.fd >= 0;
}

static bool close_device(struct world *w)
{
	(void)w; /* the server's exit has closed it */
	return true;
}

static unsigned int lost_calls(struct world *w)
{
	unsigned int lost = 0;

	(void)w;
	for (unsigned int i = 0; i < ASKS; i++) {
		if (!toy.calls[i].started || toy.calls[i].done)
			continue;
		report(REPORT_PROGRESS, NULL, "ioctl by %s never came back", toy.calls[i].client);
		lost++;
	}
	return lost;
}

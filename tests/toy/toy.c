// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for the toy device, and a program that has it.
 */
#include <string.h>

#include "command/command.h"
#include "detect/report.h"
#include "shim/misc.h"
#include "toy/tree/drivers/toy/toy.h"
#include "world/world_i.h"

#define ASKS   2
#define RDWR   2
#define unused __attribute__((unused))

static struct command fetches[ASKS], commits[ASKS];
static struct ask { /* an ioctl of a client */
	const char *client;
	long ret;
	bool started, done;
} asks[ASKS];
static int dev_fd; /* of the server */

static void job_open(struct actor *t unused, void *fd)
{
	shim_syscall_enter("open /dev/toy");
	shim_misc_open("toy", 2 /* O_RDWR */, fd);
	shim_syscall_exit(*(int *)fd);
}

static void submit(struct actor *t, struct command *c, unsigned int op,
		   const struct toy_commit *commit)
{
	struct uring_sqe *sqe;

	*c = (struct command){ .actor = t, .cmd_op = op, .parks = op == TOY_FETCH };
	sqe = ring_sqe(t, c, dev_fd);
	if (commit)
		memcpy(sqe->cmd, commit, sizeof(*commit));
	ring_submit_one(t, c);
}

static void job_fetch(struct actor *t, void *fetch)
{
	submit(t, fetch, TOY_FETCH, NULL);
}

/* Answer each question with ten times its number. */
static void job_serve(struct actor *t, void *arg unused)
{
	struct command *c;

	for (unsigned int i = 0; i < ASKS; i++) {
		while (!(c = ring_pop_ready(t)))
			if (actor_leaves(t) || ring_wait(t, 0) < 0)
				return;
		submit(t, &commits[i], TOY_COMMIT,
		       &(struct toy_commit){ (uint32_t)c->res, 10 * (uint32_t)c->res });
	}
}

static void job_ask(struct actor *a, void *arg)
{
	struct ask *ask = arg;
	struct file *file;
	int fd;

	job_open(a, &fd);
	file = shim_fget(fd);
	ask->started = true;
	shim_syscall_enter("ioctl");
	ask->ret = shim_file_ops(file)->ioctl(file, TOY_ASK, 1);
	shim_fput(file);
	shim_syscall_exit(ask->ret);
	ask->done = true;
	shim_close(fd);
}

/* ---- the scenario ---- */

static void play(struct world *w)
{
	static const char *const names[ASKS] = { "client-a", "client-b" };
	struct actor *server = server_thread(w, "server-0");

	for (unsigned int i = 0; i < ASKS; i++)
		actor_does(server, job_fetch, &fetches[i]);
	world_is_set_up(w);
	actor_does(server, job_serve, NULL);
	for (unsigned int i = 0; i < ASKS; i++) {
		asks[i] = (struct ask){ .client = names[i] };
		actor_does(actor_new(w, names[i], 0, NULL), job_ask, &asks[i]);
	}
}

static void check(struct world *w)
{
	expect_eq(w, asks[0].ret + asks[1].ret, 11 + 21);
}

static const struct scenario two_ask = {
	.name = "two-ask",
	.summary = "two clients ask at the same time",
	.play = play,
	.check = check,
};
static const struct scenario *const scenarios[] = { &two_ask };

/* ---- the driver ---- */

static bool open_device(struct world *w, const void *config unused)
{
	actor_does(w->main, job_open, &dev_fd);
	run_alone(w->main);
	return dev_fd >= 0;
}

static bool close_device(struct world *w unused)
{
	return true; /* the server's exit has closed it */
}

static unsigned int lost_calls(struct world *w unused)
{
	unsigned int lost = 0;

	for (unsigned int i = 0; i < ASKS; i++)
		if (asks[i].started && !asks[i].done && ++lost)
			report(REPORT_PROGRESS, NULL, "ioctl of %s", asks[i].client);
	return lost;
}

static const struct driver toy = {
	.name = "toy",
	.summary = "a device that answers questions",
	.subject = "toy",
	.scenarios = scenarios,
	.nr_scenarios = 1,
	.open = open_device,
	.close = close_device,
	.lost_calls = lost_calls,
};
const struct program_driver program_drivers[] = { { .driver = &toy },
						  { .driver = NULL } };

int main(int argc, char **argv)
{
	return command_main(argc, argv);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications beside requests: a server that stores data in the cache and retrieves it,
 * and one that has requests sent again.
 */
#include <errno.h>

#include "fuse/abi.h"
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *calls[2];
static PER_PLAY struct notice *notices[4];
static PER_PLAY struct dev_read *first, *answer;

/* ---- data for the cache, and back; the reply comes through the ring ---- */

static PER_PLAY struct actor *notifier;

/* its inode is known by now */
static void job_notify(struct actor *a, void *arg)
{
	static const struct notice all[] = {
		{ .code = NOTIFY_STORE, .ino = 2, .offset = 0, .size = 8192 },
		{ .code = NOTIFY_RETRIEVE,
		  .ino = 2,
		  .offset = 4096,
		  .size = 1000,
		  .unique = 1000 },
		{ .code = NOTIFY_INVAL_INODE, .ino = 2, .offset = 0, .size = 4096 },
		{ .code = NOTIFY_STORE, .ino = 2, .offset = 0, .size = 100, .count = 1 },
	};

	(void)a;
	(void)arg;
	for (unsigned int i = 0; i < 4; i++)
		notices[i] = server_notifies(notifier, &all[i]);
}

static void play_store_retrieve(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *c;

	notifier = server_thread(w, "notifier");
	for (unsigned int i = 0; i < 4; i++)
		notices[i] = NULL;
	server_sets_up(server, 0);
	world_is_set_up(w);

	c = client_new(w, "client", 0);
	server_serves(server);
	calls[0] = client_getattr(c, 2);
	actor_does(c, job_notify, NULL);
	calls[1] = client_read(c, 2, 0, 4096);
}

static void check_store_retrieve(struct world *w)
{
	expect_eq(w, calls[0]->ret, 0);
	expect(w, call_has_file_data(calls[1]));
	expect(w, notices[0] && notices[0]->ret > 8192);
	expect(w, notices[1] && notices[1]->ret > 0);
	expect(w, notices[2] && notices[2]->ret > 0);
	expect(w, notices[3] && notices[3]->ret == -EINVAL);
}

const struct scenario scenario_notify_store_retrieve = {
	.name = "notify-store-retrieve",
	.summary = "a server stores data in the cache and retrieves it beside a client",
	.explored = "once the server has registered",
	.needs = FUSE_CAN_NOTIFY,
	.play = play_store_retrieve,
	.check = check_store_retrieve,
};

/* ---- a server that lost what it had read ---- */

static void play_resend(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	first = server_reads_dev(server);
	notices[0] = server_notifies(server, &(struct notice){ .code = NOTIFY_RESEND });
	answer = server_answers_read(server, first, 0);
	server_serves_dev(server);
	calls[0] = client_getattr(client_new(w, "client-a", 0), 2);
	calls[1] = client_getattr(client_new(w, "client-b", 0), 3);
}

/* the number that was read first is not a request's any more */
static void check_resend(struct world *w)
{
	expect_eq(w, notices[0]->ret, (long)sizeof(struct abi_out_header));
	expect_eq(w, answer->ret, -ENOENT);
	expect_eq(w, calls[0]->ret, 0);
	expect_eq(w, calls[1]->ret, 0);
}

const struct scenario scenario_notify_resend = {
	.name = "notify-resend",
	.summary = "a server that serves /dev/fuse has what it read sent again",
	.config = FUSE_CONFIG(.no_io_uring = true),
	.play = play_resend,
	.check = check_resend,
};

/* ---- with signals for the client: its INTERRUPT waits meanwhile, then it is killed ----
 */

static PER_PLAY struct actor *client;

static void job_interrupt(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	interrupt_task(client);
}

static void job_kill(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	kill_task(client);
}

static void play_resend_interrupt(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *signaller;

	client = client_new(w, "client", 0);
	signaller = client_new(w, "signaller", 0);
	first = server_reads_dev(server);
	notices[0] = server_notifies(server, &(struct notice){ .code = NOTIFY_RESEND });
	server_serves_dev(server);
	calls[0] = client_getattr(client, 2);
	actor_does(signaller, job_interrupt, NULL);
	actor_does(signaller, job_kill, NULL);
}

static void check_resend_interrupt(struct world *w)
{
	expect(w, calls[0]->done || !calls[0]->started);
	expect(w, calls[0]->ret == 0 || calls[0]->ret == -EINTR);
}

const struct scenario scenario_resend_interrupt = {
	.name = "resend-interrupt",
	.summary = "a request is sent again while its INTERRUPT waits, and its client is "
		   "killed",
	.config = FUSE_CONFIG(.no_io_uring = true),
	.play = play_resend_interrupt,
	.check = check_resend_interrupt,
};

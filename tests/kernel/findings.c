// SPDX-License-Identifier: GPL-2.0-only
/*
 * What Linux gets wrong, shown on Linux: no schedule is forced, the tasks merely sleep at
 * the right moments.
 */
#define _GNU_SOURCE
#include "findings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "real/real.h"

#define READ_ALL 3 /* SYSLOG_ACTION_READ_ALL */
#define LOG_SIZE (1 << 18)

/* ---- sleeping ---- */

static void job_sleep(struct actor *a, void *arg)
{
	(void)a;
	for (uintptr_t left = (uintptr_t)arg; left; left -= 100) {
		call_begins();
		usleep(100000);
		call_ends_now();
	}
}

/* @ms are a multiple of 100; the thread does not enter its ring meanwhile */
static void sleeps(struct actor *a, uintptr_t ms)
{
	actor_does(a, job_sleep, (void *)ms);
}

/* ---- 1: REGISTER does not look at the waiting list ---- */

static struct actor *server_a, *server_b;
static struct call *first_call, *second_call;
static bool first_was_done;

static void job_close_a(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	server_closes_ring(server_a);
}

static void job_register_b(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	server_registers(server_b, 0, 1);
	server_serves(server_b);
}

static void job_look_at_first(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	first_was_done = first_call->done;
}

static void play_register(struct world *w)
{
	struct actor *client = client_new(w, "client", 0);
	struct actor *later = client_new(w, "later", 0);

	server_a = server_thread(w, "server-a");
	server_b = server_thread(w, "server-b");
	server_registers(server_a, 0, 0);
	actor_does(client, job_close_a, NULL);
	sleeps(client, 300);
	first_call = client_getattr(client, 2);
	sleeps(later, 1000);
	actor_does(later, job_register_b, NULL);
	sleeps(later, 4000);
	actor_does(later, job_look_at_first, NULL);
	second_call = client_getattr(later, 3);
}

static void check_register(struct world *w)
{
	expect(w, first_call->started && !first_was_done);
	expect(w, second_call->done && second_call->ret == 0);
}

static const struct scenario finding_1 = {
	.name = "finding-1-register",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play_register,
	.check = check_register,
};

/* ---- 3: head-of-line blocking by a request that needs a buffer ---- */

static struct delivery *took_read, *took_fsync;
static struct actor *fsync_client, *waiters[2];
static struct call *blocked_read, *blocked_fsync;

static void job_answer_fsync(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	server_answers(server_a, took_fsync);
}

static void job_call_others(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	sleeps(waiters[0], 300);
	blocked_read = client_read(waiters[0], 4, 0, 4096);
	sleeps(waiters[1], 800);
	blocked_fsync = client_fsync(waiters[1], 5);
	sleeps(server_a, 1500);
	actor_does(server_a, job_answer_fsync, NULL);
}

static void job_call_fsync(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	second_call = client_fsync(fsync_client, 3);
	took_fsync = server_takes(server_a);
	actor_does(server_a, job_call_others, NULL);
}

/* So that every client has its files: a call of each that is served at once. */
static void play_head_of_line(struct world *w)
{
	struct actor *reader = client_new(w, "reader", 0);

	server_a = server_thread(w, "server-a");
	fsync_client = client_new(w, "fsync", 0);
	waiters[0] = client_new(w, "waiting-read", 0);
	waiters[1] = client_new(w, "waiting-fsync", 0);
	server_sets_up(server_a, 0);
	client_getattr(fsync_client, 3);
	client_getattr(waiters[0], 4);
	client_getattr(waiters[1], 5);
	server_serves_n(server_a, 3);
	sleeps(reader, 500);
	first_call = client_read(reader, 2, 0, 4096);
	took_read = server_takes(server_a);
	actor_does(server_a, job_call_fsync, NULL);
}

static void check_head_of_line(struct world *w)
{
	expect_eq(w, took_read->opcode, OP_READ);
	expect(w, took_fsync->arrived && second_call->done);
	expect(w, blocked_read->started && !blocked_read->done);
	expect(w, blocked_fsync->started && !blocked_fsync->done);
}

static const struct scenario finding_3 = {
	.name = "finding-3-head-of-line",
	.needs = FUSE_CAN_BUFPOOL,
	.config = FUSE_CONFIG(.entries = 2, .buffers = 1, .payload = PAYLOAD_BUFPOOL),
	.play = play_head_of_line,
	.check = check_head_of_line,
};

/* ---- 4: a reply can trigger a WARN ---- */

static void job_reply_as_interrupt(struct actor *t, void *delivery)
{
	struct answer a;

	answer_default(world_of(t), delivery, &a);
	a.unique |= 1;
	server_answers_raw(t, delivery, &a);
}

static void play_warn(struct world *w)
{
	server_a = server_thread(w, "server-a");
	server_sets_up(server_a, 0);
	actor_does(server_a, job_reply_as_interrupt, server_takes(server_a));
	first_call = client_getattr(client_new(w, "client", 0), 2);
}

static bool kernel_warned_about(const char *function)
{
	char *log = calloc(1, LOG_SIZE + 1), *at = NULL;

	if (log && klogctl(READ_ALL, log, LOG_SIZE) > 0)
		for (at = strstr(log, "WARNING: "); at; at = strstr(at + 1, "WARNING: "))
			if (memmem(at, 400, function, strlen(function)))
				break;
	free(log);
	return at != NULL;
}

static void check_warn(struct world *w)
{
	expect(w, first_call->done);
	expect(w, kernel_warned_about("fuse_uring"));
}

static const struct scenario finding_4 = {
	.name = "finding-4-warn",
	.play = play_warn,
	.check = check_warn,
};

/* ---- 5: abort does not end a request that is on its way ---- */

static void play_abort(struct world *w)
{
	struct actor *admin = client_new(w, "admin", 0);

	server_a = server_thread(w, "server-a");
	actor_ring_flags(server_a, URING_SETUP_SQE128 | URING_SETUP_SINGLE_ISSUER |
					   URING_SETUP_DEFER_TASKRUN);
	server_registers(server_a, 0, 0);
	first_call = client_getattr(client_new(w, "client", 0), 2);
	sleeps(admin, 1000);
	client_aborts_connection(admin);
	sleeps(admin, 4000);
	actor_does(admin, job_look_at_first, NULL);
}

static void check_abort(struct world *w)
{
	expect(w, first_call->started && !first_was_done);
}

static const struct scenario finding_5 = {
	.name = "finding-5-abort",
	.play = play_abort,
	.check = check_abort,
};

/* ---- 6: after one refused REGISTER all others are refused ---- */

static struct submit *refused, *shut_out;

static void play_shut_out(struct world *w)
{
	struct reg bad;

	server_a = server_thread(w, "server-a");
	server_b = server_thread(w, "server-b");
	server_registers(server_a, 0, 0);
	server_serves(server_a);
	sleeps(server_b, 500);
	register_default(w, 0, 1, &bad);
	bad.payload_len = 0;
	refused = server_registers_raw(server_b, &bad);
	shut_out = server_registers(server_b, 0, 1);
	sleeps(server_b, 500);
	first_call = client_getattr(client_new(w, "client", 0), 2);
}

static void check_shut_out(struct world *w)
{
	expect_eq(w, refused->res, -EINVAL);
	expect_eq(w, shut_out->res, -EOPNOTSUPP);
	expect(w, first_call->done && first_call->ret == 0);
}

static const struct scenario finding_6 = {
	.name = "finding-6-shut-out",
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_PER_ENTRY),
	.play = play_shut_out,
	.check = check_shut_out,
};

const struct scenario *const findings[] = { &finding_1, &finding_3, &finding_4,
					    &finding_5, &finding_6 };
const unsigned int findings_nr = sizeof(findings) / sizeof(findings[0]);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that are refused because of the connection or the ring that they come
 * through, or because they are unknown.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct submit *reg_command;
static PER_PLAY struct submit *unknown, *good;
static PER_PLAY struct dev_read *read_there;
static PER_PLAY struct call *stat_call;

static void check_refused(struct world *w, int res)
{
	expect(w, reg_command->completed);
	expect_eq(w, reg_command->cqes, 1);
	expect_eq(w, reg_command->res, res);
}

/* ---- the client is served through /dev/fuse ---- */

static void play_by_dev(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	reg_command = server_registers(server, 0, 0);
	read_there = server_reads_dev(server_main(w));
	server_answers_read(server_main(w), read_there, 0);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check_by_dev(struct world *w)
{
	check_refused(w, -EOPNOTSUPP);
	expect_eq(w, read_there->opcode, 3); /* GETATTR */
	expect_eq(w, read_there->nodeid, 2);
	expect_eq(w, stat_call->ret, 0);
	expect_eq(w, stat_call->attr_size, FILE_SIZE);
}

const struct scenario scenario_not_negotiated = {
	.name = "not-negotiated",
	.summary = "FUSE_INIT did not ask for io_uring: REGISTER is refused",
	.config = FUSE_CONFIG(.no_io_uring = true),
	.play = play_by_dev,
	.check = check_by_dev,
};

const struct scenario scenario_switched_off = {
	.name = "switched-off",
	.summary = "the module parameter is off: REGISTER is refused",
	.config = FUSE_CONFIG(.no_param = true),
	.play = play_by_dev,
	.check = check_by_dev,
};

/* ---- too early, too late ---- */

static void play_early(struct world *w)
{
	reg_command = server_registers(server_thread(w, "server-0"), 0, 0);
}

static void check_early(struct world *w)
{
	check_refused(w, -EAGAIN);
}

const struct scenario scenario_before_init = {
	.name = "before-init",
	.summary = "REGISTER before FUSE_INIT is answered: try again",
	.config = FUSE_CONFIG(.init_unanswered = true),
	.play = play_early,
	.check = check_early,
};

static void job_register(struct actor *admin, void *arg)
{
	(void)admin;
	reg_command = server_registers(arg, 0, 0);
}

static void play_aborted(struct world *w)
{
	struct actor *admin = client_new(w, "admin", 0);

	client_aborts_connection(admin);
	actor_does(admin, job_register, server_thread(w, "server-0"));
}

static void check_aborted(struct world *w)
{
	check_refused(w, -ECONNABORTED);
}

const struct scenario scenario_register_aborted = {
	.name = "register-aborted",
	.summary = "REGISTER on a connection that was aborted",
	.play = play_aborted,
	.check = check_aborted,
};

static void play_unmounted(struct world *w)
{
	struct actor *admin = client_new(w, "admin", 0);

	client_umounts(admin);
	actor_does(admin, job_register, server_thread(w, "server-0"));
}

static void check_unmounted(struct world *w)
{
	check_refused(w, -ENOTCONN);
}

const struct scenario scenario_register_unmounted = {
	.name = "register-unmounted",
	.summary = "REGISTER when the file system is unmounted",
	.play = play_unmounted,
	.check = check_unmounted,
};

/* ---- the ring, the command ---- */

static void play_small_sqes(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *other = server_thread(w, "server-1");

	actor_ring_flags(server, 0);
	reg_command = server_registers(server, 0, 0);
	good = server_registers(other, 0, 0);
	server_serves(other);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check_small_sqes(struct world *w)
{
	check_refused(w, -EINVAL);
	expect(w, !good->completed || good->res == 0);
	expect_eq(w, stat_call->ret, 0);
}

const struct scenario scenario_small_sqes = {
	.name = "small-sqes",
	.summary = "a ring of 64-byte SQEs is refused, another serves",
	.play = play_small_sqes,
	.check = check_small_sqes,
};

static void play_unknown(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct reg r;

	register_default(w, 0, 0, &r);
	r.cmd_op = 99;
	unknown = server_registers_raw(server, &r);
	good = server_registers(server, 0, 0);
	server_serves(server);
	stat_call = client_getattr(client_new(w, "stat", 0), 2);
}

static void check_unknown(struct world *w)
{
	expect(w, unknown->completed);
	expect_eq(w, unknown->res, -EINVAL);
	expect(w, !good->completed || good->res == 0);
	expect_eq(w, stat_call->ret, 0);
}

const struct scenario scenario_unknown_command = {
	.name = "unknown-command",
	.summary = "an unknown command is refused, the next one works",
	.play = play_unknown,
	.check = check_unknown,
};

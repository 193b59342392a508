// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients get over the ring is what they get over /dev/fuse, and nothing is compared
 * where that need not be so. What must be found is in tests/mutant/.
 */
#include "scenario_test.h"

#include "engine/detectors.h"
#include "engine/difference.h"
#include "engine/player.h"

static void plays(void (*play)(struct world *w), const struct fuse_config *config)
{
	const struct scenario scenario = { .name = "difference",
					   .config = config,
					   .play = play };
	const struct player player = { .subject = subject,
				       .driver = &fuse_driver,
				       .scenario = &scenario };

	detectors_choose("heap,user,difference"); /* as of all tests of scenarios */
	difference_begin();
	player_play(&player, NULL);
	difference_end();
}

static void compares(uint64_t calls)
{
	const struct difference_tally *t = difference_tally();

	assert_int_equal(t->compared, calls);
	assert_int_equal(t->calls, calls);
}

/* of so many calls none is compared, for that reason */
static void leaves_out(uint64_t calls, enum disturbance why)
{
	const struct difference_tally *t = difference_tally();

	assert_int_equal(t->compared, 0);
	assert_int_equal(t->left_out[why], calls);
}

static struct actor *ready(struct world *w)
{
	struct actor *server = server_thread(w, "server");

	server_sets_up(server, 0);
	world_is_set_up(w);
	return server;
}

/* ---- what is compared ---- */

static void many_calls(struct world *w)
{
	struct actor *a, *b, *server = ready(w);

	server_serves(server);
	a = client_new(w, "a", 0);
	b = client_new(w, "b", 0);
	client_lookup(a, "f2");
	client_lookup(a, "nothing");
	client_write(a, 2, 100, 5000);
	client_read(b, 2, 0, 8192);
	client_getattr(b, 2);
	client_read_bg(b, 3, 0, 4096);
	client_write_bg(a, 3, 0, 4096);
	client_open(b, 2);
	client_fsync(a, 2);
	client_calls(b, &(struct call_args){ .opcode = OP_GETXATTR,
					     .ino = 2,
					     .name = "user.s100",
					     .size = 200 });
	client_calls(b,
		     &(struct call_args){ .opcode = OP_CREATE, .ino = 1, .name = "n1" });
	client_calls(a, &(struct call_args){ .opcode = OP_READDIR, .ino = 1 });
}

static void calls_get_the_same_as_over_dev_fuse(void **state)
{
	(void)state;
	plays(many_calls, NULL);
	compares(12);
}

static void one_call(struct world *w)
{
	server_serves(ready(w));
	client_getattr(client_new(w, "client", 0), 2);
}

static void a_server_sees_the_same_requests(void **state)
{
	(void)state;
	plays(one_call, NULL);
	compares(1);
}

static void errors(struct world *w)
{
	static const int list[] = { -EAGAIN, -ESTALE, -EDQUOT, -ENOSYS, -511 };
	struct actor *server = ready(w);
	struct actor *client = client_new(w, "client", 0);

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		client_getattr(client, 2 + i);
		server_answers_error(server, server_takes(server), list[i]);
	}
	server_serves(server);
	client_write(client, 2, 0, 100);
	client_read(client, 2, 0, 100);
}

static void errors_of_a_server_are_those_of_dev_fuse(void **state)
{
	(void)state;
	plays(errors, NULL);
	compares(7);
}

static void have_it_exit(struct actor *a, void *arg)
{
	(void)a;
	actor_exits(arg);
}

static void dies_later(struct world *w)
{
	struct actor *server = ready(w), *client = client_new(w, "client", 0);

	client_getattr(client, 2);
	server_serves_n(server, 1);
	actor_does(client, have_it_exit, server);
}

static void what_ended_before_is_compared(void **state)
{
	(void)state;
	plays(dies_later, NULL);
	compares(1);
}

static void time_may_come(void **state)
{
	(void)state;
	plays(one_call, &(struct fuse_config){ .request_timeout = 20 });
	compares(1);
}

/* ---- what is not ---- */

static void kill_it(struct actor *a, void *arg)
{
	(void)a;
	kill_task(arg);
}

static void a_client_is_killed(struct world *w)
{
	struct actor *server = ready(w), *client = client_new(w, "client", 0);

	client_getattr(client, 2);
	server_takes(server);
	actor_does(server, kill_it, client);
	server_serves(server);
}

static void whoever_is_killed_may_get_anything(void **state)
{
	(void)state;
	plays(a_client_is_killed, NULL);
	leaves_out(1, DISTURBED_SIGNAL);
}

static void aborted(struct world *w)
{
	struct actor *server = ready(w), *client = client_new(w, "client", 0);

	client_getattr(client, 2);
	server_takes(server);
	client_aborts_connection(client_new(w, "admin", 0));
}

static void an_abort_ends_what_it_meets(void **state)
{
	(void)state;
	plays(aborted, NULL);
	leaves_out(1, DISTURBED_ENDED);
}

static void longer(struct answer *a, const void *how)
{
	(void)how;
	a->payload_sz += 8;
}

static void answers_wrongly(struct world *w)
{
	struct actor *server = ready(w), *client = client_new(w, "client", 0);

	client_getattr(client, 2);
	server_answers_changed(server, server_takes(server), longer, NULL);
}

static void a_wrong_answer_is_the_servers(void **state)
{
	(void)state;
	plays(answers_wrongly, NULL);
	leaves_out(1, DISTURBED_ANSWER);
}

static void answers_twice(struct world *w)
{
	struct actor *server = ready(w), *client = client_new(w, "client", 0);
	struct delivery *d;

	client_getattr(client, 2);
	d = server_takes(server);
	server_answers_error(server, d, -EIO);
	server_answers_error(server, d, -EPERM);
}

static void nobody_says_which_of_two_answers_counts(void **state)
{
	const struct difference_tally *t = difference_tally();

	(void)state;
	plays(answers_twice, NULL);
	/* it had ended, or it had not */
	assert_int_equal(t->compared + t->left_out[DISTURBED_ANSWER], 1);
}

static void waits(struct world *w)
{
	ready(w);
	client_getattr(client_new(w, "client", 0), 2);
}

static void who_waits_has_nothing_yet(void **state)
{
	(void)state;
	plays(waits, NULL);
	leaves_out(1, DISTURBED_OPEN);
	report_reset(); /* a server that takes no request lets it wait */
}

SCENARIO_TESTS(scenario_test(calls_get_the_same_as_over_dev_fuse),
	       scenario_test(a_server_sees_the_same_requests),
	       scenario_test(errors_of_a_server_are_those_of_dev_fuse),
	       scenario_test(what_ended_before_is_compared), scenario_test(time_may_come),
	       scenario_test(whoever_is_killed_may_get_anything),
	       scenario_test(an_abort_ends_what_it_meets),
	       scenario_test(a_wrong_answer_is_the_servers),
	       scenario_test(nobody_says_which_of_two_answers_counts),
	       scenario_test(who_waits_has_nothing_yet))

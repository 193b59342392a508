/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the end share: the ways in which a ring of buffers comes to it.
 */
#ifndef TESTS_BUFRING_ENDS_H
#define TESTS_BUFRING_ENDS_H

#include "bufring.h"

static struct actor *admin; /* a client that aborts and unmounts */

/* struct named - told by its name when a test fails */
struct named {
	const char *name;
	void (*f)(void);
};

#define NAMED(f)      \
	{             \
#f, f \
	}

static inline void it_is_aborted(void)
{
	client_aborts_connection(admin);
	run_as_far_as_possible(task_of(admin));
}

static inline void it_is_unmounted(void)
{
	client_umounts(admin);
	run_as_far_as_possible(task_of(admin));
}

static inline void the_ring_is_closed(void)
{
	server_closes_ring(server);
}

static inline void the_thread_leaves(void)
{
	actor_exits(server);
}

static inline void the_server_is_killed(void)
{
	server_dies(world);
}

/* beside those a test has its own, of clients that are killed */
#define ENDS                                                                     \
	NAMED(it_is_aborted), NAMED(it_is_unmounted), NAMED(the_ring_is_closed), \
		NAMED(the_thread_leaves), NAMED(the_server_is_killed)

/* whoever still waits is let go */
static inline void all_runs_and_then_it_is_aborted(void)
{
	run_all();
	client_aborts_connection(admin);
	run_all();
}

#endif /* TESTS_BUFRING_ENDS_H */

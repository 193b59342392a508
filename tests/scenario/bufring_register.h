/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of REGISTER share: a command that a server would send, what is wrong
 * with it, and what became of it.
 */
#ifndef TESTS_BUFRING_REGISTER_H
#define TESTS_BUFRING_REGISTER_H

#include "bufring.h"
#include "shim/fault.h"

static struct reg r;

/* in such a world @r is what a server would register */
#define the_server_would_register_in(...)        \
	do {                                     \
		the_ring_is(__VA_ARGS__);        \
		server_would_register_entry_0(); \
	} while (0)

static inline void server_would_register_entry_0(void)
{
	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &r);
}

/* two sizes: { 4096, 4 }, { 8192, 4 } */
static inline void a_register_of_two_sizes(void)
{
	the_server_would_register_in(.cpus = 2, .entries = 2, .buffers = 4, .classes = 2);
}

static inline void of_one_size(void)
{
	r.iov_nr = 2;
}

static inline void sizes_are(unsigned int nr, const struct abi_bufring_size *sizes)
{
	memset(r.classes, 0, sizeof(r.classes));
	memcpy(r.classes, sizes, nr * sizeof(*sizes));
	r.classes_len = nr * sizeof(*sizes);
	r.iov_nr = 3;
}

#define SIZES(...)                                                     \
	sizes_are(sizeof((struct abi_bufring_size[]){ __VA_ARGS__ }) / \
			  sizeof(struct abi_bufring_size),             \
		  (const struct abi_bufring_size[]){ __VA_ARGS__ })

/* the CQE's result, or 1 while the command waits for a request */
static inline int its_result(void)
{
	struct submit *s = server_registers_raw(server, &r);

	finishes(server);
	run_all(); /* -EAGAIN is tried again by io-wq before it becomes a CQE */
	return s->completed ? s->res : 1;
}

static inline void nothing_is_registered(void)
{
	struct queue_view q;

	assert_int_equal(ring_now().queue_refs, 0);
	assert_false(fuse_queue(world, 0, &q));
}

/* struct mistake - what is wrong with @r, by its name, and what it is refused with */
struct mistake {
	const char *name;
	void (*make)(void);
	int error;
};

#define MISTAKE(f, error)    \
	{                    \
#f, f, error \
	}

static inline void it_is_refused_for(const struct mistake *mistake)
{
	int res = its_result();

	if (res != mistake->error)
		fail_msg("%s: %d, not %d", mistake->name, res, mistake->error);
}

static inline void no_memory_is_asked_for(void)
{
	server_registers_raw(server, &r);
	run_until(task_of(server), SCHED_SUBMIT, 1);
	fault_nth(FAULT_ALLOC, 1);
	finishes(server);
	assert_false(fault_fired(FAULT_ALLOC));
}

#endif /* TESTS_BUFRING_REGISTER_H */

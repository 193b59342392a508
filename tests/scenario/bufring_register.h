/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of REGISTER share that ask for a ring of regions or of several sizes.
 */
#ifndef TESTS_BUFRING_REGISTER_H
#define TESTS_BUFRING_REGISTER_H

#include "bufring.h"
#include "shim/fault.h"

#define NR(a) (sizeof(a) / sizeof((a)[0]))

static struct reg r;

/* a server that would register two sizes: { 4096, 4 }, { 8192, 4 } */
static inline void a_good_register(void)
{
	the_ring_is(.cpus = 2, .entries = 2, .buffers = 4, .classes = 2);
	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &r);
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
	run_all();
	return s->completed ? s->res : 1;
}

#endif /* TESTS_BUFRING_REGISTER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of requests share whose payloads get a part of a buffer, or one of
 * several sizes.
 */
#ifndef TESTS_BUFRING_SHARING_H
#define TESTS_BUFRING_SHARING_H

#include "bufring.h"

static unsigned char *pool; /* the payload area of queue 0 */
static size_t pool_len;

/* the server has set up queue 0; it serves nothing yet */
#define the_server_shares(...)            \
	do {                              \
		the_ring_is(__VA_ARGS__); \
		server_is_ready();        \
	} while (0)

static inline void server_is_ready(void)
{
	struct reg r;

	server = a_ready_server();
	register_default(world, 0, 0, &r);
	pool = r.payload;
	pool_len = r.payload_len;
}

static inline struct call *somebody_reads(const char *name, uint64_t ino, uint32_t size)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_read(client, ino, 0, size);

	gets_stuck(client);
	return c;
}

static inline struct call *somebody_writes(const char *name, uint64_t ino, uint32_t size)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_write(client, ino, 0, size);

	gets_stuck(client);
	return c;
}

/* in the background, at once */
static inline struct call *somebody_reads_ahead(uint64_t ino, uint32_t size)
{
	struct actor *client = client_new(world, "readahead", 0);
	struct call *c = client_read_bg(client, ino, 0, size);

	finishes(client);
	return c;
}

static inline struct call *somebody_sets_an_attribute(uint32_t size)
{
	struct actor *client = client_new(world, "setxattr", 0);
	struct call *c = client_calls(client, &(struct call_args){ .opcode = OP_SETXATTR,
								   .ino = 2,
								   .name = "user.x",
								   .size = size });

	return c;
}

/* where the header slot says that the payload is */
static inline const struct abi_ent_in_out *told(const struct delivery *d)
{
	return &((const struct abi_headers *)d->headers)->ent;
}

/* what it is for: @ino of them comes next, and is answered */
static inline struct delivery *the_next_is_of(uint64_t ino)
{
	struct delivery *d = the_server_takes_one();

	assert_int_equal(d->nodeid, ino);
	return d;
}

static inline void it_answers(struct delivery *d)
{
	server_answers(server, d);
	finishes(server);
}

static inline void nothing_waits_and_all_is_back(void)
{
	struct queue_view q = queue_now(0);

	assert_int_equal(q.waiting, 0);
	assert_int_equal(q.free_bufs, q.nbufs);
	assert_int_equal(entries_in(ENT_AVAILABLE), q.nr_ents);
	for (unsigned int i = 0; i < q.nr_classes; i++)
		assert_int_equal(q.classes[i].free, q.classes[i].nbufs);
	for (unsigned int i = 0; q.regions && i < q.nbufs; i++)
		assert_int_equal(q.uses[i].bytes | q.uses[i].regions, 0);
	if (q.regions)
		assert_int_equal(q.open, -1);
}

static inline void all_ends_and_all_is_back(void)
{
	run_all();
	nothing_waits_and_all_is_back();
}

/* ---- too long, and just not ---- */

static inline void it_says_that_there_are(struct answer *a, const void *bytes)
{
	a->payload_sz = *(const uint32_t *)bytes;
	a->out_len = (uint32_t)sizeof(struct abi_out_header) + a->payload_sz;
}

/* @c is who @d is sent for */
static inline void a_reply_of_so_many_bytes_is_refused(struct call *c, struct delivery *d,
						       const uint32_t *bytes)
{
	server_answers_changed(server, d, it_says_that_there_are, bytes);
	finishes(server);
	finishes(c->actor);
	assert_int_equal(c->ret, -EINVAL);
}

/* the name is part of the payload */
static inline void an_attribute_may_fill_a_buffer_and_be_no_longer(uint32_t buf_size)
{
	struct call *fits = somebody_sets_an_attribute(buf_size - sizeof("user.x"));
	struct call *too_long =
		somebody_sets_an_attribute(buf_size - sizeof("user.x") + 1);

	server_serves(server);
	run_all();
	assert_int_equal(fits->ret, 0);
	assert_int_equal(too_long->ret, -E2BIG);
	nothing_waits_and_all_is_back();
}

/* The write that has all room cannot be copied: the next request has it. */
static inline void a_failed_write_makes_room_at_once(void *unmapped, size_t len)
{
	struct call *write = somebody_writes("write", 2, 8192);
	struct call *next = somebody_reads("next", 3, 8192);

	assert_int_equal(queue_now(0).waiting, 1);
	server_unmaps(world, unmapped, len);
	server_serves(server);
	run_all();
	assert_int_equal(write->ret, -EFAULT);
	assert_true(next->done); /* its reply cannot be copied either */
	nothing_waits_and_all_is_back();
}

#endif /* TESTS_BUFRING_SHARING_H */

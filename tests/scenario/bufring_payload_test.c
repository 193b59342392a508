// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel writes: each entry into the header slot of its id, each request
 * into a buffer that no other entry has, and nothing anywhere else. Everything in
 * both areas is set to CANARY first and compared byte by byte afterwards.
 */
#include "bufring.h"

#define CANARY 0xc5

static unsigned char *headers, *payload;
static size_t headers_len, payload_len, buf_size;

/* the server's areas, with buffers of @size bytes each; every entry is registered */
static void areas_with_buffers_of(size_t size, unsigned int entries, size_t area)
{
	struct reg r;

	the_ring_is(.entries = entries, .buffers = (unsigned int)(area / 8192));
	server = server_thread(world, "server-0");
	for (unsigned int ent = 0; ent < entries; ent++) {
		register_default(world, 0, ent, &r);
		r.buf_size = (uint32_t)size;
		server_registers_raw(server, &r);
	}
	finishes(server);
	headers = r.headers;
	headers_len = r.headers_len;
	payload = r.payload;
	payload_len = r.payload_len;
	buf_size = size;
	memset(headers, CANARY, headers_len);
	memset(payload, CANARY, payload_len);
}

static void is_canary(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(p[i], CANARY);
}

static struct abi_headers *slot(unsigned int ent)
{
	return (struct abi_headers *)(headers + ent * SLOT);
}

static unsigned char *buffer(const struct delivery *d)
{
	assert_in_range(d->buf_id, 0, payload_len / buf_size - 1);
	return payload + d->buf_id * buf_size;
}

static struct call *somebody_writes(const char *name, uint64_t ino, uint32_t size)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_write(client, ino, 0, size);

	gets_stuck(client);
	return c;
}

/* reply to a READ with what is in @data, put where the kernel looks for it */
static void it_answers(struct delivery *d, const void *data, uint32_t len)
{
	struct answer a = { .commit_id = d->commit_id,
			    .unique = d->unique,
			    .out_len = (uint32_t)sizeof(struct abi_out_header) + len,
			    .payload_sz = len };

	memcpy(buffer(d), data, len);
	server_answers_raw(server, d, &a);
}

/* ---- header slots ---- */

static void a_request_is_written_into_the_slot_of_its_entry_alone(void **state)
{
	(void)state;
	for (unsigned int busy = 1; busy <= 4; busy++) {
		areas_with_buffers_of(8192, 4, 4 * 8192);
		struct delivery *d[4];

		for (unsigned int i = 0; i < busy; i++) {
			somebody_stats("client", 2 + i);
			d[i] = the_server_takes_one();
			assert_ptr_equal(d[i]->headers, slot(d[i]->ent));
		}
		for (unsigned int ent = 0; ent < 4; ent++) {
			bool used = false;

			for (unsigned int i = 0; i < busy; i++)
				used = used || d[i]->ent == ent;
			if (!used)
				is_canary((unsigned char *)slot(ent), SLOT);
		}
		for (unsigned int i = 0; i < busy; i++)
			server_answers(server, d[i]);
		run_all();
		the_world_closes();
	}
}

static void of_a_slot_only_what_the_request_has_is_written(void **state)
{
	(void)state;
	areas_with_buffers_of(8192, 1, 8192);
	somebody_stats("client", 7);
	struct delivery *d = the_server_takes_one();
	const struct abi_headers *h = slot(0);

	assert_int_equal(h->in.nodeid, 7);
	is_canary((unsigned char *)h->in_out + sizeof(h->in), 128 - sizeof(h->in));
	is_canary((unsigned char *)h->op_in + sizeof(struct abi_getattr_in),
		  128 - sizeof(struct abi_getattr_in));
	assert_int_equal(h->ent.commit_id, d->unique);
	assert_int_equal(h->ent.payload_sz, 0);
	assert_int_equal(h->ent.buf_id, d->buf_id);
	assert_int_equal(h->ent.padding, 0);
	assert_int_equal(h->ent.flags | h->ent.region, 0);
	is_canary(payload, payload_len);
	server_answers(server, d);
	run_all();
}

static void a_request_without_a_buffer_names_buffer_0_and_no_bytes(void **state)
{
	(void)state;
	areas_with_buffers_of(8192, 2, 2 * 8192);
	somebody_stats("stat", 2);
	the_server_takes_one();
	somebody_syncs("sync", 3);
	struct delivery *d = the_server_takes_one();

	assert_int_equal(slot(d->ent)->ent.buf_id, 0);
	assert_int_equal(slot(d->ent)->ent.payload_sz, 0);
	is_canary(payload, payload_len);
	server_answers(server, d);
	run_all();
	server_dies(world);
}

/* ---- buffers ---- */

static void a_write_fills_its_buffer_and_no_other_byte(void **state)
{
	(void)state;
	static const uint32_t sizes[] = { 1, 7, 4095, 4096, 4097, 8191, 8192 };

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		areas_with_buffers_of(12288, 2, 4 * 12288);
		struct call *c = somebody_writes("client", 2, sizes[i]);
		struct delivery *d = the_server_takes_one();
		unsigned char *b = buffer(d);

		assert_int_equal(d->payload_sz, sizes[i]);
		assert_memory_equal(b, c->data, sizes[i]);
		is_canary(payload, (size_t)(b - payload));
		is_canary(b + sizes[i], payload_len - (size_t)(b - payload) - sizes[i]);
		server_answers_error(server, d, -EIO);
		run_all();
		assert_int_equal(c->ret, -EIO);
		the_world_closes();
	}
}

static void the_last_buffer_ends_where_the_area_ends(void **state)
{
	(void)state;
	areas_with_buffers_of(8192, 3, 3 * 8192);
	struct call *calls[3];
	struct delivery *d[3];
	unsigned char *last = payload;

	for (unsigned int i = 0; i < 3; i++) {
		calls[i] = somebody_writes("client", 2 + i, 8192);
		d[i] = the_server_takes_one();
		last = buffer(d[i]) > last ? buffer(d[i]) : last;
	}
	assert_ptr_equal(last + 8192, payload + payload_len); /* and a hole follows */
	for (unsigned int i = 0; i < 3; i++)
		assert_memory_equal(buffer(d[i]), calls[i]->data, 8192);
	for (unsigned int i = 0; i < 3; i++)
		server_answers(server, d[i]);
	run_all();
	for (unsigned int i = 0; i < 3; i++)
		assert_true(file_has_call_data(calls[i]));
}

static void a_rest_of_the_area_is_never_written(void **state)
{
	(void)state;
	/* 24576 bytes: one buffer of 20480, and a rest */
	areas_with_buffers_of(20480, 1, 3 * 8192);
	assert_int_equal(queue_now(0).nbufs, 1);
	struct call *c = somebody_writes("client", 2, 8192);
	struct delivery *d = the_server_takes_one();

	assert_ptr_equal(buffer(d), payload);
	assert_memory_equal(payload, c->data, 8192);
	is_canary(payload + 8192, payload_len - 8192);
	server_answers_error(server, d, -EIO);
	run_all();
}

static void replies_are_read_from_the_buffer_that_the_request_named(void **state)
{
	(void)state;
	unsigned char data[3][4096];
	struct call *calls[3];
	struct delivery *d[3];

	areas_with_buffers_of(12288, 3, 6 * 12288);
	for (unsigned int i = 0; i < 3; i++) {
		struct actor *client = client_new(world, "client", 0);

		memset(data[i], 0x11 * (int)(i + 1), sizeof(data[i]));
		calls[i] = client_read(client, 2 + i, 0, 4096);
		gets_stuck(client);
		d[i] = the_server_takes_one();
	}
	for (unsigned int i = 3; i-- > 0;)
		it_answers(d[i], data[i], sizeof(data[i]));
	run_all();
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(calls[i]->ret, 4096);
		assert_memory_equal(calls[i]->data, data[i], 4096);
	}
	every_buffer_is_free();
}

static void no_two_entries_have_the_same_buffer_whatever_comes(void **state)
{
	(void)state;
	uint32_t x = 99;
	struct delivery *d[4] = { NULL };

	areas_with_buffers_of(8192, 4, 3 * 8192);
	for (unsigned int round = 0; round < 20; round++) {
		unsigned int i = (x = x * 1664525u + 1013904223u) >> 30;

		if (d[i]) {
			server_answers(server, d[i]);
			run_all();
			d[i] = NULL;
			continue;
		}
		if (queue_now(0).free_bufs)
			somebody_stats("client", 2);
		else
			somebody_syncs("client", 2);
		d[i] = the_server_takes_one();
		for (unsigned int k = 0; k < 4; k++)
			if (d[k] && d[k] != d[i] && d[k]->opcode == d[i]->opcode &&
			    d[i]->opcode == OP_GETATTR)
				assert_int_not_equal(d[k]->buf_id, d[i]->buf_id);
	}
	for (unsigned int i = 0; i < 4; i++)
		if (d[i])
			server_answers(server, d[i]);
	run_all();
	every_buffer_is_free();
}

/* ---- arguments that are not as usual ---- */

static unsigned char large[20000];

/* a GETATTR with one more argument of @size bytes, sent as @opcode */
static struct call *somebody_sends(uint32_t opcode, uint32_t size)
{
	struct actor *client = client_new(world, "client", 0);
	struct call *c = client_getattr(client, 2);

	memset(large, 0x77, sizeof(large));
	c->req.opcode = opcode;
	c->req.in[c->req.in_nr] = large;
	c->req.in_size[c->req.in_nr++] = size;
	return c;
}

static void arguments_larger_than_the_buffer_are_not_sent(void **state)
{
	(void)state;
	enum { SETXATTR = 21, SYMLINK = 6 };

	areas_with_buffers_of(8192, 1, 2 * 8192);
	struct call *attr = somebody_sends(SETXATTR, 8193);
	struct call *link = somebody_sends(SYMLINK, 8193);
	struct call *most = somebody_sends(SYMLINK, 8192);
	struct delivery *d = server_takes(server);

	run_all();
	assert_int_equal(attr->ret, -E2BIG);
	assert_int_equal(link->ret, -EIO);
	assert_int_equal(d->payload_sz, 8192);
	assert_memory_equal(buffer(d), large, 8192);
	is_canary(payload + (d->buf_id ? 0 : 8192), 8192);
	server_answers_error(server, d, -EPERM);
	run_all();
	assert_int_equal(most->ret, -EPERM);
	every_buffer_is_free();
}

static void a_first_argument_larger_than_its_place_is_not_sent(void **state)
{
	(void)state;
	for (uint32_t size = 128; size <= 129; size++) {
		areas_with_buffers_of(8192, 1, 8192);
		struct call *c = client_getattr(client_new(world, "client", 0), 2);
		struct delivery *d = server_takes(server);

		c->req.in[0] = large;
		c->req.in_size[0] = size;
		run_all();
		if (size > 128) {
			assert_int_equal(c->ret, -EIO);
			is_canary(headers, headers_len);
		} else {
			assert_memory_equal(slot(0)->op_in, large, 128);
			server_answers(server, d);
			run_all();
			assert_int_equal(c->ret, 0);
		}
		every_buffer_is_free();
		the_world_closes();
	}
}

static void a_request_may_have_no_argument_at_all(void **state)
{
	(void)state;
	areas_with_buffers_of(8192, 1, 8192);
	struct call *c = client_getattr(client_new(world, "client", 0), 2);
	struct delivery *d = server_takes(server);

	c->req.in_nr = 0;
	run_all();
	is_canary((unsigned char *)slot(0)->op_in, 128);
	server_answers_error(server, d, -EPERM);
	run_all();
	assert_int_equal(c->ret, -EPERM);
}

static void names_travel_in_the_payload(void **state)
{
	(void)state;
	areas_with_buffers_of(8192, 1, 8192);
	struct call *c = client_lookup(client_new(world, "client", 0), "f7");
	struct delivery *d = server_takes(server);

	run_all();
	assert_string_equal((char *)buffer(d) + d->payload_sz - 3, "f7");
	is_canary(buffer(d) + d->payload_sz, 8192 - d->payload_sz);
	server_answers(server, d);
	run_all();
	assert_int_equal(c->ino, 7);
}

SCENARIO_TESTS(both(a_request_is_written_into_the_slot_of_its_entry_alone),
	       both(of_a_slot_only_what_the_request_has_is_written),
	       both(a_request_without_a_buffer_names_buffer_0_and_no_bytes),
	       both(a_write_fills_its_buffer_and_no_other_byte),
	       both(the_last_buffer_ends_where_the_area_ends),
	       both(a_rest_of_the_area_is_never_written),
	       both(replies_are_read_from_the_buffer_that_the_request_named),
	       both(no_two_entries_have_the_same_buffer_whatever_comes),
	       both(arguments_larger_than_the_buffer_are_not_sent),
	       both(a_first_argument_larger_than_its_place_is_not_sent),
	       both(a_request_may_have_no_argument_at_all),
	       both(names_travel_in_the_payload))

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the server finds in its memory for each kind of request: every field of the
 * headers, and the payload's bytes.
 */
#include <string.h>

#include "fuse/scenario/scenario.h"
#include "fuse/abi.h"

enum { LOOKUP, GETATTR, WRITE, READ, FSYNC, CALLS };

static PER_PLAY struct call *calls[CALLS];
static PER_PLAY struct delivery *took[CALLS];
static PER_PLAY bool payload_is_right[CALLS];
static PER_PLAY struct abi_write_in write_in;
static PER_PLAY struct abi_read_in read_in;

static void job_look(struct actor *t, void *arg)
{
	uintptr_t i = (uintptr_t)arg;
	const struct delivery *d = took[i];
	const struct abi_headers *h = (const void *)d->headers;

	(void)t;
	switch (i) {
	case LOOKUP:
		payload_is_right[i] = !strcmp((const char *)d->payload, "f7");
		break;
	case WRITE:
		memcpy(&write_in, h->op_in, sizeof(write_in));
		payload_is_right[i] = !memcmp(d->payload, calls[i]->data, calls[i]->size);
		break;
	case READ:
		memcpy(&read_in, h->op_in, sizeof(read_in));
		break;
	default:
		break;
	}
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *client = client_new(w, "client", 0);

	server_sets_up(server, 0);
	for (uintptr_t i = 0; i < CALLS; i++) {
		took[i] = server_takes(server);
		actor_does(server, job_look, (void *)i);
		server_answers(server, took[i]);
	}
	calls[LOOKUP] = client_lookup(client, "f7");
	calls[GETATTR] = client_getattr(client, 7);
	calls[WRITE] = client_write(client, 7, 100, 5000);
	calls[READ] = client_read(client, 7, 4096, 4096);
	calls[FSYNC] = client_fsync(client, 7);
}

static void check_all(struct world *w)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		expect(w, took[i]->arrived);
		expect_eq(w, took[i]->opcode, calls[i]->opcode);
		expect_eq(w, took[i]->qid, 0);
		expect_eq(w, took[i]->ent_flags, 0);
		expect(w, took[i]->unique != 0 && !(took[i]->unique & 1));
		expect_eq(w, took[i]->commit_id, took[i]->unique);
		expect(w, i == 0 || took[i]->unique > took[i - 1]->unique);
	}
}

static void check(struct world *w)
{
	const uint32_t header = sizeof(struct abi_in_header);

	check_all(w);
	expect_eq(w, took[LOOKUP]->nodeid, 1);
	expect_eq(w, took[LOOKUP]->len, header + 3);
	expect_eq(w, took[LOOKUP]->payload_sz, 3);
	expect(w, payload_is_right[LOOKUP]);
	expect_eq(w, took[GETATTR]->nodeid, 7);
	expect_eq(w, took[GETATTR]->len, header + sizeof(struct abi_getattr_in));
	expect_eq(w, took[GETATTR]->payload_sz, 0);
	expect_eq(w, took[WRITE]->nodeid, 7);
	expect_eq(w, took[WRITE]->len, header + sizeof(struct abi_write_in) + 5000);
	expect_eq(w, took[WRITE]->payload_sz, 5000);
	expect_eq(w, write_in.offset, 100);
	expect_eq(w, write_in.size, 5000);
	expect(w, payload_is_right[WRITE]);
	expect_eq(w, took[READ]->len, header + sizeof(struct abi_read_in));
	expect_eq(w, took[READ]->payload_sz, 0);
	expect_eq(w, read_in.offset, 4096);
	expect_eq(w, read_in.size, 4096);
	expect_eq(w, took[FSYNC]->len, header + sizeof(struct abi_fsync_in));
	expect_eq(w, took[FSYNC]->payload_sz, 0);
	expect(w, call_has_file_data(calls[READ]));
	expect_eq(w, calls[WRITE]->ret, 5000);
	expect_eq(w, calls[FSYNC]->ret, 0);
}

const struct scenario scenario_headers = {
	.name = "headers",
	.summary = "every field that the server finds in the headers, and the payload",
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pool whose length is no multiple of the buffers' length: what is left over is
 * no buffer, and what comes behind it is not the kernel's. Two requests, one after
 * the other or at once, need a buffer each.
 */
#include "fuse/scenario/scenario.h"

#define PAGE 4096u

static PER_PLAY struct call *calls[2];

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct reg pool;

	add_bufpool_default(w, 0, &pool);
	pool.pool_len -= PAGE;
	server_unmaps(w, (void *)(uintptr_t)(pool.pool_addr + pool.pool_len), PAGE);
	server_adds_queue(server, 0);
	server_registers_raw(server, &pool);
	server_registers(server, 0, 0);
	server_registers(server, 0, 1);
	calls[0] = client_read(client_new(w, "cat-0", 0), 2, 0, 8192);
	calls[1] = client_read(client_new(w, "cat-1", 0), 3, 0, 8192);
	server_serves(server);
}

static void check(struct world *w)
{
	for (unsigned int i = 0; i < 2; i++) {
		expect_eq(w, calls[i]->ret, 8192);
		expect(w, call_has_file_data(calls[i]));
	}
}

const struct scenario scenario_odd_pool = {
	.name = "odd-pool",
	.summary = "a pool that is longer than its buffers together",
	.needs = FUSE_CAN_BUFPOOL,
	.config = FUSE_CONFIG(.entries = 2, .payload = PAYLOAD_BUFPOOL, .buffers = 2),
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of request, one after the other, through one ring entry.
 */
#include "fuse/scenario/scenario.h"

static struct {
	struct call *lookup, *getattr, *open, *write, *read, *fsync;
} did;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *cat;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	cat = client_new(w, "cat", 0);
	did.lookup = client_lookup(cat, "f7");
	did.getattr = client_getattr(cat, 7);
	did.open = client_open(cat, 7);
	did.write = client_write(cat, 7, 1000, 5000);
	did.read = client_read(cat, 7, 0, 8192);
	did.fsync = client_fsync(cat, 7);
	client_forget(cat, 7, 1);
}

static void check(struct world *w)
{
	expect_eq(w, did.lookup->ino, 7);
	expect_eq(w, did.getattr->attr_size, FILE_SIZE);
	expect_eq(w, did.open->ret, 0);
	expect_eq(w, did.write->ret, 5000);
	expect(w, file_has_call_data(did.write));
	expect(w, call_has_file_data(did.read));
	expect(w, did.fsync->done && did.fsync->ret == 0);
}

const struct scenario scenario_round_trip = {
	.name = "round-trip",
	.summary = "every kind of request through one entry, data compared",
	.explored = "once the server has registered",
	.play = play,
	.check = check,
};

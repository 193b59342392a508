// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection is aborted while the server registers an entry, and unmounted:
 * the entry is refused or torn down, but umount does not wait for it for ever.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct submit *entry;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *admin = client_new(w, "admin", 0);

	entry = server_registers(server, 0, 0);
	client_aborts_connection(admin);
	client_umounts(admin);
}

static void check(struct world *w)
{
	struct ring_view ring;

	expect(w, entry->completed);
	expect(w, entry->res < 0);
	fuse_ring(w, &ring);
	expect_inside(w, !ring.exists);
}

const struct scenario scenario_abort_register = {
	.name = "abort-register",
	.summary = "the connection is aborted while an entry is registered",
	.config = FUSE_CONFIG(.payload = PAYLOAD_PER_ENTRY),
	.play = play,
	.check = check,
};

/* the other queue is not there at all */
const struct scenario scenario_abort_half = {
	.name = "abort-half",
	.summary = "the connection is aborted while one of two queues has an entry",
	.config = FUSE_CONFIG(.cpus = 2, .payload = PAYLOAD_PER_ENTRY),
	.play = play,
	.check = check,
};

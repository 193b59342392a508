// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system is unmounted while nothing happens: entries are available.
 */
#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *stat_call;

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *user;

	server_sets_up(server, 0);
	server_serves(server);
	world_is_set_up(w);

	user = client_new(w, "user", 0);
	stat_call = client_getattr(user, 2);
	client_umounts(user);
}

static void check(struct world *w)
{
	struct ring_view ring;

	expect(w, stat_call->done && stat_call->ret == 0);
	fuse_ring(w, &ring);
	expect_inside(w, !ring.exists);
}

const struct scenario scenario_umount_idle = {
	.name = "umount-idle",
	.summary = "umount with available entries only",
	.explored = "once the server has registered",
	.config = FUSE_CONFIG(.entries = 2),
	.play = play,
	.check = check,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of the server and rings that are not, or not only, their own.
 */
#include "fuse/fuse_i.h"

/* Said when it is queued; the job is there to be printed. */
static void job_shares(struct actor *t, void *arg)
{
	(void)t;
	(void)arg;
}

void server_uses_ring_of(struct actor *t, struct actor *other)
{
	server_shares_ring(t, other);
	actor_steps(t, STEP_SHARE_RING, job_shares, other);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of a scenario once more, in a world where the server reads and writes
 * /dev/fuse: one after the other, in the order in which they were answered.
 */
#include "fuse/compare/compare_i.h"

/* without what needs a ring, or changes when INIT is answered */
const void *compare_config(void)
{
	static struct fuse_config config;

	config = (struct fuse_config){
		.cpus = compared.config.cpus,
		.max_write = compared.config.max_write,
		.max_pages = compared.config.max_pages,
		.max_background = compared.config.max_background,
		.zero_copy = compared.config.zero_copy, /* OPEN says so */
		.no_io_uring = true,
	};
	return &config;
}

/* what it writes is told by the number of the call */
static void same_data(struct call *c, uint32_t data_nr)
{
	if (!data_nr || !c->data)
		return;
	c->data_nr = data_nr;
	call_data_sent(c, c->data);
}

static void once_more(struct actor *client, const struct again *g)
{
	struct call_args args = g->args;
	struct call *c;

	args.name = g->name;
	args.to = g->to;
	fuse_of(client->w)->again = &g->how;
	c = client_calls(client, &args);
	same_data(c, g->data_nr);
	sched_run(NULL);
}

void compare_play(struct world *w)
{
	struct actor *server = server_thread(w, "server-dev");
	struct actor *root = client_new(w, "root", 0), *user = client_new(w, "user", 0);

	actor_loses_privileges(user);
	server_serves_dev(server);
	sched_run(NULL);
	for (unsigned int i = 0; i < compared.nr && !sched_stopped(); i++)
		once_more(compared.list[i].unprivileged ? user : root, &compared.list[i]);
}

void compare_look(struct world *w, struct outcome *list)
{
	const struct fuse *f = fuse_of(w);

	for (unsigned int i = 0; i < compared.nr; i++) {
		const struct call *c = &f->calls[i];

		list[i] = (struct outcome){ .ended = false };
		if (i < f->nr_calls)
			compare_outcome(
				c, c->answered ? &f->answered[c->answered - 1] : NULL,
				&list[i]);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another thread of the server changes memory while the kernel reads it.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct call *call;
static PER_PLAY struct submit *reg;

/* ---- the header of a reply ---- */

static void play_header(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *other = server_thread(w, "server-1");
	struct delivery *d;
	struct rewrite r = { .nr = 1 };

	server_sets_up(server, 0);
	world_is_set_up(w);

	d = server_takes(server);
	server_answers(server, d);
	r.delivery = d;
	r.changes[0] = (struct change){ REWRITE_ERROR, false, 5 };
	server_rewrites(other, &r);
	r.changes[0].value = 0;
	server_rewrites(other, &r);
	call = client_getattr(client_new(w, "client", 0), 2);
}

/* an error that is none is refused: the client gets 0 or an error */
static void check_header(struct world *w)
{
	expect(w, call->done);
	expect(w, call->ret <= 0);
}

const struct scenario scenario_rewritten_header = {
	.name = "rewritten-header",
	.summary = "a thread of the server writes over a reply that the kernel reads",
	.explored = "once the server has registered",
	.play = play_header,
	.check = check_header,
};

/* ---- the vector of a REGISTER ---- */

static void play_register(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *other = server_thread(w, "server-1");
	struct rewrite iov = { .nr = 2 };

	server_opens_ring(server);
	world_is_set_up(w);

	reg = server_registers(server, 0, 0);
	server_serves(server);
	iov.changes[0] = (struct change){ REWRITE_HEADERS_LEN, false, 8 };
	iov.changes[1] = (struct change){ REWRITE_PAYLOAD_LEN, false, 100 };
	server_rewrites(other, &iov);
	call = client_getattr(client_new(w, "client", 0), 2);
}

static void check_register(struct world *w)
{
	expect(w, reg->completed || call->done || !call->started || !reg->res);
}

const struct scenario scenario_rewritten_register = {
	.name = "rewritten-register",
	.summary = "a thread of the server writes over a REGISTER that the kernel reads",
	.explored = "once the server has a ring",
	.play = play_register,
	.check = check_register,
};

/* ---- pages ---- */

static void play_pages(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");
	struct actor *other = server_thread(w, "server-1");
	struct page_change p = { .payload = true, .how = PAGE_FRESH };
	struct delivery *d;

	server_sets_up(server, 0);
	world_is_set_up(w);

	d = server_takes(server);
	server_answers(server, d);
	p.delivery = d;
	server_changes_page(other, &p);
	p.how = PAGE_READ_ONLY;
	server_changes_page(other, &p);
	call = client_read(client_new(w, "client", 0), 2, 0, 4096);
}

static void check_pages(struct world *w)
{
	expect(w, call->done);
	expect(w, call->ret == 4096 || call->ret == -EFAULT);
}

const struct scenario scenario_remapped_payload = {
	.name = "remapped-payload",
	.summary = "a thread of the server maps other memory where a reply is read",
	.explored = "once the server has registered",
	.play = play_pages,
	.check = check_pages,
};

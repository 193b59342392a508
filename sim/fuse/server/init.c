// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE_INIT: what a server answers, at once or when a scenario has it do so.
 */
#include <string.h>

#include "fuse/fuse_i.h"

#define MINOR 46 /* of the protocol, as far as this server speaks it */

/* replies are larger since that one: the file system does not answer as before it */
#define MINOR_OF_REPLIES 12

static void init_reply(const struct world *w, const struct abi_init_in *in,
		       const struct init_answer *how, struct abi_init_out *out)
{
	const struct fuse_config *config = &fuse_of(w)->config;
	abi_u64 flags = INIT_EXT | INIT_MAX_PAGES | INIT_ABORT_ERROR;

	if (!config->no_io_uring && !how->no_io_uring)
		flags |= INIT_OVER_IO_URING;
	if (config->request_timeout)
		flags |= INIT_REQUEST_TIMEOUT;
	memset(out, 0, sizeof(*out));
	out->major = how->major ? how->major : ABI_MAJOR;
	out->minor = in->minor < MINOR ? in->minor : MINOR;
	if (how->minor)
		out->minor = how->minor;
	out->flags = (abi_u32)flags;
	out->flags2 = (abi_u32)(flags >> 32);
	out->max_background = (abi_u16)config->max_background;
	out->max_write = config->max_write;
	out->max_pages = (abi_u16)config->max_pages;
	out->request_timeout = (abi_u16)config->request_timeout;
}

long answer_init_in(struct actor *t, unsigned char *buf, const struct init_answer *how)
{
	static const struct init_answer usual;
	const struct abi_in_header *in = (void *)buf;
	struct {
		struct abi_out_header header;
		struct abi_init_out init;
	} reply;

	how = how ? how : &usual;
	init_reply(t->w, (const void *)(in + 1), how, &reply.init);
	reply.header.len = how->error ? sizeof(reply.header) : sizeof(reply);
	reply.header.error = how->error;
	reply.header.unique = in->unique;
	memcpy(buf, &reply, sizeof(reply));
	return sys_dev_write(t, buf, reply.header.len);
}

void answer_init(struct actor *t, const struct init_answer *how)
{
	unsigned char *buf = dev_buf_of(t);
	const struct abi_in_header *in = (void *)buf;

	if (sys_dev_read(t, buf, fuse_of(t->w)->dev_buf_len) >= 0 &&
	    in->opcode == OP_INIT)
		answer_init_in(t, buf, how);
}

static void job_answer_init(struct actor *t, void *arg)
{
	const struct init_answer *how = arg;

	if (how && (how->error || how->major || how->minor))
		world_disturbed(t->w, DISTURBED_NUMBER);
	/* nor of one that is refused: what is sent nevertheless is sent as before any */
	if (how && ((how->minor && how->minor < MINOR_OF_REPLIES) || how->error ||
		    (how->major && how->major != ABI_MAJOR)))
		fs_is_not_asked(t->w);
	answer_init(t, how);
}

void server_answers_init(struct actor *t)
{
	dev_buf_of(t);
	actor_steps(t, STEP_INIT, job_answer_init, NULL);
}

void server_answers_init_so(struct actor *t, const struct init_answer *how)
{
	dev_buf_of(t);
	actor_steps(t, STEP_INIT, job_answer_init, (void *)(uintptr_t)how);
}

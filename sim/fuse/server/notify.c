// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: what a server writes to /dev/fuse without being asked.
 */
#include <string.h>

#include "fuse/fuse_i.h"
#include "shim/user.h"

#define PAGE 4096u

static uint32_t put_name(unsigned char *body, uint32_t at, const char *name)
{
	uint32_t len = name ? (uint32_t)strlen(name) : 0;

	if (len)
		memcpy(body + at, name, len);
	body[at + len] = 0;
	return at + len + 1;
}

static uint32_t name_len(const struct notice *n)
{
	return (n->name ? (uint32_t)strlen(n->name) : 0) + (uint32_t)n->count;
}

static uint32_t put_store(const struct world *w, const struct notice *n,
			  unsigned char *body)
{
	const struct abi_notify_store out = { .nodeid = n->ino,
					      .offset = n->offset,
					      .size = (abi_u32)n->size +
						      (abi_u32)n->count };

	memcpy(body, &out, sizeof(out));
	fs_read(w, n->ino, n->offset, body + sizeof(out), (uint32_t)n->size);
	return (uint32_t)(sizeof(out) + n->size);
}

#define PUT(type, ...)                                     \
	({                                                 \
		const struct type out__ = { __VA_ARGS__ }; \
                                                           \
		memcpy(body, &out__, sizeof(out__));       \
		(uint32_t)sizeof(out__);                   \
	})

/* Return: bytes of what follows the header */
static uint32_t put_body(const struct world *w, const struct notice *n,
			 unsigned char *body)
{
	switch (n->code) {
	case NOTIFY_POLL:
		return PUT(abi_notify_poll, n->unique);
	case NOTIFY_INVAL_INODE:
		return PUT(abi_notify_inval_inode, n->ino, n->offset, n->size);
	case NOTIFY_INVAL_ENTRY:
		return put_name(body, PUT(abi_notify_inval_entry, n->ino, name_len(n), 0),
				n->name);
	case NOTIFY_DELETE:
		return put_name(body,
				PUT(abi_notify_delete, n->ino, n->child, name_len(n), 0),
				n->name);
	case NOTIFY_STORE:
		return put_store(w, n, body);
	case NOTIFY_RETRIEVE:
		return PUT(abi_notify_retrieve, n->unique, n->ino, n->offset,
			   (abi_u32)n->size, 0);
	case NOTIFY_PRUNE:
		memcpy(body + sizeof(struct abi_notify_prune), &n->ino, sizeof(n->ino));
		return PUT(abi_notify_prune, 1u + (abi_u32)n->count, 0, 0) +
		       (uint32_t)sizeof(n->ino);
	default:
		return 0;
	}
}

/* FUSE_INIT, and a request for each page of a call, and one more: each second number */
bool number_may_be_kernels(const struct fuse *f, uint64_t number)
{
	uint64_t most = 2;

	for (unsigned int i = 0; i < f->nr_calls; i++)
		most += f->calls[i].size / PAGE + 2;
	return number % 2 == 0 && number <= 2 * most;
}

/*
 * Two requests of one number: the answer for one entry ends what another one has, and
 * that goes on with a command of which the server thinks that it is the first one's.
 */
static bool is_of_another(const struct fuse *f, const struct notice *n)
{
	if (n->code != NOTIFY_RETRIEVE)
		return false;
	for (const struct notice *o = f->notices; o < f->notices + f->nr_notices; o++)
		if (o != n && o->code == NOTIFY_RETRIEVE && o->sent &&
		    o->unique == n->unique)
			return true;
	return n->unique && number_may_be_kernels(f, n->unique);
}

static void job_notify(struct actor *t, void *arg)
{
	struct notice *n = arg;
	struct abi_out_header *out = (void *)n->buf;
	uint32_t len = (uint32_t)sizeof(*out);

	len += put_body(t->w, n, n->buf + len);
	*out = (struct abi_out_header){ .len = len + (abi_u32)n->len,
					.error = (abi_s32)n->code };
	n->sent = true;
	if (is_of_another(fuse_of(t->w), n)) {
		fuse_of(t->w)->same_number = true;
		fs_is_not_asked(t->w);
	}
	n->ret = sys_dev_write(t, n->buf, len);
	n->done = true;
}

struct notice *server_notifies(struct actor *t, const struct notice *n)
{
	struct fuse *f = fuse_of(t->w);
	struct notice *copy;
	size_t room = PAGE + (n->code == NOTIFY_STORE ? n->size : 0);

	if (f->nr_notices == MAX_NOTICES)
		world_full("notifications");
	copy = &f->notices[f->nr_notices++];
	*copy = *n;
	copy->done = copy->sent = false;
	copy->buf = server_mmap(t->w, room, SHIM_PROT_READ | SHIM_PROT_WRITE);
	if (!copy->buf)
		world_full("user memory");
	actor_steps(t, STEP_NOTIFY, job_notify, copy);
	return copy;
}

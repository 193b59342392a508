// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server answers of its file system, and remembers: the next version.
 */
#include <errno.h>
#include <string.h>

#include "fuse/fs/fs_i.h"

static void remember(struct world *w, const struct written *change)
{
	struct written *x = &fuse_of(w)->writes[fuse_of(w)->nr_writes++];

	*x = *change;
	if (!x->data)
		return;
	x->data = memcpy(world_data(w, x->size), x->data, x->size);
}

/* what is behind the header: as it says itself, and no more than there is memory */
static uint32_t data_len(const struct abi_in_header *in, uint32_t size)
{
	uint32_t head = (uint32_t)sizeof(*in) + fs_head(in->opcode);

	if (in->len <= head)
		return 0;
	return in->len - head < size ? in->len - head : size;
}

/*
 * Arguments and reply may be the same memory: what is needed of the former is read before
 * the latter is written, but for the data of a WRITE, which has to be remembered first.
 */
void fs_answer(struct world *w, const struct abi_in_header *in, const void *op_in,
	       const unsigned char *payload_in, unsigned char *payload_out, uint32_t size,
	       struct fs_reply *reply)
{
	const struct fs_ask ask = { .opcode = in->opcode,
				    .ino = in->nodeid,
				    .op = op_in,
				    .data = payload_in,
				    .len = data_len(in, size) };
	const bool apart = in->opcode == OP_WRITE;
	struct answered *a = fs_answers(w, in, op_in, payload_in, ask.len);
	struct abi_write_out wrote;
	struct written change;

	fs_reply(w, fuse_of(w)->nr_writes, &ask, apart ? (void *)&wrote : payload_out,
		 apart ? sizeof(wrote) : size, reply, &change);
	if (change.data && change.size > world_data_left(w)) {
		*reply = (struct fs_reply){ -ENOSPC, 0 };
		world_disturbed(w, DISTURBED_TOO_BIG);
	} else if (change.op) {
		remember(w, &change);
	}
	if (a)
		a->changes = change.op;
	if (apart)
		memcpy(payload_out, &wrote, reply->size);
}

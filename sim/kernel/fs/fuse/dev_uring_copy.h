/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring, part of dev_uring.c: copying between requests and the memory
 * of the server. Done without any lock by the owner of the entry, in a task that
 * shares that memory, or, when it is pinned, in any.
 */
#ifndef _FS_FUSE_DEV_URING_COPY_H
#define _FS_FUSE_DEV_URING_COPY_H

/* Where in the area of headers the entry's slot has @offset. */
static size_t header_at(const struct fuse_ring_ent *entry, size_t offset)
{
	return entry->id * sizeof(struct fuse_uring_req_header) + offset;
}

static int header_put(struct fuse_ring_ent *entry, size_t offset, const void *from,
		      size_t len)
{
	char __user *slot = (char __user *)entry->headers;

	if (queue_is_pinned(entry->queue)) {
		pinned_area_put(&entry->queue->bufring->pins.headers,
				header_at(entry, offset), from, len);
		return 0;
	}
	return copy_to_user(slot + offset, from, len) ? -EFAULT : 0;
}

static int header_get(struct fuse_ring_ent *entry, size_t offset, void *to, size_t len)
{
	const char __user *slot = (const char __user *)entry->headers;

	if (queue_is_pinned(entry->queue)) {
		pinned_area_get(&entry->queue->bufring->pins.headers,
				header_at(entry, offset), to, len);
		return 0;
	}
	return copy_from_user(to, slot + offset, len) ? -EFAULT : 0;
}

/* Start a copy between a request and the first @len bytes of its payload area. */
static int payload_open(struct fuse_copy_state *cs, struct fuse_ring_ent *entry,
			struct iov_iter *iter, size_t len, bool to_user)
{
	unsigned int direction = to_user ? ITER_DEST : ITER_SOURCE;
	struct fuse_bufring *br = entry->queue->bufring;
	int err = 0;

	memset(iter, 0, sizeof(*iter));
	if (len && queue_is_pinned(entry->queue))
		pinned_area_iter(&br->pins.payload, iter, direction,
				 fuse_bufring_offset(br, &entry->buf), len);
	else if (len)
		err = import_ubuf(direction, entry->payload, len, iter);
	fuse_copy_init(cs, to_user, iter);
	cs->is_uring = true;
	cs->req = entry->fuse_req;
	return err;
}

/* All arguments but the first go into the payload area. */
static int payload_put(struct fuse_ring_ent *entry, unsigned int *copied)
{
	struct fuse_args *args = entry->fuse_req->args;
	struct fuse_arg *rest = (struct fuse_arg *)&args->in_args[1];
	unsigned int nr = args->in_numargs - 1;
	struct fuse_copy_state cs;
	struct iov_iter iter;
	size_t len;
	int err;

	len = fuse_len_args(nr, rest);
	if (len > ent_payload_size(entry))
		/* an attribute's value may be longer than the server has room for */
		return args->opcode == FUSE_SETXATTR ? -E2BIG : -EIO;

	err = payload_open(&cs, entry, &iter, len, true);
	if (!err)
		err = fuse_copy_args(&cs, nr, args->in_pages, rest, 0);
	fuse_copy_finish(&cs);
	*copied = cs.ring.copied_sz;
	return err;
}

/* The reply's arguments; the server gives their length. */
static int payload_get(struct fuse_ring_ent *entry, unsigned int len)
{
	struct fuse_copy_state cs;
	struct iov_iter iter;
	int err;

	if (len > ent_payload_size(entry))
		return -EINVAL;

	err = payload_open(&cs, entry, &iter, len, false);
	if (!err)
		err = fuse_copy_out_args(&cs, entry->fuse_req->args, len);
	fuse_copy_finish(&cs);
	return err;
}

/* Copy the entry's request into the server's memory. */
static int ent_put_request(struct fuse_ring_ent *entry)
{
	struct fuse_req *req = entry->fuse_req;
	const struct fuse_args *args = req->args;
	struct fuse_bufring_ent_in_out info = {
		.commit_id = req->in.h.unique,
		.buf_id = entry->buf.id,
		.offset = entry->buf.offset,
	};
	unsigned int copied = 0;
	int err = 0;

	if (args->in_numargs > 1)
		err = payload_put(entry, &copied);
	if (err)
		return err;

	if (args->in_numargs > 0 && args->in_args[0].size > 0) {
		if (args->in_args[0].size > FUSE_URING_OP_IN_OUT_SZ)
			return -EIO;
		err = header_put(entry, offsetof(struct fuse_uring_req_header, op_in),
				 args->in_args[0].value, args->in_args[0].size);
		if (err)
			return err;
	}

	info.payload_sz = copied;
	err = header_put(entry, offsetof(struct fuse_uring_req_header, ring_ent_in_out),
			 &info, sizeof(info));
	if (err)
		return err;
	return header_put(entry, offsetof(struct fuse_uring_req_header, in_out),
			  &req->in.h, sizeof(req->in.h));
}

/* A reply that names another request says nothing about this one. */
static int reply_check(const struct fuse_out_header *oh, const struct fuse_req *req)
{
	/* unique 0 would be a notification: those are written to /dev/fuse */
	if (!oh->unique || oh->error <= -512 || oh->error > 0)
		return -EINVAL;
	if (oh->unique != req->in.h.unique)
		return -ENOENT;
	return oh->error;
}

/* Copy the server's reply into the entry's request. Return: how that ends. */
static int ent_get_reply(struct fuse_ring_ent *entry)
{
	struct fuse_bufring_ent_in_out info;
	struct fuse_req *req = entry->fuse_req;
	struct fuse_out_header oh;
	int err;

	err = header_get(entry, offsetof(struct fuse_uring_req_header, in_out), &oh,
			 sizeof(oh));
	if (!err)
		err = reply_check(&oh, req);
	if (err)
		return err;
	req->out.h = oh;

	err = header_get(entry, offsetof(struct fuse_uring_req_header, ring_ent_in_out),
			 &info, sizeof(info));
	if (err)
		return err;
	return payload_get(entry, info.payload_sz);
}

#endif /* _FS_FUSE_DEV_URING_COPY_H */

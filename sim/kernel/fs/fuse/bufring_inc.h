/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffer ring layout "inc" (FUSE_URING_BUFRING_INC): a buffer is consumed from its
 * beginning on, by several requests at a time.
 *
 * One buffer is open: regions are taken of it, one behind the other. When its rest is
 * too short for a request, and there is a free buffer, that one is opened instead, and
 * nothing is taken of the one before any more: it is closed. Bytes that came back are
 * not taken again before all of the buffer has come back; then it is free, open or not.
 * So a buffer that has no region in use is free, and what is in use of a buffer are
 * parts of its first bytes that do not overlap.
 *
 * When there is no free buffer, the open one stays open: a shorter request may use its
 * rest meanwhile. Each that does leaves less of it, so they cannot keep the buffer from
 * coming back.
 */
#ifndef _FS_FUSE_BUFRING_INC_H
#define _FS_FUSE_BUFRING_INC_H

static int inc_take(struct fuse_bufring *br, const struct fuse_bufring_need *need,
		    struct fuse_bufring_region *region)
{
	unsigned int buf_size = br->classes[0].size;
	struct fuse_bufring_use *use;
	unsigned int size;

	/* not none: then two regions could be in the same place */
	size = round_up(max(need->size, 1U), FUSE_BUFRING_ALIGN);
	size = min(size, buf_size);

	if (br->open == FUSE_BUFRING_NONE_OPEN ||
	    buf_size - br->uses[br->open].bytes < size) {
		int id = fuse_bufring_take(br, &br->classes[0]);

		if (id < 0)
			return id;
		br->open = id;
	}
	use = &br->uses[br->open];
	region->id = br->open;
	region->offset = use->bytes;
	region->size = size;
	use->bytes += size;
	use->regions++;
	return 0;
}

static void inc_put(struct fuse_bufring *br, const struct fuse_bufring_region *region)
{
	struct fuse_bufring_use *use = &br->uses[region->id];

	if (WARN_ON_ONCE(!use->regions))
		return;
	if (--use->regions)
		return;
	use->bytes = 0;
	if (br->open == region->id)
		br->open = FUSE_BUFRING_NONE_OPEN;
	fuse_bufring_put(br, &br->classes[0], region->id);
}

static const struct fuse_bufring_layout fuse_bufring_inc = {
	.name = "inc",
	.take = inc_take,
	.put = inc_put,
};

#endif /* _FS_FUSE_BUFRING_INC_H */

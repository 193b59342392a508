/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffer ring layout "whole": each request has a buffer of its own. All have one
 * size, which any payload fits.
 */
#ifndef _FS_FUSE_BUFRING_WHOLE_H
#define _FS_FUSE_BUFRING_WHOLE_H

static int whole_take(struct fuse_bufring *br, const struct fuse_bufring_need *need,
		      struct fuse_bufring_region *region)
{
	int id = fuse_bufring_take(br, &br->classes[0]);

	if (id < 0)
		return id;
	region->id = id;
	region->offset = 0;
	region->size = br->classes[0].size;
	return 0;
}

static void whole_put(struct fuse_bufring *br, const struct fuse_bufring_region *region)
{
	fuse_bufring_put(br, &br->classes[0], region->id);
}

static const struct fuse_bufring_layout fuse_bufring_whole = {
	.name = "whole",
	.keeps = true,
	.take = whole_take,
	.put = whole_put,
};

#endif /* _FS_FUSE_BUFRING_WHOLE_H */

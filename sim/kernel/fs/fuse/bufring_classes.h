/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffer ring layout "classes": buffers have up to FUSE_BUFRING_MAX_CLASSES sizes, and
 * a request has the smallest free one that its payload fits.
 *
 * When its class has none, it may have one of a larger class, unless those are needed
 * there: only if that class has more free buffers than requests of its own wait. So no
 * request waits for a buffer that went to one which needed less, while it waited.
 */
#ifndef _FS_FUSE_BUFRING_CLASSES_H
#define _FS_FUSE_BUFRING_CLASSES_H

static int classes_take(struct fuse_bufring *br, const struct fuse_bufring_need *need,
			struct fuse_bufring_region *region)
{
	unsigned int own = fuse_bufring_class_for(br, need->size);
	unsigned int i;

	for (i = own; i < br->nr_classes; i++) {
		struct fuse_bufring_class *class = &br->classes[i];
		unsigned int reserved = i == own ? 0 : need->waiting[i];

		if (fuse_bufring_free_of(class) <= reserved)
			continue;
		region->id = fuse_bufring_take(br, class);
		region->offset = 0;
		region->size = class->size;
		return 0;
	}
	return -ENOBUFS;
}

static void classes_put(struct fuse_bufring *br, const struct fuse_bufring_region *region)
{
	fuse_bufring_put(br, fuse_bufring_class_of(br, region->id), region->id);
}

static const struct fuse_bufring_layout fuse_bufring_by_size = {
	.name = "classes",
	.take = classes_take,
	.put = classes_put,
};

#endif /* _FS_FUSE_BUFRING_CLASSES_H */

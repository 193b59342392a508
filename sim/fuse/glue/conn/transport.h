/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a tree until 7.1 has its transport: in struct fuse_conn.
 */
#ifndef GLUE_TRANSPORT_H
#define GLUE_TRANSPORT_H

#include "fuse_i.h"
#include "fuse_dev_i.h"
#include "dev_uring_i.h"

#define glue_transport fuse_conn

static inline const struct glue_transport *glue_transport_of(const struct fuse_conn *fc)
{
	return fc;
}

static inline unsigned int glue_active_background(const struct glue_transport *t)
{
#ifdef GLUE_SEPARATE_BACKGROUND
	return t->active_background[0] + t->active_background[1];
#else
	return t->active_background;
#endif
}

#endif /* GLUE_TRANSPORT_H */

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

/* macros: view.c alone looks, and is the place of it */
#define glue_transport_of(fc) ((const struct fuse_conn *)(fc))
#ifdef GLUE_SEPARATE_BACKGROUND
#define glue_active_background(t) ((t)->active_background[0] + (t)->active_background[1])
#else
#define glue_active_background(t) ((t)->active_background)
#endif

#endif /* GLUE_TRANSPORT_H */

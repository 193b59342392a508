/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a tree since 7.2 has its transport: in struct fuse_chan.
 */
#ifndef GLUE_TRANSPORT_H
#define GLUE_TRANSPORT_H

#include "dev.h"
#include "args.h"
#include "fuse_i.h"
#include "fuse_dev_i.h"
#include "dev_uring_i.h"
#ifdef GLUE_TIMEOUT_SYSCTLS
#include "sysctl.h"
#endif

/* what has the ring, the limits and the counts, by the same names in each era */
#define glue_transport fuse_chan

/* macros: view.c alone looks, and is the place of it */
#define glue_transport_of(fc)	  ((const struct fuse_chan *)(fc)->chan)
#define glue_active_background(t) ((t)->active_background)

#endif /* GLUE_TRANSPORT_H */

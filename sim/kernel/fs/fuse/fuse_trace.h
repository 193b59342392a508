/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace points of requests, as a kernel has them: here they are notes in the simulator's
 * trace.
 */
#ifndef _FS_FUSE_TRACE_H
#define _FS_FUSE_TRACE_H

#include <linux/tracepoint.h>

struct fuse_req;

TRACE_EVENT(fuse_request_sent, TP_PROTO(const struct fuse_req *req), TP_ARGS(req),
	    TP_STRUCT__entry(), TP_fast_assign(), TP_printk(""));

#endif /* _FS_FUSE_TRACE_H */

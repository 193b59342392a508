/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace points of requests: stubs, so that code which has them in a kernel compiles
 * here as well. The simulator's own trace tells more.
 */
#ifndef _FS_FUSE_TRACE_H
#define _FS_FUSE_TRACE_H

struct fuse_req;

static inline void trace_fuse_request_sent(const struct fuse_req *req)
{
	(void)req;
}

#endif /* _FS_FUSE_TRACE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for gfp.h and gfp_types.h, and for the page allocator. Model: what an
 * allocation may do is told to the runtime; memory classes mean nothing here.
 */
#ifndef SHIM_LINUX_GFP_H
#define SHIM_LINUX_GFP_H

#include <linux/types.h>

#include "shim/heap.h"

#define __GFP_ZERO	    SHIM_GFP_ZERO
#define __GFP_NOFAIL	    SHIM_GFP_NOFAIL
#define __GFP_ACCOUNT	    SHIM_GFP_ACCOUNT
#define __GFP_NOWARN	    0u
#define __GFP_NORETRY	    0u
#define __GFP_RETRY_MAYFAIL 0u
#define __GFP_COMP	    0u
#define __GFP_HIGHMEM	    0u
#define __GFP_MOVABLE	    0u

#define GFP_KERNEL	     0u
#define GFP_KERNEL_ACCOUNT   SHIM_GFP_ACCOUNT
#define GFP_USER	     0u
#define GFP_HIGHUSER	     0u
#define GFP_HIGHUSER_MOVABLE 0u
#define GFP_NOFS	     0u
#define GFP_NOIO	     0u
#define GFP_ATOMIC	     SHIM_GFP_ATOMIC
#define GFP_NOWAIT	     SHIM_GFP_ATOMIC

#define gfpflags_allow_blocking(gfp) (!((gfp)&SHIM_GFP_ATOMIC))

/* GFP_KERNEL unless something is given */
#define shim_second(first, second, ...) second
#define default_gfp(...)		shim_second(0, ##__VA_ARGS__, GFP_KERNEL)

#endif /* SHIM_LINUX_GFP_H */

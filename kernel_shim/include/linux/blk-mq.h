/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for blk-mq.h: types by name. There are no block devices.
 */
#ifndef SHIM_LINUX_BLK_MQ_H
#define SHIM_LINUX_BLK_MQ_H

#include <linux/bvec.h>

struct request;

#endif /* SHIM_LINUX_BLK_MQ_H */

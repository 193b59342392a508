// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of this tree's fs/fuse for the simulator.
 */
#include "glue.h"

#if defined(GLUE_BUFRING)
#define CAN_BUFFERS (FUSE_CAN_BUFRING | FUSE_CAN_SHARED)
#elif defined(GLUE_BUFPOOL)
#define CAN_BUFFERS (FUSE_CAN_BUFPOOL | FUSE_CAN_ZERO_COPY | FUSE_CAN_SHARED)
#else
#define CAN_BUFFERS 0
#endif

#ifdef GLUE_NOTIFY
#define CAN_NOTIFY FUSE_CAN_NOTIFY
#else
#define CAN_NOTIFY 0
#endif

#ifdef GLUE_SYNC_INIT
#define CAN_SYNC_INIT FUSE_CAN_SYNC_INIT
#else
#define CAN_SYNC_INIT 0
#endif

#ifdef GLUE_TIMEOUT_SYSCTLS
#define CAN_SYSCTLS FUSE_CAN_SYSCTLS
#else
#define CAN_SYSCTLS 0
#endif

#ifdef GLUE_TIMEOUT
#define CAN_TIMEOUT FUSE_CAN_TIMEOUT
#else
#define CAN_TIMEOUT 0
#endif

#ifdef GLUE_EPOCH
#define CAN_EPOCH FUSE_CAN_EPOCH
#else
#define CAN_EPOCH 0
#endif

#ifdef GLUE_PRUNE
#define CAN_PRUNE FUSE_CAN_PRUNE
#else
#define CAN_PRUNE 0
#endif

#define GLUE_CAPS                                                               \
	(CAN_BUFFERS | CAN_NOTIFY | CAN_SYNC_INIT | CAN_SYSCTLS | CAN_TIMEOUT | \
	 CAN_EPOCH | CAN_PRUNE)

static const struct fuse_ops ops = {
	.mount = glue_mount,
	.request = glue_request,
	.request_bg = glue_request_bg,
	.forget = glue_forget,
	.abort = glue_abort,
	.umount = glue_umount,
	.set_max_background = glue_set_max_background,
	.set_knob = glue_set_knob,
	.ring_view = glue_ring_view,
	.queue_view = glue_queue_view,
	.queue_glance = glue_queue_glance,
	.queue_of_lock = glue_queue_of_lock,
	.queue_locked = glue_queue_locked,
#ifdef GLUE_BUFRING
	.bufring = &glue_bufring,
#endif
};

extern const struct subject_driver subject_driver;

const struct subject_driver subject_driver = {
	.name = "fuse",
	.caps = GLUE_CAPS,
	.module_init = fuse_dev_init,
	.module_exit = fuse_dev_cleanup,
	.ops = &ops,
};

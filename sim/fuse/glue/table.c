// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one symbol that a subject exports. What it was built from comes from
 * subject_config.h, which tools/build-subject writes.
 */
#include "glue.h"

#include "sched/lines.h"
#include "shim/file.h"
#include "subject_config.h"

#if defined(GLUE_BUFRING)
#define GLUE_CAPS (SUBJECT_BUFRING | SUBJECT_SHARED)
#elif defined(GLUE_BUFPOOL)
#define GLUE_CAPS (SUBJECT_BUFPOOL | SUBJECT_ZERO_COPY | SUBJECT_SHARED)
#else
#define GLUE_CAPS 0
#endif

static const struct subject_file files[] = { SUBJECT_FILES };

static const struct call_lines lines[] = {
#include "subject_lines.h"
};

extern const struct subject_ops subject_ops;

__attribute__((visibility("default"))) const struct subject_ops subject_ops = {
	.abi = SUBJECT_ABI,
	.name = SUBJECT_NAME,
	.version = SUBJECT_VERSION,
	.compiler = SUBJECT_COMPILER,
	.caps = GLUE_CAPS,
	.unmodified = SUBJECT_UNMODIFIED,
#ifdef SHIM_HOOKED
	.hooked = true,
#endif
	.files = files,
	.nr_files = ARRAY_SIZE(files),
	.lines = lines,
	.nr_lines = ARRAY_SIZE(lines),
	.module_init = fuse_dev_init,
	.module_exit = fuse_dev_cleanup,
	.dev_fuse = &glue_dev_fuse,
	.mount = glue_mount,
	.request = glue_request,
	.request_bg = glue_request_bg,
	.forget = glue_forget,
	.abort = glue_abort,
	.umount = glue_umount,
	.resend = glue_resend,
	.set_max_background = glue_set_max_background,
	.ring_view = glue_ring_view,
	.queue_view = glue_queue_view,
	.queue_locked = glue_queue_locked,
#ifdef GLUE_BUFRING
	.bufring = &glue_bufring,
#endif
};

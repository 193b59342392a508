// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: the words of the configuration.
 */
#include <stddef.h>

#include "fuse/fuse_i.h"
#include "fuse/words/words.h"

static const struct text_choice payloads[] = {
	{ "per-entry", PAYLOAD_PER_ENTRY, 0 },
	{ "bufpool", PAYLOAD_BUFPOOL, FUSE_CAN_BUFPOOL },
	{ "bufpool-fixed", PAYLOAD_BUFPOOL_FIXED, FUSE_CAN_BUFPOOL },
	{ "bufring", PAYLOAD_BUFRING, FUSE_CAN_BUFRING },
	{ "shared", PAYLOAD_SHARED, FUSE_CAN_SHARED },
	{ NULL, 0, 0 },
};

#define NUMBER(name, most)                                                               \
	{                                                                                \
		.word = #name, .offset = offsetof(struct fuse_config, name), .max = most \
	}
#define YES(name)                                            \
	{                                                    \
		.word = #name, .type = SETTING_YES,          \
		.offset = offsetof(struct fuse_config, name) \
	}

const struct text_setting fuse_settings[] = {
	NUMBER(entries, MAX_ENTS),
	{ .word = "payload",
	  .type = SETTING_CHOICE,
	  .offset = offsetof(struct fuse_config, payload),
	  .choices = payloads },
	NUMBER(buffers, 64),
	NUMBER(max_write, FILE_SIZE),
	NUMBER(max_pages, 256),
	NUMBER(max_background, 65535),
	{ .word = "request_timeout",
	  .offset = offsetof(struct fuse_config, request_timeout),
	  .max = 65535,
	  .needs = FUSE_CAN_TIMEOUT },
	{ .word = "zero_copy",
	  .type = SETTING_YES,
	  .needs = FUSE_CAN_ZERO_COPY,
	  .offset = offsetof(struct fuse_config, zero_copy) },
	YES(no_io_uring),
	{ .word = "policy",
	  .offset = offsetof(struct fuse_config, policy),
	  .max = 1,
	  .needs = FUSE_CAN_BUFRING },
	{ .word = "inc",
	  .type = SETTING_YES,
	  .needs = FUSE_CAN_BUFRING,
	  .offset = offsetof(struct fuse_config, inc) },
	{ .word = "pinned",
	  .type = SETTING_YES,
	  .needs = FUSE_CAN_BUFRING,
	  .offset = offsetof(struct fuse_config, pinned) },
	{ .word = "classes",
	  .offset = offsetof(struct fuse_config, classes),
	  .max = MAX_CLASSES,
	  .needs = FUSE_CAN_BUFRING },
	YES(init_unanswered),
	{ .word = "sync_init",
	  .type = SETTING_YES,
	  .needs = FUSE_CAN_SYNC_INIT,
	  .offset = offsetof(struct fuse_config, sync_init) },
	YES(no_param),
	{ .word = NULL },
};

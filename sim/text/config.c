// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings that every driver's configuration begins with.
 */
#include "text/text_i.h"
#include "shim/uring.h"

const struct text_choice text_ring_flags[] = {
	{ "submit-all", URING_SETUP_SUBMIT_ALL, 0 },
	{ "single-issuer", URING_SETUP_SINGLE_ISSUER, 0 },
	{ "defer-taskrun", URING_SETUP_DEFER_TASKRUN, 0 },
	{ NULL, 0, 0 },
};

const struct text_setting text_settings[] = {
	{ .word = "cpus", .offset = offsetof(struct world_config, cpus), .max = 8 },
	{ .word = "seconds",
	  .offset = offsetof(struct world_config, seconds),
	  .max = 1000000 },
	{ .word = "ring_flags",
	  .type = SETTING_FLAGS,
	  .offset = offsetof(struct world_config, ring_flags),
	  .choices = text_ring_flags },
	{ .word = NULL },
};

const unsigned int text_large_sqes = URING_SETUP_SQE128;

unsigned int text_whole_ring_flags(unsigned int flags)
{
	return flags & URING_SETUP_DEFER_TASKRUN ? flags | URING_SETUP_SINGLE_ISSUER
						 : flags;
}

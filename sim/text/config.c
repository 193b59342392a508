// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings that every driver's configuration begins with.
 */
#include <string.h>

#include "shim/uring.h"
#include "text/text_i.h"

const struct text_choice text_ring_flags[] = {
	{ "submit-all", URING_SETUP_SUBMIT_ALL, 0 },
	{ "single-issuer", URING_SETUP_SINGLE_ISSUER, 0 },
	{ "defer-taskrun", URING_SETUP_DEFER_TASKRUN, 0 },
	{ "coop-taskrun", URING_SETUP_COOP_TASKRUN, 0 },
	{ "taskrun-flag", URING_SETUP_TASKRUN_FLAG, 0 },
	{ "cqsize", URING_SETUP_CQSIZE, 0 },
	{ "fixed-file", WORLD_RING_FIXED_FILE, 0 },
	{ "sqpoll", URING_SETUP_SQPOLL, 0 },
	{ "mixed-sqes", URING_SETUP_SQE_MIXED, 0 },
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
	{ .word = "memlock",
	  .offset = offsetof(struct world_config, memlock),
	  .max = 65535 },
	{ .word = "may_be_rejected",
	  .type = SETTING_YES,
	  .offset = offsetof(struct world_config, may_be_rejected),
	  .of_all_generated = true },
	{ .word = NULL },
};

const unsigned int text_large_sqes = URING_SETUP_SQE128;

/* what one flag is nothing without */
static unsigned int needed_with(unsigned int flag)
{
	return flag == URING_SETUP_DEFER_TASKRUN  ? URING_SETUP_SINGLE_ISSUER
	       : flag == URING_SETUP_TASKRUN_FLAG ? URING_SETUP_COOP_TASKRUN
						  : 0;
}

bool text_ring_flags_of(const char *list, unsigned int *flags)
{
	const struct text_choice *c;
	size_t n;

	*flags = 0;
	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		for (c = text_ring_flags; c->word; c++)
			if (strlen(c->word) == n && !strncmp(c->word, list, n))
				break;
		if (!c->word)
			return false;
		*flags |= c->value | needed_with(c->value);
	}
	return *flags;
}

unsigned int text_whole_ring_flags(unsigned int flags)
{
	for (const struct text_choice *c = text_ring_flags; c->word; c++)
		if (flags & c->value)
			flags |= needed_with(c->value);
	return flags;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE's words of scenario files, as the core reads them.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/words.h"

static const char *const kinds[] = {
	[A_CALL] = "call",	     [A_COMMAND] = "command",	      [A_TAKE] = "take",
	[A_DEV_READ] = "read-dev",   [THE_CONNECTION] = "connection", [A_QUEUE] = "queue",
	[A_NOTICE] = "notification", [A_CONTROL] = "control",
};

const struct text_words fuse_words = {
	.config_size = sizeof(struct fuse_config),
	.settings = fuse_settings,
	.conditions = fuse_conditions,
	.calls = fuse_calls,
	.properties = fuse_properties,
	.things = fuse_things,
	.kinds = kinds,
	.note = fuse_words_note,
	.print = fuse_words_print,
	.record = fuse_words_record,
	.uses = fuse_words_uses,
	.hints = &fuse_hints,
};

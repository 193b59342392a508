// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: the words of the configuration, and what some of them, and
 * fields of commands, mean nothing without.
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

/* ---- what means nothing without something else ---- */

#define ONE(value)     (1u << (value))
#define BUT_ONE(value) (~(1u << (value)))
#define RING	       (ONE(PAYLOAD_BUFRING) | ONE(PAYLOAD_SHARED))

#define NEEDS_RING "means nothing without \"payload bufring\", or \"shared\""

#define NOT_BOTH                                                                     \
	"does not go together with \"classes\": the kernel refuses such a ring; to " \
	"see it refuse, say \"flags 3\" in a \"register\""

/* a server may send commands nevertheless, to see them refused */
#define OF_COMMANDS(of)                                                                  \
	{                                                                                \
		.word = (of), .setting = "no_io_uring", .values = ONE(0),                \
		.argument = "queue",                                                     \
		.told = "means nothing with \"no_io_uring\" where no server's call has " \
			"a "                                                             \
			"\"queue\": no command is sent"                                  \
	}
#define OF_RING(of)                                                                    \
	{                                                                              \
		.word = (of), .setting = "payload", .values = RING, .told = NEEDS_RING \
	}
#define FIELD_OF_RING(of)                                                               \
	{                                                                               \
		.call = "register", .word = (of), .setting = "payload", .values = RING, \
		.argument = "flags",                                                    \
		.told = NEEDS_RING " or \"flags\": it is not sent to others"            \
	}
#define FIELD_OF_CLASSES(of)                                                           \
	{                                                                              \
		.call = "register", .word = (of), .setting = "classes", .values = ~3u, \
		.told = "means nothing without \"classes\" of 2 or more"               \
	}
#define FIELD_OF_OTHER(in, of)                                                       \
	{                                                                            \
		.call = (in), .word = (of), .argument = "op",                        \
		.told = "means nothing without \"op\": \"" in "\" has no such field" \
	}
/* ADD_QUEUE and ADD_BUFPOOL send no iovecs, and less of the SQE */
#define FIELDS_OF_REGISTER(in)                                                          \
	FIELD_OF_OTHER(in, "headers-len"), FIELD_OF_OTHER(in, "payload-len"),           \
		FIELD_OF_OTHER(in, "payload-at"), FIELD_OF_OTHER(in, "iovecs"),         \
		FIELD_OF_OTHER(in, "iovecs-at"), FIELD_OF_OTHER(in, "zero-copy-index"), \
		FIELD_OF_OTHER(in, "queue-depth"), FIELD_OF_OTHER(in, "buf-size"),      \
		FIELD_OF_OTHER(in, "classes-len"), FIELD_OF_OTHER(in, "class-size"),    \
		FIELD_OF_OTHER(in, "class-number")

static const char *const answers_init[] = { "answer-init", "serve-dev", "answer-dev",
					    NULL };

/* a file may be of what waits for that, as sync-init-killed is */
#define WITHOUT_ANSWER(of)                                                          \
	{                                                                           \
		.word = (of), .calls = answers_init,                                \
		.told = "and no \"answer-init\", \"serve-dev\" or \"answer-dev\": " \
			"nothing "                                                  \
			"answers FUSE_INIT, and what waits for it never goes on"    \
	}

const struct text_condition fuse_conditions[] = {
	WITHOUT_ANSWER("init_unanswered"),
	WITHOUT_ANSWER("sync_init"),
	OF_COMMANDS("ring_flags"),
	OF_COMMANDS("entries"),
	OF_COMMANDS("payload"),
	OF_COMMANDS("zero_copy"),
	{ .word = "buffers",
	  .setting = "payload",
	  .values = BUT_ONE(PAYLOAD_PER_ENTRY),
	  .told = "means nothing without a \"payload\" that is not \"per-entry\"" },
	OF_RING("policy"),
	OF_RING("inc"),
	OF_RING("pinned"),
	OF_RING("classes"),
	{ .word = "inc",
	  .setting = "classes",
	  .values = ONE(0) | ONE(1),
	  .told = NOT_BOTH },
	{ .word = "memlock",
	  .setting = "pinned",
	  .values = BUT_ONE(0),
	  .argument = "flags",
	  .told = "means nothing without \"pinned\", or \"flags\" of a command: nothing "
		  "else counts" },
	{ .word = "init_unanswered",
	  .setting = "sync_init",
	  .values = ONE(0),
	  .told = "means nothing with \"sync_init\", where FUSE_INIT is never answered "
		  "by itself" },
	FIELD_OF_RING("queue-depth"),
	FIELD_OF_RING("buf-size"),
	FIELD_OF_CLASSES("class-size"),
	FIELD_OF_CLASSES("class-number"),
	{ .call = "register",
	  .word = "classes-len",
	  .setting = "classes",
	  .values = ~3u,
	  .argument = "iovecs",
	  .told = "means nothing without \"classes\" of 2 or more, or \"iovecs\": the "
		  "vector has no third one" },
	FIELD_OF_OTHER("register", "pool-len"),
	FIELD_OF_OTHER("register", "reserved"),
	FIELD_OF_OTHER("add-queue", "pool-len"),
	FIELD_OF_OTHER("add-queue", "reserved"),
	FIELDS_OF_REGISTER("add-queue"),
	FIELDS_OF_REGISTER("add-bufpool"),
	{ .call = "take",
	  .word = "absolute",
	  .argument = "within",
	  .told = "means nothing without \"within\"" },
	{ .word = NULL },
};

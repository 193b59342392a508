/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE in scenario files: rows of fuse_calls for what servers do beside serving. For
 * calls.c alone.
 */
#ifndef FUSE_WORDS_SERVERS_H
#define FUSE_WORDS_SERVERS_H

#include "fuse/words/words.h"

void *queue_share_ring(struct actor *a, const struct text_value *v);
void *queue_fork(struct actor *a, const struct text_value *v);
void *queue_exec(struct actor *a, const struct text_value *v);
void *queue_dup_ring(struct actor *a, const struct text_value *v);
void *queue_dup_dev(struct actor *a, const struct text_value *v);
void *queue_close_ring_fd(struct actor *a, const struct text_value *v);
void *queue_clone_buffers(struct actor *a, const struct text_value *v);
void *queue_poll_event(struct actor *a, const struct text_value *v);
void *queue_signal_event(struct actor *a, const struct text_value *v);
void *queue_sync_cancel(struct actor *a, const struct text_value *v);
void *queue_copy(struct actor *a, const struct text_value *v);
void *queue_answer_linked(struct actor *a, const struct text_value *v);
void *queue_over_dev(struct actor *a, const struct text_value *v);
void *queue_over_ring(struct actor *a, const struct text_value *v);
void *queue_serve_dev(struct actor *a, const struct text_value *v);
void *queue_poll_dev(struct actor *a, const struct text_value *v);
void *queue_ioctl_dev(struct actor *a, const struct text_value *v);
void *queue_rewrite(struct actor *a, const struct text_value *v);
void *queue_rewrite_sqe(struct actor *a, const struct text_value *v);
void *queue_rewrite_iovecs(struct actor *a, const struct text_value *v);
void *queue_protect(struct actor *a, const struct text_value *v);
void *queue_remap(struct actor *a, const struct text_value *v);

/* arguments 2 and up are fields, in the order of enum rewritten */
#define REWRITE_ARG(field) ((field) + 2)
#define REWRITE_WORD(nr, name) \
	[REWRITE_ARG(nr)] = { .word = name, .type = TEXT_CHANGE, .max = MOST }
#define OF_ACTOR                                   \
	{                                          \
		.type = TEXT_ACTOR, .needed = true \
	}
#define OF_ANOTHER                                                                   \
	{                                                                            \
		.type = TEXT_ACTOR, .needed = true, .kind = SERVERS, .another = true \
	}
#define OF_SERVER                                                   \
	{                                                           \
		.type = TEXT_ACTOR, .needed = true, .kind = SERVERS \
	}
#define HOW_COPIED                                  \
	{ .word = "async", .type = TEXT_FLAG },     \
	{                                           \
		.word = "direct", .type = TEXT_FLAG \
	}
#define SERVER_ROWS                                                                  \
	{ "share-ring", SERVERS, 0, { OF_SERVER }, queue_share_ring },               \
		{ "answer-over-dev",                                                 \
		  SERVERS,                                                           \
		  A_DEV_READ,                                                        \
		  { OF_TAKE, { .word = "error", .type = TEXT_ERROR } },              \
		  queue_over_dev },                                                  \
		{ "answer-over-ring",                                                \
		  SERVERS,                                                           \
		  A_COMMAND,                                                         \
		  { { .type = TEXT_RECORD, .needed = true, .kind = A_DEV_READ },     \
		    { .word = "queue", .type = TEXT_NUMBER, .max = 65535 } },        \
		  queue_over_ring },                                                 \
		{ "serve-dev", SERVERS, 0, { { 0 } }, queue_serve_dev },             \
		{ "poll-dev", SERVERS, A_CONTROL, { { 0 } }, queue_poll_dev },       \
		{ "ioctl-dev",                                                       \
		  SERVERS,                                                           \
		  A_CONTROL,                                                         \
		  { { .type = TEXT_NUMBER, .needed = true, .max = UINT32_MAX } },    \
		  queue_ioctl_dev },                                                 \
		{ "fork", SERVERS, 0, { OF_ANOTHER }, queue_fork },                  \
		{ "exec", SERVERS, 0, { { 0 } }, queue_exec },                       \
		{ "dup-ring", SERVERS, 0, { { 0 } }, queue_dup_ring },               \
		{ "dup-dev", SERVERS, 0, { { 0 } }, queue_dup_dev },                 \
		{ "close-ring-fd", SERVERS, 0, { { 0 } }, queue_close_ring_fd },     \
		{ "clone-buffers", SERVERS, 0, { OF_SERVER }, queue_clone_buffers }, \
		{ "poll-event", SERVERS, A_COMMAND, { { 0 } }, queue_poll_event },   \
		{ "signal-event", SERVERS, 0, { OF_ACTOR }, queue_signal_event },    \
		{ "sync-cancel",                                                     \
		  SERVERS,                                                           \
		  A_COMMAND,                                                         \
		  { { .word = "command", .type = TEXT_RECORD, .kind = A_COMMAND },   \
		    { .word = "device", .type = TEXT_FLAG },                         \
		    { .word = "any", .type = TEXT_FLAG },                            \
		    { .word = "all", .type = TEXT_FLAG },                            \
		    { .word = "within", .type = TEXT_NUMBER, .max = 3600 } },        \
		  queue_sync_cancel },                                               \
		{ "copy", SERVERS, A_COMMAND, { OF_TAKE, HOW_COPIED }, queue_copy }, \
		{ "answer-linked",                                                   \
		  SERVERS,                                                           \
		  A_COMMAND,                                                         \
		  { OF_TAKE, HOW_COPIED },                                           \
		  queue_answer_linked },                                             \
		{ "rewrite",                                                         \
		  SERVERS,                                                           \
		  0,                                                                 \
		  { OF_TAKE, REWRITE_WORD(REWRITE_ERROR, "error"),                   \
		    REWRITE_WORD(REWRITE_UNIQUE, "unique"),                          \
		    REWRITE_WORD(REWRITE_OUT_LEN, "out-len"),                        \
		    REWRITE_WORD(REWRITE_PAYLOAD_SIZE, "payload-size"),              \
		    REWRITE_WORD(REWRITE_PAYLOAD, "payload") },                      \
		  queue_rewrite },                                                   \
		{ "rewrite-sqe",                                                     \
		  SERVERS,                                                           \
		  0,                                                                 \
		  { OF_ACTOR, REWRITE_WORD(REWRITE_QUEUE, "queue"),                  \
		    REWRITE_WORD(REWRITE_COMMIT_ID, "commit-id"),                    \
		    REWRITE_WORD(REWRITE_FLAGS, "flags"),                            \
		    REWRITE_WORD(REWRITE_BUF_INDEX, "buf-index"),                    \
		    REWRITE_WORD(REWRITE_ZERO_COPY_INDEX, "zero-copy-index"),        \
		    REWRITE_WORD(REWRITE_IOVECS, "iovecs") },                        \
		  queue_rewrite_sqe },                                               \
		{ "rewrite-iovecs",                                                  \
		  SERVERS,                                                           \
		  0,                                                                 \
		  { QUEUE,                                                           \
		    [REG_ENTRY] = { .word = "entry",                                 \
				    .type = TEXT_NUMBER,                             \
				    .needed = true,                                  \
				    .max = MAX_ENTS - 1 },                           \
		    REWRITE_WORD(REWRITE_HEADERS_LEN, "headers-len"),                \
		    REWRITE_WORD(REWRITE_PAYLOAD_LEN, "payload-len") },              \
		  queue_rewrite_iovecs },                                            \
		{ "protect",                                                         \
		  SERVERS,                                                           \
		  0,                                                                 \
		  { OF_TAKE, { .word = "payload", .type = TEXT_FLAG } },             \
		  queue_protect },                                                   \
	{                                                                            \
		"remap", SERVERS, 0,                                                 \
			{ OF_TAKE, { .word = "payload", .type = TEXT_FLAG } },       \
			queue_remap                                                  \
	}

#endif /* FUSE_WORDS_SERVERS_H */

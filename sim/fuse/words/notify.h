/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE in scenario files: rows of fuse_calls for notifications. For calls.c alone.
 */
#ifndef FUSE_WORDS_NOTIFY_H
#define FUSE_WORDS_NOTIFY_H

#include "fuse/words/words.h"

void *queue_notify_poll(struct actor *a, const struct text_value *v);
void *queue_notify_inval_inode(struct actor *a, const struct text_value *v);
void *queue_notify_inval_entry(struct actor *a, const struct text_value *v);
void *queue_notify_store(struct actor *a, const struct text_value *v);
void *queue_notify_retrieve(struct actor *a, const struct text_value *v);
void *queue_notify_delete(struct actor *a, const struct text_value *v);
void *queue_notify_resend(struct actor *a, const struct text_value *v);
void *queue_notify_epoch(struct actor *a, const struct text_value *v);
void *queue_notify_prune(struct actor *a, const struct text_value *v);

#define NOTIFY_U64(nr, name, must) \
	[nr] = { .word = name, .type = TEXT_NUMBER, .needed = must, .max = MOST }
#define NOTIFY_SMALL(nr, name, must) \
	[nr] = { .word = name, .type = TEXT_NUMBER, .needed = must, .max = FILE_SIZE }
#define NOTIFY_OF_INO NOTIFY_U64(NOTIFY_INO, "ino", true)
#define NOTIFY_NAMED  [NOTIFY_NAME] = { .word = "name", .type = TEXT_NAME, .needed = true }
/* that much more or less than is right */
#define NOTIFY_WRONG                                                           \
	[NOTIFY_LEN] = { .word = "len", .type = TEXT_CHANGE, .max = 1 << 20 }, \
	[NOTIFY_COUNT] = { .word = "count", .type = TEXT_CHANGE, .max = 1 << 20 }
#define NOTIFY_RANGE(must) \
	NOTIFY_U64(NOTIFY_OFFSET, "offset", must), NOTIFY_SMALL(NOTIFY_SIZE, "size", must)

#define NOTIFY_ROW(name, fn, ...)                                                 \
	{                                                                         \
		"notify-" name, SERVERS, A_NOTICE, { __VA_ARGS__, NOTIFY_WRONG }, \
			queue_notify_##fn                                         \
	}

#define NOTIFY_ROWS                                                                     \
	NOTIFY_ROW("poll", poll, NOTIFY_U64(NOTIFY_UNIQUE, "handle", true)),            \
		NOTIFY_ROW("inval-inode", inval_inode, NOTIFY_OF_INO,                   \
			   NOTIFY_RANGE(false)),                                        \
		NOTIFY_ROW("inval-entry", inval_entry, NOTIFY_OF_INO, NOTIFY_NAMED),    \
		NOTIFY_ROW("store", store, NOTIFY_OF_INO, NOTIFY_RANGE(true)),          \
		NOTIFY_ROW("retrieve", retrieve, NOTIFY_OF_INO, NOTIFY_RANGE(true),     \
			   NOTIFY_U64(NOTIFY_UNIQUE, "unique", false)),                 \
		NOTIFY_ROW("delete", delete, NOTIFY_OF_INO,                             \
			   NOTIFY_U64(NOTIFY_CHILD, "child", true), NOTIFY_NAMED),      \
		NOTIFY_ROW("prune", prune, NOTIFY_OF_INO),                              \
		{ "notify-resend",                                                      \
		  SERVERS,                                                              \
		  A_NOTICE,                                                             \
		  { NOTIFY_WRONG },                                                     \
		  queue_notify_resend },                                                \
	{                                                                               \
		"notify-epoch", SERVERS, A_NOTICE, { NOTIFY_WRONG }, queue_notify_epoch \
	}

#endif /* FUSE_WORDS_NOTIFY_H */

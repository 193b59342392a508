/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE's words of scenario files (docs/scenario-files.md).
 */
#ifndef FUSE_WORDS_H
#define FUSE_WORDS_H

#include "text/hints.h"
#include "text/text.h"

struct fuse_command;
struct notice;
struct page_change;
struct rewrite;
struct reg;

/** enum fuse_kind - of what a name in a file stands for, and of what is looked at */
enum fuse_kind {
	A_CALL = 1,
	A_COMMAND,
	A_TAKE,
	A_DEV_READ,
	THE_CONNECTION,
	A_QUEUE,
	A_NOTICE,
	A_CONTROL,
};

/* arguments of the calls that have more than three, in their order */
enum {
	REG_QUEUE,
	REG_ENTRY,
	REG_NEEDED,
	REG_FLAGS,
	REG_HEADERS_LEN,
	REG_PAYLOAD_LEN,
	REG_PAYLOAD,
	REG_IOVECS,
	REG_IOVEC,
	REG_BUF_INDEX,
	REG_URING_FLAGS,
	REG_ZERO_COPY_INDEX,
	REG_DEPTH,
	REG_BUF_SIZE,
	REG_CLASSES_LEN,
	REG_CLASS_SIZE, /* of the first one */
	REG_CLASS_NUMBER,
	REG_POOL_LEN,
	REG_RESERVED,
	REG_OP,
	REG_SQE_FLAGS,
	REG_FIELD_QUEUE,
	REG_ARGS
};
enum {
	ANSWER_TAKE,
	ANSWER_ERROR,
	ANSWER_UNIQUE,
	ANSWER_COMMIT_ID,
	ANSWER_OUT_LEN,
	ANSWER_PAYLOAD_SIZE,
	ANSWER_QUEUE,
	ANSWER_BUF_INDEX,
	ANSWER_URING_FLAGS,
	ANSWER_SQE_FLAGS,
	ANSWER_ARGS
};

/** fuse_words - all of them */
extern const struct text_words fuse_words;
extern const struct text_arg fuse_reg_args[TEXT_ARGS];
extern const char *const fuse_answer_words[ANSWER_ARGS];

/* config.c, calls.c, expect.c: tables, each ended by an empty row */
extern const struct text_setting fuse_settings[];
extern const struct text_condition fuse_conditions[];
extern const struct text_call fuse_calls[];
extern const struct text_property fuse_properties[];
extern const struct text_thing fuse_things[];

/* hints.c */
extern const struct text_hints fuse_hints;
/* arguments of notifications, and what prints one */
enum {
	NOTIFY_INO,
	NOTIFY_CHILD,
	NOTIFY_OFFSET,
	NOTIFY_SIZE,
	NOTIFY_UNIQUE,
	NOTIFY_NAME,
	NOTIFY_LEN,
	NOTIFY_COUNT,
};
bool print_notice(FILE *out, const struct notice *n);

/**
 * answer_changes() - the values of the words that make an answer another one, by enum
 * answer_arg; NULL: it is changed by a function of a scenario, or not at all
 */
const struct text_value *answer_changes(const struct fuse_command *c);

/* servers.c; @of: name of the take, or NULL */
bool print_copy(FILE *out, const struct fuse_command *c, const char *of);
void print_cancel(FILE *out, const struct fuse_command *c, const char *of);
bool print_ring(FILE *out, unsigned int kind, const void *arg);
bool print_rewrite(FILE *out, const struct rewrite *r, const char *of);
bool print_page_change(FILE *out, const struct page_change *p, const char *of);

/* print.c */
void fuse_words_note(const struct queued *q);
bool fuse_words_print(FILE *out, const struct queued *q, const char *of);
const void *fuse_words_record(const struct queued *q, unsigned int *kind);
const void *fuse_words_uses(const struct queued *q);

/** reg_field() - value of field @arg of a REGISTER or the like */
long long reg_field(const struct reg *r, unsigned int arg);

#endif /* FUSE_WORDS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE in scenario files: what clients and root do, for the table of all calls.
 */
#ifndef FUSE_WORDS_CLIENT_CALLS_H
#define FUSE_WORDS_CLIENT_CALLS_H

#include "text/text.h"

#define MOST ((1ll << 62) - 1)

/* arguments of a call of a client, each always at its place */
enum {
	CALL_NAME,
	CALL_TO,
	CALL_INO,
	CALL_OFFSET,
	CALL_TO_INO,
	CALL_TO_OFFSET,
	CALL_SIZE,
	CALL_NUMBER,
	CALL_BACKGROUND,
	CALL_ARGS
};

/* one for each word, as a function is not told which word it was */
#define CLIENT_CALL(word) \
	void *text_client_##word(struct actor *a, const struct text_value *v)

CLIENT_CALL(lookup);
CLIENT_CALL(getattr);
CLIENT_CALL(truncate);
CLIENT_CALL(open);
CLIENT_CALL(create);
CLIENT_CALL(symlink);
CLIENT_CALL(readlink);
CLIENT_CALL(unlink);
CLIENT_CALL(rename);
CLIENT_CALL(read);
CLIENT_CALL(write);
CLIENT_CALL(copy);
CLIENT_CALL(fsync);
CLIENT_CALL(flush);
CLIENT_CALL(release);
CLIENT_CALL(readdir);
CLIENT_CALL(readdirplus);
CLIENT_CALL(getxattr);
CLIENT_CALL(listxattr);
CLIENT_CALL(setxattr);
CLIENT_CALL(statfs);
CLIENT_CALL(lseek);
CLIENT_CALL(ioctl);
CLIENT_CALL(poll);
CLIENT_CALL(forget);
CLIENT_CALL(cpu);
CLIENT_CALL(mount);
CLIENT_CALL(umount);
CLIENT_CALL(abort);
CLIENT_CALL(max_background);
CLIENT_CALL(congestion);
CLIENT_CALL(default_timeout);
CLIENT_CALL(max_timeout);
CLIENT_CALL(enable_uring);

#endif /* FUSE_WORDS_CLIENT_CALLS_H */

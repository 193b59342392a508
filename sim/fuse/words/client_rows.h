/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the table of all calls (calls.c, which includes this in its middle): what
 * clients and root do.
 */
#define NUMBER_ARG(at, name, need, most) \
	[at] = { .word = (name), .type = TEXT_NUMBER, .needed = (need), .max = (most) }
#define INO	    NUMBER_ARG(CALL_INO, "ino", true, MOST)
#define OFFSET	    NUMBER_ARG(CALL_OFFSET, "offset", true, MOST)
#define FROM	    NUMBER_ARG(CALL_OFFSET, "offset", false, MOST)
#define SIZE	    NUMBER_ARG(CALL_SIZE, "size", true, FILE_SIZE)
#define SIZE_OR_0   NUMBER_ARG(CALL_SIZE, "size", false, FILE_SIZE)
#define FLAGS(name) NUMBER_ARG(CALL_NUMBER, name, false, 0xffffffffll)
#define BACKGROUND  [CALL_BACKGROUND] = { .word = "background", .type = TEXT_FLAG }
#define NAME	    [CALL_NAME] = { .type = TEXT_NAME, .needed = true }
#define TO_NAME	    [CALL_TO] = { .word = "to", .type = TEXT_NAME, .needed = true }
#define ATTRIBUTE   [CALL_NAME] = { .word = "name", .type = TEXT_NAME, .needed = true }
#define NO_ARGS                      \
	{                            \
		{                    \
			.word = NULL \
		}                    \
	}
#define ONE_NUMBER(most)                                                   \
	{                                                                  \
		{                                                          \
			.type = TEXT_NUMBER, .needed = true, .max = (most) \
		}                                                          \
	}
#define CALL(word, function, ...)                                          \
	{                                                                  \
		word, CLIENTS, A_CALL, __VA_ARGS__, text_client_##function \
	}
#define ROOT(word, function, ...)                                     \
	{                                                             \
		word, CLIENTS, 0, __VA_ARGS__, text_client_##function \
	}
CALL("lookup", lookup, { NAME }), CALL("getattr", getattr, { INO }),
	CALL("truncate", truncate, { INO, SIZE }),
	CALL("open", open, { INO, FLAGS("flags") }),
	CALL("create", create, { NAME, FLAGS("flags") }),
	CALL("symlink", symlink, { NAME, TO_NAME }), CALL("readlink", readlink, { INO }),
	CALL("unlink", unlink, { NAME }),
	CALL("rename", rename, { NAME, TO_NAME, FLAGS("flags") }),
	CALL("read", read, { INO, OFFSET, SIZE, BACKGROUND }),
	CALL("write", write, { INO, OFFSET, SIZE, BACKGROUND }),
	CALL("copy-range", copy,
	     { INO, OFFSET, NUMBER_ARG(CALL_TO_INO, "to-ino", true, MOST),
	       NUMBER_ARG(CALL_TO_OFFSET, "to-offset", true, MOST), SIZE }),
	CALL("fsync", fsync, { INO }), CALL("flush", flush, { INO }),
	CALL("release", release, { INO }), CALL("readdir", readdir, { FROM, SIZE_OR_0 }),
	CALL("readdirplus", readdirplus, { FROM, SIZE_OR_0 }),
	CALL("getxattr", getxattr, { INO, ATTRIBUTE, SIZE_OR_0 }),
	CALL("listxattr", listxattr, { INO, SIZE_OR_0 }),
	CALL("setxattr", setxattr, { INO, ATTRIBUTE, SIZE }),
	CALL("statfs", statfs, NO_ARGS),
	CALL("lseek", lseek, { INO, OFFSET, FLAGS("whence") }),
	CALL("ioctl", ioctl, { INO, SIZE }), CALL("poll", poll, { INO, FLAGS("events") }),
	ROOT("forget", forget, { INO, NUMBER_ARG(CALL_NUMBER, "nlookup", false, MOST) }),
	ROOT("cpu", cpu,
	     { { .type = TEXT_NUMBER, .needed = true, .max = 7, .below = "cpus" } }),
	CALL("mount", mount, NO_ARGS),
	ROOT("umount", umount, { { .word = "lazy", .type = TEXT_FLAG } }),
	ROOT("abort", abort, NO_ARGS),
	ROOT("max-background", max_background, ONE_NUMBER(65535)),
	ROOT("congestion-threshold", congestion, ONE_NUMBER(65535)),
	ROOT("default-timeout", default_timeout, ONE_NUMBER(65535)),
	ROOT("max-timeout", max_timeout, ONE_NUMBER(65535)),
	ROOT("enable-uring", enable_uring, ONE_NUMBER(1)),
#undef NUMBER_ARG
#undef INO
#undef OFFSET
#undef FROM
#undef SIZE
#undef SIZE_OR_0
#undef FLAGS
#undef BACKGROUND
#undef NAME
#undef TO_NAME
#undef ATTRIBUTE
#undef NO_ARGS
#undef ONE_NUMBER
#undef CALL
#undef ROOT

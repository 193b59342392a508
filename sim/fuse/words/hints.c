// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE's words for a generator of scenario files: which are of use often, which values
 * make a difference, and what belongs together. A word that is not here is generated,
 * too.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/words.h"

static const char *const names[] = { "f2", "f3", "f4", "f7", NULL };

#define VALUES(...)                                                     \
	.nr = sizeof((long long[]){ __VA_ARGS__ }) / sizeof(long long), \
	.values = { __VA_ARGS__ }
#define CALL(name, often)                     \
	{                                     \
		.call = name, .weight = often \
	}
#define SETTING(name, percent, ...)                                          \
	{                                                                    \
		.setting = true, .arg = name, .weight = percent, __VA_ARGS__ \
	}
#define ARG(of, name, ...)                                         \
	{                                                          \
		.call = of, .arg = name, .weight = 15, __VA_ARGS__ \
	}

static const struct text_hint list[] = {
	/* calls */
	CALL("getattr", 20),
	CALL("read", 20),
	CALL("write", 20),
	CALL("lookup", 8),
	CALL("open", 6),
	CALL("fsync", 6),
	CALL("forget", 8),
	CALL("abort", 8),
	CALL("umount", 4),
	CALL("max-background", 5),
	CALL("kill", 6),
	CALL("signal", 6),
	CALL("kill-server", 2),
	CALL("sleep", 6),
	CALL("exit", 6),
	CALL("prepare", 10),
	CALL("register", 20),
	CALL("add-queue", 8),
	CALL("add-bufpool", 8),
	CALL("take", 10),
	CALL("answer", 20),
	CALL("serve", 20),
	CALL("drain", 10),
	CALL("read-dev", 6),
	CALL("answer-dev", 6),
	CALL("poll-dev", 3),
	CALL("ioctl-dev", 3),
	CALL("open-ring", 3),
	CALL("close-ring", 6),
	CALL("close-dev", 2),
	CALL("register-buffers", 3),
	CALL("unregister-buffers", 3),
	CALL("answer-init", 4),
	CALL("unmap", 4),
	/* arguments */
	{ .call = "sleep", .arg = "", .weight = 1, VALUES(0, 1, 1, 2, 10, 15, 30, 60) },
	{ .arg = "ino", .weight = 1, VALUES(1, 2, 2, 2, 3, 3, 4, 7) },
	{ .arg = "offset", .weight = 1, VALUES(0, 0, 0, 1, 512, 4095, 4096, 8192) },
	/* of a buffer for requests: what the kernel asks for at least, and around it */
	{ .call = "read-dev",
	  .arg = "size",
	  .weight = 8,
	  VALUES(0, 80, 8191, 8192, 8192, 16384) },
	{ .arg = "size",
	  .weight = 1,
	  .most = 1 << 17,
	  VALUES(0, 1, 512, 4095, 4096, 4096, 4097, 8192, 12288, 65536) },
	{ .arg = "background", .weight = 30 },
	{ .arg = "nlookup", .weight = 30, VALUES(1, 1, 2, 0) },
	{ .call = "max-background", .arg = "", .weight = 1, VALUES(0, 1, 1, 2, 3, 12) },
	{ .call = "serve", .arg = "", .weight = 25, VALUES(1, 1, 1, 2, 3) },
	{ .call = "lookup", .arg = "", .weight = 1, .names = names },
	{ .call = "answer", .arg = "queue", .weight = 8, VALUES(0, 1, 1, 2, 255) },
	{ .arg = "queue", .weight = 1, .below = "cpus" },
	{ .arg = "entry", .weight = 1, .below = "entries" },
	{ .call = "register", .arg = "needed", .weight = 1 },
	{ .call = "add-queue", .arg = "needed", .weight = 1 },
	{ .call = "add-bufpool", .arg = "needed", .weight = 1 },
	{ .call = "answer", .arg = "error", .weight = 15 },
	ARG("answer", "unique", VALUES(0, 1, 1, 1, 2, 4)),
	ARG("answer", "commit-id", VALUES(0, 1, 2, 2, 4)),
	ARG("answer", "out-len", VALUES(0, 1, 8, 15, 16, 17, 4096)),
	ARG("answer", "payload-size", VALUES(0, 1, 8, 4096, 8192, 1 << 20)),
	/* what an INTERRUPT is answered with: try again, never again */
	{ .call = "answer-dev",
	  .arg = "error",
	  .weight = 25,
	  VALUES(-11, -11, -38, -38, -2, -5) },
	/* the lowest bit makes it the number of an INTERRUPT */
	ARG("answer-dev", "unique", VALUES(1, 1, 2)),
	ARG("answer-dev", "len", VALUES(1, 8, 16, 17, 4096)),
	/* FUSE_DEV_IOC_*: CLONE, BACKING_OPEN, BACKING_CLOSE, SYNC_INIT */
	{ .call = "ioctl-dev",
	  .arg = "",
	  .weight = 1,
	  VALUES(0x8004e500, 0x4010e501, 0x4004e502, 0xe503, 0) },
	/* replies have other lengths before 4, 9 and 12; since 16 FORGETs come in batches
	 */
	{ .call = "answer-init",
	  .arg = "minor",
	  .weight = 25,
	  VALUES(3, 8, 8, 11, 15, 46) },
	{ .call = "register", .arg = "op", .weight = 8, VALUES(1, 2, 8) },
	ARG("register", "flags", VALUES(0, 1, 2, 3, 4, 5, 7, 1 << 16)),
	ARG("register", "headers-len", VALUES(1, 8, 288, 4096)),
	ARG("register", "payload-len", VALUES(1, 8, 4096, 8192)),
	ARG("register", "iovecs", VALUES(0, 1, 1, 2, 3)),
	ARG("register", "classes-len", VALUES(0, 4, 8, 16, 32, 40)),
	ARG("register", "class-size", VALUES(0, 1, 1024, 8192)),
	ARG("register", "class-number", VALUES(0, 1, 2, 65535)),
	ARG("register", "buf-index", VALUES(0, 1, 1, 2)),
	ARG("register", "zero-copy-index", VALUES(0, 1, 1, 2)),
	ARG("register", "sent-queue", VALUES(0, 1, 2, 255)),
	ARG("add-queue", "flags", VALUES(0, 1, 2, 1 << 16)),
	ARG("add-queue", "sent-queue", VALUES(0, 1, 2, 255)),
	ARG("add-bufpool", "flags", VALUES(0, 1, 2, 1 << 16)),
	ARG("add-bufpool", "pool-len", VALUES(1, 8, 4096, 8192)),
	ARG("add-bufpool", "reserved", VALUES(0, 1)),
	ARG("add-bufpool", "buf-index", VALUES(0, 1, 1, 2)),
	ARG("add-bufpool", "sent-queue", VALUES(0, 1, 2, 255)),
	/* settings: percent of programs that have them */
	SETTING("cpus", 30, VALUES(1, 2, 2, 2, 3)),
	SETTING("seconds", 35, VALUES(1, 10, 30, 60, 120)),
	SETTING("ring_flags", 25),
	SETTING("entries", 60, VALUES(1, 2, 2, 2, 3, 4)),
	SETTING("payload", 50),
	SETTING("buffers", 40, VALUES(1, 1, 1, 2, 3)),
	SETTING("max_write", 15, VALUES(1, 4096, 4096, 8192, 12288, 65536)),
	SETTING("max_pages", 15, VALUES(1, 2, 3, 4, 32)),
	SETTING("max_background", 20, VALUES(1, 1, 2, 3)),
	SETTING("request_timeout", 15, VALUES(1, 10, 15, 16, 20, 60)),
	SETTING("zero_copy", 10),
	SETTING("no_io_uring", 2),
	SETTING("policy", 5, VALUES(1)),
	SETTING("inc", 10),
	SETTING("pinned", 10),
	SETTING("classes", 10, VALUES(2, 2, 3, 4)),
	SETTING("memlock", 30, VALUES(1, 2, 4, 16)),
	SETTING("init_unanswered", 5),
	SETTING("no_param", 2),
	{ .weight = 0 },
};

/* what a server usually does, and what clients usually ask it for */
static const char *const idioms[] = {
	"scenario server\nserver s\nprepare queue 0\nserve\n",
	("scenario serves\nserver s\nprepare queue 0\nset-up\non s\nserve\n"
	 "client c\ngetattr ino 2\n"),
	("scenario second\nentries 2\nserver s\nregister queue 0 entry 0\nserve\n"
	 "server t\nregister queue 0 entry 1\nserve\n"),
	"scenario takes\nserver s\nprepare queue 0\ntake as t\nanswer t\nserve\n",
	("scenario by-hand\npayload bufpool\nserver s\nadd-queue queue 0\n"
	 "add-bufpool queue 0\nregister queue 0 entry 0\nserve\n"),
	"scenario device\nserver s\nread-dev as d\nanswer-dev d\n",
	("scenario forgets\nserver s\nclient c\nforget ino 2\nforget ino 3\n"
	 "has s read-dev\n"),
	("scenario asks\nserver s\npoll-dev\nioctl-dev 2147804416\n"
	 "ioctl-dev 1074849025\nioctl-dev 1074062594\nioctl-dev 58627\n"
	 "ioctl-dev 0\nclient c\nforget ino 2\nabort\nhas s poll-dev\n"),
	"scenario small\nserver s small-sqes\nregister queue 0 entry 0\n",
	"scenario client\nclient c\ngetattr ino 2\nread ino 2 offset 0 size 4096\n",
	"scenario writer\nclient c\nwrite ino 3 offset 0 size 4096\n",
	"scenario admin\nclient a\nabort\n",
	"scenario umounts\nclient a\numount\n",
	("scenario queues\ncpus 2\nserver s\nprepare queue 0\nprepare queue 1\nserve\n"
	 "client c cpu 1\nread ino 2 offset 0 size 4096\n"),
	("scenario ahead\ncpus 2\nmax_background 1\n"
	 "client c\nread ino 2 offset 0 size 4096 background\n"
	 "client d\nread ino 2 offset 4096 size 4096 background\n"
	 "client e cpu 1\nread ino 3 offset 0 size 4096 background\n"),
	("scenario killed\nclient c\nclient k\non c\nhas k kill c\ngetattr ino 2\n"
	 "client d\ngetattr ino 3\n"),
	("scenario signalled\nclient c\nclient k\non c\nhas k signal c\n"
	 "getattr ino 2\n"),
	("scenario large\nmax_pages 8\nclient c\nread ino 2 offset 0 size 32768\n"
	 "write ino 3 offset 0 size 8192\n"),
	("scenario rewrites\nserver r\nserver s\nprepare queue 0\ntake as t\n"
	 "has r rewrite t error 1\nanswer t\nserve\nclient c\ngetattr ino 2\n"),
	("scenario resends\nserver s\nprepare queue 0\ntake as t\nnotify-resend\nserve\n"
	 "client c\ngetattr ino 2\n"),
	("scenario late\nrequest_timeout 15\nserver s\nprepare queue 0\ntake as t\n"
	 "sleep 15\nanswer t\nserve\nclient c\ngetattr ino 2\n"),
	NULL,
};

/* what leaves the ring out, where most is to be found, or changes all of it: of use now
 * and then
 */
static const char *const seldom[] = {
	("scenario interrupts\nno_io_uring\nserver s\nread-dev as d\nread-dev as i\n"
	 "answer-dev i len 8\nanswer-dev i error EAGAIN\nread-dev as j\n"
	 "answer-dev j error -38\nanswer-dev d\n"
	 "client c\nclient k\non c\nhas k signal c\ngetattr ino 2\n"),
	("scenario resends-device\nno_io_uring\nserver s\nread-dev\nnotify-resend\n"
	 "read-dev as d\nanswer-dev d\nclient c\ngetattr ino 2\n"),
	("scenario old\ninit_unanswered\nserver s\nanswer-init minor 8 no-io-uring\n"
	 "serve-dev\nclient c\nlookup f2\ncreate n1\ngetattr ino 2\nstatfs\n"),
	("scenario zero-copies\nzero_copy\npayload bufpool\nserver s\nprepare queue 0\n"
	 "serve\nclient c\nread ino 2 offset 0 size 4096\n"
	 "write ino 3 offset 0 size 4096\n"),
	NULL,
};

const struct text_hints fuse_hints = { list, idioms, seldom };

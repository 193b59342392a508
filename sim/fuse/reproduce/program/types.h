/* SPDX-License-Identifier: GPL-2.0-only */
/* Actors and steps. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * An actor is a process that calls the file system, or a thread of the one process that
 * serves it. CONTROLLER is main(), which lets one step happen after the other.
 */
enum role { CLIENT, SERVER };
#define CONTROLLER (-1)

struct actor {
	const char *name;
	enum role role;
	unsigned int cpu;	 /* of a client */
	unsigned int ring_flags; /* IORING_SETUP_*, of a server's thread */
};

/*
 * A step begins when the one before has returned or waits, and nothing happens any
 * more. In the simulator it returned @ret, or it did not return (@returned).
 * A failure is reproduced if all steps that are @judged have the same result.
 */
struct step {
	int actor; /* index; CONTROLLER */
	long (*run)(const struct step *s);
	const char *words;
	bool judged, returned;
	long ret;
	unsigned int qid, ent;		 /* commands of the ring */
	int taken;			 /* an answer: the step that took the request */
	int error;			 /* an answer: in place of data */
	uint64_t unique_xor, commit_xor; /* an answer: bits that are wrong in it */
	bool has_len;			 /* an answer: with these lengths: */
	unsigned int out_len, payload_sz;
	int file;	/* inode; 1: the root, which needs not be opened */
	int target;	/* the actor that something is done to; inode of a lookup */
	unsigned int n; /* seconds, requests, bytes; REGISTER: that are missing */
	uint64_t offset;
};

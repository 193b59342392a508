/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE's part of the steps of a scenario (world/steps.h): the call, command or request of
 * each step, and its result.
 */
#ifndef FUSE_STEPS_H
#define FUSE_STEPS_H

#include "fuse/fuse.h"
#include "world/steps.h"

/** enum fuse_step_kind - beside enum step_kind */
enum fuse_step_kind {
	STEP_CALL = STEP_DRIVER,
	STEP_FORGET,
	STEP_UMOUNT,
	STEP_ABORT,
	STEP_MAX_BACKGROUND,
	STEP_INIT,  /* FUSE_INIT is answered */
	STEP_TABLE, /* buffers are registered */
	STEP_TABLE_GONE,
	STEP_SUBMIT, /* REGISTER, ADD_QUEUE, ADD_BUFPOOL */
	STEP_TAKE,
	STEP_ANSWER,
	STEP_SERVE,
	STEP_SERVE_N,
	STEP_DRAIN,
	STEP_DEV,	 /* read(2) of /dev/fuse */
	STEP_DEV_ANSWER, /* write(2) */
	STEP_DEV_OPEN,
	STEP_CLOSE_DEV,
	STEP_UNMAP,
	STEP_MOUNT,
	STEP_UMOUNT_LAZY,
	STEP_KNOB, /* root writes a number somewhere */
	STEP_CPU,  /* a client goes on elsewhere */
	STEP_NOTIFY,
	STEP_REWRITE,
	STEP_PAGE,
	STEP_SERVE_DEV,
	STEP_OVER_DEV,
	STEP_OVER_RING,
	STEP_SHARE_RING,
	STEP_FORK,
	STEP_EXEC,
	STEP_DUP_RING,
	STEP_DUP_DEV,
	STEP_CLOSE_RING_FD,
	STEP_CLONE,
	STEP_POLL,
	STEP_EVENT,
	STEP_COPY,
	STEP_LINKED,
	STEP_CANCEL,	  /* IORING_REGISTER_SYNC_CANCEL */
	STEP_DEV_CONTROL, /* poll(2) or ioctl(2) of /dev/fuse */
};

/**
 * struct fuse_step - a step of one of these kinds
 * @call, @submit, @delivery: what it is about; NULL: not of that kind
 * @usual: STEP_SUBMIT: with the fields of register_default() and the like, but for
 *	@missing; STEP_ANSWER: as the file system answers, or with another error
 * @missing: STEP_SUBMIT: bytes that the payload is too short
 * @count: STEP_SERVE_N: requests
 * @limit: STEP_MAX_BACKGROUND: the number
 * @answer: STEP_ANSWER: what was answered
 *
 * When steps_freeze() was called:
 * @done: @call has ended, @submit is completed, @delivery has arrived
 * @ret: the call's result, the completion's, that of the delivery
 */
struct fuse_step {
	const struct call *call;
	const struct submit *submit;
	const struct delivery *delivery;
	bool usual, done;
	union {
		size_t missing;
		unsigned int count, limit;
	};
	long ret;
	struct answer answer;
};

/** fuse_step() - of a step that was noted */
const struct fuse_step *fuse_step(const struct step *s);

/* the driver's step_begins and step_ends */
void fuse_step_begins(struct actor *a, unsigned int nr, unsigned int kind, void *arg);
void fuse_step_ends(unsigned int nr, unsigned int kind);

#endif /* FUSE_STEPS_H */

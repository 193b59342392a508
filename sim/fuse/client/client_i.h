/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of clients share: the shapes of requests, and how a call becomes one.
 */
#ifndef FUSE_CLIENT_I_H
#define FUSE_CLIENT_I_H

#include "fuse/fuse_i.h"

/* what a shape has besides its header; the functions of fs/fuse fill in the same */
#define SHAPE_NAME	(1u << 0) /* a name, with its end */
#define SHAPE_TO	(1u << 1) /* another one behind it */
#define SHAPE_NO_HEADER (1u << 2) /* names begin behind an argument of no bytes */
#define SHAPE_DATA_IN	(1u << 3) /* @size bytes of memory are sent */
#define SHAPE_DATA_OUT	(1u << 4) /* up to @size bytes of memory come, if it is not 0 */
#define SHAPE_PAGES_IN	(1u << 5) /* likewise in page frames */
#define SHAPE_PAGES_OUT (1u << 6)
#define SHAPE_ZEROING	(1u << 7) /* the rest of the page frames is zeroed */
#define SHAPE_FORCE	(1u << 8) /* also if its client was killed */
#define SHAPE_NOCREDS	(1u << 9)
#define SHAPE_IN_PAGE	(1u << 10) /* page frames begin as the data lies in the file */
#define SHAPE_LAST_NAME                                                \
	(1u << 11) /* LOOKUP: the name's end is an argument of its own \
		    */

/**
 * struct shape - the request that an operation is
 * @syscall: the system call that makes it; @background: of one that nobody waits for
 * @head: bytes of its header
 * @out: bytes of the arguments of the reply before that of variable length
 */
struct shape {
	const char *syscall, *background;
	uint16_t head, out[2];
	unsigned int has;
};

/** shape_of() - NULL: no client makes such a request by itself */
const struct shape *shape_of(uint32_t opcode);

/** call_takes_shape() - fill in the request of @c from its fields */
void call_takes_shape(struct call *c);

/** call_takes_result() - the result of the system call, for a good reply */
void call_takes_result(struct call *c);

/* calls.c */
const char *syscall_of(const struct call *c);
void enter_call(struct call *c, const char *syscall);
void leave_call(struct world *w);
/** call_data_sent() - the @size bytes that it sends; those of an IOCTL come back changed
 */
void call_data_sent(const struct call *c, unsigned char *to);
void call_ends(struct call *c, long ret);

#endif /* FUSE_CLIENT_I_H */

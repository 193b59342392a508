/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the FUSE driver share: the state of its connection, in static pools
 * as that of the world (world/world_i.h), and the helpers of server and file system.
 */
#ifndef FUSE_FUSE_I_H
#define FUSE_FUSE_I_H

#include "fuse/abi.h"
#include "fuse/fuse.h"
#include "fuse/steps.h"
#include "world/world_i.h"

#define MAX_CALLS      256
#define MAX_COMMANDS   512
#define MAX_DELIVERIES 256
#define MAX_DEV_READS  32
#define MAX_NOTICES    32
#define MAX_REWRITES   32
#define MAX_QUEUES     8
#define IOVECS	       3   /* of a REGISTER: headers, payload, classes */
#define MAX_ENTS       16  /* of a queue */
#define MAX_WRITES     64  /* and other changes that the file system remembers */
#define FS_NAME	       16  /* bytes of a name, with its end */
#define FS_FIRST_NEW   32u /* inodes of files that are created */
#define FS_FIRST_LINK  48u /* of symbolic links */
#define FS_LAST_NEW    63u

/**
 * struct fuse_command - struct submit and what it was made from
 * @pub: what a scenario sees
 * @reg: a REGISTER, ADD_QUEUE or ADD_BUFPOOL
 * @delivery: COMMIT_AND_FETCH: what is answered
 * @copied: of a READ_FIXED or WRITE_FIXED, how; @linked: it, of the answer behind it
 * @raw: its fields need not be right
 * @answer: how, if @has_answer; else as the file system does, but for what @change makes
 * of it
 */
struct fuse_command {
	struct submit pub;
	struct reg reg;
	struct answer answer;
	struct delivery *delivery;
	int error;
	bool has_answer, raw;
	enum copied copied;
	struct fuse_command *linked;
	const struct submit *target; /* of a cancellation, and how */
	unsigned int cancel_flags, seconds;
	const struct dev_read *read; /* what is answered, if it came through /dev/fuse */
	void (*change)(struct answer *a, const void *how);
	const void *how;
};

/** struct entry_mem - user memory of a ring entry, and the command that serves it */
struct entry_mem {
	unsigned char *headers;
	unsigned char *payload;
	struct uring_iovec *iov;
	struct fuse_command *serving;
};

/**
 * struct queue_mem - user memory of a queue's pool or ring
 * @iovs: what REGISTERs point to, an array of IOVECS for each entry
 * @classes: bufring: sizes and numbers of buffers, if there are several
 * @headers: bufring: slots of all entries
 * @pool: @buffers of each class, one after the other
 */
struct queue_mem {
	struct entry_mem ents[MAX_ENTS];
	struct uring_iovec *iovs;
	struct abi_bufring_size *classes;
	unsigned char *headers;
	unsigned char *pool;
	unsigned long pool_len;
};

/**
 * struct written - a change that the file system remembers
 * @op: OP_WRITE, OP_SETATTR of the size, which is @offset, OP_SETXATTR, OP_CREATE,
 *	OP_SYMLINK, OP_UNLINK, OP_RENAME2 or OP_COPY_FILE_RANGE_64
 * @ino: of the file; OP_CREATE, OP_SYMLINK: of the new one
 * @name: of the file, or the attribute
 * @to: new name, or what a symbolic link holds
 * @to_ino, @to_offset: where it is copied to
 */
struct written {
	uint8_t op;
	uint32_t size;
	uint64_t ino, offset, to_ino, to_offset;
	const unsigned char *data;
	char name[FS_NAME], to[FS_NAME];
};

/**
 * struct answered - a request that a server answered, in the order in which it looked at
 * the file system
 * @call: whose it is
 * @unique: its number
 * @request: hash of what the server saw of it; 0: it did not look
 * @error: with which it was answered instead of what the file system says; 0: none
 * @unasked: ... which was not asked
 * @changes: it changed the file system
 */
struct answered {
	struct call *call;
	uint64_t unique, request;
	int error;
	bool unasked, changes;
};

/**
 * struct fuse - the connection of a world
 * @ops: the subject's
 * @max_payload: bytes of a request's payload, at most
 * @fm: NULL: not mounted, or no longer
 * @detached: unmounted lazily, and there are callers
 * @dev_fd: /dev/fuse; @dev_closed: the server has closed it, and can answer nothing more;
 *	@dev_ops: by which a file is known to be the device;
 *	@dev_mounted: it has a connection, or had one, which is for ever
 * @no_background: root has set max_background to 0, which Linux takes: no request in the
 *	background is sent, and a call that would make one waits until it is killed
 * @limit_set: root has set max_background; @limit_writers: that do so at this moment
 * @dev_serves: a thread of the server reads requests from it, besides FUSE_INIT
 * @dev_bufs: user memory for read(2) and write(2) of it, by number of actor; NULL: not
 *	needed yet
 * @in_calls: clients inside a call
 * @usual: what the file system answers, of deliveries that have it
 * @serving: threads of the server that wait for requests to serve, by number of actor;
 *	@in_exec: those that execute another program
 * @on_ring: clients whose request, of the call that began last, was seen on the ring
 * @again: the next request is answered like this one; NULL: as the file system does
 * @otherwise: something was answered otherwise than by the file system, whatever call's
 *it was: what clients get is not compared with it
 * @answers_changed: a scenario has a thread of the server answer other fields
 * @same_number: two requests may have the same: one that was retrieved, and another; or
 *	one was answered under the number of another
 */
struct fuse {
	const struct fuse_ops *ops;
	struct fuse_config config;
	uint32_t max_payload;
	struct fuse_mount *fm, *detached;
	int dev_fd;
	const struct file_operations *dev_ops;
	bool dev_closed, dev_mounted, dev_serves, no_background, limit_set;
	unsigned char *dev_bufs[MAX_ACTORS];
	uint32_t dev_buf_len;
	unsigned int in_calls, limit_writers;
	uint32_t serving, on_ring, in_exec;
	bool otherwise, same_number, answers_changed;
	unsigned int nr_calls, nr_commands, nr_deliveries, nr_dev_reads, nr_writes;
	unsigned int nr_notices, nr_rewrites, nr_page_changes, nr_answered;
	const struct answered *again;
	struct call calls[MAX_CALLS];
	struct answered answered[MAX_CALLS];
	struct fuse_command commands[MAX_COMMANDS];
	struct delivery deliveries[MAX_DELIVERIES];
	struct answer usual[MAX_DELIVERIES];
	struct dev_read dev_reads[MAX_DEV_READS];
	struct notice notices[MAX_NOTICES];
	struct rewrite rewrites[MAX_REWRITES];
	struct page_change page_changes[MAX_REWRITES];
	struct queue_mem queues[MAX_QUEUES + 1]; /* the last: no such queue */
	struct written writes[MAX_WRITES];
};

static inline struct fuse *fuse_of(const struct world *w)
{
	return w->state;
}

/* client/calls.c */
void call_report_lost(const struct call *c);
void client_unmounts(struct world *w);
/* the same call @n times; @size is set to the number that succeeded */
struct call *client_getattrs(struct actor *a, uint64_t ino, unsigned int n);

/* server/areas.c */
struct queue_mem *queue_mem(struct world *w, unsigned int qid);
struct entry_mem *entry_mem(struct world *w, unsigned int qid, unsigned int ent);
unsigned int pool_slot(unsigned int qid);
unsigned int zero_copy_slot(const struct world *w, unsigned int qid, unsigned int ent);
void ring_needs_table(struct actor *t);

/* server/commands.c */
struct fuse_command *command_new(struct actor *t, unsigned int op, unsigned int qid,
				 unsigned int ent);
void command_submit(struct actor *t, struct fuse_command *c);
struct uring_sqe *commit_sqe(struct actor *t, struct fuse_command *c);

/* server/notify.c */
/* may the kernel have given a request that number? */
bool number_may_be_kernels(const struct fuse *f, uint64_t number);

/* server/server.c */
void delivery_look(struct world *w, const struct submit *s, const struct entry_mem *e,
		   struct delivery *d);
void answer_put(const struct delivery *d, const struct answer *a);
/* a connection is opened; what threads of its server keep beside it */
void server_forgets(void);
void server_checkpoint(struct checkpoint *c);

/* client/shapes.c */
/* more than a header comes, or more has to be answered than that it was done */
bool opcode_has_payload(uint32_t opcode);

/* server/checks.c */
/* the payload at that offset of a queue's pool; NULL: it does not lie in there */
unsigned char *payload_in_pool(struct world *w, unsigned int qid, unsigned long offset);
/* false, and reported: the payload is not, or a write is larger than @room */
bool server_can_follow(const struct world *w, const struct delivery *d, const void *op_in,
		       uint32_t room);
/* a command that brought a request: may it, with the buffer that it names? */
void check_index(const struct world *w, const struct submit *s);

/* server/zero_copy.c */
/* between memory of the server's and a request's pages, those of that slot */
void copy_pages(struct actor *t, unsigned int slot, void *mem, size_t len, int to_pages);

/* server/registered.c */
/* the server registered that header slot with several commands, and may get two requests
 * there
 */
bool given_twice(const struct fuse *f, unsigned int qid, uintptr_t slot);

/* two commands for an entry of that queue have one array of iovecs, which says other
 * memory for each: the kernel may read of both what was written last
 */
bool shares_iovecs(const struct fuse *f, unsigned int qid);

/* Two entries have the same memory, or one is not as its fields say. */
bool registered_wrong(const struct fuse *f);

/** class_size() - bytes of each buffer of class @i: the last one's take any payload */
uint32_t class_size(const struct fuse *f, unsigned int i);
/**
 * buffer_in_ring() - where in its pool a ring of buffers has buffer @id, from @offset on
 * @room: bytes from there to the end of the buffer
 *
 * Return: NULL: there is no such place.
 */
unsigned char *buffer_in_ring(struct world *w, unsigned int qid, unsigned int id,
			      unsigned long offset, uint32_t *room);
/** sizes_may_differ() - the server looks for buffers where other sizes would have them */
bool sizes_may_differ(const struct fuse *f, unsigned int qid);
/** looks_elsewhere() - the server gave the kernel another slot of its ring of buffers for
 * an entry than the one in which it looks for requests */
bool looks_elsewhere(const struct fuse *f, unsigned int qid);

/** slot_is_overwritten() - a thread of the server may have written over what the kernel
 * had put into a slot of that queue for the next request */
bool slot_is_overwritten(const struct fuse *f, unsigned int qid);

/** pool_is_longer() - the server registered more than its pool has, up to @end at least
 */
bool pool_is_longer(const struct fuse *f, unsigned int qid, unsigned long end);

/* server/init.c */
void answer_init(struct actor *t, const struct init_answer *how);
/* likewise one that was read already; Return: of write(2) */
long answer_init_in(struct actor *t, unsigned char *buf, const struct init_answer *how);

/* server/mount.c */
struct dev_read *dev_read_new(struct world *w);
/* memory of the thread's own for what it reads and writes of /dev/fuse */
unsigned char *dev_buf_of(struct actor *t);
void server_mounts(struct actor *t, void *arg);
/* mount(2), which waits for FUSE_INIT if that is synchronous. Return: 0, or -errno */
int sys_mount(struct world *w);
long sys_dev_read(struct actor *t, void *ubuf, unsigned long len);
long sys_dev_write(struct actor *t, const void *ubuf, unsigned long len);
long sys_dev_control(struct actor *t, const struct dev_control *c);

/* fs/reply.c */
void fs_read(const struct world *w, uint64_t ino, uint64_t pos, unsigned char *out,
	     uint32_t n);
struct fs_reply {
	int error;
	uint32_t size; /* of the data put into the payload */
};
void fs_answer(struct world *w, const struct abi_in_header *in, const void *op_in,
	       const unsigned char *payload_in, unsigned char *payload_out, uint32_t size,
	       struct fs_reply *reply);

/** fs_head() - bytes of an operation's own header; 0: it has none */
uint32_t fs_head(uint32_t opcode);
/** fs_is_known() - an operation of this file system */
bool fs_is_known(uint32_t opcode);

/* fs/answered.c */
/* a server answers it. Return: NULL: it is nobody's, or was answered before */
struct answered *fs_answers(struct world *w, const struct abi_in_header *in,
			    const void *op_in, const unsigned char *data, uint32_t len);
/* ... with an error of its own */
void fs_answers_error(struct world *w, uint64_t unique, int error);
/* ... without the file system being asked */
void fs_answers_unasked(struct world *w, const struct abi_in_header *in,
			const void *op_in, int error);
/* the driver's @disturbs */
enum disturbance fuse_disturbs(const struct actor *a, unsigned int kind);

/* compare/ */
extern const struct driver_difference fuse_difference;

/* soak.c */
extern const struct driver_soak fuse_soak;

/* fs/check.c */
/* what a call got is compared with the file system when it ends */
void fs_check(const struct call *c);
/* a server answers of the client that is process @pid with an error of its own; 0: the
 * kernel has not said whose, which may be any that is under way */
void fs_call_fails(struct world *w, uint32_t pid);
/* nothing that clients get has to be the file system's any more, in this execution */
void fs_takes_anything(struct world *w);
/* ... and may be another thing than over /dev/fuse */
void fs_is_not_asked(struct world *w);

/* rules/queue.c: the driver's watch */
void fuse_watch(struct world *w, bool on);
void rules_checkpoint(struct checkpoint *c);
/* rules/stalls.c */
unsigned int fuse_stalled_calls(struct world *w);

#endif /* FUSE_FUSE_I_H */

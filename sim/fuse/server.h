/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The server of a FUSE file system: what it sends through its ring and reads of
 * /dev/fuse, rightly or not, and what came of it. Part of fuse/fuse.h.
 */
#ifndef FUSE_SERVER_H
#define FUSE_SERVER_H

#include "fuse/abi.h"
#include "shim/uring.h"
#include "world/world.h"

/**
 * struct init_answer - how FUSE_INIT is answered; zero: as the configuration says
 * @error: an error instead
 * @major, @minor: of the protocol
 * @no_io_uring: without it
 */
struct init_answer {
	int error;
	uint32_t major, minor;
	bool no_io_uring;
};

/** server_answers_init() - queue: FUSE_INIT, if the configuration left it */
void server_answers_init(struct actor *t);
/** server_answers_init_so() - likewise; @how lives as long as the world */
void server_answers_init_so(struct actor *t, const struct init_answer *how);

/**
 * struct submit - a FUSE command of a ring, and its result (struct command)
 * @qid, @ent: queue, and entry as the server counts them
 * @commit_id: COMMIT_AND_FETCH: which request is answered
 *
 * @res of a REGISTER or COMMIT_AND_FETCH is 0 when a request has arrived.
 */
struct submit {
	struct command;
	unsigned int qid, ent;
	uint64_t commit_id;
};

/**
 * struct reg - fields of a REGISTER; register_default() fills in what the world's
 * configuration says, and a test may change any of them
 */
struct reg {
	unsigned int qid, ent;
	uint64_t flags; /* of fuse_uring_cmd_req */
	void *headers;
	size_t headers_len;
	void *payload;
	size_t payload_len;
	unsigned int iov_nr; /* sqe->len [2] */
	struct abi_bufring_size classes[MAX_CLASSES];
	size_t classes_len; /* bytes of them that are sent */
	void *iov;	    /* NULL: built from the above */
	uint16_t buf_index; /* sqe->buf_index */
	uint32_t uring_cmd_flags;
	uint16_t zero_copy_index;
	uint16_t queue_depth; /* bufring */
	uint32_t buf_size;    /* bufring */
	uint64_t pool_addr;   /* ADD_BUFPOOL */
	uint32_t pool_len, pool_reserved;
	uint32_t cmd_op;   /* [REGISTER] */
	uint8_t sqe_flags; /* URING_SQE_ASYNC: through io-wq */
	int fd;		   /* 0: the connection's /dev/fuse */
};

void register_default(struct world *w, unsigned int qid, unsigned int ent, struct reg *r);
/* the same for ADD_QUEUE and ADD_BUFPOOL (7.3) */
void add_queue_default(struct world *w, unsigned int qid, struct reg *r);
void add_bufpool_default(struct world *w, unsigned int qid, struct reg *r);

/* Jobs of a server thread. */
struct submit *server_registers(struct actor *t, unsigned int qid, unsigned int ent);
struct submit *server_registers_raw(struct actor *t, const struct reg *r);
struct submit *server_adds_queue(struct actor *t, unsigned int qid);
struct submit *server_adds_bufpool(struct actor *t, unsigned int qid);
/** server_sets_up_queue() - queue: what a queue needs before its entries, if it does */
void server_sets_up_queue(struct actor *t, unsigned int qid);
/** server_sets_up() - everything that the configuration says, for one queue */
void server_sets_up(struct actor *t, unsigned int qid);
/** server_registers_buffers() - the ring's table, for fixed pools and zero copy */
void server_registers_buffers(struct actor *t);
/** server_unregisters_buffers() - take the whole table away, in use or not */
void server_unregisters_buffers(struct actor *t);

/** struct delivery - a request as the server finds it in its memory */
struct delivery {
	bool arrived; /* the job has run, and there was a CQE */
	unsigned int qid, ent;
	struct actor *submitter; /* of the command */
	int cqe_res;		 /* not 0: no request, the command ended */
	uint64_t unique;	 /* fuse_in_header */
	uint32_t opcode;
	uint64_t nodeid;
	uint32_t len;
	uint64_t commit_id; /* ring_ent_in_out */
	uint32_t payload_sz;
	uint64_t ent_flags;
	unsigned int buf_id;
	unsigned char *headers; /* the entry's header slot */
	unsigned char *payload; /* NULL: none */
	uint32_t room;		/* from there on */
	bool answered;
	bool has_usual; /* what the file system answers is known */
	bool in_work;	/* a thread makes that, with calls of its own */
	bool absolute;	/* of server_takes_within() */
	unsigned int within;
};

/**
 * server_takes() - queue: wait for the next completed command, look at it
 *
 * A command that fails while it is submitted is not taken here: its error is in
 * struct submit.
 *
 * Return: the record, filled when the job has run.
 */
struct delivery *server_takes(struct actor *t);

/**
 * server_takes_within() - queue: likewise, for at most that many seconds
 * @absolute: the kernel is told when that is, not how long from now
 */
struct delivery *server_takes_within(struct actor *t, unsigned int seconds,
				     bool absolute);

/**
 * server_cancels() - queue: IORING_REGISTER_SYNC_CANCEL on its ring
 * @c: what is to be cancelled; NULL: by descriptor alone, or anything
 * @flags: URING_CANCEL_*, _FD: of /dev/fuse
 * @seconds: to wait for what runs; 0: for ever
 *
 * Return: a record whose @res is what the call returned.
 */
struct submit *server_cancels(struct actor *t, const struct submit *c, unsigned int flags,
			      unsigned int seconds);

/** struct answer - fields of a reply; answer_default() sets them correctly */
struct answer {
	uint64_t commit_id, unique;
	int32_t error;
	uint32_t out_len; /* fuse_out_header.len */
	uint32_t payload_sz;
	const void *data; /* written into the payload; NULL: none */
	uint32_t data_len;
	unsigned int qid;
	uint16_t buf_index;
	uint32_t uring_cmd_flags;
	uint8_t sqe_flags;
};

/**
 * answer_default() - what a good file system replies
 *
 * Inode 1 is the root, "f<N>" is inode N of FILE_SIZE bytes; writes are
 * remembered. The data of a reply is put into the payload, or the registered
 * pages of a zero-copied request, at once; @a->data is for tests that want
 * something else there.
 */
void answer_default(struct world *w, const struct delivery *d, struct answer *a);

struct submit *server_answers(struct actor *t, struct delivery *d);
struct submit *server_answers_error(struct actor *t, struct delivery *d, int error);
struct submit *server_answers_raw(struct actor *t, struct delivery *d,
				  const struct answer *a);
/**
 * server_answers_changed() - queue: as the file system answers, but for what @change
 * makes of it then
 * @how: for @change, lives as long as the world
 */
struct submit *server_answers_changed(struct actor *t, struct delivery *d,
				      void (*change)(struct answer *a, const void *how),
				      const void *how);
/**
 * server_serves() - queue: answer everything until the thread is told to exit or
 * none of its commands is left
 */
void server_serves(struct actor *t);
/** server_serves_until() - queue: likewise, until a signal comes and *@stop is set */
void server_serves_until(struct actor *t, bool *stop);
/** server_serves_n() - queue: answer the next @n requests */
void server_serves_n(struct actor *t, unsigned int n);
/** server_drains() - queue: answer what has arrived, without waiting for more */
void server_drains(struct actor *t);

/* /dev/fuse itself: FORGET and INTERRUPT arrive there. */
struct dev_read {
	long ret;
	uint32_t opcode;
	uint64_t unique, nodeid;
	unsigned char bytes[512];  /* the first of what was read */
	uint32_t room;		   /* of the read, if it is less than usual */
	int error;		   /* of the answer */
	int64_t unique_more;	   /* that much more than what was read */
	int32_t len_more;	   /* ... or less is written than is right */
	const struct dev_read *of; /* what is answered */
	struct delivery *taken;	   /* ... or this, which came through a ring */
	unsigned char *buf;	   /* of its own; NULL: the one for all */
	bool late;		   /* ... as it is when it is answered */
	bool done;
};
struct dev_read *server_reads_dev(struct actor *t);
/** server_reads_dev_into() - queue: likewise, into a buffer of @room bytes */
struct dev_read *server_reads_dev_into(struct actor *t, uint32_t room);
void server_closes_dev(struct actor *t); /* descriptors of /dev/fuse */
/** server_opens_dev() - queue: open /dev/fuse once more; *@fd is set, not mounted */
void server_opens_dev(struct actor *t, int *fd);
/** server_unmaps() - munmap(2) of the pages that @len bytes at @addr are in, at once */
void server_unmaps(struct world *w, void *addr, size_t len);
/** server_answers_dev() - write the reply to a request that was read there */
struct dev_read *server_answers_dev(struct actor *t, struct dev_read *d);
struct dev_read *server_answers_error_dev(struct actor *t, struct dev_read *d, int error);
/** server_answers_read() - queue: likewise, of a read that is queued, too; nothing is
 * written if it returns nothing
 */
struct dev_read *server_answers_read(struct actor *t, const struct dev_read *d,
				     int error);

/**
 * struct dev_control - what a server asks of /dev/fuse itself, and what it got
 * @poll: poll(2), which does not wait: @ret is what is ready
 * @command: ioctl(2) otherwise, with a null pointer
 *
 * Results: @done, @ret.
 */
struct dev_control {
	bool poll, done;
	uint32_t command;
	long ret;
};

/** server_controls_dev() - queue: do what a copy of @c says. Return: the copy */
struct dev_control *server_controls_dev(struct actor *t, const struct dev_control *c);

/**
 * struct notice - a notification of the server's, and what write(2) of it returned
 * @code: NOTIFY_* of fuse/abi.h
 * @ino: inode; of INVAL_ENTRY and DELETE that of the directory
 * @child: DELETE
 * @offset, @size: of the file's bytes, as they are signed or not
 * @unique: RETRIEVE: number of the reply; POLL: handle
 * @name: INVAL_ENTRY, DELETE
 * @len, @count: that much more or less than is right, in the header's length, and in the
 *	length or number that the body has
 * @buf: what is written, in the server's memory
 *
 * Results: @sent, @done, @ret.
 */
struct notice {
	uint32_t code;
	uint64_t ino, child, offset, size, unique;
	const char *name;
	int32_t len, count;
	unsigned char *buf;
	bool sent, done;
	long ret;
};

/** server_notifies() - queue: write a copy of @n to /dev/fuse. Return: the copy */
struct notice *server_notifies(struct actor *t, const struct notice *n);

/** server_uses_ring_of() - server_shares_ring(), as a step of its own */
void server_uses_ring_of(struct actor *t, struct actor *other);

/**
 * server_forks_off() - queue: fork(2): @child, which was just created and has nothing to
 * do yet, is another process; what is queued for it begins then
 */
void server_forks_off(struct actor *t, struct actor *child);
/** server_execs() - queue: execve(2): the process becomes another program */
void server_execs(struct actor *t);
/* queue: dup(2) of its ring, of /dev/fuse; close(2) of its ring without munmap(2) */
void server_dups_ring(struct actor *t);
void server_dups_dev(struct actor *t);
void server_closes_ring_fd(struct actor *t);
/** server_clones_buffers() - queue: its ring gets the table of buffers of @from's */
void server_clones_buffers(struct actor *t, struct actor *from);
/** server_polls_event() - queue: POLL_ADD of the eventfd of its ring, once */
struct submit *server_polls_event(struct actor *t);
/** server_signals_event() - queue: write(2) to the eventfd of the ring of @of */
void server_signals_event(struct actor *t, struct actor *of);

/** enum copied - how the pages of a zero-copied request are read or written */
enum copied {
	COPY_AT_ONCE,
	COPY_BY_WORKER, /* IOSQE_ASYNC */
	COPY_BY_DEVICE, /* as a file with O_DIRECT does it: at any time */
};

/**
 * server_copies() - queue: READ_FIXED or WRITE_FIXED between the file and the registered
 * pages of a zero-copied request, without waiting for it, whatever becomes of the request
 * server_answers_linked() - queue: the same with IOSQE_IO_LINK, and the answer behind it
 */
struct submit *server_copies(struct actor *t, struct delivery *d, enum copied how);
struct submit *server_answers_linked(struct actor *t, struct delivery *d,
				     enum copied how);

/** enum rewritten - a field of memory that kernel and server share */
enum rewritten {
	REWRITE_ERROR, /* header slot */
	REWRITE_UNIQUE,
	REWRITE_OUT_LEN,
	REWRITE_PAYLOAD_SIZE,
	REWRITE_PAYLOAD,
	REWRITE_QUEUE, /* SQE */
	REWRITE_COMMIT_ID,
	REWRITE_FLAGS,
	REWRITE_BUF_INDEX,
	REWRITE_ZERO_COPY_INDEX,
	REWRITE_IOVECS,
	REWRITE_HEADERS_LEN, /* iovecs */
	REWRITE_PAYLOAD_LEN,
	REWRITE_FIELDS
};

/** struct change - of a field: to a value, or by one */
struct change {
	enum rewritten field;
	bool relative;
	int64_t value;
};

/**
 * struct rewrite - what a thread of the server writes over while the kernel may read it
 * @delivery: its header slot and payload; NULL:
 * @ring_of: the SQE that was filled in last on this thread's ring; NULL: the iovecs of
 *	entry @ent of queue @qid
 * @changes, @nr: fields, each one a store of its own
 */
struct rewrite {
	const struct delivery *delivery;
	struct actor *ring_of;
	unsigned int qid, ent, nr;
	struct change changes[REWRITE_FIELDS];
};

/** server_rewrites() - queue: a copy of @r */
void server_rewrites(struct actor *t, const struct rewrite *r);

/**
 * struct page_change - what a thread of the server does to a page of what was taken
 * @payload: of the payload; else of the headers
 * @how: PAGE_READ_ONLY: mprotect(2); PAGE_FRESH: mmap(2) of another, zeroed, in its place
 */
struct page_change {
	const struct delivery *delivery;
	bool payload;
	enum { PAGE_READ_ONLY, PAGE_FRESH } how;
};

/** server_changes_page() - queue: a copy of @p */
void server_changes_page(struct actor *t, const struct page_change *p);

/**
 * server_answers_over_dev() - queue: write(2) to /dev/fuse what answers a request that
 * was taken from a ring server_answers_over_ring() - queue: COMMIT_AND_FETCH, on queue
 * @qid, for a request that was read from /dev/fuse
 */
struct dev_read *server_answers_over_dev(struct actor *t, struct delivery *d, int error);
struct submit *server_answers_over_ring(struct actor *t, const struct dev_read *d,
					unsigned int qid);

/** server_serves_dev() - queue: read requests from /dev/fuse and answer them, until the
 * thread is told to exit
 */
void server_serves_dev(struct actor *t);

#endif /* FUSE_SERVER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world that a scenario plays in: one connection, its server, its clients.
 *
 * A scenario is written in terms of this header alone: who calls what, what the
 * server does about it, what everybody sees. None of it names a kernel structure
 * or steers a schedule (that is sched/script.h), so the same scenario can run
 * on a second back end: a booted kernel with real clients and a real ring.
 */
#ifndef WORLD_WORLD_H
#define WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/sched.h"
#include "world/subject.h"

struct world;
struct actor;

/* ---------------------------------------------------------------- world */

/** enum payload_mode - where a queue's payload lives */
enum payload_mode {
	PAYLOAD_PER_ENTRY,
	PAYLOAD_BUFPOOL,	/* 7.3: ADD_QUEUE, ADD_BUFPOOL */
	PAYLOAD_BUFPOOL_FIXED,	/* ... through a registered io_uring buffer */
	PAYLOAD_BUFRING,	/* FUSE_URING_BUFRING */
};

/** struct world_config - zero means the default in brackets */
struct world_config {
	unsigned int cpus;		/* possible CPUs = queues [1] */
	unsigned int entries;		/* of each queue, for server_setup() [1] */
	enum payload_mode payload;
	unsigned int buffers;		/* of each queue's pool or ring [entries] */
	uint32_t max_write;		/* bytes [4096] */
	uint32_t max_pages;		/* [1] */
	uint32_t max_background;	/* [12] */
	uint32_t request_timeout;	/* seconds [0: none] */
	bool zero_copy;
	bool interrupts;		/* the server wants FUSE_INTERRUPT [no] */
	bool no_io_uring;		/* do not negotiate it */
	unsigned int policy;		/* bufring: 0 fifo, 1 lifo */
	unsigned int ring_flags;	/* URING_SETUP_* of every server thread */
};

/**
 * world_open() - a mounted connection, FUSE_INIT answered, nothing registered
 * @subject: which fs/fuse
 * @config: copied
 *
 * Resets the simulator first: one world at a time. With @config NULL: defaults.
 */
struct world *world_open(const struct subject_ops *subject,
			 const struct world_config *config);

/**
 * world_close() - let the server exit, unmount, and look for what is left
 *
 * Runs everybody until nobody can go on, then reports what stands: a client
 * that never returned (progress), memory, pages, files, locks (heap, lock).
 *
 * Return: reports of this execution (report_count()).
 */
unsigned int world_close(struct world *w);

const struct world_config *world_config(const struct world *w);
const struct subject_ops *world_subject(const struct world *w);
bool world_can(const struct world *w, unsigned int caps);

/** expect() - a check of the scenario itself; a failure is said and counted */
#define expect(w, cond) \
	world_expect(w, (cond), #cond, __FILE__, __LINE__)
#define expect_eq(w, a, b) \
	world_expect_eq(w, (long long)(a), (long long)(b), #a, #b, __FILE__, __LINE__)
bool world_expect(struct world *w, bool ok, const char *text,
		  const char *file, int line);
bool world_expect_eq(struct world *w, long long a, long long b, const char *ta,
		     const char *tb, const char *file, int line);
unsigned int world_checks(const struct world *w);
unsigned int world_failed_checks(const struct world *w);

/* ---------------------------------------------------------------- actors */

/**
 * An actor is a task that does jobs, one after the other, and rests between
 * them: a client or a thread of the server. Jobs are queued by calls such as
 * client_reads() or server_registers(); they are done when the actor runs.
 */
struct sched_task *task_of(struct actor *a);
const char *actor_name(const struct actor *a);

/** actor_does() - queue a job: any function, run in the actor's task */
void actor_does(struct actor *a, void (*job)(struct actor *a, void *arg), void *arg);

/** actor_resting() - all its jobs are done */
bool actor_resting(const struct actor *a);

/** actor_gone() - its task has exited */
bool actor_gone(const struct actor *a);

/** kill_task() - SIGKILL; interrupt_task() - a signal that may be handled */
void kill_task(struct actor *a);
void interrupt_task(struct actor *a);

/** actor_exits() - queue its exit: returns from main, or pthread_exit() */
void actor_exits(struct actor *a);

struct world *world_of(const struct actor *a);

/* ---------------------------------------------------------------- clients */

struct actor *client_new(struct world *w, const char *name, unsigned int cpu);

/** struct call - one system call of a client, and what came of it */
struct call {
	struct actor *actor;
	uint32_t opcode;
	uint64_t ino;
	uint64_t offset;
	uint32_t size;
	bool background;
	bool done;
	unsigned int times_ended;	/* background: calls of the end function */
	long ret;		/* bytes or 0, or -errno */
	unsigned char *data;	/* of a read: @size bytes; of a write: what is written */
	uint64_t attr_size;	/* GETATTR, LOOKUP */
	uint64_t fh;		/* OPEN */
	struct fs_request req;
	struct call *next;
};

/*
 * Each queues one system call for the client and returns its record, which lives
 * as long as the world. Sizes are bytes, offsets positions in the file.
 */
struct call *client_lookup(struct actor *c, const char *name);
struct call *client_getattr(struct actor *c, uint64_t ino);
struct call *client_open(struct actor *c, uint64_t ino);
struct call *client_read(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
struct call *client_write(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
struct call *client_fsync(struct actor *c, uint64_t ino);
void client_forget(struct actor *c, uint64_t ino, uint64_t nlookup);
/* asynchronous: the job ends when the request is queued, the call when answered */
struct call *client_read_bg(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
struct call *client_write_bg(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
void client_umount(struct actor *c);
void client_aborts_connection(struct actor *c);	/* sysfs "abort" */

/** file_byte() - what byte @pos of file @ino holds, before anybody writes */
unsigned char file_byte(uint64_t ino, uint64_t pos);
/** call_has_file_data() - a read returned @size bytes and they are the file's */
bool call_has_file_data(const struct call *c);

/* ---------------------------------------------------------------- server */

/** server_thread() - a thread of the server process, with a ring of its own */
struct actor *server_thread(struct world *w, const char *name);

/** enum server_ring - thread without a ring, for io_uring on another's */
struct shim_uring *server_ring(struct actor *t);

/** struct submit - one URING_CMD on /dev/fuse; and what came of it */
struct submit {
	struct actor *actor;
	uint32_t cmd_op;
	unsigned int qid, ent;
	uint64_t commit_id;
	bool completed;
	int res;
	unsigned int cqes;		/* completions seen: never more than one */
	uint64_t user_data;
	struct submit *next;
};

/**
 * struct reg - fields of a REGISTER; register_default() fills what the world's
 * configuration says, and a test spoils what it wants to
 */
struct reg {
	unsigned int qid, ent;
	uint64_t flags;			/* of fuse_uring_cmd_req */
	void *headers;
	size_t headers_len;
	void *payload;
	size_t payload_len;
	unsigned int iov_nr;		/* sqe->len [2] */
	void *iov;			/* NULL: built from the above */
	uint16_t buf_index;		/* sqe->buf_index */
	uint32_t uring_cmd_flags;
	uint16_t zero_copy_index;
	uint16_t queue_depth;		/* bufring */
	uint32_t buf_size;		/* bufring */
	uint32_t cmd_op;		/* [REGISTER] */
	bool async;			/* through io-wq */
};

void register_default(struct world *w, unsigned int qid, unsigned int ent,
		      struct reg *r);

/* Jobs of a server thread. */
struct submit *server_registers(struct actor *t, unsigned int qid, unsigned int ent);
struct submit *server_registers_raw(struct actor *t, const struct reg *r);
struct submit *server_adds_queue(struct actor *t, unsigned int qid, uint64_t flags);
struct submit *server_adds_bufpool(struct actor *t, unsigned int qid,
				   unsigned int buffers, bool fixed);
/** server_sets_up() - everything that the configuration says, for one queue */
void server_sets_up(struct actor *t, unsigned int qid);

/** struct delivery - a request as the server finds it in its memory */
struct delivery {
	unsigned int qid, ent;
	int cqe_res;
	uint64_t unique;		/* fuse_in_header */
	uint32_t opcode;
	uint64_t nodeid;
	uint32_t len;
	uint64_t commit_id;		/* ring_ent_in_out */
	uint32_t payload_sz;
	uint64_t ent_flags;
	unsigned int buf_id;
	unsigned char *headers;		/* the entry's header slot */
	unsigned char *payload;		/* NULL: none */
	bool answered;
};

/**
 * server_takes() - queue: wait for the next completed command, look at it
 *
 * Return: the record, filled when the job has run.
 */
struct delivery *server_takes(struct actor *t);

/** struct answer - fields of a reply; answer_default() fills them rightly */
struct answer {
	uint64_t commit_id, unique;
	int32_t error;
	uint32_t out_len;		/* fuse_out_header.len */
	uint32_t payload_sz;
	const void *data;		/* written into the payload; NULL: none */
	uint32_t data_len;
	unsigned int qid;
	uint16_t buf_index;
	uint32_t uring_cmd_flags;
	bool async;
};

/**
 * answer_default() - what a good file system replies
 *
 * Files: inode 1 is the root, "f<N>" is inode N of 1 MiB whose bytes are
 * file_byte(). Writes are remembered.
 */
void answer_default(struct world *w, const struct delivery *d, struct answer *a);

struct submit *server_answers(struct actor *t, struct delivery *d);
struct submit *server_answers_error(struct actor *t, struct delivery *d, int error);
struct submit *server_answers_raw(struct actor *t, struct delivery *d,
				  const struct answer *a);
/** server_serves() - queue: answer everything until the thread is told to exit */
void server_serves(struct actor *t);
/** server_serves_n() - queue: answer the next @n requests */
void server_serves_n(struct actor *t, unsigned int n);

/* /dev/fuse itself: FORGET and INTERRUPT arrive there. */
struct dev_read {
	long ret;
	uint32_t opcode;
	uint64_t unique, nodeid;
	unsigned char bytes[512];
	bool done;
};
struct dev_read *server_reads_dev(struct actor *t);
void server_closes_dev(struct actor *t);	/* descriptors of /dev/fuse */
void server_closes_ring(struct actor *t);
void server_dies(struct world *w);		/* SIGKILL to every thread */

/* ---------------------------------------------------------------- looking */

void world_ring(struct world *w, struct ring_view *v);
bool world_queue(struct world *w, unsigned int qid, struct queue_view *v);
/** world_time() - jiffies since the start */
unsigned long world_time(const struct world *w);
/** world_lets_time_pass() - run everybody for that many seconds of virtual time */
void world_lets_time_pass(struct world *w, unsigned int seconds);

#endif /* WORLD_WORLD_H */

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
#include "subject/subject.h"

struct world;
struct actor;

/* ---------------------------------------------------------------- world */

/** enum payload_mode - where a queue's payload lives */
enum payload_mode {
	PAYLOAD_PER_ENTRY,
	PAYLOAD_BUFPOOL,	/* 7.3: ADD_QUEUE, ADD_BUFPOOL */
	PAYLOAD_BUFPOOL_FIXED,	/* ... through a registered io_uring buffer */
	PAYLOAD_BUFRING,	/* FUSE_URING_BUFRING */
	PAYLOAD_SHARED,		/* PAYLOAD_BUFRING or _BUFPOOL, as the subject has it */
};

/** struct world_config - zero means the default in brackets */
struct world_config {
	unsigned int cpus;		/* possible CPUs = queues [1] */
	unsigned int entries;		/* of each queue, for server_setup() [1] */
	enum payload_mode payload;
	unsigned int buffers;		/* of each queue's pool or ring [entries] */
	uint32_t max_write;		/* bytes [8192] */
	uint32_t max_pages;		/* [2] */
	uint32_t max_background;	/* [12] */
	uint32_t request_timeout;	/* seconds [0: none] */
	uint32_t seconds;		/* of the story, at most [an hour] */
	bool zero_copy;
	bool no_io_uring;		/* do not negotiate it */
	unsigned int policy;		/* bufring: 0 fifo, 1 lifo */
	unsigned int ring_flags;	/* URING_SETUP_* besides SQE128 */
	bool init_unanswered;		/* server_answers_init() comes later */
	bool no_param;			/* module parameter enable_uring is off */
};

/**
 * world_open() - a mounted connection, FUSE_INIT answered, nothing registered
 * @subject: which fs/fuse
 * @config: copied; NULL: defaults
 *
 * Resets the simulator first: there is one world at a time. The server process
 * is there, with its main thread at rest and /dev/fuse open.
 *
 * Return: the world; NULL when the mount failed, with a report that says why.
 */
struct world *world_open(const struct subject_ops *subject,
			 const struct world_config *config);

/**
 * world_story_begins() - all that was queued so far is set-up: do it now, in the
 * default order and without time passing; the choices of a search begin after it
 *
 * Called by a scenario's play(). What is queued later is the story.
 */
void world_story_begins(struct world *w);

/**
 * world_ends() - let everybody run until nobody can go on, with nobody told to
 * stop: a call that has not come back by now never will
 *
 * Return: calls that are still out; each one is reported (progress).
 */
unsigned int world_ends(struct world *w);

/**
 * world_close() - let the server exit, unmount, and look for what is left
 *
 * Runs everybody until nobody can go on, then reports what stands: a call that
 * never came back (progress), a request or a command that did not end exactly
 * once (accounting), memory, pages, files, locks (heap, lock).
 *
 * Return: reports of this execution (report_count()).
 */
unsigned int world_close(struct world *w);

const struct world_config *world_config(const struct world *w);
const struct subject_ops *world_subject(const struct world *w);
bool world_can(const struct world *w, unsigned int caps);

/**
 * expect() - a check of the story itself; one that fails is reported
 * (accounting) with both values and the place
 */
#define expect(w, cond) world_expect(w, (cond), SCHED_SITE(#cond))
#define expect_eq(w, a, b)                                                      \
	world_expect_eq(w, (long long)(a), (long long)(b), SCHED_SITE(#a " == " #b))
bool world_expect(struct world *w, bool ok, const struct sched_site *site);
bool world_expect_eq(struct world *w, long long a, long long b,
		     const struct sched_site *site);

/**
 * expect_inside() - the same for what is seen by looking into the kernel alone:
 * world_ring(), world_queue(), world_entries_in()
 *
 * A booted kernel does not let us: there the check is counted as not visible, and
 * neither passes nor fails; its condition is not evaluated.
 */
#define expect_inside(w, cond)                                                  \
	do {                                                                    \
		if (world_expect_inside((w), SCHED_SITE(#cond)))                \
			expect(w, cond);                                        \
	} while (0)
#define expect_inside_eq(w, a, b)                                               \
	do {                                                                    \
		if (world_expect_inside((w), SCHED_SITE(#a " == " #b)))         \
			expect_eq(w, a, b);                                     \
	} while (0)
bool world_expect_inside(struct world *w, const struct sched_site *site);

/**
 * world_expect_ended() - the last check of a scenario, when its world is closed: it
 * ended, nothing is left and nothing was reported but the checks that failed
 */
bool world_expect_ended(struct world *w);

enum check_result { CHECK_PASSED, CHECK_FAILED, CHECK_NOT_VISIBLE };

/**
 * struct check - one check that was made
 * @site: has its text
 * @inside: it looked into the kernel
 */
struct check {
	const struct sched_site *site;
	enum check_result result;
	bool inside;
};

/** world_check_nr() - the check made as number @nr, from 0; NULL: no more (or
 *  beyond the first 512, which alone are kept)
 */
const struct check *world_check_nr(const struct world *w, unsigned int nr);
unsigned int world_checks_made(const struct world *w);
/** world_check_name() - its text; if it comes again, with "(2)", "(3)", ... */
void world_check_name(const struct world *w, unsigned int nr, char *name, size_t size);

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

/** actor_sleeps() - queue: nothing, for that many seconds of virtual time */
void actor_sleeps(struct actor *a, unsigned int seconds);

/** actor_resting() - all its jobs are done */
bool actor_resting(const struct actor *a);

/** actor_gone() - its task has exited */
bool actor_gone(const struct actor *a);

/** kill_task() - SIGKILL; interrupt_task() - a signal that may be handled */
void kill_task(struct actor *a);
void interrupt_task(struct actor *a);

/** actor_exits() - queue its exit: returns from main, or pthread_exit() */
void actor_exits(struct actor *a);

/** actor_ring_flags() - all URING_SETUP_* of its ring, before a job needs one */
void actor_ring_flags(struct actor *a, unsigned int flags);

/** actor_loses_privileges() - it is an ordinary user from now on, not root */
void actor_loses_privileges(struct actor *a);

struct world *world_of(const struct actor *a);

/* ---------------------------------------------------------------- clients */

struct actor *client_new(struct world *w, const char *name, unsigned int cpu);

/**
 * struct call - one system call of a client, and what came of it
 * @opcode: OP_* of world/fuse_abi.h
 * @started: the client has entered the kernel with it
 * @done: it has returned (background: has been answered)
 * @times_ended: how often that happened; never more than once
 * @ret: bytes or 0, or -errno
 * @data: of a read: @size bytes that arrived; of a write: what is written
 * @attr_size: LOOKUP, GETATTR: size of the file
 * @ino: LOOKUP: filled in
 * @fh: OPEN
 *
 * The rest is the client's own: arguments as they travel.
 */
struct call {
	struct actor *actor;
	uint32_t opcode;
	uint32_t size;
	uint64_t ino;
	uint64_t offset;
	bool background, started, done;
	unsigned int times_ended;
	long ret;
	unsigned char *data;
	uint64_t attr_size;
	uint64_t fh;

	struct fs_request req;
	_Alignas(8) unsigned char in[64];
	_Alignas(8) unsigned char out[128];
	char name[16];
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
void client_umounts(struct actor *c);
/* root's: fusectl's files "abort" and "max_background" */
void client_aborts_connection(struct actor *c);
void client_sets_max_background(struct actor *c, unsigned int n);

/* The file system that the default answers make: "f<N>" is inode N. */
#define FILE_SIZE (1u << 20)

/** file_byte() - what byte @pos of file @ino holds now */
unsigned char file_byte(const struct world *w, uint64_t ino, uint64_t pos);
/** call_has_file_data() - a read returned @size bytes and they are the file's */
bool call_has_file_data(const struct call *c);
/** file_has_call_data() - the file holds what a write wrote */
bool file_has_call_data(const struct call *c);

/* ---------------------------------------------------------------- server */

/**
 * server_thread() - a thread of the server process, with an io_uring instance of
 * its own from its first job on that needs one
 */
struct actor *server_thread(struct world *w, const char *name);

/** server_main() - the thread that opened /dev/fuse and answered FUSE_INIT */
struct actor *server_main(struct world *w);

/** server_answers_init() - queue: FUSE_INIT, if the configuration left it */
void server_answers_init(struct actor *t);

/** server_ring() - its instance, or NULL before it has one */
struct shim_uring *server_ring(struct actor *t);

/**
 * struct submit - one URING_CMD on /dev/fuse, and what came of it
 * @issued: the system call that submits it was made
 * @completed: its CQE was seen
 * @cqes: how many were: never more than one
 * @res: of the CQE; 0 of a REGISTER or COMMIT_AND_FETCH: a request has arrived
 */
struct submit {
	struct actor *actor;
	uint32_t cmd_op;
	unsigned int qid, ent;
	uint64_t commit_id;
	bool issued, completed;
	unsigned int cqes;
	int res;
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
	uint64_t pool_addr;		/* ADD_BUFPOOL */
	uint32_t pool_len, pool_reserved;
	uint32_t cmd_op;		/* [REGISTER] */
	uint8_t sqe_flags;		/* URING_SQE_ASYNC: through io-wq */
	int fd;				/* 0: the connection's /dev/fuse */
};

void register_default(struct world *w, unsigned int qid, unsigned int ent,
		      struct reg *r);
/* the same for ADD_QUEUE and ADD_BUFPOOL (7.3) */
void add_queue_default(struct world *w, unsigned int qid, struct reg *r);
void add_bufpool_default(struct world *w, unsigned int qid, struct reg *r);

/* Jobs of a server thread. */
/** server_opens_ring() - its io_uring instance, which else its first command makes */
void server_opens_ring(struct actor *t);
struct submit *server_registers(struct actor *t, unsigned int qid, unsigned int ent);
struct submit *server_registers_raw(struct actor *t, const struct reg *r);
struct submit *server_adds_queue(struct actor *t, unsigned int qid);
struct submit *server_adds_bufpool(struct actor *t, unsigned int qid);
/** server_sets_up() - everything that the configuration says, for one queue */
void server_sets_up(struct actor *t, unsigned int qid);
/** server_registers_buffers() - the ring's table, for fixed pools and zero copy */
void server_registers_buffers(struct actor *t);
/** server_unregisters_buffers() - take the whole table away, in use or not */
void server_unregisters_buffers(struct actor *t);

/** struct delivery - a request as the server finds it in its memory */
struct delivery {
	bool arrived;			/* the job has run, and there was a CQE */
	unsigned int qid, ent;
	int cqe_res;			/* not 0: no request, the command ended */
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
 * A command that fails while it is submitted is not taken here: its error is in
 * struct submit.
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
 * server_serves() - queue: answer everything until the thread is told to exit or
 * none of its commands is left
 */
void server_serves(struct actor *t);
/** server_serves_n() - queue: answer the next @n requests */
void server_serves_n(struct actor *t, unsigned int n);
/** server_drains() - queue: answer what has arrived, without waiting for more */
void server_drains(struct actor *t);

/* /dev/fuse itself: FORGET and INTERRUPT arrive there. */
struct dev_read {
	long ret;
	uint32_t opcode;
	uint64_t unique, nodeid;
	unsigned char bytes[512];	/* the first of what was read */
	int error;			/* of the answer */
	bool done;
};
struct dev_read *server_reads_dev(struct actor *t);
void server_closes_dev(struct actor *t);	/* descriptors of /dev/fuse */
/** server_opens_dev() - queue: open /dev/fuse once more; *@fd is set, not mounted */
void server_opens_dev(struct actor *t, int *fd);
void server_closes_ring(struct actor *t);
/** server_unmaps() - munmap(2) of the pages that @len bytes at @addr are in, at once */
void server_unmaps(struct world *w, void *addr, size_t len);
/** server_answers_dev() - write the reply to a request that was read there */
struct dev_read *server_answers_dev(struct actor *t, struct dev_read *d);
struct dev_read *server_answers_error_dev(struct actor *t, struct dev_read *d, int error);
void server_dies(struct world *w);		/* SIGKILL to every thread */

/* ---------------------------------------------------------------- looking */

/* once the connection is unmounted, everything reads 0 and no queue exists */
void world_ring(struct world *w, struct ring_view *v);
bool world_queue(struct world *w, unsigned int qid, struct queue_view *v);
/** world_entries_in() - entries of queue @qid that are in @state */
unsigned int world_entries_in(struct world *w, unsigned int qid,
			      enum subject_ent_state state);

/**
 * world_check_every_step() - from now on look whether the queues are as SPEC.md
 * wants them, before every step (world/invariants.h); each rule that is broken is
 * reported once per queue
 *
 * For one execution: world_open() switches it off.
 */
void world_check_every_step(struct world *w, bool on);

/** world_time() - jiffies since the start */
unsigned long world_time(const struct world *w);
/** world_lets_time_pass() - run everybody for that many seconds of virtual time */
void world_lets_time_pass(struct world *w, unsigned int seconds);

/**
 * world_round_trips() - @n GETATTRs one after the other by a new client, each
 * served by a new thread: for measuring. @w is fresh, nothing registered.
 *
 * Return: how many of them succeeded.
 */
unsigned int world_round_trips(struct world *w, unsigned int n);

#endif /* WORLD_WORLD_H */

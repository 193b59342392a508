/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the world share: its state, in static pools that an
 * execution uses from the start and nobody clears (records are initialised when
 * they are handed out), and the helpers of actors, server and file system.
 */
#ifndef WORLD_WORLD_I_H
#define WORLD_WORLD_I_H

#include "shim/task.h"
#include "shim/uring.h"
#include "fuse/abi.h"
#include "world/steps.h"
#include "world/world.h"

#define MAX_ACTORS	24
#define MAX_JOBS	512
#define MAX_CALLS	256
#define MAX_COMMANDS	512
#define MAX_DELIVERIES	256
#define MAX_DEV_READS	32
#define MAX_QUEUES	8
#define MAX_ENTS	16	/* of a queue */
#define MAX_WRITES	64	/* that the file system remembers */
#define CHECKS_MAX	512	/* of which each result is kept */
#define DATA_BYTES	(4u << 20)	/* of all calls */
#define RING_ENTRIES	32	/* a page of SQEs */

struct job {
	void (*run)(struct actor *a, void *arg);
	enum step_kind kind;
	void *arg;
	struct job *next;
};

/**
 * struct command - struct submit and how it came about
 * @pub: what a scenario sees
 * @reg: a REGISTER, ADD_QUEUE or ADD_BUFPOOL
 * @delivery: COMMIT_AND_FETCH: what is answered
 * @answer: how, if @has_answer; else as the file system does
 * @next_ready: completed and not yet taken
 */
struct command {
	struct submit pub;
	struct reg reg;
	struct answer answer;
	struct delivery *delivery;
	int error;
	bool has_answer;
	struct command *next_ready;
};

/**
 * struct actor - see world.h
 * @first: jobs, oldest first
 * @resting: no job, blocked until there is one
 * @exiting: told to exit
 * @gone: its task has left its body
 * @released: may begin its next job, if that is one at a time
 * @ring: io_uring instance of a server thread
 * @outstanding: commands issued on it and not completed
 * @ready: completed commands that nobody took yet, oldest first
 */
struct actor {
	struct world *w;
	const char *name;
	struct task_struct *task;
	struct job *first, *last;
	bool server, resting, exiting, gone, released;
	bool table_registered;
	unsigned int ring_flags;
	struct shim_uring *ring;
	unsigned int outstanding;
	struct command *ready, *ready_last;
};

/** struct entry_mem - user memory of a ring entry, and the command that serves it */
struct entry_mem {
	unsigned char *headers;
	unsigned char *payload;
	struct uring_iovec *iov;
	struct command *serving;
};

/**
 * struct queue_mem - user memory of a queue's pool or ring
 * @iovs: what REGISTERs point to, an array of two for each entry
 * @headers: bufring: slots of all entries
 * @pool: @buffers times max_payload bytes
 */
struct queue_mem {
	struct entry_mem ents[MAX_ENTS];
	struct uring_iovec *iovs;
	unsigned char *headers;
	unsigned char *pool;
	unsigned long pool_len;
};

/** struct written - a write that the file system remembers */
struct written {
	uint64_t ino, offset;
	uint32_t size;
	const unsigned char *data;
};

struct world {
	const struct subject_ops *subject;
	struct world_config config;
	uint32_t max_payload;
	struct fuse_mount *fm;
	struct actor *main;
	struct shim_mm *server_mm;
	int dev_fd;
	unsigned char *dev_buf;		/* user memory for read(2) and write(2) */
	uint32_t dev_buf_len;
	unsigned int in_calls;		/* clients inside a call */
	unsigned int checks, failed_checks, checks_made;
	unsigned int nr_actors, nr_calls, nr_commands, nr_deliveries, nr_dev_reads;
	unsigned int nr_jobs, nr_writes;
	uint32_t data_used;
	struct job *free_jobs;
	struct actor actors[MAX_ACTORS];
	struct job jobs[MAX_JOBS];
	struct call calls[MAX_CALLS];
	struct command commands[MAX_COMMANDS];
	struct delivery deliveries[MAX_DELIVERIES];
	struct dev_read dev_reads[MAX_DEV_READS];
	struct queue_mem queues[MAX_QUEUES + 1];	/* the last: no such queue */
	struct written writes[MAX_WRITES];
};

/* world.c */
void world_full(const char *what) __attribute__((noreturn));
unsigned char *world_data(struct world *w, uint32_t size);

/* actor.c */
struct actor *actor_new(struct world *w, const char *name, unsigned int cpu,
			struct shim_mm *mm);
bool actor_leaves(const struct actor *a);
/* actor_does(), for what somebody outside of the simulator can do, too */
void actor_steps(struct actor *a, enum step_kind kind,
		 void (*run)(struct actor *a, void *arg), void *arg);
void actor_wake(struct actor *a);

/* steps.c: while steps_on */
extern bool steps_on;
bool steps_hold_back(const struct actor *a);
struct step *steps_begin(struct actor *a, enum step_kind kind, void *arg);
void steps_end(struct step *step);
void steps_note(struct actor *a, enum step_kind kind);
void steps_world_opens(struct world *w);
void steps_set_up(bool on);
void steps_world_closes(void);

/* client.c */
void call_report_lost(const struct call *c);
/* the same one @n times, each a call of its own; @size says how many succeeded */
struct call *client_getattrs(struct actor *a, uint64_t ino, unsigned int n);

/* server_mem.c */
struct queue_mem *queue_mem(struct world *w, unsigned int qid);
struct entry_mem *entry_mem(struct world *w, unsigned int qid, unsigned int ent);
unsigned int pool_slot(unsigned int qid);
unsigned int zero_copy_slot(const struct world *w, unsigned int qid, unsigned int ent);
void ring_needs_table(struct actor *t);

/* server.c */
void delivery_look(struct world *w, const struct command *c, const struct entry_mem *e,
		   struct delivery *d);
void answer_put(const struct delivery *d, const struct answer *a);

/* server_ring.c */
struct command *command_new(struct actor *t, unsigned int op, unsigned int qid,
			    unsigned int ent);
struct shim_uring *ring_of(struct actor *t);
void command_issue(struct actor *t, struct command *c);
void command_submit(struct actor *t, struct command *c);
void ring_reap(struct actor *t, const struct command *own);
struct command *ring_pop_ready(struct actor *t);
void ring_submit(struct actor *t, unsigned int n);
int ring_wait(struct actor *t, unsigned int to_submit);
struct uring_sqe *commit_sqe(struct actor *t, const struct command *c);

/* server_dev.c */
void server_mounts(struct actor *t, void *arg);
long sys_dev_read(struct actor *t, void *ubuf, unsigned long len);
long sys_dev_write(struct actor *t, const void *ubuf, unsigned long len);

/* server_fs.c */
void fs_read(const struct world *w, uint64_t ino, uint64_t pos, unsigned char *out,
	     uint32_t n);
struct fs_reply {
	int error;
	uint32_t size;		/* of the data put into the payload */
};
void fs_answer(struct world *w, const struct abi_in_header *in, const void *op_in,
	       const unsigned char *payload_in, unsigned char *payload_out,
	       uint32_t room, struct fs_reply *reply);

#endif /* WORLD_WORLD_I_H */

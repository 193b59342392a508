/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenarios on a real kernel. sim/world and sim/fuse are compiled unchanged; the
 * functions of sched, detect and the shim that they call are here, with the same names,
 * implemented with processes and system calls.
 *
 * All our variables are memory that every process shares (shared.ld). One big lock
 * takes the place of the simulator's single thread: a process that runs code of the world
 * holds it, and releases it for each system call and for each sleep.
 */
#ifndef REAL_REAL_H
#define REAL_REAL_H

#include <stdint.h>
#include <sys/types.h>

#include "fuse/fuse_i.h"

#define REAL_MAX_INO 64

/**
 * struct real_task - a client's process, or a thread of the server's process
 * @task: as the world sees it
 * @fiber: its state: BLOCKED while it sleeps in user mode, DONE when it is gone
 * @actor: the actor whose function it runs
 * @pid: the process; 0: not there (yet)
 * @tid: its thread
 * @uid, @lacks: in force for the thread
 * @server: a thread of the server
 * @spawned: its thread was created
 * @forked: it is a process of its own, forked by a thread of the server
 * @leaving: that function has returned
 * @in_call: inside a system call
 * @ready: client: its files are open, or cannot be opened in time
 * @call: client: call that it is in, from the world's point of view
 * @files: client: descriptors of inodes; 0: not open
 * @aio: client: its AIO context
 */
struct real_task {
	struct task_struct task;
	struct sched_task fiber;
	void (*fn)(void *arg);
	struct actor *actor;
	pid_t pid, tid;
	unsigned int uid;
	unsigned long lacks;
	bool server, spawned, forked, leaving, in_call, ready;
	struct call *call;
	int files[REAL_MAX_INO];
	unsigned long aio;
};

/**
 * struct real_state - everything about the scenario that is being played
 * @lock: the big lock: 0 free, else the thread that has it; bit 31: others wait for it
 * @wakes: changes with every wake-up
 * @activity: changes whenever a task enters or leaves a system call
 * @server: the server's process; 0: none, or dead
 * @connection: number in fusectl; 0: not mounted
 * @unmounting: all clients close their files
 * @limit_ms: until when sched_run() has to run; 0: until all is quiet
 * @ready_ms: when the scenario begins even if not all clients have their files
 * @init_unique: of the FUSE_INIT that was read and not answered
 */
struct real_state {
	unsigned int lock, wakes;
	unsigned long activity;
	unsigned int nr_tasks;
	pid_t server;
	unsigned int connection;
	bool unmounting;
	unsigned long limit_ms, started_ms, ready_ms;
	uint64_t init_unique;
	struct real_task tasks[SCHED_MAX_TASKS];
};

extern struct real_state real;
extern __thread struct real_task *self; /* NULL: the main process */

#define MOUNT_POINT  "/mnt/fuse"
#define REAL_NOTHING "nothing" /* argument of a program that only ends */
#define FUSECTL	     "/sys/fs/fuse/connections"

/* lock.c */
void real_lock(void);
void real_unlock(void);
/* thread that has the lock: it may have been killed just when it took it */
pid_t real_owner(void);
void real_wake_all(void);
void real_sleep(unsigned int seen, unsigned int ms);
/* around every system call: the big lock is not held meanwhile */
void call_begins(void);
void call_ends_now(void);
unsigned long now_ms(void);

/* process.c */
void real_reap(void);
/* for the main process: a task may have died with the lock */
void real_break_lock(void);
void real_kill_all(void);

/* mount.c */
void real_forget_files(void);
struct fuse_mount *real_mount(struct file *dev);
void real_abort(struct fuse_mount *fm, bool with_err);
void real_umount(struct fuse_mount *fm);
void real_set_max_background(struct fuse_mount *fm, unsigned int n);
bool real_set_knob(struct fuse_mount *fm, enum fuse_knob knob, unsigned int n);
void real_reset_knobs(void);
void fusectl_write(const char *name, const char *text);

/* client_calls.c */
long real_request(struct fuse_mount *fm, struct fs_request *req);
int real_request_bg(struct fuse_mount *fm, struct fs_request *req);
void real_forget(struct fuse_mount *fm, uint64_t ino, uint64_t nlookup);
void client_prepare(struct real_task *t);
void client_lets_go(struct real_task *t);
bool clients_are_ready(void);
/* the descriptor of an inode; without the lock. Return: it, or -errno */
int open_inode(struct real_task *t, uint64_t ino);

/* client_shapes.c: all but those that need no more than an inode's descriptor */
long do_shape(struct real_task *t, const struct call *c, struct fs_request *req);

/* uring.c */
/* while the clients get their files, a waiting thread of the server answers */
void ring_helps(struct real_task *t);
void rings_forget(void);

/* extra.c */
#define EXTRA_NAME	'x'	 /* names that begin so are none of the scenario's */
#define WANTED_RELEASE	04000	 /* O_NONBLOCK: the RELEASE of a scenario */
#define EXTRA_OPEN_FLAG 01000000 /* O_NOATIME: no scenario opens a file with it */
bool extra_answer(struct world *w, struct fuse_command *c, struct uring_sqe *sqe);
bool extra_answer_dev(struct world *w, int fd, const void *request);

/* memory.c */
void memory_protect(void);
void memory_handle_faults(void);

/* real.c */
void real_map_hot(void);
/** real_subject() - the running kernel as a subject; @caps: SUBJECT_* that it has */
const struct subject *real_subject(const char *name, unsigned int caps);

#endif /* REAL_REAL_H */

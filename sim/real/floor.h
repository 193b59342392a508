/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The floor that the world stands on when the kernel is real. sim/world is compiled
 * as it is; here are the functions of sched, detect and the shim that it calls, with
 * the same names, done with processes and system calls.
 *
 * All our variables are memory that every process shares (shared.ld). One big lock
 * stands for the one thread of the simulator: whoever runs code of the world holds
 * it, and gives it up for each system call and for each sleep.
 */
#ifndef REAL_FLOOR_H
#define REAL_FLOOR_H

#include <stdint.h>
#include <sys/types.h>

#include "fuse/fuse_i.h"

#define FLOOR_MAX_INO 32

/**
 * struct floor_task - a client's process, or a thread of the server's process
 * @task: what the world knows of it
 * @fiber: its state: BLOCKED while it sleeps in user mode, DONE when it is gone
 * @actor: whose body it runs
 * @pid: the process; 0: not there (yet)
 * @tid: its thread
 * @uid: in force for the thread
 * @server: a thread of the server
 * @spawned: its thread was created
 * @leaving: its body has returned
 * @in_call: inside a system call
 * @ready: client: its files are open, or cannot be opened in time
 * @call: client: call that it is in, from the world's point of view
 * @files: client: descriptors of inodes; 0: not open
 * @aio: client: its AIO context
 */
struct floor_task {
	struct task_struct task;
	struct sched_task fiber;
	void (*fn)(void *arg);
	struct actor *actor;
	pid_t pid, tid;
	unsigned int uid;
	bool server, spawned, leaving, in_call, ready;
	struct call *call;
	int files[FLOOR_MAX_INO];
	unsigned long aio;
};

/**
 * struct floor - everything about the story that is being played
 * @lock: the big lock: 0 free, else the thread that has it; bit 31: somebody waits
 * @wakes: changes with every wake-up
 * @activity: changes whenever somebody enters or leaves a system call
 * @server: the server's process; 0: none, or dead
 * @connection: number in fusectl; 0: not mounted
 * @unmounting: everybody lets go of their files
 * @limit_ms: until when sched_run() has to run; 0: until all is quiet
 * @ready_ms: when the story begins even if not all clients have their files
 * @init_unique: of the FUSE_INIT that was read and not answered
 */
struct floor {
	unsigned int lock, wakes;
	unsigned long activity;
	unsigned int nr_tasks;
	pid_t server;
	unsigned int connection;
	bool unmounting;
	unsigned long limit_ms, started_ms, ready_ms;
	uint64_t init_unique;
	struct floor_task tasks[SCHED_MAX_TASKS];
};

extern struct floor ground;
extern __thread struct floor_task *self; /* NULL: the director */

#define MOUNT_POINT "/mnt/story"
#define FUSECTL	    "/sys/fs/fuse/connections"

/* lock.c */
void floor_lock(void);
void floor_unlock(void);
/* thread that has the lock: it may have been killed just when it took it */
pid_t floor_owner(void);
void floor_wake_all(void);
void floor_sleep(unsigned int seen, unsigned int ms);
/* around every system call: the big lock is not held meanwhile */
void call_begins(void);
void call_ends_now(void);
unsigned long now_ms(void);

/* process.c */
void floor_reap(void);
/* the director: whoever has the lock may have died with it */
void floor_break_lock(void);
void floor_kill_all(void);

/* mount.c */
void real_forget_files(void);
struct fuse_mount *real_mount(struct file *dev);
void real_abort(struct fuse_mount *fm, bool with_err);
void real_umount(struct fuse_mount *fm);
void real_set_max_background(struct fuse_mount *fm, unsigned int n);
void fusectl_write(const char *name, const char *text);

/* client_calls.c */
long real_request(struct fuse_mount *fm, struct fs_request *req);
int real_request_bg(struct fuse_mount *fm, struct fs_request *req);
void real_forget(struct fuse_mount *fm, uint64_t ino, uint64_t nlookup);
void client_prepare(struct floor_task *t);
void client_lets_go(struct floor_task *t);
bool clients_are_ready(void);

/* uring.c */
/* while the clients get their files, a thread of the server that waits answers */
void ring_helps(struct floor_task *t);
void rings_forget(void);

/* extra.c */
#define EXTRA_OPEN_FLAG 01000000 /* O_NOATIME: no story opens a file with it */
bool extra_answer(struct world *w, struct fuse_command *c, struct uring_sqe *sqe);
bool extra_answer_dev(struct world *w, int fd, const void *request);

/* memory.c */
void memory_protect(void);
void memory_handle_faults(void);

/* real.c */
void real_map_hot(void);
/** real_subject() - the running kernel as a subject; @caps: SUBJECT_* that it has */
const struct subject *real_subject(const char *name, unsigned int caps);

#endif /* REAL_FLOOR_H */

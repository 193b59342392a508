/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures of fs/fuse as they were until 7.1, as far as the glue uses them: all of the
 * transport in struct fuse_conn. Written for tests/command/era_test.sh; nothing is
 * served.
 */
#ifndef _FS_FUSE_I_H
#define _FS_FUSE_I_H

#include <linux/fuse.h>
#include <linux/fs.h>
#include <linux/rbtree.h>
#include <linux/workqueue.h>

#define FUSE_DEFAULT_MAX_PAGES_PER_REQ 32
#define FUSE_TIMEOUT_TIMER_FREQ	       15
#define FUSE_PQ_HASH_SIZE	       4

extern const unsigned long fuse_timeout_timer_freq;
extern unsigned int fuse_default_req_timeout;
extern unsigned int fuse_max_req_timeout;
extern struct mutex fuse_mutex;

struct fuse_mount;
struct fuse_conn;
struct fuse_ring;

struct fuse_forget_link {
	struct fuse_forget_one forget_one;
	struct fuse_forget_link *next;
};

struct fuse_in_arg {
	unsigned int size;
	const void *value;
};

struct fuse_arg {
	unsigned int size;
	void *value;
};

struct fuse_folio_desc {
	unsigned int length;
	unsigned int offset;
};

struct fuse_args {
	u64 nodeid;
	u32 opcode;
	u8 in_numargs, out_numargs;
	bool force, nocreds, in_pages, out_pages, out_argvar, page_zeroing;
	bool abort_on_kill;
	struct fuse_in_arg in_args[4];
	struct fuse_arg out_args[2];
	void (*end)(struct fuse_mount *fm, struct fuse_args *args, int error);
};

struct fuse_args_pages {
	struct fuse_args args;
	struct folio **folios;
	struct fuse_folio_desc *descs;
	unsigned int num_folios;
};

enum fuse_req_flag { FR_BACKGROUND = 2 };

struct fuse_req {
	struct list_head list;
	struct fuse_args *args;
	unsigned long flags;
	struct {
		struct fuse_in_header h;
	} in;
};

struct fuse_iqueue;

struct fuse_iqueue_ops {
	void (*release)(struct fuse_iqueue *fiq);
};

extern const struct fuse_iqueue_ops fuse_dev_fiq_ops;

struct fuse_iqueue {
	unsigned connected;
	spinlock_t lock;
	wait_queue_head_t waitq;
	struct list_head pending, interrupts;
	struct fuse_forget_link forget_list_head;
	struct fuse_forget_link *forget_list_tail;
	const struct fuse_iqueue_ops *ops;
};

struct fuse_pqueue {
	unsigned connected;
	spinlock_t lock;
	struct list_head *processing;
	struct list_head io;
};

struct fuse_dev {
	struct fuse_conn *fc;
	struct fuse_pqueue pq;
	struct list_head entry;
};

struct fuse_conn {
	spinlock_t lock;
	refcount_t count;
	atomic_t dev_count;
	struct rcu_head rcu;
	struct pid_namespace *pid_ns;
	struct user_namespace *user_ns;
	unsigned max_write;
	unsigned int max_pages, max_pages_limit;
	struct fuse_iqueue iq;
	struct rb_root polled_files;
	unsigned max_background, congestion_threshold, num_background;
	unsigned active_background;
	struct list_head bg_queue;
	spinlock_t bg_lock;
	int initialized, blocked;
	wait_queue_head_t blocked_waitq;
	unsigned connected;
	bool aborted;
	unsigned conn_error : 1, conn_init : 1;
	unsigned int io_uring;
	atomic_t num_waiting;
	unsigned minor;
	struct list_head entry;
	dev_t dev;
	struct rw_semaphore killsb;
	struct list_head devices, mounts;
	struct fuse_ring *ring;
	struct {
		struct delayed_work work;
		unsigned int req_timeout;
	} timeout;
};

struct fuse_mount {
	struct fuse_conn *fc;
	struct super_block *sb;
	struct list_head fc_entry;
	struct rcu_head rcu;
};

int fuse_dev_init(void);
void fuse_dev_cleanup(void);
void fuse_check_timeout(struct work_struct *work);
struct fuse_conn *fuse_conn_get(struct fuse_conn *fc);
void fuse_conn_put(struct fuse_conn *fc);
void fuse_pqueue_init(struct fuse_pqueue *fpq);
struct fuse_dev *fuse_dev_alloc(void);
struct fuse_dev *fuse_dev_alloc_install(struct fuse_conn *fc);
void fuse_dev_install(struct fuse_dev *fud, struct fuse_conn *fc);
void fuse_dev_free(struct fuse_dev *fud);
struct fuse_forget_link *fuse_alloc_forget(void);
void fuse_queue_forget(struct fuse_conn *fc, struct fuse_forget_link *forget, u64 nodeid,
		       u64 nlookup);
void fuse_set_initialized(struct fuse_conn *fc);
void fuse_abort_conn(struct fuse_conn *fc);
void fuse_wait_aborted(struct fuse_conn *fc);
ssize_t fuse_simple_request(struct fuse_mount *fm, struct fuse_args *args);
int fuse_simple_background(struct fuse_mount *fm, struct fuse_args *args, gfp_t gfp);
int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map);
int fuse_backing_close(struct fuse_conn *fc, int backing_id);
struct inode *fuse_ilookup(struct fuse_conn *fc, u64 nodeid, struct fuse_mount **fm);
int fuse_reverse_inval_inode(struct fuse_conn *fc, u64 nodeid, loff_t offset, loff_t len);
int fuse_reverse_inval_entry(struct fuse_conn *fc, u64 parent, u64 child,
			     struct qstr *name, u32 flags);
bool fuse_write_update_attr(struct inode *inode, loff_t pos, ssize_t written);
int fuse_notify_poll_wakeup(struct fuse_conn *fc,
			    struct fuse_notify_poll_wakeup_out *outarg);

#endif /* _FS_FUSE_I_H */

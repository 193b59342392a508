/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The transport as the rest of fuse sees it, and what the transport asks of the
 * rest of fuse. The structures themselves are in fuse_dev_i.h.
 */
#ifndef _FS_FUSE_DEV_H
#define _FS_FUSE_DEV_H

#include <linux/types.h>

#define FUSE_DEFAULT_MAX_BACKGROUND 12

enum fuse_notify_code;
struct file;
struct fuse_args;
struct fuse_backing_map;
struct fuse_chan;
struct fuse_conn;
struct fuse_copy_state;
struct fuse_dev;
struct fuse_forget_link;

/**
 * struct fuse_chan_param - what FUSE_INIT agreed on, as far as it matters here
 * @minor: protocol
 * @max_write: bytes
 * @max_pages: pages
 * @io_uring_enabled: server and kernel both want it
 */
struct fuse_chan_param {
	unsigned int minor;
	unsigned int max_write;
	unsigned int max_pages;
	bool io_uring_enabled;
};

/* dev.c: module and device */
int fuse_dev_init(void);
void fuse_dev_cleanup(void);
void fuse_dev_install(struct fuse_dev *dev, struct fuse_chan *chan);

/* dev_chan.c: the connection */
struct fuse_chan *fuse_dev_chan_new(void);
void fuse_chan_set_fc(struct fuse_chan *chan, struct fuse_conn *conn);
void fuse_chan_set_initialized(struct fuse_chan *chan, struct fuse_chan_param *param);
void fuse_chan_abort(struct fuse_chan *chan, bool with_err);
void fuse_chan_wait_aborted(struct fuse_chan *chan);
void fuse_chan_resend(struct fuse_chan *chan);
void fuse_chan_release(struct fuse_chan *chan);
void fuse_chan_free(struct fuse_chan *chan);

/* req.c: requests */
void fuse_chan_max_background_set(struct fuse_chan *chan, unsigned int limit);
ssize_t fuse_chan_send(struct fuse_chan *chan, struct fuse_args *args);
int fuse_chan_send_bg(struct fuse_chan *chan, struct fuse_args *args, gfp_t gfp);
struct fuse_forget_link *fuse_alloc_forget(void);
void fuse_chan_queue_forget(struct fuse_chan *chan, struct fuse_forget_link *forget,
			    u64 nodeid, u64 nlookup);

/* req_timeout.c */
void fuse_init_server_timeout(struct fuse_chan *chan, unsigned int secs);

/* dev_uring.c */
bool fuse_uring_enabled(void);
void fuse_uring_destruct(struct fuse_chan *chan);

/* provided by the rest of fuse */
struct fuse_conn *fuse_conn_get(struct fuse_conn *conn);
void fuse_conn_put(struct fuse_conn *conn);
dev_t fuse_conn_get_id(struct fuse_conn *conn);
void fuse_end_polls(struct fuse_conn *conn);
int fuse_notify(struct fuse_conn *conn, enum fuse_notify_code code, unsigned int size,
		struct fuse_copy_state *cs);
int fuse_backing_open(struct fuse_conn *conn, struct fuse_backing_map *map);
int fuse_backing_close(struct fuse_conn *conn, int backing_id);

#endif /* _FS_FUSE_DEV_H */

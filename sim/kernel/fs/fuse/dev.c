// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/fuse of our small fuse core: the file that a server has open. It reads
 * requests and writes replies.
 *
 * FUSE_INIT, FORGET and INTERRUPT always go this way, and all requests until the
 * ring is ready. Left out is what a file system does not need to be tested on a
 * ring: splice, cloned devices, notifications, protocol minors below 12.
 *
 * What happens where: dev_queue.c has the queues, dev_copy.c copies, dev_chan.c has
 * the connection's life, req.c that of requests.
 */
#include "dev.h"
#include "args.h"
#include "dev_uring_i.h"

#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uio.h>

/**
 * fuse_get_dev() - the device of a file, if it is mounted
 * @file: an open /dev/fuse
 */
struct fuse_dev *fuse_get_dev(struct file *file)
{
	struct fuse_dev *dev = fuse_file_to_fud(file);

	return fuse_dev_chan_get(dev) ? dev : ERR_PTR(-EPERM);
}

/* -------------------------------------------------------------------- reading */

/* Something to read. Return: 0, or why there is nothing. */
static int next_message(struct fuse_chan *fch, struct fuse_message *msg, bool wait)
{
	struct fuse_iqueue *from = &fch->iq;

	for (;;) {
		int err = fuse_iqueue_take(from, msg);

		if (err == -ENODEV)
			return fuse_chan_error(fch);
		if (err != -EAGAIN || !wait)
			return err;
		/* another reader may be faster: then it is gone when we take it */
		err = wait_event_interruptible(from->waitq,
					       fuse_iqueue_look(from) != -EAGAIN);
		if (err)
			return err;
	}
}

/* A message that no request stands behind. Return: bytes or error. */
static ssize_t read_message(struct fuse_copy_state *cs, struct fuse_message *msg)
{
	struct fuse_in_header *header = &msg->header;
	size_t rest = header->len - sizeof(*header);
	int err = fuse_copy_bytes(cs, header, sizeof(*header));

	if (!err)
		err = fuse_copy_bytes(cs, &msg->arg, rest);
	fuse_copy_finish(cs);
	return err ?: (ssize_t)header->len;
}

static ssize_t read_aborted(struct fuse_chan *fch, struct fuse_req *req)
{
	fuse_request_fail(req, -ECONNABORTED);
	return fuse_chan_error(fch);
}

/* It needs no answer, or could not be copied. Return: bytes or error. */
static ssize_t read_last(struct fuse_dev *dev, struct fuse_req *req, int err)
{
	ssize_t len = req->in.h.len;

	if (!fuse_pqueue_end_copy(&dev->pq, req))
		return read_aborted(dev->chan, req);
	if (err) {
		fuse_request_fail(req, -EIO);
		return err;
	}
	fuse_request_end(req);
	return len;
}

/* The server has it. Return: bytes or error. */
static ssize_t read_sent(struct fuse_dev *dev, struct fuse_req *req)
{
	ssize_t ret = req->in.h.len;

	/* it may be answered and gone before we look whether it was interrupted */
	fuse_get_request(req);
	if (!fuse_pqueue_await_reply(&dev->pq, req)) {
		ret = read_aborted(dev->chan, req);
	} else {
		/* pairs with the waiting client: FR_INTERRUPTED, barrier, FR_SENT */
		smp_mb__after_atomic();
		if (test_bit(FR_INTERRUPTED, &req->flags))
			fuse_request_interrupt(req);
	}
	fuse_put_request(req);
	return ret;
}

/* Return: bytes or error; 0: it was too long and has ended, try the next one. */
static ssize_t read_request(struct fuse_dev *dev, struct fuse_req *req,
			    struct fuse_copy_state *cs, size_t room)
{
	const struct fuse_args *args = req->args;
	int err;

	if (req->in.h.len > room) {
		/* the value of an attribute may have any length */
		fuse_request_fail(req, args->opcode == FUSE_SETXATTR ? -E2BIG : -EIO);
		return 0;
	}
	if (!fuse_pqueue_begin_read(&dev->pq, req))
		return read_aborted(dev->chan, req);

	cs->req = req;
	err = fuse_copy_bytes(cs, &req->in.h, sizeof(req->in.h));
	if (!err)
		err = fuse_copy_args(cs, args->in_numargs, args->in_pages,
				     (struct fuse_arg *)args->in_args, false);
	fuse_copy_finish(cs);
	if (err || !test_bit(FR_ISREPLY, &req->flags))
		return read_last(dev, req, err);
	return read_sent(dev, req);
}

/* The longest that is not a client's free choice; INIT may be answered just now. */
static size_t room_needed(const struct fuse_chan *fch)
{
	size_t write = sizeof(struct fuse_in_header) + sizeof(struct fuse_write_in);

	return max_t(size_t, FUSE_MIN_READ_BUFFER, write + READ_ONCE(fch->max_write));
}

static ssize_t dev_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct fuse_dev *dev = fuse_get_dev(iocb->ki_filp);
	bool wait = !(iocb->ki_filp->f_flags & O_NONBLOCK);
	size_t room = iov_iter_count(to);
	struct fuse_copy_state cs;
	struct fuse_message msg;
	struct fuse_chan *fch;
	ssize_t ret;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	fch = fuse_dev_chan_get(dev);
	if (room < room_needed(fch))
		return -EINVAL;

	do {
		ret = next_message(fch, &msg, wait);
		if (ret)
			break;
		fuse_copy_init(&cs, true, to);
		ret = msg.req ? read_request(dev, msg.req, &cs, room)
			      : read_message(&cs, &msg);
	} while (!ret);
	return ret;
}

/* -------------------------------------------------------------------- writing */

/* The server's answer to an INTERRUPT: it does not know it, or not yet. */
static int write_interrupt_reply(struct fuse_dev *dev, const struct fuse_out_header *oh)
{
	struct fuse_req *req = fuse_pqueue_get(&dev->pq, oh->unique ^ FUSE_INT_REQ_BIT);
	int err = 0;

	if (!req)
		return -ENOENT;
	/* an answer to what was never sent would put the request on a list that it leaves
	 * at its end only if it was interrupted
	 */
	if (oh->len != sizeof(*oh) ||
	    (oh->error == -EAGAIN && !test_bit(FR_INTERRUPTED, &req->flags)))
		err = -EINVAL;
	else if (oh->error == -EAGAIN)
		fuse_request_interrupt(req);
	else if (oh->error == -ENOSYS)
		WRITE_ONCE(dev->chan->no_interrupt, true);
	fuse_put_request(req);
	return err;
}

/* An error comes without arguments. */
static int copy_reply(struct fuse_copy_state *cs, struct fuse_req *req, unsigned int len)
{
	cs->req = req;
	if (!req->out.h.error)
		return fuse_copy_out_args(cs, req->args, len);
	return len == sizeof(req->out.h) ? 0 : -EINVAL;
}

static int write_reply(struct fuse_dev *dev, struct fuse_copy_state *cs,
		       const struct fuse_out_header *oh)
{
	struct fuse_req *req = fuse_pqueue_begin_reply(&dev->pq, oh->unique);
	int err;

	if (!req)
		return -ENOENT;
	req->out.h = *oh;
	err = copy_reply(cs, req, oh->len);
	fuse_copy_finish(cs);

	if (!fuse_pqueue_end_copy(&dev->pq, req)) {
		fuse_request_fail(req, -ECONNABORTED);
		return -ENOENT;
	}
	if (err)
		fuse_request_fail(req, -EIO);
	else
		fuse_request_end(req);
	return err;
}

/* Anything that a server writes starts with a header, which says what it is. */
static int write_message(struct fuse_dev *dev, struct fuse_copy_state *cs, size_t len)
{
	struct fuse_out_header oh;
	int err;

	if (len < sizeof(oh))
		return -EINVAL;
	err = fuse_copy_bytes(cs, &oh, sizeof(oh));
	if (err)
		return err;
	if (oh.len != len)
		return -EINVAL;
	if (!oh.unique)
		return fuse_notify(dev->chan->conn, oh.error, len - sizeof(oh), cs);
	/* 512 and above are the kernel's own */
	if (oh.error > 0 || oh.error <= -512)
		return -EINVAL;
	if (oh.unique & FUSE_INT_REQ_BIT)
		return write_interrupt_reply(dev, &oh);
	return write_reply(dev, cs, &oh);
}

static ssize_t dev_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct fuse_dev *dev = fuse_get_dev(iocb->ki_filp);
	size_t len = iov_iter_count(from);
	struct fuse_copy_state cs;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	fuse_copy_init(&cs, false, from);
	err = write_message(dev, &cs, len);
	fuse_copy_finish(&cs);
	return err ?: (ssize_t)len;
}

/* -------------------------------------------------------------------- opening */

static void dev_free(struct fuse_dev *dev)
{
	kfree(dev->pq.processing);
	kfree(dev);
}

static int dev_open(struct inode *inode, struct file *file)
{
	struct fuse_dev *dev = kzalloc_obj(struct fuse_dev);

	if (!dev)
		return -ENOMEM;
	fuse_pqueue_init(&dev->pq);
	dev->pq.processing = fuse_pqueue_alloc();
	if (!dev->pq.processing) {
		dev_free(dev);
		return -ENOMEM;
	}
	file->private_data = dev;
	return 0;
}

static int dev_release(struct inode *inode, struct file *file)
{
	struct fuse_dev *dev = fuse_file_to_fud(file);

	fuse_dev_uninstall(dev);
	dev_free(dev);
	return 0;
}

static __poll_t dev_poll(struct file *file, struct poll_table_struct *wait)
{
	struct fuse_dev *dev = fuse_get_dev(file);
	struct fuse_iqueue *from;

	if (IS_ERR(dev))
		return EPOLLERR;
	from = &fuse_dev_chan_get(dev)->iq;
	poll_wait(file, &from->waitq, wait);
	switch (fuse_iqueue_look(from)) {
	case 0:
		return EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
	case -EAGAIN:
		return EPOLLOUT | EPOLLWRNORM;
	default:
		return EPOLLERR;
	}
}

/* Backing files and cloned devices are not here, so there is nothing to control. */
static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}

const struct file_operations fuse_dev_operations = {
	.owner = THIS_MODULE,
	.open = dev_open,
	.release = dev_release,
	.read_iter = dev_read,
	.write_iter = dev_write,
	.poll = dev_poll,
	.unlocked_ioctl = dev_ioctl,
	.uring_cmd = fuse_uring_cmd,
};

static struct miscdevice dev_fuse = {
	.minor = FUSE_MINOR,
	.name = "fuse",
	.fops = &fuse_dev_operations,
};

/** fuse_dev_init() - the module is loaded: create /dev/fuse */
int fuse_dev_init(void)
{
	int err = fuse_req_cache_init();

	if (!err) {
		err = misc_register(&dev_fuse);
		if (err)
			fuse_req_cache_exit();
	}
	return err;
}

/** fuse_dev_cleanup() - the module is unloaded; /dev/fuse is not open */
void fuse_dev_cleanup(void)
{
	misc_deregister(&dev_fuse);
	fuse_req_cache_exit();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server and /dev/fuse itself: opening, mounting, FUSE_INIT, and requests
 * that never go through the ring (FORGET, INTERRUPT; all before it is ready).
 */
#include <errno.h>
#include <string.h>

#include "shim/file.h"
#include "shim/misc.h"
#include "shim/user.h"
#include "detect/race.h"
#include "fuse/fs/fs_i.h"

#define O_RDWR_	      2
#define POLLNVAL_     0x20
#define IOC_SYNC_INIT 0xe503u /* FUSE_DEV_IOC_SYNC_INIT */

/* ---- system calls ---- */

/* what the kernel does on its way back to user mode, which never sees it */
#define ERESTARTSYS_ 512

/*
 * Task work alone: the call restarts. A signal: the server's handlers are installed
 * without SA_RESTART [handle_signal].
 */
static long interrupted(struct actor *t, long ret)
{
	if (ret != -ERESTARTSYS_)
		return ret;
	sched_touch(t->task, false);
	return t->task->sigpending ? -EINTR : ret;
}

static long read_once(struct actor *t, void *ubuf, unsigned long len)
{
	struct file *file;
	long ret = -EBADF;

	shim_syscall_enter("read");
	file = shim_fget(fuse_of(t->w)->dev_fd);
	if (file) {
		/* another file may have its number now [vfs_read] */
		ret = -EINVAL;
		if (shim_file_ops(file)->read)
			ret = interrupted(t, shim_file_ops(file)->read(file, ubuf, len));
		shim_fput(file);
	}
	shim_syscall_exit(ret);
	return ret;
}

long sys_dev_read(struct actor *t, void *ubuf, unsigned long len)
{
	long ret;

	while ((ret = read_once(t, ubuf, len)) == -ERESTARTSYS_ && !actor_leaves(t))
		sched_point(SCHED_SYSCALL, "restarts", SCHED_SITE(NULL));
	return ret == -ERESTARTSYS_ ? -EINTR : ret;
}

static long control_once(struct actor *t, const struct dev_control *c)
{
	const struct shim_file_ops *ops;
	struct file *file;
	long ret = c->poll ? POLLNVAL_ : -EBADF;

	shim_syscall_enter(c->poll ? "poll" : "ioctl");
	file = shim_fget(fuse_of(t->w)->dev_fd);
	if (file) {
		/* another file may have its number now */
		ops = shim_file_ops(file);
		if (c->poll)
			ret = ops->poll ? (long)ops->poll(file) : POLLNVAL_;
		else
			ret = ops->ioctl ? interrupted(t, ops->ioctl(file, c->command, 0))
					 : -ENOTTY;
		shim_fput(file);
	}
	shim_syscall_exit(ret);
	return ret;
}

long sys_dev_control(struct actor *t, const struct dev_control *c)
{
	long ret;

	while ((ret = control_once(t, c)) == -ERESTARTSYS_ && !actor_leaves(t))
		sched_point(SCHED_SYSCALL, "restarts", SCHED_SITE(NULL));
	return ret == -ERESTARTSYS_ ? -EINTR : ret;
}

long sys_dev_write(struct actor *t, const void *ubuf, unsigned long len)
{
	struct file *file;
	long ret = -EBADF;

	shim_syscall_enter("write");
	file = shim_fget(fuse_of(t->w)->dev_fd);
	if (file) {
		ret = shim_file_ops(file)->write
			      ? shim_file_ops(file)->write(file, ubuf, len)
			      : -EINVAL;
		shim_fput(file);
	}
	shim_syscall_exit(ret);
	return ret;
}

/* [fuse_fill_super] the number may stand for another file by now */
static bool is_dev(const struct world *w, const struct file *file)
{
	return file->f_op == fuse_of(w)->dev_ops;
}

int sys_mount(struct world *w)
{
	struct file *file;
	int ret;

	race_acquire(&w->main); /* a process that was created later */
	shim_syscall_enter("mount");
	file = shim_fget_from(w->main->task, fuse_of(w)->dev_fd);
	if (file && !is_dev(w, file)) {
		shim_fput(file);
		shim_syscall_exit(-EINVAL);
		return -EINVAL;
	}
	if (file) {
		fuse_of(w)->dev_mounted = true;
		fuse_of(w)->fm = fuse_of(w)->ops->mount(file);
		race_release(&fuse_of(w)->fm);
		shim_fput(file);
	}
	ret = fuse_of(w)->fm ? 0 : fuse_of(w)->config.sync_init ? -ENOTCONN : -ENOMEM;
	/* without memory it did not come so far */
	if (ret == -ENOMEM)
		fuse_of(w)->dev_mounted = false;
	shim_syscall_exit(ret);
	return ret;
}

/* Return: NULL with @fd negative: there is none */
static const struct file *sys_open_dev(int *fd)
{
	const struct file *file;

	shim_syscall_enter("open /dev/fuse");
	file = shim_misc_open("fuse", O_RDWR_, fd);
	shim_syscall_exit(*fd);
	return file;
}

static void sys_sync_init(struct world *w)
{
	struct file *file;
	long ret = -EBADF;

	shim_syscall_enter("ioctl");
	file = shim_fget(fuse_of(w)->dev_fd);
	if (file) {
		ret = shim_file_ops(file)->ioctl(file, IOC_SYNC_INIT, 0);
		shim_fput(file);
	}
	shim_syscall_exit(ret);
}

void server_mounts(struct actor *t, void *arg)
{
	struct world *w = t->w;
	const struct file *dev;

	(void)arg;
	/* replies are built behind it: it is a multiple of what their fields need */
	fuse_of(w)->dev_buf_len = (fuse_of(w)->max_payload + 4096 + 7) & ~7u;
	dev = sys_open_dev(&fuse_of(w)->dev_fd);
	if (!dev)
		return;
	fuse_of(w)->dev_ops = dev->f_op;
	if (fuse_of(w)->config.sync_init)
		sys_sync_init(w);
	else if (!sys_mount(w) && !fuse_of(w)->config.init_unanswered)
		answer_init(t, NULL);
	race_release(&w->main);
}

/* ---- later ---- */

unsigned char *dev_buf_of(struct actor *t)
{
	struct fuse *f = fuse_of(t->w);
	unsigned char **buf = &f->dev_bufs[steps_actor(t)];

	if (!*buf)
		*buf = server_mmap(t->w, f->dev_buf_len,
				   SHIM_PROT_READ | SHIM_PROT_WRITE);
	if (!*buf)
		world_full("user memory");
	return *buf;
}

static void job_read_dev(struct actor *t, void *arg)
{
	struct dev_read *d = arg;
	unsigned char *buf = dev_buf_of(t);
	const struct abi_in_header *in = (void *)buf;
	uint32_t room = fuse_of(t->w)->dev_buf_len;

	/* [fuse_dev_do_read] a request that is longer ends with EIO */
	if (d->room < room) {
		world_disturbed(t->w, DISTURBED_ANSWER);
		fs_is_not_asked(t->w);
		room = d->room;
	}
	memset(buf, 0, sizeof(d->bytes));
	d->ret = sys_dev_read(t, buf, room);
	if (d->ret >= (long)sizeof(*in)) {
		d->opcode = in->opcode;
		d->unique = in->unique;
		d->nodeid = in->nodeid;
	}
	memcpy(d->bytes, buf, sizeof(d->bytes));
	d->done = true;
}

struct dev_read *dev_read_new(struct world *w)
{
	struct dev_read *d;

	if (fuse_of(w)->nr_dev_reads == MAX_DEV_READS)
		world_full("reads of /dev/fuse");
	fuse_of(w)->dev_serves = true;
	d = &fuse_of(w)->dev_reads[fuse_of(w)->nr_dev_reads++];
	memset(d, 0, sizeof(*d));
	return d;
}

struct dev_read *server_reads_dev(struct actor *t)
{
	return server_reads_dev_into(t, UINT32_MAX);
}

struct dev_read *server_reads_dev_into(struct actor *t, uint32_t room)
{
	struct dev_read *d = dev_read_new(t->w);

	d->room = room;
	/* now: a process that is forked later has it, too */
	dev_buf_of(t);
	actor_steps(t, STEP_DEV, job_read_dev, d);
	return d;
}

/* neither a WRITE's data nor more than the beginning of a long request is kept */
static int error_of(const struct dev_read *d, const struct abi_in_header *in)
{
	if (d->error)
		return d->error;
	return in->opcode == OP_WRITE || in->len > sizeof(d->bytes) ? -EIO : 0;
}

static abi_u32 len_of(const struct world *w, const struct dev_read *d, size_t right)
{
	int64_t len = (int64_t)right + d->len_more, most = fuse_of(w)->dev_buf_len;

	return (abi_u32)(len < 0 ? 0 : len > most ? most : len);
}

static long answer_kept(struct actor *t, const struct dev_read *d)
{
	struct world *w = t->w;
	unsigned char *buf = dev_buf_of(t);
	struct abi_out_header *out = (void *)buf;
	struct abi_in_header in;
	unsigned char op_in[128];
	struct fs_reply reply = { 0, 0 };

	memcpy(&in, d->bytes, sizeof(in));
	memcpy(op_in, d->bytes + sizeof(in), sizeof(op_in));
	reply.error = error_of(d, &in);
	/* as in init.c; and what another request gets is not its answer */
	if ((reply.error && in.opcode == OP_INIT) || d->unique_more || d->len_more)
		fs_is_not_asked(w);
	if (reply.error) {
		fs_call_fails(w, in.pid);
		fs_answers_unasked(w, &in, op_in, reply.error);
	} else if (in.opcode == OP_INIT) {
		memcpy(buf, d->bytes, sizeof(d->bytes));
		return answer_init_in(t, buf, NULL);
	} else {
		fs_answer(w, &in, op_in, d->bytes + sizeof(in) + fs_head(in.opcode),
			  (void *)(out + 1), fuse_of(w)->max_payload, &reply);
	}
	out->error = reply.error;
	out->unique = in.unique + (uint64_t)d->unique_more;
	out->len = len_of(w, d, sizeof(*out) + reply.size);
	return sys_dev_write(t, buf, out->len);
}

/* The record of the write starts as a copy of what was read. */
static void job_answer_dev(struct actor *t, void *arg)
{
	struct dev_read *d = arg;

	if (d->late && d->of->ret <= 0)
		return;
	if (d->late)
		memcpy(d->bytes, d->of->bytes, sizeof(d->bytes));
	d->ret = answer_kept(t, d);
	d->done = true;
}

struct dev_read *server_answers_dev(struct actor *t, struct dev_read *d)
{
	return server_answers_error_dev(t, d, 0);
}

struct dev_read *server_answers_error_dev(struct actor *t, struct dev_read *d, int error)
{
	struct dev_read *answer = dev_read_new(t->w);

	*answer = *d;
	answer->error = error;
	answer->of = d;
	answer->done = false;
	dev_buf_of(t);
	actor_steps(t, STEP_DEV_ANSWER, job_answer_dev, answer);
	return answer;
}

struct dev_read *server_answers_read(struct actor *t, const struct dev_read *d, int error)
{
	struct dev_read *answer = dev_read_new(t->w);

	answer->of = d;
	answer->late = true;
	answer->error = error;
	dev_buf_of(t);
	actor_steps(t, STEP_DEV_ANSWER, job_answer_dev, answer);
	return answer;
}

static void job_close_dev(struct actor *t, void *arg)
{
	struct world *w = t->w;
	int ret;

	(void)arg;
	shim_syscall_enter("close");
	ret = shim_close(fuse_of(w)->dev_fd);
	fuse_of(w)->dev_closed = true;
	shim_syscall_exit(ret);
}

void server_closes_dev(struct actor *t)
{
	actor_steps(t, STEP_CLOSE_DEV, job_close_dev, NULL);
}

static void job_open_dev(struct actor *t, void *arg)
{
	(void)t;
	sys_open_dev(arg);
}

void server_opens_dev(struct actor *t, int *fd)
{
	actor_steps(t, STEP_DEV_OPEN, job_open_dev, fd);
}

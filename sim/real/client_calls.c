// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each request of a client as the system call that makes the kernel send exactly that
 * request: files are open for direct I/O, attributes are never cached.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include "real/real.h"

#define PREPARE_MS 3000
#define DIRECT	   040000 /* O_DIRECT */

/* ---- files ---- */

int open_inode(struct real_task *t, uint64_t ino)
{
	char path[64];
	int fd;

	if (ino >= REAL_MAX_INO)
		world_full("inodes");
	if (t->files[ino])
		return t->files[ino];
	if (ino == 1) {
		fd = open(MOUNT_POINT, O_PATH | O_CLOEXEC);
	} else {
		snprintf(path, sizeof(path), MOUNT_POINT "/%c%u", EXTRA_NAME,
			 (unsigned int)ino);
		fd = open(path, ino < FS_FIRST_LINK
					? O_RDWR | O_CLOEXEC | DIRECT | EXTRA_OPEN_FLAG
					: O_PATH | O_CLOEXEC | O_NOFOLLOW);
	}
	/* without the mount there is an empty folder */
	if (fd < 0)
		return real.unmounting ? -ENOTCONN : -errno;
	t->files[ino] = fd;
	return fd;
}

void client_lets_go(struct real_task *t)
{
	if (!t || t->server)
		return;
	for (unsigned int i = 0; i < REAL_MAX_INO; i++) {
		if (!t->files[i])
			continue;
		call_begins();
		close(t->files[i]);
		call_ends_now();
		t->files[i] = 0;
	}
}

bool clients_are_ready(void)
{
	for (unsigned int i = 0; i < real.nr_tasks; i++) {
		const struct real_task *t = &real.tasks[i];

		if (!t->server && !t->ready && t->fiber.state != SCHED_DONE)
			return now_ms() >= real.ready_ms && real.ready_ms;
	}
	return true;
}

/*
 * Open the files that the client will use, and wait for the other clients: the scenario
 * begins when all have done so. If no server answers (yet), it begins without: a client
 * that has no file then opens it when it needs it.
 */
void client_prepare(struct real_task *t)
{
	const struct world *w = t->actor->w;

	if (!real.ready_ms)
		real.ready_ms = now_ms() + PREPARE_MS;
	for (unsigned int i = 0; i < fuse_of(w)->nr_calls; i++) {
		const struct call *c = &fuse_of(w)->calls[i];

		/* what is made later is not there yet */
		if (c->actor != t->actor || c->opcode == OP_LOOKUP ||
		    c->ino >= FS_FIRST_NEW || !c->ino)
			continue;
		call_begins();
		open_inode(t, c->ino);
		if (c->opcode == OP_COPY_FILE_RANGE_64 && c->to_ino < FS_FIRST_NEW)
			open_inode(t, c->to_ino);
		call_ends_now();
	}
	t->ready = true;
	real_wake_all();
	while (!clients_are_ready())
		real_sleep(real.wakes, 10);
	real.activity++;
}

/* ---- one call ---- */

static long do_lookup(const struct call *c, struct abi_entry_out *out)
{
	struct statx st;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), MOUNT_POINT "/%s", c->name);
	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return real.unmounting ? -ENOTCONN : -errno;
	if (!statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &st)) {
		out->nodeid = st.stx_ino;
		out->attr.size = st.stx_size;
	}
	close(fd);
	return 0;
}

static long do_getattr(int fd, struct abi_attr_out *out)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &st))
		return -errno;
	out->attr.ino = st.stx_ino;
	out->attr.size = st.stx_size;
	return 0;
}

/* By the descriptor that there is: OPEN and no other request. It stays open. */
static long do_open(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : 0;
}

static long do_call(struct real_task *t, const struct call *c, struct fs_request *req)
{
	long ret;
	int fd;

	if (c->opcode == OP_LOOKUP)
		return do_lookup(c, req->out[0]);
	if (c->name[0] && c->opcode != OP_GETXATTR && c->opcode != OP_SETXATTR)
		return do_shape(t, c, req);
	fd = open_inode(t, c->ino);
	if (fd < 0)
		return fd;
	switch (c->opcode) {
	case OP_GETATTR:
		return do_getattr(fd, req->out[0]);
	case OP_OPEN:
		return do_open(fd);
	case OP_READ:
		ret = pread(fd, c->data, c->size, (off_t)c->offset);
		break;
	case OP_WRITE:
		ret = pwrite(fd, c->data, c->size, (off_t)c->offset);
		break;
	case OP_FSYNC:
		ret = fsync(fd);
		break;
	default:
		return do_shape(t, c, req);
	}
	return ret < 0 ? -errno : ret;
}

/* The result that the reply to the request has: a length only if that varies. */
static long result(const struct call *c, struct fs_request *req, long ret)
{
	if (ret < 0)
		return ret;
	if (c->opcode == OP_WRITE)
		((struct abi_write_out *)req->out[0])->size = (abi_u32)ret;
	if (!req->out_argvar)
		return 0;
	req->out_len = (uint32_t)ret;
	return ret;
}

long real_request(struct fuse_mount *fm, struct fs_request *req)
{
	struct call *c = req->owner;
	long ret;

	(void)fm;
	self->call = c;
	call_begins();
	ret = do_call(self, c, req);
	call_ends_now();
	self->call = NULL;
	return result(c, req, ret);
}

/* ---- in the background: asynchronous direct I/O ---- */

static int wait_for_aio(void *arg)
{
	struct real_task *t = arg;
	struct io_event event;

	while (syscall(SYS_io_getevents, t->aio, 1, 1, &event, NULL) == 1) {
		struct call *c = (void *)(uintptr_t)event.data;

		real_lock();
		c->req.error = 0;
		if (event.res < 0)
			c->req.error = (int)event.res;
		else
			result(c, &c->req, (long)event.res);
		c->req.end(&c->req);
		real.activity++;
		real_unlock();
	}
	return 0;
}

static bool have_aio(struct real_task *t)
{
	thrd_t thread;

	if (t->aio)
		return true;
	return !syscall(SYS_io_setup, 64, &t->aio) &&
	       thrd_create(&thread, wait_for_aio, t) == thrd_success;
}

static int submit_aio(struct real_task *t, struct call *c)
{
	struct iocb cb, *list = &cb;
	int fd = open_inode(t, c->ino);

	if (fd < 0)
		return fd;
	if (!have_aio(t))
		return -EAGAIN;
	memset(&cb, 0, sizeof(cb));
	cb.aio_data = (uintptr_t)c;
	cb.aio_lio_opcode = c->opcode == OP_READ ? IOCB_CMD_PREAD : IOCB_CMD_PWRITE;
	cb.aio_fildes = (unsigned int)fd;
	cb.aio_buf = (uintptr_t)c->data;
	cb.aio_nbytes = c->size;
	cb.aio_offset = (long long)c->offset;
	return syscall(SYS_io_submit, t->aio, 1, &list) == 1 ? 0 : -errno;
}

/* Nobody is told when a RELEASE is answered: it has ended when close(2) has. */
static int release(struct call *c)
{
	long ret = do_shape(self, c, &c->req);

	if (ret)
		return (int)ret;
	real_lock();
	c->req.end(&c->req);
	real_unlock();
	return 0;
}

int real_request_bg(struct fuse_mount *fm, struct fs_request *req)
{
	struct call *c = req->owner;
	int ret;

	(void)fm;
	self->call = c;
	call_begins();
	ret = c->opcode == OP_RELEASE ? release(c) : submit_aio(self, c);
	call_ends_now();
	self->call = NULL;
	return ret;
}

/* The kernel forgets an unused inode when it needs the memory. */
void real_forget(struct fuse_mount *fm, uint64_t ino, uint64_t nlookup)
{
	struct real_task *t = self;
	int fd;

	(void)fm;
	(void)nlookup;
	call_begins();
	if (ino < REAL_MAX_INO && t->files[ino]) {
		close(t->files[ino]);
		t->files[ino] = 0;
	}
	fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, "2", 1) < 0)
			perror("drop_caches");
		close(fd);
	}
	call_ends_now();
}

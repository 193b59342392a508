// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/fuse, mount and umount, and fusectl.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "real/real.h"
#include "shim/file.h"
#include "shim/misc.h"

#define MAX_FILES	     8
#define INIT_ASYNC_READ	     (1u << 0)
#define INIT_ASYNC_DIO	     (1u << 15)
#define INIT_READDIRPLUS     (3u << 13) /* READDIRPLUS, where the VFS thinks that it pays */
#define INIT_PARALLEL_LOOKUP (1u << 18)

static struct file files[MAX_FILES];
static int fds[MAX_FILES];
static unsigned int nr_files;

/* ---- reading and writing ---- */

static int fd_of(const struct file *file)
{
	return fds[file - files];
}

static long dev_read(struct file *file, void *ubuf, unsigned long len)
{
	const struct abi_in_header *in = ubuf;
	long ret;

	memory_protect();
	do {
		call_begins();
		ret = read(fd_of(file), ubuf, len);
		if (ret < 0)
			ret = -errno;
		call_ends_now();
	} while (ret > 0 && self && extra_answer_dev(self->actor->w, fd_of(file), in));
	if (ret > 0 && in->opcode == OP_INIT)
		real.init_unique = in->unique;
	return ret;
}

/* Tell the VFS that calls may overlap; the world's server does not say so itself. */
static void add_init_flags(void *buf)
{
	const struct abi_out_header *out = buf;
	struct abi_init_out *init = (void *)((unsigned char *)buf + sizeof(*out));

	if (!real.init_unique || out->unique != real.init_unique)
		return;
	real.init_unique = 0;
	init->flags |= INIT_ASYNC_READ | INIT_ASYNC_DIO | INIT_PARALLEL_LOOKUP |
		       INIT_READDIRPLUS;
	init->time_gran = 1;
}

static long dev_write(struct file *file, const void *ubuf, unsigned long len)
{
	long ret;

	memory_protect();
	add_init_flags((void *)(uintptr_t)ubuf);
	call_begins();
	ret = write(fd_of(file), ubuf, len);
	if (ret < 0)
		ret = -errno;
	call_ends_now();
	return ret;
}

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return ioctl(fd_of(file), cmd, arg) ? -errno : 0;
}

static unsigned int dev_poll(struct file *file)
{
	struct pollfd one = { .fd = fd_of(file),
			      .events = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM };

	return poll(&one, 1, 0) < 0 ? POLLERR : (unsigned int)one.revents;
}

static const struct shim_file_ops dev_fuse_ops = {
	.read = dev_read,
	.write = dev_write,
	.ioctl = dev_ioctl,
	.poll = dev_poll,
};

void real_forget_files(void)
{
	nr_files = 0;
}

struct file *shim_misc_open(const char *name, unsigned int f_flags, int *fd)
{
	char path[64];
	struct file *file = &files[nr_files];

	if (nr_files == MAX_FILES)
		world_full("files");
	call_begins();
	snprintf(path, sizeof(path), "/dev/%s", name);
	*fd = open(path, (int)f_flags | O_CLOEXEC);
	if (*fd < 0)
		*fd = -errno;
	call_ends_now();
	if (*fd < 0)
		return NULL;
	fds[nr_files++] = *fd;
	file->ops = &dev_fuse_ops;
	return file;
}

struct file *shim_fget(int fd)
{
	for (unsigned int i = 0; i < nr_files; i++)
		if (fds[i] == fd)
			return &files[i];
	return NULL;
}

struct file *shim_fget_from(const struct task_struct *task, int fd)
{
	(void)task;
	return shim_fget(fd);
}

void shim_fput(struct file *file)
{
	(void)file;
}

const struct shim_file_ops *shim_file_ops(const struct file *file)
{
	return file->ops;
}

int shim_close(int fd)
{
	struct file *file = shim_fget(fd);
	int ret;

	if (!file)
		return -EBADF;
	fds[file - files] = -1;
	call_begins();
	ret = close(fd);
	call_ends_now();
	return ret ? -errno : 0;
}

int shim_dup(int fd)
{
	int new;

	call_begins();
	new = dup(fd);
	call_ends_now();
	return new < 0 ? -errno : new;
}

/* Not visible from outside: the main process cannot see another process's files. */
unsigned int shim_files_open(void)
{
	return 0;
}

/* ---- the mount ---- */

static struct fuse_mount *const the_mount = (void *)&real;

/* its number, without asking the server */
static unsigned int connection_number(void)
{
	struct statx st;

	if (statx(AT_FDCWD, MOUNT_POINT, AT_STATX_DONT_SYNC, STATX_INO, &st))
		return 0;
	return st.stx_dev_minor;
}

/* Another process than the server's has no such descriptor: it gets one, as fusermount.
 */
static int fd_for_mount(const struct file *dev)
{
	long pidfd, fd;

	if (!self || self->server)
		return fd_of(dev);
	pidfd = syscall(SYS_pidfd_open, real.server, 0);
	fd = syscall(SYS_pidfd_getfd, (int)pidfd, fd_of(dev), 0);
	close((int)pidfd);
	return (int)fd;
}

/* a task that is killed while it mounts has ended that call */
static struct call *mounting(void)
{
	const struct fuse *f = self ? fuse_of(self->actor->w) : NULL;

	for (unsigned int i = 0; f && i < f->nr_calls; i++)
		if (f->calls[i].actor == self->actor && f->calls[i].opcode == OP_INIT)
			return (struct call *)&f->calls[i];
	return NULL;
}

struct fuse_mount *real_mount(struct file *dev)
{
	const int fd = fd_for_mount(dev);
	char options[128];
	int ret;

	mkdir("/mnt", 0755);
	mkdir(MOUNT_POINT, 0755);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
	if (self && !self->server)
		self->call = mounting();
	call_begins();
	ret = mount("uringsim", MOUNT_POINT, "fuse", MS_NOSUID | MS_NODEV, options);
	if (!ret)
		real.connection = connection_number();
	if (fd != fd_of(dev))
		close(fd);
	call_ends_now();
	if (self && !self->server)
		self->call = NULL;
	return ret ? NULL : the_mount;
}

void fusectl_write(const char *name, const char *text)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), FUSECTL "/%u/%s", real.connection, name);
	call_begins();
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, text, strlen(text)) < 0)
			perror(path);
		close(fd);
	}
	call_ends_now();
}

/* umount -f aborts, and then finds that callers are still there */
void real_abort(struct fuse_mount *fm, bool with_err)
{
	(void)fm;
	if (with_err) {
		fusectl_write("abort", "1");
		return;
	}
	real.unmounting = true; /* it may succeed at once */
	real_wake_all();
	call_begins();
	umount2(MOUNT_POINT, MNT_FORCE);
	call_ends_now();
}

void real_set_max_background(struct fuse_mount *fm, unsigned int n)
{
	char text[16];

	(void)fm;
	snprintf(text, sizeof(text), "%u", n);
	fusectl_write("max_background", text);
}

static bool write_number(const char *path, unsigned int n)
{
	char text[16];
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	snprintf(text, sizeof(text), "%u", n);
	ok = write(fd, text, strlen(text)) > 0;
	close(fd);
	return ok;
}

/* numbers of the module outlive a mount */
void real_reset_knobs(void)
{
	write_number("/proc/sys/fs/fuse/max_request_timeout", 0);
	write_number("/proc/sys/fs/fuse/default_request_timeout", 0);
}

bool real_set_knob(struct fuse_mount *fm, enum fuse_knob knob, unsigned int n)
{
	char path[80];
	bool ok;

	(void)fm;
	if (knob == KNOB_CONGESTION)
		snprintf(path, sizeof(path), FUSECTL "/%u/congestion_threshold",
			 real.connection);
	else
		snprintf(path, sizeof(path), "/proc/sys/fs/fuse/%s_request_timeout",
			 knob == KNOB_MAX_TIMEOUT ? "max" : "default");
	call_begins();
	ok = write_number(path, n);
	call_ends_now();
	return ok || (knob == KNOB_CONGESTION && !real.connection);
}

/* All clients close their files when they next sleep; a real umount waits for that. */
void real_umount(struct fuse_mount *fm)
{
	int ret;

	(void)fm;
	real.unmounting = true;
	real_wake_all();
	client_lets_go(self);
	for (unsigned int i = 0; i < 300; i++) {
		call_begins();
		ret = umount2(MOUNT_POINT, 0);
		call_ends_now();
		if (!ret || errno != EBUSY)
			break;
		real_sleep(real.wakes, 10);
	}
	real.connection = 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls of clients that are about names, attributes and whole folders. Names that
 * the kernel looks up for them begin with EXTRA_NAME, which the server does not see
 * (extra.c): so each call is the one request that the simulator sends.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "real/real.h"

#define PATH	     96
#define DIRENTS	     32768
#define DT_LINK	     10
#define IOCTL_NUMBER 1

static void path_of(char *path, const char *name)
{
	snprintf(path, PATH, MOUNT_POINT "/%c%s", EXTRA_NAME, name);
}

static long or_errno(long ret)
{
	if (ret >= 0)
		return ret;
	return real.unmounting && errno == ENOENT ? -ENOTCONN : -errno;
}

/* ---- names ---- */

static void take_entry(int fd, struct abi_entry_out *out)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &st))
		return;
	out->nodeid = st.stx_ino;
	out->attr.size = st.stx_size;
}

static long do_create(struct real_task *t, const struct call *c, struct fs_request *req)
{
	struct abi_entry_out *entry = req->out[0];
	char path[PATH];
	int fd;

	path_of(path, c->name);
	fd = open(path, O_CREAT | O_CLOEXEC | (int)c->number, 0644);
	if (fd < 0)
		return or_errno(-1);
	take_entry(fd, entry);
	((struct abi_open_out *)req->out[1])->fh = 1000 + entry->nodeid;
	if (entry->nodeid >= REAL_MAX_INO || t->files[entry->nodeid])
		close(fd);
	else
		t->files[entry->nodeid] = fd;
	return 0;
}

static long do_symlink(const struct call *c, struct fs_request *req)
{
	char path[PATH];
	int fd;

	path_of(path, c->name);
	if (symlink(c->to, path))
		return or_errno(-1);
	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return or_errno(-1);
	take_entry(fd, req->out[0]);
	close(fd);
	return 0;
}

static long do_rename(const struct call *c)
{
	char from[PATH], to[PATH];

	path_of(from, c->name);
	path_of(to, c->to);
	return or_errno(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, c->number));
}

static long do_unlink(const struct call *c)
{
	char path[PATH];

	path_of(path, c->name);
	return or_errno(unlink(path));
}

/* ---- folders ---- */

/* what getdents64(2) writes */
struct linux_entry {
	uint64_t ino;
	int64_t off;
	unsigned short len;
	unsigned char type;
	char name[];
};

/* Entries as the server has sent them, but for what READDIRPLUS adds. */
static long put_entries(const unsigned char *from, long len, struct fs_request *req)
{
	unsigned char *to = req->pages;
	uint32_t used = 0;

	for (long at = 0; at < len;) {
		const struct linux_entry *e = (const void *)(from + at);
		uint32_t name = (uint32_t)strlen(e->name);
		uint32_t size = (uint32_t)(sizeof(struct abi_dirent) + name + 7) & ~7u;
		struct abi_dirent *entry = (void *)(to + used);

		if (used + size > req->pages_size)
			break;
		memset(entry, 0, size);
		*entry = (struct abi_dirent){ e->ino, (abi_u64)e->off, name, e->type };
		memcpy(entry + 1, e->name, name);
		used += size;
		at += e->len;
	}
	return used;
}

static long do_readdir(const struct call *c, struct fs_request *req)
{
	static __thread _Alignas(8) unsigned char entries[DIRENTS];
	int fd = open(MOUNT_POINT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long ret;

	if (fd < 0)
		return or_errno(-1);
	lseek(fd, (off_t)c->offset, SEEK_SET);
	ret = or_errno(syscall(SYS_getdents64, fd, entries, c->size));
	close(fd);
	return ret < 0 ? ret : put_entries(entries, ret, req);
}

/* ---- by a descriptor ---- */

static void name_of(char *path, int fd)
{
	snprintf(path, PATH, "/proc/self/fd/%d", fd);
}

/* A size without data has a reply of another kind. */
static long a_length(const struct call *c, struct fs_request *req, long ret)
{
	if (c->size || ret < 0)
		return ret;
	((struct abi_getxattr_out *)req->out[0])->size = (abi_u32)ret;
	return 0;
}

static long do_xattr(const struct call *c, struct fs_request *req, int fd)
{
	char path[PATH];

	name_of(path, fd);
	if (c->opcode == OP_SETXATTR)
		return or_errno(setxattr(path, c->name, c->data, c->size, 0));
	if (c->opcode == OP_GETXATTR)
		return a_length(c, req,
				or_errno(getxattr(path, c->name, c->data, c->size)));
	return a_length(c, req, or_errno(listxattr(path, (char *)c->data, c->size)));
}

static long do_statfs(int fd, struct abi_statfs_out *out)
{
	struct statfs st;

	if (fstatfs(fd, &st))
		return or_errno(-1);
	*out = (struct abi_statfs_out){
		.blocks = st.f_blocks,
		.bfree = st.f_bfree,
		.bavail = st.f_bavail,
		.files = st.f_files,
		.ffree = st.f_ffree,
		.bsize = (abi_u32)st.f_bsize,
		.namelen = (abi_u32)st.f_namelen,
		.frsize = (abi_u32)st.f_frsize,
	};
	return 0;
}

static long do_ioctl(const struct call *c, struct fs_request *req, int fd)
{
	struct abi_ioctl_out *out = req->out[0];
	long ret = or_errno(ioctl(
		fd, _IOC(_IOC_READ | _IOC_WRITE, 'u', IOCTL_NUMBER, c->size), c->data));

	if (ret < 0)
		return ret;
	out->result = (abi_s32)ret;
	return c->size;
}

static long do_poll(const struct call *c, struct fs_request *req, int fd)
{
	struct pollfd one = { .fd = fd, .events = (short)c->number };
	long ret = or_errno(poll(&one, 1, 0));

	((struct abi_poll_out *)req->out[0])->revents = (abi_u32)one.revents;
	return ret < 0 ? ret : 0;
}

static long do_lseek(const struct call *c, struct fs_request *req, int fd)
{
	long ret = or_errno(lseek(fd, (off_t)c->offset, (int)c->number));

	if (ret < 0)
		return ret;
	((struct abi_lseek_out *)req->out[0])->offset = (abi_u64)ret;
	return 0;
}

static long do_copy(struct real_task *t, const struct call *c, struct fs_request *req,
		    int fd)
{
	off_t from = (off_t)c->offset, to = (off_t)c->to_offset;
	int target = open_inode(t, c->to_ino);
	long ret;

	if (target < 0)
		return target;
	ret = or_errno(copy_file_range(fd, &from, target, &to, c->size, 0));
	if (ret < 0)
		return ret;
	((struct abi_copy_out *)req->out[0])->bytes_copied = (abi_u64)ret;
	return 0;
}

/*
 * A descriptor of its own is closed: O_NONBLOCK, which is set only now, tells its RELEASE
 * from others.
 */
static long do_release(int fd)
{
	char path[PATH];
	int own;

	name_of(path, fd);
	own = open(path, O_RDWR | O_CLOEXEC | EXTRA_OPEN_FLAG);
	if (own < 0)
		return or_errno(-1);
	fcntl(own, F_SETFL, O_NONBLOCK);
	return or_errno(close(own));
}

static long do_readlink(const struct call *c, int fd)
{
	return or_errno(readlinkat(fd, "", (char *)c->data, c->data_size));
}

static long do_truncate(const struct call *c, struct fs_request *req, int fd)
{
	struct abi_attr_out *out = req->out[0];

	out->attr.size = c->offset;
	return or_errno(ftruncate(fd, (off_t)c->offset));
}

/* ---- all of them ---- */

static long by_descriptor(struct real_task *t, const struct call *c,
			  struct fs_request *req, int fd)
{
	switch (c->opcode) {
	case OP_SETATTR:
		return do_truncate(c, req, fd);
	case OP_READLINK:
		return do_readlink(c, fd);
	case OP_STATFS:
		return do_statfs(fd, req->out[0]);
	case OP_RELEASE:
		return do_release(fd);
	case OP_SETXATTR:
	case OP_GETXATTR:
	case OP_LISTXATTR:
		return do_xattr(c, req, fd);
	case OP_IOCTL:
		return do_ioctl(c, req, fd);
	case OP_POLL:
		return do_poll(c, req, fd);
	case OP_LSEEK:
		return do_lseek(c, req, fd);
	case OP_COPY_FILE_RANGE_64:
		return do_copy(t, c, req, fd);
	case OP_FLUSH: /* files are opened so that closing them sends none */
		return 0;
	default:
		return -ENOSYS;
	}
}

long do_shape(struct real_task *t, const struct call *c, struct fs_request *req)
{
	int fd;

	switch (c->opcode) {
	case OP_CREATE:
		return do_create(t, c, req);
	case OP_SYMLINK:
		return do_symlink(c, req);
	case OP_UNLINK:
		return do_unlink(c);
	case OP_RENAME:
	case OP_RENAME2:
		return do_rename(c);
	case OP_READDIR:
	case OP_READDIRPLUS:
		return do_readdir(c, req);
	default:
		fd = open_inode(t, c->ino);
		return fd < 0 ? fd : by_descriptor(t, c, req, fd);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registered buffers: of the user, and of the kernel for zero copy
 * [io_uring/rsrc.c]. Kind: model. Rules 6.1 to 6.3.
 */
#include <string.h>

#include "model.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/hook.h"

#define MAX_SLOTS    (1u << 14)	 /* IORING_MAX_REG_BUFFERS */
#define MAX_BUFFER   (1ul << 40) /* a TiB */
#define MAX_RW_COUNT 0x7ffff000ul

/* ---- nodes ---- */

/* [io_put_rsrc_node]; L is held. The last reference calls ->release() (6.2) */
void uring_put_buf(struct uring_buf *buf)
{
	if (--buf->refs)
		return;
	buf->release(buf->priv);
	shim_kfree(buf, SCHED_SITE("io_mapped_ubuf"));
}

static struct uring_buf *new_buf(unsigned int nr)
{
	struct uring_buf *buf = shim_kmalloc(sizeof(*buf) + nr * sizeof(buf->bvec[0]),
					     SHIM_GFP_ZERO, SCHED_SITE("io_mapped_ubuf"));

	if (buf) {
		buf->refs = 1;
		buf->nr = nr;
	}
	return buf;
}

/* [io_rsrc_node_lookup] */
static struct uring_buf *lookup(const struct shim_uring *ring, unsigned int index)
{
	return index < ring->nr_bufs ? ring->bufs[index] : NULL;
}

static void clear_slot(struct shim_uring *ring, unsigned int index)
{
	struct uring_buf *buf = ring->bufs[index];

	if (!buf)
		return;
	ring->bufs[index] = NULL;
	uring_put_buf(buf);
}

/* ---- buffers of the user ---- */

/* [io_release_ubuf] */
static void release_user(void *priv)
{
	struct uring_buf *buf = priv;

	for (unsigned int i = 0; i < buf->nr; i++)
		if (buf->bvec[i].page)
			shim_page_put((struct shim_page *)buf->bvec[i].page,
				      SCHED_SITE("unpin_user_folio"));
}

static int pin_pages(struct uring_buf *buf, char *base, size_t len)
{
	for (unsigned int i = 0; i < buf->nr; i++) {
		unsigned int off = (unsigned int)((uintptr_t)base & (SHIM_PAGE_SIZE - 1));
		size_t n = SHIM_PAGE_SIZE - off;
		struct shim_page *page =
			shim_page_pin_user(base, 1, SCHED_SITE("io_pin_pages"));

		if (!page)
			return -EFAULT;
		if (n > len)
			n = len;
		buf->bvec[i] =
			(struct shim_bvec){ (struct page *)page, (unsigned int)n, off };
		base += n;
		len -= n;
	}
	return 0;
}

/* [io_sqe_buffer_register]. An empty slot is no error: *@out is NULL */
static int register_user(const struct uring_iovec *iov, struct uring_buf **out)
{
	uintptr_t base = (uintptr_t)iov->base;
	struct uring_buf *buf;
	int err;

	*out = NULL;
	if (!base)
		return iov->len ? -EFAULT : 0;
	if (!iov->len)
		return -EFAULT;
	if (iov->len > MAX_BUFFER)
		return -EINVAL;
	if (base + iov->len < base)
		return -EOVERFLOW;
	/* no process has as much memory here: a page of it is not mapped */
	if (iov->len > ARENA_USER_NR * SHIM_PAGE_SIZE)
		return -EFAULT;
	buf = new_buf((unsigned int)(((base & (SHIM_PAGE_SIZE - 1)) + iov->len +
				      SHIM_PAGE_SIZE - 1) >>
				     SHIM_PAGE_SHIFT));
	if (!buf)
		return -ENOMEM;
	buf->ubuf = base;
	buf->len = iov->len;
	buf->dir = 1u << SHIM_ITER_DEST | 1u << SHIM_ITER_SOURCE;
	buf->release = release_user;
	buf->priv = buf;
	err = pin_pages(buf, iov->base, iov->len);
	if (err)
		uring_put_buf(buf);
	else
		*out = buf;
	return err;
}

/* [io_sqe_buffers_unregister] */
void uring_free_bufs(struct shim_uring *ring)
{
	for (unsigned int i = ring->nr_bufs; i-- > 0;)
		clear_slot(ring, i);
	if (ring->nr_bufs)
		shim_kfree(ring->bufs, SCHED_SITE("buf_table"));
	ring->bufs = NULL;
	ring->nr_bufs = 0;
}

/* [io_sqe_buffers_register] */
static int register_buffers(struct shim_uring *ring, const struct uring_iovec *iov,
			    unsigned int nr)
{
	int err = 0;

	if (ring->nr_bufs)
		return -EBUSY;
	if (!nr || nr > MAX_SLOTS)
		return -EINVAL;
	ring->bufs = shim_kmalloc(nr * sizeof(ring->bufs[0]), SHIM_GFP_ZERO,
				  SCHED_SITE("buf_table"));
	if (!ring->bufs)
		return -ENOMEM;
	ring->nr_bufs = nr;
	for (unsigned int i = 0; i < nr && !err; i++)
		err = register_user(&iov[i], &ring->bufs[i]);
	if (err)
		uring_free_bufs(ring);
	return err;
}

/* [__io_sqe_buffers_update] of one slot */
static int update_buffer(struct shim_uring *ring, unsigned int index,
			 const struct uring_iovec *iov)
{
	struct uring_buf *buf;
	int err;

	if (!ring->nr_bufs)
		return -ENXIO;
	if (index >= ring->nr_bufs)
		return -EINVAL;
	err = register_user(iov, &buf);
	if (err)
		return err;
	clear_slot(ring, index);
	ring->bufs[index] = buf;
	return 1;
}

/* ---- io_uring_register(2): under L, with a reference on the file ---- */

/*
 * [io_uring_register, __io_uring_register]: nobody but the submitter of a SINGLE_ISSUER
 * ring may. Return: NULL with the reason in *@err, which else is 0
 */
struct file *uring_register_enter(struct shim_uring *ring, int *err)
{
	struct file *file;

	shim_syscall_enter("io_uring_register");
	file = uring_fget(ring);
	*err = file ? 0 : -EBADF;
	if (!file)
		return NULL;
	URING_LOCK(ring);
	if (!ring->submitter || ring->submitter == shim_current())
		return file;
	URING_UNLOCK(ring);
	shim_fput(file);
	*err = -EEXIST;
	return NULL;
}

int uring_register_exit(struct shim_uring *ring, struct file *file, int ret)
{
	if (file) {
		URING_UNLOCK(ring);
		shim_fput(file);
	}
	shim_syscall_exit(ret);
	return ret;
}

int sys_io_uring_register_buffers(struct shim_uring *ring, const struct uring_iovec *iov,
				  unsigned int nr)
{
	int ret;
	struct file *file = uring_register_enter(ring, &ret);

	return uring_register_exit(ring, file,
				   file ? register_buffers(ring, iov, nr) : ret);
}

int sys_io_uring_unregister_buffers(struct shim_uring *ring)
{
	int ret;
	struct file *file = uring_register_enter(ring, &ret);

	if (file && !ring->nr_bufs)
		ret = -ENXIO;
	else if (file)
		uring_free_bufs(ring);
	return uring_register_exit(ring, file, ret);
}

/*
 * [io_clone_buffers]: the slots of both are of the same buffers, which are released with
 * the last of them. Both locks are held, that of the ring with the lower address first.
 */
static int clone_table(struct shim_uring *ring, const struct shim_uring *from)
{
	if (!from->nr_bufs)
		return -ENXIO;
	if (ring->nr_bufs)
		return -EBUSY;
	ring->bufs = shim_kmalloc(from->nr_bufs * sizeof(ring->bufs[0]), SHIM_GFP_ZERO,
				  SCHED_SITE("buf_table"));
	if (!ring->bufs)
		return -ENOMEM;
	ring->nr_bufs = from->nr_bufs;
	for (unsigned int i = 0; i < from->nr_bufs; i++) {
		ring->bufs[i] = from->bufs[i];
		if (ring->bufs[i])
			ring->bufs[i]->refs++;
	}
	return 0;
}

int sys_io_uring_clone_buffers(struct shim_uring *ring, struct shim_uring *from)
{
	struct file *source = ring == from ? NULL : uring_fget(from);
	struct file *file;
	int ret;

	file = uring_register_enter(ring, &ret);
	if (file && source) {
		/* [lock_two_rings]: L is dropped, so that the order is one for all */
		URING_UNLOCK(ring);
		URING_LOCK(ring < from ? ring : from);
		shim_mutex_lock_nested(&(ring < from ? from : ring)->lock, 1,
				       SCHED_SITE("&ctx->uring_lock"));
		ret = clone_table(ring, from);
		URING_UNLOCK(from);
	} else if (file) {
		ret = ring == from ? -EINVAL : -EBADF;
	}
	if (source)
		shim_fput(source);
	return uring_register_exit(ring, file, ret);
}

int sys_io_uring_update_buffer(struct shim_uring *ring, unsigned int index,
			       const struct uring_iovec *iov)
{
	int ret;
	struct file *file = uring_register_enter(ring, &ret);

	return uring_register_exit(ring, file,
				   file ? update_buffer(ring, index, iov) : ret);
}

int uring_has_buffer(const struct shim_uring *ring, unsigned int index)
{
	return index < ring->nr_bufs && ring->bufs[index];
}

int uring_has_slot(const struct shim_uring *ring, unsigned int index)
{
	return index < ring->nr_bufs;
}

/* ---- buffers of the kernel (6.2) ---- */

static int install_bvec(struct shim_uring *ring, struct uring_buf **out, unsigned int nr,
			unsigned int index)
{
	struct uring_buf *buf;

	if (index >= ring->nr_bufs)
		return -EINVAL;
	if (ring->bufs[index])
		return -EBUSY;
	buf = new_buf(nr);
	if (!buf)
		return -ENOMEM;
	buf->kernel = 1;
	*out = ring->bufs[index] = buf;
	return 0;
}

int shim_uring_register_bvec(struct shim_uring_cmd *cmd, const struct bio_vec *bvs,
			     unsigned int nr, void (*release)(void *), void *priv,
			     unsigned char dir, unsigned int index,
			     unsigned int issue_flags, const struct sched_site *site)
{
	struct shim_uring *ring = uring_req(cmd, "io_buffer_register_bvec", site)->ctx;
	const struct shim_bvec *from = (const struct shim_bvec *)bvs;
	struct uring_buf *buf;
	int err;

	uring_submit_lock(ring, issue_flags, site);
	err = install_bvec(ring, &buf, nr, index);
	if (!err) {
		buf->dir = dir;
		buf->release = release;
		buf->priv = priv;
		for (unsigned int i = 0; i < nr; i++) {
			buf->bvec[i] = from[i];
			buf->len += from[i].len;
		}
	}
	uring_submit_unlock(ring, issue_flags, site);
	return err;
}

int shim_uring_unregister_bvec(struct shim_uring_cmd *cmd, unsigned int index,
			       unsigned int issue_flags, const struct sched_site *site)
{
	struct shim_uring *ring = uring_req(cmd, "io_buffer_unregister", site)->ctx;
	struct uring_buf *buf;
	int err = 0;

	uring_submit_lock(ring, issue_flags, site);
	buf = lookup(ring, index);
	if (!buf)
		err = -EINVAL;
	else if (!buf->kernel)
		err = -EBUSY;
	else
		clear_slot(ring, index);
	uring_submit_unlock(ring, issue_flags, site);
	return err;
}

/* ---- use (6.1) ---- */

/* [io_find_buf_node]: the first import pins it until the request is freed */
struct uring_buf *uring_find_buf(struct shim_uring_req *req, unsigned int issue_flags,
				 const struct sched_site *site)
{
	struct uring_buf *buf;

	if (req->buf_node)
		return req->buf_node;
	uring_submit_lock(req->ctx, issue_flags, site);
	buf = lookup(req->ctx, req->buf_index);
	if (buf)
		buf->refs++;
	req->buf_node = buf;
	uring_submit_unlock(req->ctx, issue_flags, site);
	return buf;
}

/* [validate_fixed_range, io_import_fixed] */
static int check_range(const struct uring_buf *buf, uint64_t addr, size_t len, int rw)
{
	if (addr + len < addr || addr < buf->ubuf || addr + len > buf->ubuf + buf->len)
		return -EFAULT;
	if (len > MAX_RW_COUNT || !(buf->dir & (1u << rw)))
		return -EFAULT;
	return 0;
}

int shim_uring_import_fixed(unsigned long long ubuf, unsigned long len, int rw,
			    struct iov_iter *iter, struct shim_uring_cmd *cmd,
			    unsigned int issue_flags, const struct sched_site *site)
{
	struct shim_uring_req *req = uring_req(cmd, "io_uring_cmd_import_fixed", site);
	struct shim_iov *i = (struct shim_iov *)iter;
	struct uring_buf *buf;
	int err;

	if (!(cmd->flags & URING_CMD_FIXED)) {
		shim_warn(site, "io_uring_cmd_import_fixed of a command without FIXED");
		return -EINVAL;
	}
	buf = uring_find_buf(req, issue_flags, site);
	err = buf && !fault_hit(FAULT_IMPORT) ? check_range(buf, ubuf, len, rw) : -EFAULT;
	if (err)
		return err;
	*i = (struct shim_iov){
		.kind = SHIM_IOV_BVEC,
		.source = (unsigned char)rw,
		.count = len ? len + (ubuf - buf->ubuf) : 0,
		.bvec = buf->bvec,
		.nr_segs = len ? buf->nr : 0,
	};
	if (len)
		shim_iov_advance(i, ubuf - buf->ubuf);
	return 0;
}

/* ---- the server's use of a slot ---- */

/* A device does not notice that a frame is another's by now: this does. */
static void check_frame(const struct shim_page *page)
{
	if (__builtin_expect(!shim_page_is_live(page), 0))
		report(REPORT_HEAP, SCHED_SITE("fixed buffer"),
		       "use after free: a page of a registered buffer");
}

static void copy_segments(const struct uring_buf *buf, size_t offset, char *mem,
			  size_t len, int to_buffer)
{
	for (unsigned int i = 0; i < buf->nr && len; i++) {
		const struct shim_bvec *v = &buf->bvec[i];
		size_t n = v->len;
		char *p;

		if (offset >= n) {
			offset -= n;
			continue;
		}
		n -= offset;
		if (n > len)
			n = len;
		check_frame((struct shim_page *)v->page);
		/* folios are contiguous: a segment may be longer than its first page */
		p = (char *)((struct shim_page *)v->page)->virt + v->offset + offset;
		hook_range(p, n, to_buffer ? HOOK_WRITE : HOOK_READ | HOOK_LEAVES,
			   SCHED_SITE("fixed buffer"));
		memcpy(to_buffer ? p : mem, to_buffer ? mem : p, n);
		mem += n;
		len -= n;
		offset = 0;
	}
}

/* Return: 0, or -EFAULT: the request does not fit into its buffer */
int uring_fixed_check(const struct shim_uring_req *req)
{
	const struct uring_buf *buf = req->buf_node;

	return check_range(buf, buf->ubuf + req->addr, req->len,
			   req->opcode == URING_OP_READ_FIXED ? SHIM_ITER_DEST
							      : SHIM_ITER_SOURCE);
}

/*
 * The bytes move, at a time that the search chooses, half of them and then the others. A
 * server that answers before they have writes into pages that its client has back: that
 * is the server's race, and none of the kernel's. That they are pages still, is.
 */
long uring_fixed_move(struct uring_buf *buf, size_t offset, void *mem, size_t len,
		      int to_buffer)
{
	size_t half = len / 2;
	char *at = mem;

	sched_point(to_buffer ? SCHED_TO_USER : SCHED_FROM_USER, buf,
		    SCHED_SITE("fixed buffer"));
	race_ignore(1);
	copy_segments(buf, offset, at, half, to_buffer);
	sched_point(to_buffer ? SCHED_TO_USER : SCHED_FROM_USER, buf,
		    SCHED_SITE("fixed buffer"));
	copy_segments(buf, offset + half, at + half, len - half, to_buffer);
	race_ignore(-1);
	return (long)len;
}

/* [io_read_fixed, io_write_fixed]: issued inline, so L is held all along */
static long fixed_copy(struct shim_uring *ring, unsigned int index, size_t offset,
		       void *mem, size_t len, int to_buffer)
{
	int rw = to_buffer ? SHIM_ITER_DEST : SHIM_ITER_SOURCE;
	struct uring_buf *buf = lookup(ring, index);

	if (!buf || check_range(buf, buf->ubuf + offset, len, rw))
		return -EFAULT;
	buf->refs++;
	sched_point(to_buffer ? SCHED_TO_USER : SCHED_FROM_USER, buf,
		    SCHED_SITE("fixed buffer"));
	copy_segments(buf, offset, mem, len, to_buffer);
	uring_put_buf(buf);
	return (long)len;
}

long uring_fixed_copy(struct shim_uring *ring, unsigned int index, unsigned long offset,
		      void *buf, unsigned long len, int to_buffer)
{
	struct file *file;
	long ret = -EBADF;

	shim_syscall_enter("io_uring_enter");
	file = uring_fget(ring);
	if (file) {
		URING_LOCK(ring);
		ret = fixed_copy(ring, index, offset, buf, len, to_buffer);
		URING_UNLOCK(ring);
		shim_fput(file);
	}
	shim_syscall_exit(ret);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of lib/iov_iter.c that know struct iovec, struct kvec and struct bio_vec.
 * Compiled as kernel code into every subject. Kind: model.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>

void iov_iter_init(struct iov_iter *i, unsigned int direction, const struct iovec *iov,
		   unsigned long nr_segs, size_t count)
{
	(void)iov;
	i->shim = (struct shim_iov){
		.kind = SHIM_IOV_IOVEC,
		.source = direction,
		.count = count,
		.nr_segs = nr_segs,
	};
}

void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count)
{
	i->shim = (struct shim_iov){
		.kind = SHIM_IOV_KVEC,
		.source = direction,
		.count = count,
		.kvec = (const struct shim_kvec *)kvec,
		.nr_segs = nr_segs,
	};
}

/*
 * [copy_to_iter, copy_from_iter] of kernel memory. Other kinds are walked by their pages
 * here: iov_iter_get_pages2().
 */
static size_t copy_kernel(void *p, size_t bytes, struct iov_iter *i, bool to_iter)
{
	size_t done = 0, n;
	void *at;

	if (!iov_iter_is_kvec(i))
		shim_unmodelled("copy_to_iter or copy_from_iter of no kernel memory",
				SCHED_SITE(NULL));
	while (done < bytes && (n = shim_iov_run(&i->shim, &at))) {
		n = min(n, bytes - done);
		if (to_iter)
			memcpy(at, (char *)p + done, n);
		else
			memcpy((char *)p + done, at, n);
		iov_iter_advance(i, n);
		done += n;
	}
	return done;
}

size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *i)
{
	return copy_kernel((void *)from, bytes, i, true);
}

size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *i)
{
	return copy_kernel(to, bytes, i, false);
}

void iov_iter_bvec(struct iov_iter *i, unsigned int direction, const struct bio_vec *bvec,
		   unsigned long nr_segs, size_t count)
{
	i->shim = (struct shim_iov){
		.kind = SHIM_IOV_BVEC,
		.source = direction,
		.count = count,
		.bvec = (const struct shim_bvec *)bvec,
		.nr_segs = nr_segs,
	};
}

/*
 * [copy_iovec_from_user] One copy for the whole array; segments that arrived are
 * judged before the fault behind them, as when they are read one by one.
 */
static int copy_segments(struct iovec *iov, const struct iovec __user *uvec,
			 unsigned int nr_segs, const struct sched_site *site)
{
	size_t size = nr_segs * sizeof(*iov), missing, seg;

	missing = shim_copy_from_user(iov, uvec, size, site);
	for (seg = 0; seg < (size - missing) / sizeof(*iov); seg++)
		if ((ssize_t)iov[seg].iov_len < 0)
			return -EINVAL;
	return missing ? -EFAULT : 0;
}

/* [__import_iovec] check the ranges; all of them together are at most MAX_RW_COUNT */
static ssize_t check_segments(struct iovec *iov, unsigned int nr_segs)
{
	ssize_t total = 0;
	unsigned int seg;

	for (seg = 0; seg < nr_segs; seg++) {
		if (!access_ok(iov[seg].iov_base, iov[seg].iov_len))
			return -EFAULT;
		if ((ssize_t)iov[seg].iov_len > MAX_RW_COUNT - total)
			iov[seg].iov_len = MAX_RW_COUNT - total;
		total += iov[seg].iov_len;
	}
	return total;
}

static ssize_t import_one(int rw, const struct iovec __user *uvec, struct iovec *iov,
			  struct iov_iter *i, const struct sched_site *site)
{
	int err = copy_segments(iov, uvec, 1, site);

	if (!err)
		err = import_ubuf(rw, iov->iov_base, iov->iov_len, i);
	return err ? err : (ssize_t)iov_iter_count(i);
}

/*
 * [import_iovec] On return *@iovp is NULL, or an array that the caller frees
 * because his own, of @fast_segs, was too small.
 */
ssize_t shim_import_iovec(int rw, const struct iovec __user *uvec, unsigned int nr_segs,
			  unsigned int fast_segs, struct iovec **iovp, struct iov_iter *i,
			  const struct sched_site *site)
{
	struct iovec *fast = *iovp, *iov = fast;
	ssize_t ret = 0;

	*iovp = NULL;
	if (nr_segs == 1)
		return import_one(rw, uvec, fast, i, site);
	if (nr_segs > UIO_MAXIOV)
		return -EINVAL;
	if (nr_segs > fast_segs) {
		iov = shim_kmalloc(nr_segs * sizeof(*iov), GFP_KERNEL, site);
		if (!iov)
			return -ENOMEM;
	}
	if (nr_segs)
		ret = copy_segments(iov, uvec, nr_segs, site);
	if (!ret)
		ret = check_segments(iov, nr_segs);
	if (ret >= 0)
		iov_iter_init(i, rw, iov, nr_segs, ret);
	if (iov == fast)
		return ret;
	if (ret < 0)
		shim_kfree(iov, site);
	else
		*iovp = iov;
	return ret;
}

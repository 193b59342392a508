// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copying of our small fuse core: between what a request carries and a server's
 * memory, a page of that at a time, for /dev/fuse and for the ring.
 *
 * The page that is at hand is pinned, not faulted in while copying: a server whose
 * memory comes from its own file system would wait for itself otherwise.
 */
#include "args.h"
#include "fuse_dev_i.h"

#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/uio.h>

/**
 * fuse_copy_init() - start a copy
 * @cs: what keeps track of it
 * @write: into user memory, not out of it
 * @iter: which memory
 */
void fuse_copy_init(struct fuse_copy_state *cs, bool write, struct iov_iter *iter)
{
	*cs = (struct fuse_copy_state){ .write = write, .iter = iter };
}

/**
 * fuse_copy_finish() - let go of the user's page, if any is at hand
 * @cs: the copy, complete or not; it may go on with the next page
 */
void fuse_copy_finish(struct fuse_copy_state *cs)
{
	struct page *page = cs->page;

	cs->page = NULL;
	cs->len = 0;
	if (!page)
		return;
	if (cs->write) {
		flush_dcache_page(page);
		set_page_dirty_lock(page);
	}
	put_page(page);
}

static int next_page(struct fuse_copy_state *cs)
{
	size_t start;
	ssize_t got;

	fuse_copy_finish(cs);
	got = iov_iter_get_pages2(cs->iter, &cs->page, PAGE_SIZE, 1, &start);
	if (got <= 0) {
		cs->page = NULL;
		/* user memory ends before what is to be copied does */
		return got ?: -EFAULT;
	}
	cs->offset = start;
	cs->len = got;
	return 0;
}

/* Copy up to @limit bytes, all on the page at hand. Return: how many. */
static unsigned int copy_on_page(struct fuse_copy_state *cs, void *ours,
				 unsigned int limit)
{
	unsigned int n = min(limit, cs->len);
	void *page = kmap_local_page(cs->page);
	void *theirs = page + cs->offset;

	if (cs->write)
		memcpy(theirs, ours, n);
	else
		memcpy(ours, theirs, n);
	kunmap_local(page);

	cs->offset += n;
	cs->len -= n;
	cs->ring.copied_sz += n;
	return n;
}

/**
 * fuse_copy_bytes() - copy to or from memory of the kernel
 * @cs: the copy
 * @ours: the memory
 * @size: of it
 *
 * Return: 0 or -EFAULT.
 */
int fuse_copy_bytes(struct fuse_copy_state *cs, void *ours, unsigned int size)
{
	unsigned int done = 0;
	int err = 0;

	while (done < size && !err) {
		if (!cs->len)
			err = next_page(cs);
		else
			done += copy_on_page(cs, ours + done, size - done);
	}
	return err;
}

/* One folio's part of the data; what is beyond @bytes is cleared when @zeroing. */
static int copy_folio(struct fuse_copy_state *cs, struct folio *folio, unsigned int start,
		      unsigned int bytes, bool zeroing)
{
	size_t whole = folio_size(folio);
	void *data;
	int err;

	if (zeroing && bytes < whole)
		folio_zero_range(folio, 0, whole);
	data = kmap_local_folio(folio, start);
	err = fuse_copy_bytes(cs, data, bytes);
	kunmap_local(data);
	flush_dcache_folio(folio);
	return err;
}

/* Folios without data are only of interest when they are to be cleared. */
static int copy_folios(struct fuse_copy_state *cs, unsigned int left, bool zeroing)
{
	const struct fuse_args_pages *pages =
		container_of(cs->req->args, struct fuse_args_pages, args);
	const struct fuse_folio_desc *desc = pages->descs;
	unsigned int i;
	int err = 0;

	for (i = 0; i < pages->num_folios && !err; i++, desc++) {
		unsigned int bytes = min(left, desc->length);

		if (!left && !zeroing)
			break;
		err = copy_folio(cs, pages->folios[i], desc->offset, bytes, zeroing);
		left -= bytes;
	}
	return err;
}

/**
 * fuse_copy_args() - copy arguments, one after the other
 * @cs: the copy; with @argpages its request has the folios
 * @numargs: how many
 * @argpages: the last one is in folios
 * @args: sizes, and where they are
 * @zeroing: clear what is left of the folios
 *
 * Return: 0 or -EFAULT.
 */
int fuse_copy_args(struct fuse_copy_state *cs, unsigned int numargs,
		   unsigned int argpages, struct fuse_arg *args, int zeroing)
{
	const struct fuse_arg *end = args + numargs;
	const struct fuse_arg *in_folios = argpages && numargs ? end - 1 : NULL;
	const struct fuse_arg *arg;
	int err = 0;

	for (arg = args; arg < end && !err; arg++) {
		if (arg == in_folios)
			err = copy_folios(cs, arg->size, zeroing);
		else
			err = fuse_copy_bytes(cs, arg->value, arg->size);
	}
	return err;
}

/* Only the last argument may be short, and only where that was allowed. */
static int shorten_reply(struct fuse_args *args, unsigned int missing)
{
	struct fuse_arg *last;

	if (!args->out_argvar)
		return -EINVAL;
	last = &args->out_args[args->out_numargs - 1];
	if (missing > last->size)
		return -EINVAL;
	last->size -= missing;
	return 0;
}

/**
 * fuse_copy_out_args() - copy the arguments of a reply
 * @cs: the copy
 * @args: what was asked for; gets the length of what came
 * @nbytes: length of the reply, through /dev/fuse with its header
 *
 * Return: 0, -EINVAL when the length is not what was asked for, -EFAULT.
 */
int fuse_copy_out_args(struct fuse_copy_state *cs, struct fuse_args *args,
		       unsigned int nbytes)
{
	unsigned int longest = fuse_len_args(args->out_numargs, args->out_args);
	int err = 0;

	if (!cs->is_uring)
		longest += sizeof(struct fuse_out_header);
	if (nbytes > longest)
		return -EINVAL;
	if (nbytes < longest)
		err = shorten_reply(args, longest - nbytes);
	if (err)
		return err;
	return fuse_copy_args(cs, args->out_numargs, args->out_pages, args->out_args,
			      args->page_zeroing);
}

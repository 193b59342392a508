// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a client's request (struct fs_request) to that of the transport (struct
 * fuse_args), and back, as dir.c and file.c do in a kernel. Data of READ and WRITE
 * is in page frames, as from the page cache.
 */
#include "glue.h"

#include <linux/slab.h>
#include <linux/pagemap.h>
#include <linux/highmem.h>

/* a request with pages or in the background: arguments that outlive the caller */
struct glue_io {
	struct fuse_args_pages ap;
	struct fs_request *r;
	struct glue_desc *descs;
	struct folio *folios[];
};

static void fill_args(struct fuse_args *args, const struct fs_request *r)
{
	unsigned int i;

	args->opcode = r->opcode;
	args->nodeid = r->nodeid;
	args->in_numargs = r->in_nr;
	for (i = 0; i < r->in_nr; i++) {
		args->in_args[i].size = r->in_size[i];
		args->in_args[i].value = r->in[i];
	}
	args->out_numargs = r->out_nr;
	for (i = 0; i < r->out_nr; i++) {
		args->out_args[i].size = r->out_size[i];
		args->out_args[i].value = r->out[i];
	}
	args->out_argvar = r->out_argvar;
	args->page_zeroing = r->page_zeroing;
	args->force = r->force;
	args->nocreds = r->nocreds;
#ifdef GLUE_ZERO_COPY
	args->zero_copy = r->zero_copy;
#endif
	if (r->pages_in) {
		args->in_pages = true;
		args->in_args[args->in_numargs++].size = r->pages_in_size;
	}
	if (r->pages_out) {
		args->out_pages = true;
		args->out_args[args->out_numargs++].size = r->pages_size;
	}
}

static void io_free(struct glue_io *io)
{
	unsigned int i;

	for (i = 0; i < glue_data_count(&io->ap); i++)
		folio_put(io->folios[i]);
	kfree(io->descs);
	kfree(io);
}

/* Page frames for the data, each one a folio of its own. */
static bool io_alloc_folios(struct glue_io *io, unsigned int nr)
{
	unsigned int offset = io->r->pages_offset;
	unsigned int left = io->r->pages_size;
	struct page *page;

	while (glue_data_count(&io->ap) < nr) {
		struct glue_desc *desc = &io->descs[glue_data_count(&io->ap)];

		page = alloc_page(GFP_KERNEL);
		if (!page)
			return false;
		io->folios[glue_data_count(&io->ap)++] = page_folio(page);
		desc->offset = offset;
		desc->length = min_t(unsigned int, left, PAGE_SIZE - offset);
		left -= desc->length;
		offset = 0;
	}
	return true;
}

/* Move up to @bytes between the client's data and the frames. */
static void io_move_data(struct glue_io *io, unsigned int bytes, bool into_folios)
{
	char *data = io->r->pages;
	unsigned int i;

	for (i = 0; i < glue_data_count(&io->ap) && bytes; i++) {
		unsigned int n = min_t(unsigned int, bytes, io->descs[i].length);
		void *at = kmap_local_folio(io->folios[i], io->descs[i].offset);

		if (into_folios)
			memcpy(at, data, n);
		else
			memcpy(data, at, n);
		kunmap_local(at);
		data += n;
		bytes -= n;
	}
}

static struct glue_io *io_new(struct fs_request *r)
{
	unsigned int nr = DIV_ROUND_UP(r->pages_offset + r->pages_size, PAGE_SIZE);
	struct glue_io *io;

	if (!r->pages_in && !r->pages_out)
		nr = 0;
	io = kzalloc(sizeof(*io) + nr * sizeof(io->folios[0]), GFP_KERNEL);
	if (!io)
		return NULL;
	io->r = r;
	glue_data_is(&io->ap, io->folios);
	if (nr) {
		io->descs = kzalloc(nr * sizeof(*io->descs), GFP_KERNEL);
		io->ap.descs = io->descs;
		if (!io->descs || !io_alloc_folios(io, nr)) {
			io_free(io);
			return NULL;
		}
	}
	if (r->pages_in)
		io_move_data(io, r->pages_in_size, true);
	fill_args(&io->ap.args, r);
	return io;
}

static unsigned int last_out_size(const struct fuse_args *args)
{
	return args->out_numargs ? args->out_args[args->out_numargs - 1].size : 0;
}

static long request_with_pages(struct fuse_mount *fm, struct fs_request *r)
{
	struct glue_io *io = io_new(r);
	long ret;

	if (!io)
		return -ENOMEM;
	ret = fuse_simple_request(fm, &io->ap.args);
	r->out_len = last_out_size(&io->ap.args);
	if (ret >= 0 && r->pages_out)
		io_move_data(io, r->out_len, false);
	io_free(io);
	return ret;
}

long glue_request(struct fuse_mount *fm, struct fs_request *r)
{
	struct fuse_args args;
	long ret;

	if (r->pages_in || r->pages_out)
		return request_with_pages(fm, r);
	memset(&args, 0, sizeof(args));
	fill_args(&args, r);
	ret = fuse_simple_request(fm, &args);
	r->out_len = last_out_size(&args);
	return ret;
}

static void bg_end(GLUE_END_ARGS(args, error))
{
	struct glue_io *io = container_of(args, struct glue_io, ap.args);
	struct fs_request *r = io->r;

	r->error = error;
	r->out_len = last_out_size(args);
	if (!error && r->pages_out)
		io_move_data(io, r->out_len, false);
	io_free(io);
	r->end(r);
}

int glue_request_bg(struct fuse_mount *fm, struct fs_request *r)
{
	struct glue_io *io = io_new(r);
	int err;

	if (!io)
		return -ENOMEM;
	io->ap.args.end = bg_end;
	err = fuse_simple_background(fm, &io->ap.args,
				     r->force ? GFP_KERNEL | __GFP_NOFAIL : GFP_KERNEL);
	if (err)
		io_free(io);
	return err;
}

void glue_forget(struct fuse_mount *fm, uint64_t nodeid, uint64_t nlookup)
{
	struct fuse_forget_link *forget = fuse_alloc_forget();

	if (forget)
		glue_transport_forget(fm->fc, forget, nodeid, nlookup);
}

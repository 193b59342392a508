/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a request carries: arguments, as the file system side hands them to the
 * transport. Names and types are those of Linux 7.2, so that the same transport
 * and the same glue fit both.
 */
#ifndef _FS_FUSE_ARGS_H
#define _FS_FUSE_ARGS_H

#include <linux/types.h>

struct folio;
struct fuse_args;

/** struct fuse_in_arg - an argument for the server */
struct fuse_in_arg {
	unsigned int size;
	const void *value;
};

/** struct fuse_arg - an argument from the server */
struct fuse_arg {
	unsigned int size;
	void *value;
};

/**
 * struct fuse_args - a request before it is one
 * @in_numargs: arguments for the server
 * @out_numargs: arguments of the reply
 * @force: send it even if the client gets killed or memory is short
 * @noreply: no reply is expected
 * @nocreds: with @force: do not fill in uid, gid and pid
 * @in_pages: the last argument for the server is in the folios of struct
 *	fuse_args_pages
 * @out_pages: so is the last one of the reply
 * @out_argvar: the last one of the reply may be shorter than its size
 * @page_zeroing: clear what the reply does not fill
 * @abort_on_kill: a killed client ends the connection
 * @end: called when it ends; with it, the caller does not wait
 */
struct fuse_args {
	u64 nodeid;
	u32 opcode, uid, gid, pid;
	u8 in_numargs, out_numargs;
	bool force : 1, noreply : 1, nocreds : 1;
	bool in_pages : 1, out_pages : 1;
	bool out_argvar : 1, page_zeroing : 1, abort_on_kill : 1;
	struct fuse_in_arg in_args[4];
	struct fuse_arg out_args[2];
	void (*end)(struct fuse_args *args, int error);
};

/** struct fuse_folio_desc - which part of a folio */
struct fuse_folio_desc {
	unsigned int length, offset;
};

/** struct fuse_args_pages - arguments with folios behind them */
struct fuse_args_pages {
	struct fuse_args args;
	unsigned int num_folios;
	struct folio **folios;
	struct fuse_folio_desc *descs;
};

#endif /* _FS_FUSE_ARGS_H */

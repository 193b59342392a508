/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a subject is: kernel code that was compiled into a shared object, which exports
 * one table, struct subject uringsim_subject. kernel_shim/subject/table.c fills it; what
 * belongs to one subsystem is its driver's and comes from that driver's glue, the only
 * code of ours that is compiled against the tree's own headers.
 */
#ifndef SHIM_SUBJECT_H
#define SHIM_SUBJECT_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#endif

#define SUBJECT_ABI 7 /* of struct subject: raise it when that changes */

struct call_lines;

/** struct subject_file - a source file that was compiled, for "uringsim subjects" */
struct subject_file {
	const char *path; /* inside the tree */
	const char *sha256;
};

/** struct subject_function - a function of the driver, and a hash of its text */
struct subject_function {
	const char *name, *sha;
};

/**
 * struct subject_driver - what a driver's glue says of the tree that it is compiled with
 * @name: of the driver, as its manifest and its struct driver have it
 * @caps: bits of the driver's own: what the tree can do, found by probing it
 * @module_init: what insmod calls; 0 or -errno
 * @module_exit: what rmmod calls
 * @ops: the driver's own table of functions; its type is the driver's matter
 */
struct subject_driver {
	const char *name;
	unsigned int caps;
	int (*module_init)(void);
	void (*module_exit)(void);
	const void *ops;
};

/**
 * struct subject - what a shared object is, and what it was built from
 * @abi: SUBJECT_ABI when it was built
 * @name: "linux-7.3", "bufring", "tree:..."
 * @version: of the source package, or ""
 * @compiler: first line of what it says of itself
 * @unmodified: the compiled files equal the tree's own
 * @hooked: every access is announced (shim/hook.h)
 * @files: that were compiled
 * @lines: calls that span lines, for lines_of_subject()
 * @functions: of the driver, in order of their names: whether what is known of another
 *	tree holds for this one
 */
struct subject {
	unsigned int abi;
	const char *name;
	const char *version;
	const char *compiler;
	bool unmodified;
	bool hooked;
	const struct subject_file *files;
	unsigned int nr_files;
	const struct call_lines *lines;
	unsigned int nr_lines;
	const struct subject_function *functions;
	unsigned int nr_functions;
	const struct subject_driver *driver;
};

#endif /* SHIM_SUBJECT_H */

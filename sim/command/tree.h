/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subject made of a Linux tree that the command line names.
 */
#ifndef COMMAND_TREE_H
#define COMMAND_TREE_H

#include <limits.h>
#include <stdbool.h>

/**
 * tree_build() - compile the fs/fuse of @dir, or find it in the cache
 * @dir: a Linux tree, or what has its layout
 * @hooked: with hooks
 * @path: set to the shared object
 *
 * Ends the program with STATUS_USAGE if the tree does not fit; tools/tree-subject
 * has printed the reason, in one line.
 */
void tree_build(const char *dir, bool hooked, char path[PATH_MAX]);

#endif /* COMMAND_TREE_H */

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
 * @dir: a Linux tree, or what has its layout; or REPO@REV, a revision of a git repository
 * @hooked: with hooks
 * @path: set to the shared object
 *
 * Ends the program with STATUS_USAGE if the tree does not fit; tools/tree-subject
 * has printed the reason, in one line. With tree_for_bisect(), a tree that does not
 * compile, or calls what the shim lacks, ends it with STATUS_SKIP.
 */
void tree_build(const char *dir, bool hooked, char path[PATH_MAX]);

/** tree_for_bisect() - "git bisect run" is to skip what cannot be judged */
void tree_for_bisect(void);

/** tree_unjudged() - exit status of a tree that could not be judged */
int tree_unjudged(void);

/**
 * tree_path() - what leads from anywhere to the tree that was built last
 *
 * Return: its absolute path, or REPO@COMMIT; it lives as long as the program
 */
const char *tree_path(void);

/** tree_state() - where a tree that is a clone is, and what of it is changed; or "" */
const char *tree_state(void);

#endif /* COMMAND_TREE_H */

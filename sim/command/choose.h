/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --subject and --tree: which kernel code to run.
 */
#ifndef COMMAND_CHOOSE_H
#define COMMAND_CHOOSE_H

#include "subject/subject.h"

/**
 * choose_subject() - load what the command line names
 * @name: of --subject; NULL: the default, bufring
 * @tree: of --tree, or NULL
 * @hooked: with hooks, where this program has them and that was built; its table tells
 *
 * Ends the program with STATUS_USAGE and one line if there is no such subject or
 * the tree does not fit.
 */
const struct subject_ops *choose_subject(const char *name, const char *tree, bool hooked);

#endif /* COMMAND_CHOOSE_H */

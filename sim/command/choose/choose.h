/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --subject, --tree and names of scenarios: what the command line names.
 */
#ifndef COMMAND_CHOOSE_H
#define COMMAND_CHOOSE_H

#include "engine/player.h"
#include "subject/subject.h"

/**
 * choose_subject() - load what the command line names
 * @name: of --subject; NULL: the default driver's default
 * @tree: of --tree, or NULL
 * @hooked: with hooks, if this program has them and that was built: see its table
 *
 * Ends the program with STATUS_USAGE and one line if there is no such subject or
 * the tree does not fit.
 */
const struct subject *choose_subject(const char *name, const char *tree, bool hooked);

/**
 * struct choice - what the command line names
 * @subject, @tree: as for choose_subject()
 * @names, @nr: scenarios; none: all that the subject supports
 */
struct choice {
	const char *subject, *tree;
	const char *const *names;
	unsigned int nr;
};

/**
 * choose_also() - the command line names @name, too: one more of @names, if it is new
 *
 * A file that two paths lead to is one. So patterns of a shell may overlap.
 */
void choose_also(const char **names, unsigned int *nr, const char *name);

/* a search plays the small scenario, and models, too */
enum choose_for { CHOOSE_TO_RUN, CHOOSE_TO_SEARCH };

/**
 * choose_players() - players of what the command line names
 * @out: set to an array that the caller frees
 *
 * Ends the program with STATUS_USAGE and one line if a name means nothing.
 * Return: how many.
 */
unsigned int choose_players(const struct choice *c, enum choose_for what,
			    struct player **out);

#endif /* COMMAND_CHOOSE_H */

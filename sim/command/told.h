/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The failures that were told, one of each group; what is of the same cause is a line
 * below the first of it.
 */
#ifndef COMMAND_TOLD_H
#define COMMAND_TOLD_H

#include "command/failure.h"

struct told; /* a group of failures, in words */

/** struct told_list - all of them; zeroed at first */
struct told_list {
	struct told *at;
	unsigned int nr;
};

/**
 * told_knows() - count a failure whose cause was told before
 *
 * That is: one of its group, or a race one of whose places is in all races of a group, or
 * a rule that was broken where a rule for such an object was.
 *
 * Return: the schedule of that cause, "" if it has none; NULL: it is to be told.
 */
const char *told_knows(struct told_list *l, const struct telling *t);

/** told_add() - put it into words. Return: these, until the next call */
const char *told_add(struct told_list *l, const struct telling *t,
		     const struct failure_how *how);

/** told_group() - the group that was told for the report's, which told_knows() knows */
const char *told_group(const struct told_list *l, const struct report *r);

/** told_print() - all of them; of those that told_done() speaks of, what came later */
void told_print(struct told_list *l);

/** told_done() - the last one was printed */
void told_done(struct told_list *l);

/** told_first() - the first with a schedule, else the first. Return: NULL: there is none
 */
const struct told *told_first(const struct told_list *l);
const char *told_path(const struct told *g);
/** told_argument() - what named its scenario on the command line */
const char *told_argument(const struct told *g);

/** names_add() - to "a, b, c", as far as there is space */
void names_add(char *list, size_t size, const char *name);

/** names_print() - "a, b and 2 more": @list of @nr names has only the first ones */
void names_print(const char *list, unsigned int nr);

void told_free(struct told_list *l);

#endif /* COMMAND_TOLD_H */

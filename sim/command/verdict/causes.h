/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The failures that were told, one of each group; what is of the same cause is a line
 * below the first of it.
 */
#ifndef COMMAND_CAUSES_H
#define COMMAND_CAUSES_H

#include "command/verdict/failure.h"

struct cause; /* a group of failures, in words */

/** struct cause_list - all of them; zeroed at first */
struct cause_list {
	struct cause *at;
	unsigned int nr;
};

/**
 * cause_knows() - count a failure whose cause was told before
 *
 * That is: one of its group, or a race one of whose places is in all races of a group, or
 * a rule that was broken where a rule for such an object was.
 *
 * Return: the schedule of that cause, "" if it has none; NULL: it is to be told.
 */
const char *cause_knows(struct cause_list *l, const struct telling *t);

/** cause_add() - put it into words. Return: these, until the next call */
const char *cause_add(struct cause_list *l, const struct telling *t,
		      const struct failure_how *how);

/** cause_group() - the group that was told for the report's, which cause_knows() knows */
const char *cause_group(const struct cause_list *l, const struct report *r);

/** cause_print() - all of them; of those that cause_done() speaks of, what came later */
void cause_print(struct cause_list *l);

/** cause_done() - the last one was printed */
void cause_done(struct cause_list *l);

/** cause_first() - the first with a schedule, else the first. Return: NULL: there is none
 */
const struct cause *cause_first(const struct cause_list *l);
const char *cause_path(const struct cause *g);
/** cause_argument() - what named its scenario on the command line */
const char *cause_argument(const struct cause *g);

/** names_add() - to "a, b, c", as far as there is space */
void names_add(char *list, size_t size, const char *name);

/** names_print() - "a, b and 2 more": @list of @nr names has only the first ones */
void names_print(const char *list, unsigned int nr);

void cause_free(struct cause_list *l);

#endif /* COMMAND_CAUSES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stacks that belong to a report: of the task that runs, and of every task that
 * is blocked when nothing can go on. Copied when the report is made - nothing is
 * formatted or allocated then -, unwound when they are printed.
 */
#ifndef DETECT_STACKS_H
#define DETECT_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report;

/** stacks_enable() - whether reports get any; off at first, and while searching */
void stacks_enable(bool on);

/** stacks_reset() - a new execution: forget all stacks */
void stacks_reset(void);

/** stacks_take() - for report number @nr, which is @r; by report.c alone */
void stacks_take(size_t nr, const struct report *r);

/** stacks_shared() - report number @nr has the same ones as number @nr - 1 */
bool stacks_shared(size_t nr);

/**
 * stacks_print() - those of report number @nr, innermost function first
 * @indent: in front of each line
 * @skip: beginnings of names of files, ended by NULL: frames in these are left out
 *
 * Not to be called by a task. No address is printed; no line if there is no stack.
 */
void stacks_print(FILE *out, size_t nr, const char *indent, const char *const *skip);

#endif /* DETECT_STACKS_H */

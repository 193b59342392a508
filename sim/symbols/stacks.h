/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stacks that belong to a report: of the task that runs, and of every task that
 * is blocked when nothing can go on. Copied when the report is made - nothing is
 * formatted or allocated then -, unwound when they are printed.
 */
#ifndef SYMBOLS_STACKS_H
#define SYMBOLS_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** stacks_enable() - whether reports get any; off at first, and while searching */
void stacks_enable(bool on);

/** stacks_reset() - a new execution: forget all stacks */
void stacks_reset(void);

#define STACKS_MAX 64 /* reports that can have any */

/**
 * stacks_take() - for report number @nr
 * @all: of every task that is blocked or could run, not only of the one that reports
 */
void stacks_take(size_t nr, bool all);

#define STACKS_EARLIER 32 /* accesses whose stacks are kept until they race */

/** stacks_take_earlier() - keep the stack of the running task as number @nr of these */
void stacks_take_earlier(unsigned int nr);

/** stacks_use_earlier() - report number @report has number @nr of them, which is kept as
 * it is */
void stacks_use_earlier(size_t report, unsigned int nr);

extern bool stacks_on;
void stacks_note_slow(const void *object, const char *what);

/**
 * stacks_note() - keep the stack of the running task for reports about @object
 * @what: a constant: "allocated it"; of notes in these words the last one counts
 *
 * Context: any; a load and a branch if no report gets stacks.
 */
static inline void stacks_note(const void *object, const char *what)
{
	if (__builtin_expect(stacks_on, 0))
		stacks_note_slow(object, what);
}

/** stacks_about() - report number @report is about @object: print the notes of it, too */
void stacks_about(size_t report, const void *object);

/** stacks_drop() - report number @nr is none: those behind it move up */
void stacks_drop(size_t nr);

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

/**
 * stacks_have() - whether the running task is in a function, or in what that called
 * @pattern: of the function's name (fnmatch(3))
 *
 * Reads files: for what ends an execution.
 */
bool stacks_have(const char *pattern);

/**
 * struct stacks_at - where code was stopped
 * @pc: of the instruction that would be next
 * @sp, @bp: registers
 * @end: first byte behind the stack
 */
struct stacks_at {
	const void *pc, *sp, *bp, *end;
};

/**
 * stacks_walk() - call @fn with each frame's code, innermost first, as the address that
 * a call returns to, until it returns true
 *
 * Of a stack in use, by the maps of the code: a frame without one is the last. Reads
 * files. Return: whether @fn returned true
 */
bool stacks_walk(const struct stacks_at *at, bool (*fn)(const void *pc, void *arg),
		 void *arg);

#endif /* SYMBOLS_STACKS_H */

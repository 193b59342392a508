/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the program ends on Ctrl-C, a closed pipe, a full disk or a crash: with one
 * line and a status.
 */
#ifndef PROGRAM_END_H
#define PROGRAM_END_H

#include <stdbool.h>

/**
 * end_prepare() - first thing in main(); ends the program if stdout is closed
 * @crash: what to do first in a handler of SIGSEGV and the like, with the signal's
 *	siginfo_t and ucontext_t. Returns whether @context can go on
 */
void end_prepare(bool (*crash)(const void *info, void *context));

/** end_remove() - delete @path if a signal ends the program; NULL: nothing */
void end_remove(const char *path);

/** end_doing() - what is being done, for the line about a crash */
void end_doing(const char *what);

/**
 * end_unwritten() - what an exit status becomes as something could not be written
 *
 * Return: STATUS_USAGE where nothing was found; what says more than that stays.
 */
int end_unwritten(int status);

/**
 * end_with() - last thing in main(): check that all output was written
 *
 * Return: @status, or end_unwritten() of it with a line when output was lost. If nobody
 * reads it any more, the program ends here, by SIGPIPE.
 */
int end_with(int status);

/** end_counts() - what a shared object has counted is written by @write; NULL: no more */
void end_counts(void (*write)(void));

/**
 * end_child() - end a process that was forked: without what exit() does for its parent,
 * but in a build that counts with its counts
 */
void end_child(int status) __attribute__((noreturn));

#endif /* PROGRAM_END_H */

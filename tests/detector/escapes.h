/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds accesses of the arena by kernel code that were not announced. While that code
 * runs, the arena is protected: each access faults, is compared with what was
 * announced last, and is then made by a single step. While the runtime runs, the
 * arena is open, and the kernel code is not executable: its return faults.
 */
#ifndef TESTS_ESCAPES_H
#define TESTS_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>

/** escapes_watch() - from now on; the code is that of the object that has @code */
void escapes_watch(const void *code);

/**
 * escapes_end() - no more
 *
 * Return: how many places made an access that was not announced; each was printed.
 * Functions that look on from outside the kernel (glue/view*) may.
 */
unsigned int escapes_end(void);

/** escapes_seen() - accesses that were compared, since escapes_watch() */
unsigned long escapes_seen(void);

/** escapes_forget() - as if no hook announced reads of @n bytes; nothing is
 * printed. 0: all do */
void escapes_forget(size_t n);

/** escapes_accessed() - was an access seen in @file, a part of its name? */
bool escapes_accessed(const char *file);

#endif /* TESTS_ESCAPES_H */

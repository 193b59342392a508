/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Undoing an execution without setting the world up again: memory is put back as it
 * was at one moment, in lines of 64 bytes. Which lines executions change is learned by
 * looking at everything; whether one was missed is found out in the same way.
 *
 * Looked at is this process's private writable memory: our own static
 * data, the subject's, the arena, the stacks of the tasks, the heap detector's memory.
 * Not: the process's own stack, malloc()'s heap, other libraries.
 */
#ifndef COMMAND_BENCH_RESTORE_H
#define COMMAND_BENCH_RESTORE_H

#include <stddef.h>

#define RESTORE_OWN 64 /* pieces of memory that are left alone, at most */

struct subject;

/** struct memory - some of it */
struct memory {
	const void *at;
	size_t len;
};

/**
 * restore_begin() - remember memory as it is now
 * @subject: its static data are included
 * @own, @nr: memory that is left alone, up to %RESTORE_OWN pieces
 *
 * Between here and the last restore_now() nothing is printed and nothing is allocated.
 */
void restore_begin(const struct subject *subject, const struct memory *own,
		   unsigned int nr);

/** restore_now() - put back the lines that are known to change. No system call */
void restore_now(void);

/**
 * restore_look() - look at everything, put back what differs, and know it from now on
 *
 * Return: lines that were not known; 0: every restore_now() since the last look left
 * memory as restore_begin() had found it.
 */
size_t restore_look(void);

/** restore_bytes() - how much restore_now() puts back */
size_t restore_bytes(void);

void restore_end(void);

#endif /* COMMAND_BENCH_RESTORE_H */

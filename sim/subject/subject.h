/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading a subject into the simulator, and giving its globals their first values back
 * between executions.
 */
#ifndef SUBJECT_SUBJECT_H
#define SUBJECT_SUBJECT_H

#include <stddef.h>

#include "shim/subject.h"

/**
 * subject_load() - load the shared object at @path, or of the subject of that name
 * @err: gets one line if it cannot be loaded, of at most @len bytes
 *
 * Context: outside of an execution. Return: its table; NULL on error.
 */
const struct subject *subject_load(const char *path, char *err, size_t len);
void subject_unload(const struct subject *subject);

/** subject_loads() - how many were loaded: one may be where another one was */
unsigned int subject_loads(void);

/**
 * subject_reset_globals() - give the subject's writable globals (static state,
 * *_ONCE flags) the values that they had when it was loaded; no system call
 */
void subject_reset_globals(void);

/** subject_checkpoint() - its globals are state of an execution */
struct checkpoint;
void subject_checkpoint(struct checkpoint *c, const struct subject *subject);

#endif /* SUBJECT_SUBJECT_H */

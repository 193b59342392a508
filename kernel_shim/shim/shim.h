/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fake kernel as a whole: one call before each execution.
 */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

/**
 * shim_reset() - a freshly booted kernel: no task, no memory, no file, time at
 * its start, no failure injected, nothing reported
 * @cpus: possible CPUs
 *
 * Context: the main context. The first call of a process maps the memory; later ones
 * make no system call. The caller restores the subject's globals
 * (subject_reset_globals()), which the shim does not know.
 */
void shim_reset(unsigned int cpus);

/**
 * shim_checkpoint() - the kernel as it is, with all its tasks, is state of an execution
 *
 * But for the subject's globals (subject_checkpoint()).
 */
struct checkpoint;
void shim_checkpoint(struct checkpoint *c);

#endif /* SHIM_SHIM_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel would die of: an access of memory that is none.
 */
#ifndef SHIM_OOPS_H
#define SHIM_OOPS_H

/**
 * shim_oops() - [die], model: for the program's handler of SIGSEGV and the like
 * @info: siginfo_t of the signal
 * @context: ucontext_t of it
 *
 * If a task was in kernel code: reported (heap if the pointer came from freed
 * memory, else kernel), and the execution ends; does not return then. The handler
 * must not block its own signal.
 */
void shim_oops(const void *info, const void *context);

#endif /* SHIM_OOPS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel would die of, or never come out of: an access of memory that is none, an
 * instruction that cannot be executed, a stack that is used up, a loop without an end.
 */
#ifndef SHIM_OOPS_H
#define SHIM_OOPS_H

#include <stdbool.h>

/**
 * shim_guard() - call @fn(@arg) such that what the subject does wrong ends it
 *
 * It is one execution. Where a task or the main context dies of the subject's mistake
 * that is reported, the execution is stopped [sched_stop()], and this returns.
 *
 * Context: the main context, not nested. Makes no system call.
 */
void shim_guard(void (*fn)(void *arg), void *arg);

/**
 * shim_give_up() - end the execution, from wherever it is: shim_guard() returns
 *
 * Returns only if the main context is not in shim_guard().
 */
void shim_give_up(void);

/**
 * shim_oops() - [die], model: for the program's handler of SIGSEGV and the like
 * @info: siginfo_t of the signal
 * @context: ucontext_t of it
 *
 * The subject's are faults in its code, in what it calls, and in a system call; and
 * wherever a pointer is followed that is NULL or out of memory that it has freed.
 *
 * Return: whether @context goes on in shim_oops_report(), and the handler is to return;
 * false: a defect of the simulator's.
 */
bool shim_oops(const void *info, void *context);

/**
 * shim_oops_report() - report what shim_oops() found, and end the execution; not to be
 * called but by the context that shim_oops() leaves
 */
void shim_oops_report(void);

/**
 * shim_endless_watch() - have this process's CPU time watched: who makes no step for long
 * while an execution is going on is in an endless loop. Once in each process
 */
void shim_endless_watch(void);

/** shim_endless_loops() - how many were found in this process */
unsigned long shim_endless_loops(void);

#endif /* SHIM_OOPS_H */

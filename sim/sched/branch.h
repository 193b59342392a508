/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which way a branch goes as a rule, in the kernel's words.
 */
#ifndef SCHED_BRANCH_H
#define SCHED_BRANCH_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#endif /* SCHED_BRANCH_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for poison.h. Copy: values that no pointer has.
 */
#ifndef SHIM_LINUX_POISON_H
#define SHIM_LINUX_POISON_H

#define LIST_POISON1 ((void *)0xdead000000000100UL)
#define LIST_POISON2 ((void *)0xdead000000000122UL)

#endif /* SHIM_LINUX_POISON_H */

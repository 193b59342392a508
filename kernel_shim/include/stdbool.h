/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bool, for headers that both kernel code and the simulator read. Copy; a typedef as
 * in the kernel, so that module_param(x, bool, ...) keeps the word.
 */
#ifndef SHIM_STDBOOL_H
#define SHIM_STDBOOL_H

typedef _Bool bool;

#define true 1
#define false 0

#endif /* SHIM_STDBOOL_H */

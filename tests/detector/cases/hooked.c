// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same as escapes.c, with hooks.
 */
#define ESCAPES accesses_with_hooks

#include "escapes.c"

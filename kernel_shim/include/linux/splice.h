/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for splice.h. Not modelled: see pipe_fs_i.h.
 */
#ifndef SHIM_LINUX_SPLICE_H
#define SHIM_LINUX_SPLICE_H

#include <linux/pipe_fs_i.h>

#define SPLICE_F_MOVE 0x01

#define add_to_pipe(p, b) SHIM_UNMODELLED(ssize_t, "add_to_pipe", p, b)

#endif /* SHIM_LINUX_SPLICE_H */

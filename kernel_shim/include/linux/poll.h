/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for poll.h. The bits: copy. Model without a table: poll says what is ready
 * now; waiting for more is not modelled.
 */
#ifndef SHIM_LINUX_POLL_H
#define SHIM_LINUX_POLL_H

#include <linux/fs.h>
#include <linux/wait.h>

typedef struct poll_table_struct {
	__poll_t key;
} poll_table;

#define EPOLLIN	    0x00000001u
#define EPOLLPRI    0x00000002u
#define EPOLLOUT    0x00000004u
#define EPOLLERR    0x00000008u
#define EPOLLHUP    0x00000010u
#define EPOLLRDNORM 0x00000040u
#define EPOLLWRNORM 0x00000100u

#define poll_wait(file, q, table)                                    \
	do {                                                         \
		if (table)                                           \
			SHIM_UNMODELLED(void, "poll_wait", file, q); \
	} while (0)

#endif /* SHIM_LINUX_POLL_H */

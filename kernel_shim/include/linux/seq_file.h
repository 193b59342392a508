/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for seq_file.h. Not modelled: there is no /proc.
 */
#ifndef SHIM_LINUX_SEQ_FILE_H
#define SHIM_LINUX_SEQ_FILE_H

#include <linux/fs.h>

struct seq_file {
	void *private;
};

#define seq_printf(m, fmt, ...) SHIM_UNMODELLED(void, "seq_printf", m, fmt, ##__VA_ARGS__)
#define seq_puts(m, s)		SHIM_UNMODELLED(void, "seq_puts", m, s)

#endif /* SHIM_LINUX_SEQ_FILE_H */

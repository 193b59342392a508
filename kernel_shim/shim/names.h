/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for what the trace shows.
 */
#ifndef SHIM_NAMES_H
#define SHIM_NAMES_H

/** shim_names_install() - teach trace and scripts the names of kernel objects */
void shim_names_install(void);

#endif /* SHIM_NAMES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for init.h. Stub: sections only; the glue calls the functions.
 */
#ifndef SHIM_LINUX_INIT_H
#define SHIM_LINUX_INIT_H

#define __init
#define __exit
#define __initdata
#define module_init(fn)
#define module_exit(fn)
#define fs_initcall(fn)

#endif /* SHIM_LINUX_INIT_H */

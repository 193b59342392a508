/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for kconfig.h and the generated autoconf.h: the configuration that every
 * subject is built with. IS_ENABLED and its kin: copy.
 */
#ifndef SHIM_LINUX_KCONFIG_H
#define SHIM_LINUX_KCONFIG_H

#define CONFIG_64BIT	1
#define CONFIG_SMP	1
#define CONFIG_MMU	1
#define CONFIG_IO_URING 1
/* Off: CONFIG_PROC_FS, CONFIG_SYSCTL, CONFIG_COMPAT, CONFIG_FS_POSIX_ACL.
 * A driver's own options are in its manifest. */

/* CONFIG_X is 1 or not defined: a 1 shifts SHIM_YES_1 into second place */
#define SHIM_YES_1		       0,
#define SHIM_SECOND(ignored, val, ...) val
#define SHIM_IS_1(x)		       SHIM_IS_1_(x)
#define SHIM_IS_1_(x)		       SHIM_IS_1__(SHIM_YES_##x)
#define SHIM_IS_1__(arg)	       SHIM_SECOND(arg 1, 0, 0)

#define IS_BUILTIN(option)   SHIM_IS_1(option)
#define IS_MODULE(option)    SHIM_IS_1(option##_MODULE)
#define IS_REACHABLE(option) IS_ENABLED(option)
#define IS_ENABLED(option)   (IS_BUILTIN(option) || IS_MODULE(option))

#endif /* SHIM_LINUX_KCONFIG_H */

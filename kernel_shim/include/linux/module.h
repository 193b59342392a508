/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for module.h. Stub: a subject is never unloaded while it is in use.
 */
#ifndef SHIM_LINUX_MODULE_H
#define SHIM_LINUX_MODULE_H

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

struct module;

#define THIS_MODULE	  ((struct module *)NULL)
#define try_module_get(m) ((void)(m), true)
#define module_put(m)	  ((void)(m))
#define __module_get(m)	  ((void)(m))

#define MODULE_ALIAS(alias)	    _Static_assert(1, "")
#define MODULE_ALIAS_MISCDEV(minor) _Static_assert((minor) >= 0, "")
#define MODULE_ALIAS_FS(name)	    _Static_assert(1, "")
#define MODULE_AUTHOR(who)	    _Static_assert(1, "")
#define MODULE_DESCRIPTION(what)    _Static_assert(1, "")
#define MODULE_LICENSE(which)	    _Static_assert(1, "")

#endif /* SHIM_LINUX_MODULE_H */

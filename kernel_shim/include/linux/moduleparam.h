/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for moduleparam.h. Model: a parameter registers itself when the subject is
 * loaded, and the world sets it by name (shim/param.h). Parameters with functions of
 * their own are not provided.
 */
#ifndef SHIM_LINUX_MODULEPARAM_H
#define SHIM_LINUX_MODULEPARAM_H

#include <linux/types.h>

#include "shim/param.h"

#define module_param(name, type, perm) module_param_named(name, name, type, perm)
#define module_param_named(name_, var, type_, perm)                           \
	static struct shim_param shim_param_##name_ = {                       \
		.name = #name_,                                               \
		.type = #type_,                                               \
		.addr = &(var),                                               \
		.size = sizeof(var),                                          \
	};                                                                    \
	static void __attribute__((constructor)) shim_param_add_##name_(void) \
	{                                                                     \
		shim_param_register(&shim_param_##name_);                     \
	}                                                                     \
	_Static_assert((perm) >= 0, "a mode")

#define MODULE_PARM_DESC(name, text) extern int shim_described_##name

#endif /* SHIM_LINUX_MODULEPARAM_H */

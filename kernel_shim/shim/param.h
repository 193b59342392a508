/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters: module_param() in the subject registers here; the world
 * sets them by name, as sysfs would.
 */
#ifndef SHIM_PARAM_H
#define SHIM_PARAM_H

struct shim_param {
	const char *name;
	const char *type; /* "bool", "uint", ... as written in the source */
	void *addr;
	unsigned long size;
	struct shim_param *next;
};

void shim_param_register(struct shim_param *param);
void shim_param_forget_all(void); /* the subject is about to be unloaded */

/** shim_param_set() - 0, or -1 when there is no such parameter */
int shim_param_set(const char *name, long value);

#endif /* SHIM_PARAM_H */

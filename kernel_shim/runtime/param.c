// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters by name. Model of param_attr_store(): the value goes
 * straight to the variable, as the kernel's param_set_*() do for the plain types.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "shim/param.h"

static struct shim_param *params;

void shim_param_register(struct shim_param *param)
{
	param->next = params;
	params = param;
}

void shim_param_forget_all(void)
{
	params = NULL;
}

static bool is_type(const struct shim_param *p, const char *type, size_t size)
{
	return !strcmp(p->type, type) && p->size == size;
}

static int store(const struct shim_param *p, long value)
{
	if (is_type(p, "bool", sizeof(bool)))
		*(bool *)p->addr = value != 0;
	else if (is_type(p, "int", sizeof(int)))
		*(int *)p->addr = (int)value;
	else if (is_type(p, "uint", sizeof(unsigned int)))
		*(unsigned int *)p->addr = (unsigned int)value;
	else if (is_type(p, "long", sizeof(long)))
		*(long *)p->addr = value;
	else if (is_type(p, "ulong", sizeof(unsigned long)))
		*(unsigned long *)p->addr = (unsigned long)value;
	else
		return -1;
	return 0;
}

int shim_param_set(const char *name, long value)
{
	for (struct shim_param *p = params; p; p = p->next)
		if (!strcmp(p->name, name))
			return store(p, value);
	return -1;
}

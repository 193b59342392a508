/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for user_namespace.h. Stub: there is one namespace, and nobody leaves it.
 */
#ifndef SHIM_LINUX_USER_NAMESPACE_H
#define SHIM_LINUX_USER_NAMESPACE_H

#include <linux/uidgid.h>

struct user_namespace {
	unsigned int level;
};

extern struct user_namespace init_user_ns;

static inline struct user_namespace *get_user_ns(struct user_namespace *ns)
{
	return ns;
}

static inline void put_user_ns(struct user_namespace *ns)
{
	(void)ns;
}

#endif /* SHIM_LINUX_USER_NAMESPACE_H */

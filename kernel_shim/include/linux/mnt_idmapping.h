/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for mnt_idmapping.h. Stub: no mount here maps ids, so the objects are only
 * compared by address.
 */
#ifndef SHIM_LINUX_MNT_IDMAPPING_H
#define SHIM_LINUX_MNT_IDMAPPING_H

#include <linux/cred.h>

struct mnt_idmap {
	char unused;
};

extern struct mnt_idmap nop_mnt_idmap;
extern struct mnt_idmap invalid_mnt_idmap;

/* the invalid map maps nothing */
static inline kuid_t mapped_fsuid(struct mnt_idmap *idmap, struct user_namespace *ns)
{
	(void)ns;
	return idmap == &invalid_mnt_idmap ? INVALID_UID : current_fsuid();
}

static inline kgid_t mapped_fsgid(struct mnt_idmap *idmap, struct user_namespace *ns)
{
	(void)ns;
	return idmap == &invalid_mnt_idmap ? INVALID_GID : current_fsgid();
}

#endif /* SHIM_LINUX_MNT_IDMAPPING_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for capability.h: see cred.h.
 */
#ifndef SHIM_LINUX_CAPABILITY_H
#define SHIM_LINUX_CAPABILITY_H

#include <linux/cred.h>

#endif /* SHIM_LINUX_CAPABILITY_H */

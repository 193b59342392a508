/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module that is built outside of its tree may say <fuse.h> for the user ABI.
 */
#include <linux/fuse.h>

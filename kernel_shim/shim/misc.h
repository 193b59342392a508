/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Character devices that a driver registers by name [drivers/char/misc.c], and opening
 * one. Read by kernel code too: builtin types only.
 *
 * The kernel's misc_mtx is no lock here: nothing that is played registers a device while
 * another one is opened.
 */
#ifndef SHIM_MISC_H
#define SHIM_MISC_H

#include "shim/file.h"

#define SHIM_MISC_DYNAMIC_MINOR 255 /* "any": one from 256 on is given out */

/**
 * struct shim_misc - a registered device
 * @ops: what a file of it is called by
 * @name: below /dev
 * @minor: its number; SHIM_MISC_DYNAMIC_MINOR is replaced when it is registered
 * @device: the subject's own [struct miscdevice], which ->open() finds in private_data
 * @next: the registry's
 */
struct shim_misc {
	struct shim_file_ops ops;
	const char *name;
	int minor;
	void *device;
	struct shim_misc *next;
};

/**
 * shim_misc_register() - [misc_register]: @misc is kept until it is deregistered
 *
 * Return: 0, -EBUSY if the number is taken, -EEXIST if the name is.
 */
int shim_misc_register(struct shim_misc *misc);

/** shim_misc_deregister() - [misc_deregister]. What is not registered is warned about */
void shim_misc_deregister(struct shim_misc *misc, const struct sched_site *site);

/**
 * shim_misc_open() - [openat of /dev/@name, misc_open]: as shim_file_open()
 *
 * @fd is -ENOENT if there is no such device.
 */
struct file *shim_misc_open(const char *name, unsigned int f_flags, int *fd);

void shim_misc_reset(void);

/** shim_misc_checkpoint() - devices are state of an execution */
struct checkpoint;
void shim_misc_checkpoint(struct checkpoint *c);

#endif /* SHIM_MISC_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of character devices [drivers/char/misc.c]. Kind: model, of what
 * registering and opening come to; the device nodes are a name.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "sched/checkpoint.h"
#include "shim/log.h"
#include "shim/misc.h"

static struct shim_misc *devices;

static struct shim_misc *by_name(const char *name)
{
	struct shim_misc *m = devices;

	while (m && strcmp(m->name, name) != 0)
		m = m->next;
	return m;
}

static struct shim_misc *by_minor(int minor)
{
	struct shim_misc *m = devices;

	while (m && m->minor != minor)
		m = m->next;
	return m;
}

/* [misc_minor_alloc] */
static int free_minor(void)
{
	int minor = SHIM_MISC_DYNAMIC_MINOR + 1;

	while (by_minor(minor))
		minor++;
	return minor;
}

int shim_misc_register(struct shim_misc *misc)
{
	if (misc->minor != SHIM_MISC_DYNAMIC_MINOR && by_minor(misc->minor))
		return -EBUSY;
	if (by_name(misc->name))
		return -EEXIST;
	if (misc->minor == SHIM_MISC_DYNAMIC_MINOR)
		misc->minor = free_minor();
	misc->next = devices;
	devices = misc;
	return 0;
}

void shim_misc_deregister(struct shim_misc *misc, const struct sched_site *site)
{
	struct shim_misc **link = &devices;

	while (*link && *link != misc)
		link = &(*link)->next;
	if (!*link) {
		shim_warn(site, "misc_deregister of a device that is not registered");
		return;
	}
	*link = misc->next;
	misc->next = NULL;
}

struct file *shim_misc_open(const char *name, unsigned int f_flags, int *fd)
{
	struct shim_misc *misc = by_name(name);

	if (misc)
		return shim_file_open(&misc->ops, f_flags, fd);
	*fd = -ENOENT;
	return NULL;
}

void shim_misc_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, devices);
}

void shim_misc_reset(void)
{
	devices = NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding a scenario of a driver.
 */
#include "world/driver.h"

#include <string.h>

const struct scenario *driver_scenario(const struct driver *d, const char *name)
{
	for (unsigned int i = 0; i < d->nr_scenarios; i++)
		if (!strcmp(d->scenarios[i]->name, name))
			return d->scenarios[i];
	return NULL;
}

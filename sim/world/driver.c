// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding a scenario of a driver.
 */
#include "world/driver.h"

#include <string.h>

static const struct scenario *find(const struct scenario *const *list, unsigned int nr,
				   const char *name)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!strcmp(list[i]->name, name))
			return list[i];
	return NULL;
}

const struct scenario *driver_scenario(const struct driver *d, const char *name)
{
	const struct scenario *s = find(d->scenarios, d->nr_scenarios, name);

	return s ? s : find(d->named, d->nr_named, name);
}

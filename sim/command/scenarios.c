// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim scenarios: its name, the capabilities that it needs, what happens in it.
 */
#include <stdio.h>
#include <string.h>

#include "command/caps.h"
#include "command/command.h"
#include "world/driver.h"

static void widen(int *width, const struct scenario *const *list, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if ((int)strlen(list[i]->name) > *width)
			*width = (int)strlen(list[i]->name);
}

static void print(const struct driver *d, const struct scenario *const *list,
		  unsigned int nr, int width)
{
	char needs[64];

	for (unsigned int i = 0; i < nr; i++)
		printf("%-*s  %-18s  %s\n", width, list[i]->name,
		       caps_words(d, list[i]->needs, "-", needs, sizeof(needs)),
		       list[i]->summary);
}

static void print_driver(const struct driver *d)
{
	int width = (int)strlen("SCENARIO");

	widen(&width, d->scenarios, d->nr_scenarios);
	widen(&width, d->named, d->nr_named);
	printf("%-*s  %-18s  %s\n", width, "SCENARIO", "NEEDS", d->summary);
	print(d, d->scenarios, d->nr_scenarios, width);
	if (!d->nr_named)
		return;
	printf("\nPlayed only when they are named, as Linux is known to fail them "
	       "(docs/findings.md):\n");
	print(d, d->named, d->nr_named, width);
}

int command_scenarios(int argc, char **argv)
{
	no_arguments("List the scenarios.", argc, argv);
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		print_driver(program_drivers[i].driver);
	return STATUS_OK;
}

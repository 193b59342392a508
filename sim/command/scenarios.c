// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim scenarios: its name, the capabilities that it needs, what happens in it.
 */
#include <stdio.h>
#include <string.h>

#include "command/caps.h"
#include "command/command.h"
#include "world/driver.h"

static int width_of(const struct driver *d)
{
	int width = (int)strlen("SCENARIO");

	for (unsigned int i = 0; i < d->nr_scenarios; i++)
		if ((int)strlen(d->scenarios[i]->name) > width)
			width = (int)strlen(d->scenarios[i]->name);
	return width;
}

static void print_driver(const struct driver *d)
{
	int width = width_of(d);
	char needs[64];

	printf("%-*s  %-18s  %s\n", width, "SCENARIO", "NEEDS", d->summary);
	for (unsigned int i = 0; i < d->nr_scenarios; i++) {
		const struct scenario *s = d->scenarios[i];

		printf("%-*s  %-18s  %s\n", width, s->name,
		       caps_words(d, s->needs, "-", needs, sizeof(needs)), s->summary);
	}
}

int command_scenarios(int argc, char **argv)
{
	no_arguments("List the scenarios.", argc, argv);
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		print_driver(program_drivers[i].driver);
	return STATUS_OK;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim scenarios: name, what it needs of a subject, what it tells.
 */
#include <stdio.h>
#include <string.h>

#include "command/caps.h"
#include "command/command.h"
#include "scenario/scenario.h"

static int widest_name(void)
{
	size_t widest = strlen("SCENARIO");
	unsigned int i;

	for (i = 0; i < scenarios_nr; i++)
		if (strlen(scenarios[i]->name) > widest)
			widest = strlen(scenarios[i]->name);
	return (int)widest;
}

int command_scenarios(int argc, char **argv)
{
	unsigned int i;
	char needs[64];
	int width;

	no_arguments("List the scenarios.", argc, argv);
	width = widest_name();
	printf("%-*s  %-18s  %s\n", width, "SCENARIO", "NEEDS", "STORY");
	for (i = 0; i < scenarios_nr; i++)
		printf("%-*s  %-18s  %s\n", width, scenarios[i]->name,
		       caps_words(scenarios[i]->needs, "-", needs, sizeof(needs)),
		       scenarios[i]->summary);
	return STATUS_OK;
}

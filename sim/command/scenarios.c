// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim scenarios: name, what it needs of a subject, what it tells.
 */
#include <stdio.h>
#include <string.h>

#include "command/caps.h"
#include "command/command.h"
#include "fuse/scenario/scenario.h"

static int widest_name(void)
{
	size_t widest = strlen("SCENARIO");
	unsigned int i;

	for (i = 0; i < scenarios_nr; i++)
		if (strlen(scenarios[i]->name) > widest)
			widest = strlen(scenarios[i]->name);
	return (int)widest;
}

static void print(const struct scenario *s, int width)
{
	char needs[64];

	printf("%-*s  %-18s  %s\n", width, s->name,
	       caps_words(s->needs, "-", needs, sizeof(needs)), s->summary);
}

int command_scenarios(int argc, char **argv)
{
	unsigned int i;
	int width;

	no_arguments("List the scenarios.", argc, argv);
	width = widest_name();
	printf("%-*s  %-18s  %s\n", width, "SCENARIO", "NEEDS", "STORY");
	for (i = 0; i < scenarios_nr; i++)
		print(scenarios[i], width);
	printf("\nPlayed only when they are named, as Linux is known to fail them "
	       "(docs/findings.md):\n");
	for (i = 0; i < scenarios_named_nr; i++)
		print(scenarios_named[i], width);
	return STATUS_OK;
}

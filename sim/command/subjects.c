// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim subjects: every subject that is built here, what it was built from,
 * and why others are missing.
 */
#include <stdio.h>

#include "command/choose/caps.h"
#include "command/command.h"
#include "subject/installed.h"
#include "subject/subject.h"
#include "world/driver.h"

#define COLUMNS "%-13s  %-16s  %-10s  %-34s  %s\n"

static void print_built(const char *name, const char *path)
{
	const struct subject *ops;
	char caps[64], err[512];
	unsigned int i;

	ops = subject_load(path, err, sizeof(err));
	if (!ops) {
		printf("%-13s  cannot be loaded: %s\n", name, err);
		return;
	}
	printf(COLUMNS, name, *ops->version ? ops->version : "-",
	       ops->unmodified ? "unmodified" : "modified",
	       caps_words(command_driver(ops), ops->driver->caps, "-", caps,
			  sizeof(caps)),
	       ops->compiler);
	printf("    %s\n", path);
	for (i = 0; i < ops->nr_files; i++)
		printf("    %s  %s\n", ops->files[i].sha256, ops->files[i].path);
	subject_unload(ops);
}

int command_subjects(int argc, char **argv)
{
	const struct installed *newest;
	struct installed_list list;
	unsigned int i;

	no_arguments("List the subjects, with the SHA-256 of each source file.", argc,
		     argv);
	installed_find(&list);
	printf(COLUMNS, "SUBJECT", "VERSION", "FILES", "CAN", "COMPILER");
	for (i = 0; i < list.nr; i++) {
		if (list.at[i].path)
			print_built(list.at[i].name, list.at[i].path);
		else
			printf("%-13s  skipped: %s\n", list.at[i].name,
			       list.at[i].reason);
	}
	newest = installed_newest_linux(&list);
	if (newest)
		printf("%-13s  %s, the newest that is built\n", "linux", newest->name);
	installed_free(&list);
	return STATUS_OK;
}

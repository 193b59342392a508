// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds or builds the subject that the command line names.
 */
#include "command/choose/choose.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "subject/installed.h"
#include "program/near.h"
#include "command/choose/tree.h"
#include "symbols/place_map.h"
#include "subject/path.h"
#include "world/driver.h"

static void complain_about(const char *name)
{
	struct near near = { .typed = name };
	struct installed_list list;
	const char *reason;
	unsigned int i;

	installed_find(&list);
	reason = installed_reason(&list, name);
	for (i = 0; i < list.nr; i++)
		if (list.at[i].path)
			near_offer(&near, list.at[i].name);
	if (reason)
		complain("subject %s was skipped: %s", name, reason);
	else if (near.best)
		complain("no subject %s; did you mean %s?", name, near.best);
	else
		complain("no subject %s (uringsim subjects lists them)", name);
	installed_free(&list);
}

/* the newest Linux that is built */
#define NEWEST "linux"

/* What @name stands for, in @newest if that is the newest Linux; ends the program if none
 * is. */
static const char *what_is(const char *name, char newest[64])
{
	const struct installed *linux_there;
	struct installed_list list;

	if (strcmp(name, NEWEST) != 0)
		return name;
	installed_find(&list);
	linux_there = installed_newest_linux(&list);
	if (!linux_there) {
		complain("no subject " NEWEST
			 ": no Linux is built (uringsim subjects says why)");
		exit(STATUS_USAGE);
	}
	snprintf(newest, 64, "%s", linux_there->name);
	installed_free(&list);
	return newest;
}

/* a report of an access names it by its code address */
static void look_for_map(const struct subject *ops, const char *path)
{
	if (!ops->hooked || place_map_is_there((uintptr_t)ops->driver->module_init))
		return;
	complain("%s has no map of its code (%s" PLACE_MAP_SUFFIX "): reports name no "
		 "places in it, and suppressions that do keep nothing back",
		 ops->name, path);
}

const struct subject *choose_subject(const char *name, const char *tree, bool hooked)
{
	const struct subject *ops;
	char path[PATH_MAX], err[512], newest[64];

	if (name && tree) {
		complain("name either --subject or --tree");
		exit(STATUS_USAGE);
	}
	if (!name)
		name = program_drivers[0].driver->subject;
	name = what_is(name, newest);
	if (tree) {
		tree_build(tree, hooked, path);
	} else if (!(hooked ? subject_path_hooked : subject_path)(name, path)) {
		complain_about(name);
		exit(STATUS_USAGE);
	}
	ops = subject_load(path, err, sizeof(err));
	if (!ops) {
		complain("%s", err);
		exit(STATUS_USAGE);
	}
	if (!command_driver(ops)) {
		complain("%s is a subject of driver %s, which this program does not have",
			 ops->name, ops->driver->name);
		exit(STATUS_USAGE);
	}
	look_for_map(ops, path);
	return ops;
}

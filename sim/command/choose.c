// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds or builds the subject that the command line names.
 */
#include "command/choose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/installed.h"
#include "command/near.h"
#include "command/tree.h"
#include "sched/sanitizer.h"
#include "world/subject_path.h"

#define DEFAULT_SUBJECT "bufring"

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

const struct subject_ops *choose_subject(const char *name, const char *tree, bool hooked)
{
	const struct subject_ops *ops;
	char path[PATH_MAX], err[512];

	if (name && tree) {
		complain("name either --subject or --tree");
		exit(STATUS_USAGE);
	}
	if (!name)
		name = DEFAULT_SUBJECT;
	if (tree) {
		tree_build(tree, hooked && HAVE_HOOKS, path);
	} else if (!(hooked ? subject_path_hooked : subject_path)(name, path)) {
		complain_about(name);
		exit(STATUS_USAGE);
	}
	ops = subject_load(path, err, sizeof(err));
	if (!ops) {
		complain("%s", err);
		exit(STATUS_USAGE);
	}
	return ops;
}

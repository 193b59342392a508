// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chooses what a schedule was recorded with, and compares it with what there is now.
 */
#include "command/choose/recorded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/choose/choose.h"
#include "command/command.h"
#include "engine/detectors.h"
#include "engine/keep.h"
#include "engine/learn.h"
#include "text/text.h"

/* Return: whether one is another file now */
static bool compare_files(const struct schedule *s, const struct subject *ops)
{
	bool differs = false;

	for (unsigned int i = 0; ops && i < s->nr_files; i++) {
		const char *now = "not there";

		for (unsigned int k = 0; k < ops->nr_files; k++)
			if (!strcmp(ops->files[k].path, s->files[i].path))
				now = ops->files[k].sha256;
		if (!strcmp(now, s->files[i].sha256))
			continue;
		differs = true;
		printf("differs   %s is another file than when this was recorded\n",
		       s->files[i].path);
	}
	return differs;
}

/* REPO@COMMIT; whether the commit is still there is git's to say */
static bool is_revision(const char *tree)
{
	const char *at = strrchr(tree, '@');
	char repository[PATH_MAX];

	return at &&
	       snprintf(repository, sizeof(repository), "%.*s", (int)(at - tree), tree) <
		       PATH_MAX &&
	       !access(repository, R_OK | X_OK);
}

/* a tree's name does not lead to it: the schedule has its folder */
static const char *recorded_tree(const struct schedule *s)
{
	if (strncmp(s->subject, "tree:", 5) != 0)
		return NULL;
	if (!s->tree[0]) {
		complain("the schedule does not say where %s is; name it: --tree DIR",
			 s->subject);
		exit(STATUS_USAGE);
	}
	if (access(s->tree, R_OK | X_OK) && !is_revision(s->tree)) {
		complain("the tree %s, with which this was recorded, is not there any "
			 "more; name another one: --tree DIR",
			 s->tree);
		exit(STATUS_USAGE);
	}
	return s->tree;
}

static void must_be_there(const struct schedule *s)
{
	if (!s->file[0] || !access(s->file, R_OK))
		return;
	complain("the scenario file %s, with which this was recorded, is not there any "
		 "more",
		 s->file);
	exit(STATUS_USAGE);
}

bool choose_recorded(const struct schedule *s, const char *subject, const char *tree,
		     struct player *p)
{
	const char *const name[] = { s->file[0] ? s->file : s->scenario };
	struct choice choice = { .tree = tree, .names = name, .nr = 1 };
	char config[256];
	struct player *one;
	bool differs;

	if (!points_of(s->points)) {
		complain("the schedule has points %s, which this program does not have",
			 s->points);
		exit(STATUS_USAGE);
	}
	if (*s->detect)
		detectors_choose(s->detect);
	if (!subject && !tree)
		choice.tree = recorded_tree(s);
	must_be_there(s);
	choice.subject = subject || choice.tree ? subject : s->subject;
	choose_players(&choice, CHOOSE_TO_SEARCH, &one);
	*p = *one;
	world_adds_ring_flags((unsigned int)s->ring_flags);
	p->chances = (struct chances){ (unsigned int)s->timers, (unsigned int)s->faults };
	free(one);
	learn_points(p, s->points);
	printf("schedule  %s on %s: %u switch%s%s, found by %s, seed %" PRIu64
	       ", execution %" PRIu64 "\n",
	       s->scenario, s->subject, s->nr, s->nr == 1 ? "" : "es",
	       s->parked ? ", some tasks parked" : "", s->strategy, s->seed,
	       s->execution);
	if (strcmp(player_subject(p), s->subject) != 0)
		printf("differs   it is played on %s\n", player_subject(p));
	differs = compare_files(s, p->subject);
	if (p->subject && s->file[0] && p->scenario->text &&
	    text_hash(p->scenario->text) != s->hash)
		printf("differs   %s is another text than when this was recorded\n",
		       s->file);
	if (strcmp(player_config(p, config, sizeof(config)), s->config) != 0)
		printf("differs   the scenario's world was another one: %s\n", s->config);
	return subject || tree || differs;
}

bool follow_recorded(const struct player *p, struct schedule *s, bool elsewhere)
{
	bool by_count, came = keep_follow(p, s, elsewhere, &by_count);

	if (by_count)
		puts(BY_COUNT_LINE);
	if (came && replay_moved())
		printf("moved     %s\n", replay_moved());
	return came;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Playing a schedule again with what it was recorded with.
 */
#ifndef COMMAND_RECORDED_H
#define COMMAND_RECORDED_H

#include "engine/player.h"
#include "search/schedule.h"

/**
 * choose_recorded() - what played it
 * @subject, @tree: NULL, or another subject that it is to be played on; without, a tree
 *	is found where it was
 *
 * Prints where the subject or the scenario differs from the schedule's. Ends the
 * program with STATUS_USAGE and one line if there is none of that name.
 *
 * Return: whether the failure may have other words than the schedule's: another subject
 * was asked for, or files of it were changed.
 */
bool choose_recorded(const struct schedule *s, const char *subject, const char *tree,
		     struct player *p);

/**
 * follow_recorded() - keep_follow(), which says what is not as it was recorded
 * @elsewhere: what choose_recorded() returned
 */
bool follow_recorded(const struct player *p, struct schedule *s, bool elsewhere);

/** BY_COUNT_LINE - what is said of a replay that came by numbers */
#define BY_COUNT_LINE \
	"differs   the switches are made by their numbers: their places led nowhere"

#endif /* COMMAND_RECORDED_H */

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
 */
void choose_recorded(const struct schedule *s, const char *subject, const char *tree,
		     struct player *p);

#endif /* COMMAND_RECORDED_H */

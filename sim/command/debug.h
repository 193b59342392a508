/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A replay in gdb.
 */
#ifndef COMMAND_DEBUG_H
#define COMMAND_DEBUG_H

#include "command/verdict/suppressions.h"
#include "detect/report.h"

/**
 * struct debug_target - the replay's command line
 * @file: the schedule
 * @subject, @tree: NULL, or another subject that it is to be played on
 * @suppressions: files that it names
 * @by_count: switches are made by their numbers
 */
struct debug_target {
	const char *file, *subject, *tree;
	const struct suppressions *suppressions;
	bool by_count;
};

/**
 * debug_in_gdb() - run gdb, which plays the schedule up to the failure
 * @report: the failure, of the replay that was just made
 * @number: its number among the reports
 *
 * A stall - a failure of progress, or one that is found when a task waits for
 * ever - stops where no task could run; any other where it is reported, before the
 * execution goes on. Without a terminal gdb prints the
 * stacks there and ends.
 *
 * Return: STATUS_FOUND when the user has left gdb; if that cannot be, STATUS_USAGE, after
 * a line on stderr.
 */
int debug_in_gdb(const struct debug_target *target, const struct report *report,
		 int number);

#endif /* COMMAND_DEBUG_H */

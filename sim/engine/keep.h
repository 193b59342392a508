/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between a failure and its schedule file.
 */
#ifndef ENGINE_KEEP_H
#define ENGINE_KEEP_H

#include <limits.h>

#include "engine/hunt.h"
#include "search/schedule.h"

/**
 * keep_schedule() - shrink the schedule of a failure, and write it
 * @dir: where; made if it is not there
 * @path: set to the file, which is named after the failure's group; "": it could not be
 *	written, which keep_unwritten() was told
 *
 * The failure is played again first, to see that the schedule leads to it; and last,
 * so that the reports are those of what was written.
 *
 * Ends the program if the failure does not come again.
 * Return: the failure's number among the reports of that replay; -1, with a line on
 * stderr: too many switches led to it.
 */
int keep_schedule(const struct player *p, const struct search_options *o,
		  const char *points, const struct found *f, const char *dir,
		  char path[PATH_MAX]);

/**
 * keep_look() - play it once, as it was found, and write nothing
 *
 * Return: the failure's number among the reports of that replay; -1: it did not come, or
 * too many switches led to it.
 */
int keep_look(const struct player *p, const struct search_options *o, const char *points,
	      const struct found *f);

/**
 * keep_stem() - path of a schedule file without its ending, from what it is about
 * @dir: its folder
 */
void keep_stem(const struct player *p, const struct report *r, const char *dir,
	       char path[PATH_MAX]);

/**
 * keep_unwritten() - a failure is without the file that leads to it
 * @why: one line; it is told of the first failure alone
 */
void keep_unwritten(const char *why);

/**
 * keep_tell_unwritten() - in the end: if there were several, a line with their number
 *
 * Return: whether there was one.
 */
bool keep_tell_unwritten(void);

/** keep_folder() - make @dir if it is not there. Return: false, with a line on stderr */
bool keep_folder(const char *dir);

/** keep_make_folder() - likewise, with the line in @err */
bool keep_make_folder(const char *dir, char *err, size_t len);

/**
 * keep_replay() - play a schedule; afterwards the reports are those of it
 * @record: fill in its notes, and the hash of the trace; else compare the notes
 *
 * Return: whether its failure came again.
 */
bool keep_replay(const struct player *p, struct schedule *s, bool record);

/**
 * keep_follow() - play a schedule that may be of another subject, or of other files:
 * by the places of its switches; if one is not reached and the failure does not come, by
 * their numbers
 * @elsewhere: it may be worded otherwise there: one of its group is it, and @s takes its
 *	words
 * @by_count: set to whether it came by the numbers
 *
 * Return: whether its failure came; afterwards the reports are those of that replay, or
 * of the one by places.
 */
bool keep_follow(const struct player *p, struct schedule *s, bool elsewhere,
		 bool *by_count);

/**
 * keep_settle() - let a schedule have the switches that keep_follow() has just made, and
 * notes of what they mean here: what goes by numbers alone can go on from there
 *
 * Return: whether its failure comes with them; false, too, if there are too many.
 */
bool keep_settle(const struct player *p, struct schedule *s);

/** keep_subject() - let a schedule be of the subject that @p plays */
void keep_subject(struct schedule *s, const struct player *p);

/** keep_made() - what keep_schedule() wrote last */
const struct schedule *keep_made(void);

/** keep_switch() - switch @i in words: "a to b before ...". Return: @buf */
const char *keep_switch(const struct schedule *s, unsigned int i, char *buf, size_t len);

/** keep_find() - number of the schedule's failure among the reports, or -1 */
int keep_find(const struct schedule *s);

/**
 * keep_find_alike() - likewise; if there is none, of one of its group: another tree may
 * word it otherwise
 */
int keep_find_alike(const struct schedule *s);

#endif /* ENGINE_KEEP_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --detect: which detectors look at each memory access, and whether answers are compared
 * with those over another way.
 */
#ifndef ENGINE_DETECTORS_H
#define ENGINE_DETECTORS_H

#include <stdbool.h>
#include <stddef.h>

struct subject;

#define DETECTORS_HELP                                                                  \
	"What looks at each memory access (heap, race, user), and whether clients get " \
	"the same the other way (difference): all, none, or a list of these [all]"

/** detectors_choose() - by the option's argument; ends the program if it is wrong */
void detectors_choose(const char *list);

/** detectors_names() - what was chosen: "all", "none" or a list */
const char *detectors_names(void);

/** detectors_compare() - clients' answers are compared (engine/difference.h) */
bool detectors_compare(void);

/* whether accesses are points as well, or are learnt while the detectors are off */
enum detectors_points { DETECTORS_NO_POINTS, DETECTORS_LEARN_POINTS, DETECTORS_POINTS };

/** detectors_points() - for detectors_watch() from now on */
void detectors_points(enum detectors_points points);

/** detectors_cover() - have what executions cover kept, or no longer (shim/cover.h) */
void detectors_cover(bool on);

/**
 * detectors_watch() - before an execution: switch them on, as far as the
 * subject has hooks
 * @subject: NULL: a model
 */
void detectors_watch(const struct subject *subject);

/** detectors_look_away() - none of them looks at the next executions */
void detectors_look_away(void);

/** detectors_lack() - why some are off, in a few words; NULL: none is */
const char *detectors_lack(const struct subject *subject);

#endif /* ENGINE_DETECTORS_H */

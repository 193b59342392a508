/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a driver is: one subsystem of the kernel, with its ABI, its clients and servers,
 * its rules and its scenarios. The simulator knows drivers by this table alone; what the
 * build of a subject needs of one is in its manifest (docs/extending.md).
 */
#ifndef WORLD_DRIVER_H
#define WORLD_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "world/difference.h"
#include "world/world.h"

struct driver_difference;
struct driver_soak;
struct text;
struct text_words;

/** struct driver_cap - the name of a bit of struct subject_driver's @caps */
struct driver_cap {
	unsigned int bit;
	const char *word;
};

/**
 * PER_PLAY - [__attribute__((section))] for each static variable of a scenario: it is
 * zero when the scenario begins to be played, which is many times
 */
#define PER_PLAY __attribute__((section("per_play")))

/**
 * struct scenario - what clients, a server and time do, and what must be true then
 * @name: as on the command line
 * @summary: one line for "uringsim scenarios"
 * @explored: what part of it a search explores, if not all of it
 * @small: what a search plays instead: the same with fewer tasks, for which all
 *	orders can be tried; NULL: the scenario is small enough
 * @needs: capabilities of the subject, the driver's bits
 * @finding: what of docs/findings.md it waits for: stock kernels hang in it; 0: none
 * @config: the driver's configuration, which begins with a struct world_config; NULL:
 *	defaults
 * @text: the scenario file that it was read from, which is played then; NULL: it is in C
 * @play: creates the tasks and queues what they do; returns before any of it has
 *	happened, set-up aside (world_is_set_up())
 * @check: called when all tasks are at rest, before the world closes; may be NULL
 *
 * It forces no schedule: "run" plays it in the default order, "explore" in every other.
 * Set-up runs in the order in which its tasks were created.
 */
struct scenario {
	const char *name;
	const char *summary;
	const char *explored;
	const struct scenario *small;
	unsigned int needs, finding;
	const void *config;
	const struct text *text;
	void (*play)(struct world *w);
	void (*check)(struct world *w);
};

struct checkpoint;

/**
 * struct driver - one subsystem
 * @name: as in struct subject_driver and in the manifest
 * @summary: what it is, in a few words
 * @subject: that is played if the command line names none
 * @known: folder with a file of known reports for each subject, below the folder that
 *	tools/ is in
 * @caps: words for capabilities; the last has no word
 * @config_size: bytes of a configuration: two that are the same open the same world
 * @scenarios: in the order in which they are listed and played
 * @open: after the module was loaded: open a device, mount; server_main() is there and
 *	does nothing yet. False with a report if that fails
 * @close: the server's threads have left: undo what @open did; run what that needs.
 *	Return: all is gone: the module can be unloaded
 * @checkpoint: what it has of a world is state of an execution; NULL: each execution has
 *	to begin with @open
 * @data_used: part number @i of its static data that tasks have accessed in the kernel;
 *	false: there are no more; NULL: there are none
 * @lost_calls: report calls of clients that have not returned. Return: how many
 * @stalled_calls: no task can run and no time passes any more: report calls that a server
 *	waits to answer and that have not returned. Return: how many; NULL: nobody looks
 * @watch: look at the rules in this execution (sched_set_observer()), or no longer; NULL:
 *	there are no rules
 * @config_words: a configuration in words that can be compared, all that matters to an
 *	execution. Return: @buf
 * @config_told: likewise, to be read: what a scenario says, then the defaults; or NULL
 * @step_begins: a job of kind @kind, queued with @arg, is about to be done as step number
 *	@nr (world/steps.h); NULL: nothing to note
 * @step_ends: note the result of step number @nr
 * @words: what scenario files may say (text/text.h); NULL: there can be none
 * @disturbs: a job of kind @kind, which is none of a scenario's own, is about to be done:
 *	whether it changes what calls get (world/difference.h); NULL: nothing is asked
 * @difference: the other way in which calls can be answered; NULL: there is none
 * @soak: rounds for a world that lives long (world/soak.h); NULL: there are none
 */
struct driver {
	const char *name;
	const char *summary;
	const char *subject;
	const char *known;
	size_t config_size;
	const struct driver_cap *caps;
	const struct scenario *const *scenarios;
	unsigned int nr_scenarios;

	bool (*open)(struct world *w, const void *config);
	bool (*close)(struct world *w);
	void (*checkpoint)(struct checkpoint *c, struct world *w);
	bool (*data_used)(unsigned int i, uintptr_t *from, uintptr_t *to);
	unsigned int (*lost_calls)(struct world *w);
	unsigned int (*stalled_calls)(struct world *w);
	void (*watch)(struct world *w, bool on);
	const char *(*config_words)(const void *config, char *buf, size_t len);
	const char *(*config_told)(const void *config, char *buf, size_t len);
	void (*step_begins)(struct actor *a, unsigned int nr, unsigned int kind,
			    void *arg);
	void (*step_ends)(unsigned int nr, unsigned int kind);
	enum disturbance (*disturbs)(const struct actor *a, unsigned int kind);
	const struct text_words *words;
	const struct driver_difference *difference;
	const struct driver_soak *soak;
};

/** driver_scenario() - by its name, among all of them; NULL: there is none */
const struct scenario *driver_scenario(const struct driver *d, const char *name);

#endif /* WORLD_DRIVER_H */

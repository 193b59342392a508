// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which detectors look at each memory access. The others need no hooks and are always
 * on.
 */
#include "engine/detectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/program.h"
#include "model/model.h"
#include "shim/hook.h"
#include "subject/subject.h"

#define DIFFERENCE (1u << 31) /* no hook */

static const struct {
	const char *name;
	unsigned int bit;
} detectors[] = {
	{ "heap", HOOK_HEAP },
	{ "race", HOOK_RACE },
	{ "user", HOOK_USER },
	{ "difference", DIFFERENCE },
};

#define NR_DETECTORS (sizeof(detectors) / sizeof(detectors[0]))

#define ALL (HOOK_DETECTORS | DIFFERENCE)

static unsigned int chosen = ALL;

/* the bit of the name that @list begins with; 0: there is none */
static unsigned int bit_of(const char *list, size_t len)
{
	for (size_t i = 0; i < NR_DETECTORS; i++)
		if (strlen(detectors[i].name) == len &&
		    !memcmp(detectors[i].name, list, len))
			return detectors[i].bit;
	return 0;
}

static void not_a_detector(const char *word, size_t len)
{
	if ((len == 3 && !strncmp(word, "all", 3)) ||
	    (len == 4 && !strncmp(word, "none", 4)))
		complain("--detect %.*s stands alone: it is no detector in a list",
			 (int)len, word);
	else
		complain("no detector %.*s: --detect takes all, none, or a list of heap, "
			 "race, user and difference",
			 (int)len, word);
	exit(STATUS_USAGE);
}

void detectors_choose(const char *list)
{
	const char *word = list;

	chosen = 0;
	if (!strcmp(list, "none"))
		return;
	if (!strcmp(list, "all")) {
		chosen = ALL;
		return;
	}
	for (;;) {
		size_t len = strcspn(word, ",");
		unsigned int bit = bit_of(word, len);

		if (!bit)
			not_a_detector(word, len);
		chosen |= bit;
		if (!word[len])
			return;
		word += len + 1;
	}
}

const char *detectors_names(void)
{
	static char list[32];
	int len = 0;

	if (chosen == ALL)
		return "all";
	list[0] = '\0';
	for (size_t i = 0; i < NR_DETECTORS; i++) {
		if (!(chosen & detectors[i].bit))
			continue;
		len += snprintf(list + len, sizeof(list) - (size_t)len, "%s%s",
				len ? "," : "", detectors[i].name);
	}
	return list[0] ? list : "none";
}

bool detectors_compare(void)
{
	return chosen & DIFFERENCE;
}

static enum detectors_points points;

void detectors_points(enum detectors_points what)
{
	points = what;
}

static bool covers;

void detectors_cover(bool on)
{
	covers = on;
}

static unsigned int watchers(void)
{
	unsigned int all = (chosen & HOOK_DETECTORS) | (covers ? HOOK_COVER : 0);

	if (points == DETECTORS_LEARN_POINTS)
		return HOOK_POINTS;
	return points == DETECTORS_POINTS ? all | HOOK_POINTS : all;
}

static bool has_hooks(const struct subject *subject)
{
	return subject ? subject->hooked : model_hooked();
}

void detectors_watch(const struct subject *subject)
{
	hook_watch(has_hooks(subject) ? watchers() : 0);
}

void detectors_look_away(void)
{
	hook_watch(0);
}

const char *detectors_lack(const struct subject *subject)
{
	return has_hooks(subject) ? NULL : "without hooks";
}

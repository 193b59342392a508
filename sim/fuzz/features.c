// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of what was covered.
 */
#include "fuzz/features.h"

#include "shim/cover.h"

/* no number is 0: its kind is not */
static unsigned int find(const struct features *f, uint64_t number)
{
	unsigned int at = (unsigned int)(number >> 24) % FEATURES_SLOTS;

	while (f->slot[at] && f->slot[at] != number)
		at = (at + 1) % FEATURES_SLOTS;
	return at;
}

bool features_have(const struct features *f, uint64_t number)
{
	return f->slot[find(f, number)] == number;
}

bool features_add(struct features *f, uint64_t number)
{
	unsigned int at = find(f, number);

	if (f->slot[at] == number || f->nr[0] == FEATURES_MAX)
		return false;
	f->slot[at] = number;
	f->nr[0]++;
	f->nr[cover_kind(number)]++;
	return true;
}

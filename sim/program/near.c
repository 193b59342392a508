// SPDX-License-Identifier: GPL-2.0-only
/*
 * Distance between names: insertions, deletions and substitutions of letters.
 */
#include "program/near.h"

#include <string.h>

#define LONGEST 64

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Both strings are shorter than LONGEST. */
static unsigned int edits(const char *a, const char *b)
{
	unsigned int row[LONGEST], diagonal, above, i, j;
	unsigned int len = (unsigned int)strlen(b);

	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (j = 1; j <= len; j++) {
			above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1,
				       diagonal + (a[i] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}

void near_offer(struct near *n, const char *name)
{
	size_t typed = strlen(n->typed), len = strlen(name);
	unsigned int distance;

	if (typed >= LONGEST || len >= LONGEST)
		return;
	distance = edits(n->typed, name);
	/* a beginning or a part of the name counts as near, too */
	if (typed >= 3 && strstr(name, n->typed))
		distance = 1;
	if (distance > 1 + typed / 3)
		return;
	if (n->best && n->distance <= distance)
		return;
	n->best = name;
	n->distance = distance;
}

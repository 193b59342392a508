// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists that grow.
 */
#include "symbols/map/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void list_fail(const char *what, const char *why)
{
	fprintf(stderr, "place-map: %s: %s\n", what, why);
	exit(2);
}

void list_append(struct list *l, const void *what, size_t nr)
{
	if (l->nr + nr > l->allocated) {
		l->allocated = (l->nr + nr) * 2;
		l->at = realloc(l->at, l->allocated * l->each);
		if (!l->at)
			list_fail("memory", strerror(ENOMEM));
	}
	memcpy((char *)l->at + l->nr * l->each, what, nr * l->each);
	l->nr += nr;
}

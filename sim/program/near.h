/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "Did you mean ...?": the nearest of some names to a mistyped one.
 */
#ifndef PROGRAM_NEAR_H
#define PROGRAM_NEAR_H

/** struct near - a search; start with { .typed = ... }, offer every name */
struct near {
	const char *typed;
	const char *best; /* NULL: nothing is near */
	unsigned int distance;
};

void near_offer(struct near *n, const char *name);

#endif /* PROGRAM_NEAR_H */

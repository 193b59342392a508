/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists that grow, for the program that writes maps.
 */
#ifndef SYMBOLS_MAP_LIST_H
#define SYMBOLS_MAP_LIST_H

#include <stddef.h>

/* struct list - of anything: @nr of @each bytes */
struct list {
	void *at;
	size_t nr, allocated, each;
};

/** list_append() - @nr more; ends the program if there is no memory */
void list_append(struct list *l, const void *what, size_t nr);

/** list_fail() - one line, and the end: status 2 */
void list_fail(const char *what, const char *why) __attribute__((noreturn));

#endif /* SYMBOLS_MAP_LIST_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of objects as fields of structures, by the maps that the build writes. Slow:
 * asked only when a report is put into words.
 */
#ifndef SYMBOLS_FIELD_H
#define SYMBOLS_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "sched/site.h"

/**
 * struct field - @type: the structure, or a static variable; @path: which part of it, as
 * "in.h.unique"; elements of arrays are "[]", whichever; "": all of it, or unknown
 */
struct field {
	char type[80], path[96];
};

/**
 * field_of() - the part of an object of the heap that a byte belongs to
 * @made: where it was allocated; its expr says what: "*queue", "struct device",
 *	"sizeof(struct request)", or the name of a structure
 * @size: of the object
 * @offset: of the byte
 *
 * Return: false: its type is not known.
 */
bool field_of(const struct sched_site *made, size_t size, size_t offset,
	      struct field *field);

/** field_forget() - code is about to be unloaded */
void field_forget(void);

/** field_static() - of a static variable of what is loaded */
bool field_static(const void *addr, struct field *field);

/** field_words() - "TYPE.PATH", or the one that is there. Return: @buf */
const char *field_words(const struct field *field, char *buf, size_t len);

#endif /* SYMBOLS_FIELD_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where gcov's counters lie in a subject that was built for coverage: they must
 * survive when its globals are reset.
 */
#ifndef SUBJECT_COUNTERS_H
#define SUBJECT_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

/** struct counters - their places, relative to where the object is loaded */
struct counters {
	struct counter_place {
		uintptr_t from, to;
	} * at;
	size_t nr;
};

/**
 * counters_find() - read them from the symbol table of a loaded object
 * @handle: of dlopen()
 * @c: filled in ascending order, overlaps merged; empty when not built for
 *	coverage
 */
void counters_find(void *handle, struct counters *c);
void counters_drop(struct counters *c);

#endif /* SUBJECT_COUNTERS_H */

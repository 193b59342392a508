// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of a subject that counts executed lines [gcov]: the program cannot write its counters,
 * as each shared object has a list of its own, which only a normal end goes through.
 * A process that was forked ends otherwise, and calls this.
 */
#include "shim/subject.h"

#ifdef SHIM_COUNTED
extern void __gcov_dump(void);

void uringsim_subject_counts(void);

__attribute__((visibility("default"))) void uringsim_subject_counts(void)
{
	__gcov_dump();
}
#endif

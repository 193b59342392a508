/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one request took, of two plays of which the second has twice as many: what a play
 * takes besides them is taken away.
 */
#ifndef TESTS_KERNEL_MEASURED_H
#define TESTS_KERNEL_MEASURED_H

#include <stdbool.h>
#include <stdio.h>

#define NS_AN_INSTR 8 /* of QEMU's time (tests/kernel/run) */

/**
 * struct measured - what a play took
 * @ok: its requests were served
 * @cpu_ns: of client and server, kernel and user mode
 * @switches: from task to task, of the whole system
 */
struct measured {
	bool ok;
	double cpu_ns;
	unsigned long switches;
};

/** measured_text() - "37000 instructions, 4.00 task switches", or why there are none */
static inline void measured_text(char *text, size_t size, unsigned int calls,
				 const struct measured *once,
				 const struct measured *twice)
{
	double instrs = (twice->cpu_ns - once->cpu_ns) / calls / NS_AN_INSTR;
	double switches = ((double)twice->switches - (double)once->switches) / calls;

	if (!once->ok || !twice->ok)
		snprintf(text, size, "not played");
	else if (!once->cpu_ns || !twice->cpu_ns || !once->switches || !twice->switches)
		snprintf(text, size, "cannot be told: a clock or counter is not there");
	else if (instrs < 1 || switches < 0)
		snprintf(text, size, "cannot be told: twice as many took less");
	else
		snprintf(text, size, "%.0f instructions, %.2f task switches", instrs,
			 switches);
}

#endif /* TESTS_KERNEL_MEASURED_H */

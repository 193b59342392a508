/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What faults and endless loops share: where a processor was stopped, whose code that
 * is, and how it goes on in a report.
 */
#ifndef RUNTIME_OOPS_I_H
#define RUNTIME_OOPS_I_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "detect/report.h"

/**
 * struct oops - what is to be reported
 * @rule, @text: of it
 * @address: a number behind the text, if @has_address
 * @place: the innermost function of the subject, or NULL
 */
struct oops {
	enum report_kind kind;
	const char *rule, *text;
	unsigned long address;
	bool has_address;
	const struct sched_site *place;
};

/** oops_guarded() - is an execution going on, that can be ended from anywhere? */
bool oops_guarded(void);

/** oops_executions() - how many there were so far */
unsigned long oops_executions(void);

/** oops_place() - the innermost place of the subject on the stack at @at; NULL: none */
const struct sched_site *oops_place(const ucontext_t *at);

/** oops_on_stack() - bytes from @at's stack pointer to the end of the stack; 0: it is
 * nowhere on it */
size_t oops_on_stack(const ucontext_t *at);

/** oops_goes_on() - have @at go on in shim_oops_report() with @what */
void oops_goes_on(ucontext_t *at, const struct oops *what);

#endif /* RUNTIME_OOPS_I_H */

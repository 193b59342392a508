/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong in this execution: every detector, and the shim's WARN and
 * BUG, end here. Kinds are the contract of the command line and the JSON.
 */
#ifndef DETECT_REPORT_H
#define DETECT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "sched/site.h"

enum report_kind {
	REPORT_HEAP,
	REPORT_RACE,
	REPORT_LOCK,
	REPORT_USER,
	REPORT_PROGRESS,
	REPORT_KERNEL,
	REPORT_ACCOUNTING,
	REPORT_UNMODELLED,	/* the simulator's own limit: exit status 3 */
	REPORT_NR_KINDS
};

/**
 * struct report - one failure
 * @kind: which detector
 * @summary: one line, without an address in it
 * @where: file:line (function) of the offending step, or ""
 * @task: name of the task that was running, or "-"
 * @step: trace position
 */
struct report {
	enum report_kind kind;
	char summary[256];
	char where[160];
	char task[24];
	unsigned long step;
};

#define REPORT_MAX 64

/**
 * report() - record a failure and go on
 * @kind: which detector
 * @site: where, or NULL
 * @fmt: one line, printf style
 *
 * At most REPORT_MAX are kept per execution; report_dropped() tells the rest.
 */
void report(enum report_kind kind, const struct sched_site *site,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4), cold));

/** report_fatal() - record a failure and end the execution (sched_stop()) */
void report_fatal(enum report_kind kind, const struct sched_site *site,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4), cold));

void report_reset(void);
size_t report_count(void);
size_t report_count_kind(enum report_kind kind);
size_t report_dropped(void);
const struct report *report_get(size_t i);
const char *report_kind_name(enum report_kind kind);

#endif /* DETECT_REPORT_H */

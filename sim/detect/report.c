// SPDX-License-Identifier: GPL-2.0-only
/*
 * The failures of one execution, in a static array: what the detectors, WARN
 * and BUG say. Formatting is done here, because a failure is rare.
 */
#include <stdarg.h>
#include <stdio.h>

#include "detect/report.h"
#include "sched/sched.h"

static struct report reports[REPORT_MAX];
static size_t kept;
static size_t dropped;
static size_t per_kind[REPORT_NR_KINDS];

static const char *const kind_names[REPORT_NR_KINDS] = {
	[REPORT_HEAP] = "heap",
	[REPORT_RACE] = "race",
	[REPORT_LOCK] = "lock",
	[REPORT_USER] = "user",
	[REPORT_PROGRESS] = "progress",
	[REPORT_KERNEL] = "kernel",
	[REPORT_ACCOUNTING] = "accounting",
	[REPORT_UNMODELLED] = "unmodelled",
};

/* A summary is one line, whatever the kernel's own message ended in. */
static void keep_first_line(char *text)
{
	while (*text && *text != '\n')
		text++;
	*text = '\0';
}

static void record(enum report_kind kind, const struct sched_site *site, const char *fmt,
		   va_list args)
{
	struct report *r;

	per_kind[kind]++;
	if (kept == REPORT_MAX) {
		dropped++;
		return;
	}
	r = &reports[kept++];
	r->kind = kind;
	r->step = (unsigned long)sched_steps();
	vsnprintf(r->summary, sizeof(r->summary), fmt, args);
	keep_first_line(r->summary);
	r->where[0] = '\0';
	if (site)
		snprintf(r->where, sizeof(r->where), "%s:%d (%s)", site->file, site->line,
			 site->func);
	snprintf(r->task, sizeof(r->task), "%s",
		 sched_current ? sched_current->name : "-");
}

void report(enum report_kind kind, const struct sched_site *site, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record(kind, site, fmt, args);
	va_end(args);
}

void report_fatal(enum report_kind kind, const struct sched_site *site, const char *fmt,
		  ...)
{
	va_list args;

	va_start(args, fmt);
	record(kind, site, fmt, args);
	va_end(args);
	sched_stop();
}

void report_reset(void)
{
	kept = 0;
	dropped = 0;
	for (int i = 0; i < REPORT_NR_KINDS; i++)
		per_kind[i] = 0;
}

size_t report_count(void)
{
	return kept;
}

size_t report_count_kind(enum report_kind kind)
{
	return per_kind[kind];
}

size_t report_dropped(void)
{
	return dropped;
}

const struct report *report_get(size_t i)
{
	return i < kept ? &reports[i] : NULL;
}

const char *report_kind_name(enum report_kind kind)
{
	return kind_names[kind];
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports that are known and do no harm: a file names them, each with the reason
 * why, and they are counted instead of reported. docs/detectors.md has the format.
 */
#ifndef DETECT_SUPPRESS_H
#define DETECT_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/report.h"

#define SUPPRESS_MAX 64

/**
 * struct suppression - one entry of a file
 * @file, @line: where it begins
 * @kind: of the report
 * @summary: pattern of the whole summary (fnmatch(3)), or NULL: any
 * @function, @source: pattern of one of its places, or NULL: any
 * @reason: why it is harmless
 */
struct suppression {
	const char *file;
	unsigned int line;
	enum report_kind kind;
	const char *summary, *function, *source, *reason;
};

/**
 * suppress_read() - add the entries of a file to those that count
 * @path: as it is to be shown
 * @err, @len: one line if the file is none: no reason, an unknown word, ...
 *
 * Not between an execution's start and its end. Return: false with @err.
 */
bool suppress_read(const char *path, char *err, size_t len);

/** suppress_clear() - forget all entries, and what was remembered and counted */
void suppress_clear(void);

/** suppress_nr() - number of entries */
unsigned int suppress_nr(void);

/** suppress_get() - entry @i, or NULL */
const struct suppression *suppress_get(unsigned int i);

/** suppress_counts() - reports that each entry kept back, in all executions so far */
const uint64_t *suppress_counts(void);

/** suppress_uncount() - set the counts to 0 */
void suppress_uncount(void);

/*
 * For a detector that reports the same in each execution: to find out that a report is
 * suppressed, it has to be formatted; that it was before, is looked up by two addresses.
 *
 *	if (suppress_again(kind, a, b))
 *		return;
 *	if (!report_pair(kind, site_a, site_b, ...))
 *		suppress_remember(kind, a, b);
 *
 * The report has to depend on @a and @b alone; both are addresses (of sites, of
 * code) that mean the same in every execution, and @b may be NULL.
 */
bool suppress_again(enum report_kind kind, const void *a, const void *b);
void suppress_remember(enum report_kind kind, const void *a, const void *b);

/* suppress_concerns() - whether a report of these places may be suppressed; for report.c
 */
bool suppress_concerns(enum report_kind kind, const struct sched_site *site,
		       const struct sched_site *other);

/* suppress_match() - whether this one is, and is counted as such; for report.c */
bool suppress_match(enum report_kind kind, const char *summary,
		    const struct sched_site *site, const struct sched_site *other);

#endif /* DETECT_SUPPRESS_H */

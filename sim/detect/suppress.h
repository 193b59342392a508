/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known reports: a file names them, each with the reason why - it does no harm, or it is
 * a finding that is written down -, and they are counted instead of reported.
 * docs/detectors.md has the format.
 */
#ifndef DETECT_SUPPRESS_H
#define DETECT_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/report.h"

#define SUPPRESS_MAX	512
#define SUPPRESS_HASHES 256

/**
 * struct suppression - one entry of a file
 * @file, @line: where it begins
 * @kind: of the report
 * @rule, @object, @summary: pattern of the whole text (fnmatch(3)), or NULL: any
 * @function, @source: pattern of one of its places, or NULL: any
 * @called: pattern of a function that the task is in, at any depth, or NULL: any
 * @pair: patterns of both of its functions, in either order, or NULL: any
 * @access: how these two access the object, "write", "marked read", or NULL: any
 * @scenario: pattern of the names of the scenarios in which it counts, or
 *	SUPPRESS_ANY_FILE, or NULL: all
 * @group: the report's group, word by word: of a result that was saved; or NULL: any
 * @unchanged: counts if each write of the race stores what is there already
 * @spoils: what the execution reports after it may follow from it, and is counted as this
 * @code: further functions that the entry speaks of
 * @finding: number in docs/findings.md; 0: it does no harm
 * @reason: why it is known
 * @void_in: if the entry does not count: which function is another one in the tree
 */
struct suppression {
	const char *file;
	unsigned int line;
	enum report_kind kind;
	const char *rule, *object, *summary;
	const char *function, *source, *called;
	const char *pair[2], *access[2];
	const char *scenario, *code;
	const char *group;
	bool unchanged, spoils;
	unsigned int finding;
	const char *reason;
	const char *void_in;
};

/** struct suppress_hash - a function's text as the file's entries know it */
struct suppress_hash {
	const char *function, *sha;
};

/**
 * suppress_read() - add the entries of a file to those that count
 * @path: as it is to be shown
 * @err, @len: one line if the file is none: no reason, an unknown word, ...
 *
 * Not between an execution's start and its end. Return: false with @err.
 */
bool suppress_read(const char *path, char *err, size_t len);

/**
 * suppress_saved() - add an entry for reports of @group, which a saved result has
 * @file: of that result, as it is to be shown; with @group, lives as long as the entry
 *
 * Not between an execution's start and its end. Return: false: there are too many.
 */
bool suppress_saved(enum report_kind kind, const char *group, const char *file);

/** suppress_clear() - forget all entries, and what was remembered and counted */
void suppress_clear(void);

/** suppress_nr() - number of entries */
unsigned int suppress_nr(void);

/** suppress_get() - entry @i, or NULL */
const struct suppression *suppress_get(unsigned int i);

/** suppress_hash() - hash @i of all that were read, or NULL */
const struct suppress_hash *suppress_hash(unsigned int i);

/**
 * suppress_void() - let entry @i not count, as @function is another one; NULL: as it
 * speaks of no function whose text is known
 *
 * Return: whether the entry speaks of that function.
 */
bool suppress_void(unsigned int i, const char *function);

/** suppress_words() - what entry @i is about, in one line. Return: @buf */
const char *suppress_words(const struct suppression *e, char *buf, size_t len);

#define SUPPRESS_GROUPS 1024

/**
 * suppress_group() - reports of that group are not made again: it was told already
 * @hash: hash_text(HASH_START, group); those beyond SUPPRESS_GROUPS are told again
 *
 * They are not counted. suppress_clear() forgets it.
 */
void suppress_group(uint64_t hash);

/**
 * suppress_no_groups() - until suppress_clear(), reports are made although they were told
 * before: neither suppress_group() nor an entry with a group keeps them back
 */
void suppress_no_groups(void);

/** suppress_told() - how many reports of that kind it kept back, so far */
uint64_t suppress_told(enum report_kind kind);

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

/**
 * suppress_asks_value() - a function whose writes an entry looks at: do they change the
 * value?
 * @function: NULL: whether there is any
 */
bool suppress_asks_value(const char *function);

/** suppress_generation() - another number when other entries count */
unsigned int suppress_generation(void);

/* suppress_scenario() - what is played from now on: a constant, or NULL */
void suppress_scenario(const char *name);

#define SUPPRESS_ANY_FILE "*.scenario"

/**
 * suppress_of_file() - whether what is played from now on is of a file that is no part of
 * the program: entries of SUPPRESS_ANY_FILE count then, whatever its scenario's name
 */
void suppress_of_file(bool own);

/* suppress_forget() - what was remembered: its addresses will mean something else */
void suppress_forget(void);

/* struct suppress_sides - both places of a report, or one; accesses, if it is a race */
struct suppress_sides {
	const struct sched_site *site[2];
	const char *access[2];
	enum report_value value;
};

/*
 * suppress_match() - whether it is known, and counted as such; for report.c
 * @later: set to the entry by which it is known if the value turns out to be the same,
 * which is not counted yet: suppress_count(). Else it is -1
 */
bool suppress_match(const struct report *r, const struct suppress_sides *sides,
		    int *later);

/* suppress_execution() - another one begins: nothing is spoilt */
void suppress_execution(void);

/** suppress_checkpoint() - what was kept back in this execution is state of it */
struct checkpoint;
void suppress_checkpoint(struct checkpoint *c);
void suppress_count(int entry);

#endif /* DETECT_SUPPRESS_H */

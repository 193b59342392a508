/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checks of the scenarios, as the simulator and a real kernel answered them.
 */
#ifndef COMMAND_FIDELITY_H
#define COMMAND_FIDELITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** enum seen - the result of a check */
enum seen { SEEN_NOT_MADE, SEEN_HOLDS, SEEN_FAILS, SEEN_NOT_VISIBLE };

/** enum verdict - how a real kernel's answer compares with the simulator's */
enum verdict { SAME, NOT_VISIBLE, EXPLAINED, DIFFERS, NR_VERDICTS };

/**
 * struct row - one check of one scenario on one subject
 * @nr: when it was first seen
 * @reason: why the two differ, from the file of reasons; NULL: not known
 */
struct row {
	char *subject, *scenario, *check;
	enum seen simulated, real;
	size_t nr;
	const char *reason;
};

/** struct table - rows in the order in which the checks were first seen */
struct table {
	struct row *rows;
	size_t nr, allocated;
};

/** struct reason - "SUBJECT SCENARIO CHECK", indented lines say why */
struct reason {
	char *what, *why;
	struct reason *next;
};

const char *seen_word(enum seen seen);
const char *verdict_word(enum verdict verdict);
enum verdict row_verdict(const struct row *row);

/** table_row() - the row of that check, a new one if need be */
struct row *table_row(struct table *table, const char *subject, const char *scenario,
		      const char *check);

/** table_sort() - by subject and scenario, then as they were first seen */
void table_sort(struct table *table);
void table_free(struct table *table);

/**
 * ktap_read() - add the output of a guest; ends the program with STATUS_USAGE and one
 * line if @path is no such file
 */
void ktap_read(struct table *table, const char *path);

/** simulate() - play every scenario that @subject supports, and add its answers */
void simulate(struct table *table, const char *subject);

/** reasons_read() - from @path; reasons_give() - to the rows that they name */
struct reason *reasons_read(const char *path);
void reasons_give(const struct reason *reasons, struct table *table);
void reasons_free(struct reason *reasons);

/** reasons_of_findings() - what stock kernels hang in is played there only if it is named
 */
void reasons_of_findings(struct table *table);

/* what --page and --json write */
void page_print(FILE *out, const void *table);
void rows_print_json(FILE *out, const void *table);

/* exits with STATUS_SIMULATOR when there is no memory */
void *need(void *memory);

#endif /* COMMAND_FIDELITY_H */

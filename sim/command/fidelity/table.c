// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows, and how the simulator compares in them.
 */
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/fidelity/fidelity.h"
#include "world/driver.h"

void *need(void *memory)
{
	if (memory)
		return memory;
	complain("out of memory");
	exit(STATUS_SIMULATOR);
}

const char *seen_word(enum seen seen)
{
	static const char *const words[] = { "not made", "holds", "fails",
					     "not visible" };

	return words[seen];
}

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = { "same", "not visible", "explained",
					     "DIFFERS" };

	return words[verdict];
}

enum verdict row_verdict(const struct row *row)
{
	if (row->simulated == row->real)
		return SAME;
	if (row->real == SEEN_NOT_VISIBLE && row->simulated == SEEN_HOLDS)
		return NOT_VISIBLE;
	return row->reason ? EXPLAINED : DIFFERS;
}

static bool is_row(const struct row *row, const char *subject, const char *scenario,
		   const char *check)
{
	return !strcmp(row->check, check) && !strcmp(row->scenario, scenario) &&
	       !strcmp(row->subject, subject);
}

struct row *table_row(struct table *table, const char *subject, const char *scenario,
		      const char *check)
{
	struct row *row;

	for (size_t i = 0; i < table->nr; i++)
		if (is_row(&table->rows[i], subject, scenario, check))
			return &table->rows[i];
	if (table->nr == table->allocated) {
		table->allocated = table->allocated ? 2 * table->allocated : 256;
		table->rows = need(
			realloc(table->rows, table->allocated * sizeof(*table->rows)));
	}
	row = &table->rows[table->nr];
	*row = (struct row){
		.nr = table->nr++,
		.subject = need(strdup(subject)),
		.scenario = need(strdup(scenario)),
		.check = need(strdup(check)),
	};
	return row;
}

static unsigned int place_of(const char *scenario)
{
	const struct driver *d = program_drivers[0].driver;
	unsigned int i = 0;

	while (i < d->nr_scenarios && strcmp(d->scenarios[i]->name, scenario) != 0)
		i++;
	return i;
}

static int compare(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int by_subject = strcmp(a->subject, b->subject);
	unsigned int i = place_of(a->scenario), j = place_of(b->scenario);

	if (by_subject)
		return by_subject;
	if (i != j)
		return i < j ? -1 : 1;
	return a->nr < b->nr ? -1 : 1;
}

void table_sort(struct table *table)
{
	if (table->nr)
		qsort(table->rows, table->nr, sizeof(*table->rows), compare);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->nr; i++) {
		free(table->rows[i].subject);
		free(table->rows[i].scenario);
		free(table->rows[i].check);
	}
	free(table->rows);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace of one execution: records of a fixed size, formatted only when they are
 * printed. No address is ever printed: objects get their names from the namer that the
 * layer above installs.
 */
#ifndef SCHED_TRACE_H
#define SCHED_TRACE_H

#include <stdio.h>

#include "sched/sched.h"

/**
 * struct trace_record - one step
 * @step: number of the record in the execution, from 0
 * @task: id, or %TRACE_NO_TASK in the main context
 * @what: enum sched_what
 * @object, @site, @value: as announced
 * @tag: identifies the object that was at that address: see struct trace_namer
 */
struct trace_record {
	uint32_t step;
	uint16_t task;
	uint16_t what;
	const void *object;
	const struct sched_site *site;
	int64_t value;
	uint32_t tag;
};

#define TRACE_NO_TASK 0xffff

/**
 * trace_enable() - switch recording on or off; off at first
 * @on: whether to record
 * @mask: SCHED_BIT()s to record
 *
 * The trace holds the last %TRACE_RECORDS steps; trace_dropped() says how many earlier
 * ones are gone.
 */
void trace_enable(bool on, unsigned int mask);
#define TRACE_RECORDS 65536

/**
 * struct trace_namer - how objects get names
 * @tag: a number for the object that is at an address now; called when the step is
 *	recorded, so that the name is right even if the memory was reused since
 * @name: the name, at most @len bytes, "" if there is none; called when the trace is
 *	printed
 * @kind: the type of the object, a constant, and the offset of @object in it; NULL if
 *	it is not known. May be NULL itself
 * @made: where the object was allocated, or a constant that says its type in its expr;
 *	NULL if it is not known. May be NULL itself
 */
struct trace_namer {
	uint32_t (*tag)(const void *object);
	void (*name)(const void *object, uint32_t tag, char *buf, size_t len);
	const char *(*kind)(const void *object, size_t *offset);
	const struct sched_site *(*made)(const void *object, size_t *size);
};

/** trace_set_namer() - install the namer, which must live on; NULL: none */
void trace_set_namer(const struct trace_namer *namer);

/** trace_name() - the name of the object that is at @object now; "" if it has none */
void trace_name(const void *object, char *buf, size_t len);

/** trace_kind() - the type of the object that @object is part of, or NULL; its @offset */
const char *trace_kind(const void *object, size_t *offset);

/** trace_made() - where it was allocated (struct trace_namer), and its @size; or NULL */
const struct sched_site *trace_made(const void *object, size_t *size);

/**
 * trace_text() - keep a copy of @text for a %SCHED_LOG or %SCHED_NOTE record
 *
 * Return: the copy, valid until trace_reset(); when the pool is full, a text that says
 * so.
 */
const char *trace_text(const char *text);

/** trace_reset() - forget the records and the texts; sched_reset() calls it */
void trace_reset(void);

/**
 * trace_give_back() - likewise, and the memory of the records, of which a long execution
 * needs megabytes
 *
 * Context: between executions.
 */
void trace_give_back(void);

/** trace_add() - append a record; for the scheduler alone */
void trace_add(uint16_t task, enum sched_what what, const void *object, int64_t value,
	       const struct sched_site *site);

/** trace_mask() - the SCHED_BIT()s that are recorded */
unsigned int trace_mask(void);

/** trace_checkpoint() - the records so far are state of an execution */
struct checkpoint;
void trace_checkpoint(struct checkpoint *c);

/** trace_count() - number of records that are kept */
size_t trace_count(void);

/** trace_dropped() - number of earlier records that are not kept */
size_t trace_dropped(void);

/** trace_get() - record @i of those that are kept, the oldest first; below trace_count()
 */
const struct trace_record *trace_get(size_t i);

/**
 * trace_object(), trace_where() - the columns "object" and "where" of a record, as
 * trace_print() prints them; "" if they are empty
 */
void trace_object(const struct trace_record *r, char *buf, size_t len);
void trace_where(const struct trace_record *r, char *buf, size_t len);

/** trace_object_name() - the part of trace_object() that the namer says */
void trace_object_name(const struct trace_record *r, char *buf, size_t len);

/** trace_has_value() - whether trace_print() prints the number */
bool trace_has_value(const struct trace_record *r);

/**
 * trace_print() - the trace in aligned columns: step, task, what, object, value,
 * file:line
 */
void trace_print(FILE *out);

/** trace_hash() - 64 bits over the printed form, to compare two executions */
uint64_t trace_hash(void);

/** sched_what_name() - the word for a kind of step in traces, e.g. "lock" */
const char *sched_what_name(enum sched_what what);

#endif /* SCHED_TRACE_H */

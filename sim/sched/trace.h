/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace of one execution: fixed-size records, nothing formatted until
 * somebody prints them. No address is ever printed: objects get their names
 * from the namer that the layer above installs.
 */
#ifndef SCHED_TRACE_H
#define SCHED_TRACE_H

#include <stdio.h>

#include "sched/sched.h"

/** struct trace_record - one step */
struct trace_record {
	uint32_t step;
	uint16_t task;		/* id, or TRACE_DIRECTOR */
	uint16_t what;		/* enum sched_what */
	const void *object;
	const struct sched_site *site;
	int64_t value;
	uint32_t tag;		/* which object this was: see trace_set_namer() */
};

#define TRACE_DIRECTOR 0xffff

/**
 * trace_enable() - record from now on
 * @on: whether to
 * @mask: SCHED_BIT()s to record
 *
 * The trace holds the last TRACE_RECORDS steps; trace_print() says how many
 * earlier ones were dropped.
 */
void trace_enable(bool on, unsigned int mask);
#define TRACE_RECORDS 65536

/**
 * struct trace_namer - who turns objects into words
 * @tag: a number for what lives at the address now; asked when the step is
 *	recorded, so that a name stays right after the memory was reused
 * @name: words for it, at most @len bytes, "" if the layer has none; asked when
 *	the trace is printed
 * @kind: what it is an instance of, a constant, and where in it @object is; NULL
 *	if the layer does not know. May be missing
 */
struct trace_namer {
	uint32_t (*tag)(const void *object);
	void (*name)(const void *object, uint32_t tag, char *buf, size_t len);
	const char *(*kind)(const void *object, size_t *offset);
};

void trace_set_namer(const struct trace_namer *namer);
/* the name of what lives at @object now */
void trace_name(const void *object, char *buf, size_t len);
/* what kind of object it is part of, without saying which; NULL: not known */
const char *trace_kind(const void *object, size_t *offset);

/** trace_text() - keep a copy of @text for a SCHED_LOG or SCHED_NOTE record */
const char *trace_text(const char *text);

/** trace_reset() - forget the records and the texts; sched_reset() calls it */
void trace_reset(void);

/** trace_add() - append a record; for the scheduler alone */
void trace_add(uint16_t task, enum sched_what what, const void *object,
	       int64_t value, const struct sched_site *site);
unsigned int trace_mask(void);

size_t trace_count(void);
size_t trace_dropped(void);
const struct trace_record *trace_get(size_t i);

/* What trace_print() writes into the columns of a record; "" if there is nothing. */
void trace_object(const struct trace_record *r, char *buf, size_t len);
void trace_where(const struct trace_record *r, char *buf, size_t len);
/** trace_object_name() - of what trace_object() shows, the name of the object alone */
void trace_object_name(const struct trace_record *r, char *buf, size_t len);
/** trace_has_value() - whether the number is worth showing */
bool trace_has_value(const struct trace_record *r);

/**
 * trace_print() - the trace in aligned columns: step, task, what, object, value,
 * file:line
 */
void trace_print(FILE *out);

/** trace_hash() - 64 bits over the printed form, to compare two executions */
uint64_t trace_hash(void);

const char *sched_what_name(enum sched_what what);

#endif /* SCHED_TRACE_H */

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

/** trace_set_namer() - who turns an object into words (at most @len bytes) */
void trace_set_namer(void (*namer)(const void *object, char *buf, size_t len));
void trace_name(const void *object, char *buf, size_t len);

/** trace_text() - keep a copy of @text for a SCHED_LOG or SCHED_NOTE record */
const char *trace_text(const char *text);

size_t trace_count(void);
const struct trace_record *trace_get(size_t i);

/**
 * trace_print() - the trace in aligned columns: step, task, what, object, value,
 * file:line
 */
void trace_print(FILE *out);

/** trace_hash() - 64 bits over the printed form, to compare two executions */
uint64_t trace_hash(void);

const char *sched_what_name(enum sched_what what);

#endif /* SCHED_TRACE_H */

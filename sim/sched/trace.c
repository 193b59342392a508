// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace: records in a ring, texts in a pool, and their printed form.
 */
#include <stdlib.h>
#include <string.h>

#include "sched/hash.h"
#include "sched/lines.h"
#include "sched/trace.h"

#define TRACE_TEXT_SIZE (256 * 1024)

static struct trace_record records[TRACE_RECORDS];
static uint64_t added;
static unsigned int mask;
static char text[TRACE_TEXT_SIZE];
static size_t text_used;
static const struct trace_namer *namer;

static const char *const what_names[SCHED_NR_WHAT] = {
	[SCHED_SPAWN] = "spawn",	 [SCHED_EXIT] = "exit",
	[SCHED_BLOCK] = "block",	 [SCHED_WAKE] = "wake",
	[SCHED_LOCK] = "lock",		 [SCHED_UNLOCK] = "unlock",
	[SCHED_ATOMIC] = "atomic",	 [SCHED_READ] = "read",
	[SCHED_WRITE] = "write",	 [SCHED_ALLOC] = "alloc",
	[SCHED_FREE] = "free",		 [SCHED_TO_USER] = "to-user",
	[SCHED_FROM_USER] = "from-user", [SCHED_PIN] = "pin",
	[SCHED_WAIT] = "wait",		 [SCHED_NOTIFY] = "wake-up",
	[SCHED_WORK] = "work",		 [SCHED_SUBMIT] = "submit",
	[SCHED_COMPLETE] = "complete",	 [SCHED_CALLBACK] = "task-work",
	[SCHED_SYSCALL] = "syscall",	 [SCHED_LOG] = "log",
	[SCHED_FAULT] = "fault",	 [SCHED_NOTE] = "note",
	[SCHED_LOAD] = "load",		 [SCHED_STORE] = "store",
};

const char *sched_what_name(enum sched_what what)
{
	return what < SCHED_NR_WHAT ? what_names[what] : "?";
}

void trace_enable(bool on, unsigned int which)
{
	mask = on ? which : 0;
	sched_rearm();
}

unsigned int trace_mask(void)
{
	return mask;
}

void trace_reset(void)
{
	added = 0;
	text_used = 0;
}

void trace_set_namer(const struct trace_namer *n)
{
	namer = n;
}

void trace_name(const void *object, char *buf, size_t len)
{
	buf[0] = '\0';
	if (object && namer)
		namer->name(object, namer->tag(object), buf, len);
}

const char *trace_kind(const void *object, size_t *offset)
{
	return namer && namer->kind ? namer->kind(object, offset) : NULL;
}

const struct sched_site *trace_made(const void *object, size_t *size)
{
	return namer && namer->made ? namer->made(object, size) : NULL;
}

/* not inlined: it is called seldom, from functions that are called often */
__attribute__((noinline)) void trace_add(uint16_t task, enum sched_what what,
					 const void *object, int64_t value,
					 const struct sched_site *site)
{
	struct trace_record *r = &records[added % TRACE_RECORDS];

	*r = (struct trace_record){
		.step = (uint32_t)added,
		.task = task,
		.what = (uint16_t)what,
		.object = object,
		.site = site,
		.value = value,
		.tag = object && namer ? namer->tag(object) : 0,
	};
	added++;
}

const char *trace_text(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = text + text_used;

	if (n > TRACE_TEXT_SIZE - text_used)
		return "(too much text in this trace)";
	memcpy(copy, s, n);
	text_used += n;
	return copy;
}

size_t trace_count(void)
{
	return added < TRACE_RECORDS ? (size_t)added : TRACE_RECORDS;
}

size_t trace_dropped(void)
{
	return (size_t)added - trace_count();
}

const struct trace_record *trace_get(size_t i)
{
	return &records[(trace_dropped() + i) % TRACE_RECORDS];
}

/* the object of "&queue->lock", "*ent" or "struct page", as the source writes it */
static const char *expression(const struct sched_site *site)
{
	const char *s = site && site->expr ? site->expr : "";

	if (!strncmp(s, "struct ", 7))
		return s + 7;
	return *s == '&' || *s == '*' ? s + 1 : s;
}

static bool is_text(const struct trace_record *r)
{
	return r->what == SCHED_LOG || r->what == SCHED_NOTE ||
	       r->what == SCHED_SYSCALL || r->what == SCHED_SPAWN ||
	       r->what == SCHED_EXIT || r->what == SCHED_BLOCK || r->what == SCHED_WAKE;
}

void trace_object_name(const struct trace_record *r, char *buf, size_t len)
{
	buf[0] = '\0';
	if (!is_text(r) && r->object && namer)
		namer->name(r->object, r->tag, buf, len);
}

/* what the step is done to: a text, a named object, or the source's words */
void trace_object(const struct trace_record *r, char *buf, size_t len)
{
	char name[96];
	const char *expr = expression(r->site);

	if (is_text(r)) {
		snprintf(buf, len, "%s", r->object ? (const char *)r->object : "");
		return;
	}
	trace_object_name(r, name, sizeof(name));
	if (expr[0] && name[0])
		snprintf(buf, len, "%s [%s]", expr, name);
	else
		snprintf(buf, len, "%s%s", expr, name);
}

bool trace_has_value(const struct trace_record *r)
{
	return r->value ||
	       (r->what == SCHED_SYSCALL && !strcmp((const char *)r->object, "returns"));
}

void trace_where(const struct trace_record *r, char *buf, size_t len)
{
	const struct sched_site *site = r->site;

	buf[0] = '\0';
	if (site && site->line)
		snprintf(buf, len, "%s:%d %s", site->file, site_line(site), site->func);
	else if (site)
		snprintf(buf, len, "%s %s", site->file, site->func);
}

static const char *task_name(uint16_t id)
{
	struct sched_task *t = id == TRACE_NO_TASK ? NULL : sched_task_nr(id);

	return t ? t->name : "-";
}

static void format(const struct trace_record *r, char *line, size_t len)
{
	char object[192], value[24] = "", where[160];

	trace_object(r, object, sizeof(object));
	trace_where(r, where, sizeof(where));
	if (trace_has_value(r))
		snprintf(value, sizeof(value), "%lld", (long long)r->value);
	snprintf(line, len, "%6u  %-14.14s %-10s %-44s %10s  %s", r->step,
		 task_name(r->task), sched_what_name(r->what), object, value, where);
}

void trace_print(FILE *out)
{
	char line[512];

	fprintf(out, "%6s  %-14s %-10s %-44s %10s  %s\n", "step", "task", "what",
		"object", "value", "where");
	if (trace_dropped())
		fprintf(out, "        (%zu earlier steps were dropped)\n",
			trace_dropped());
	for (size_t i = 0; i < trace_count(); i++) {
		format(trace_get(i), line, sizeof(line));
		fprintf(out, "%s\n", line);
	}
}

/* over what trace_print() writes */
uint64_t trace_hash(void)
{
	uint64_t h = HASH_START;
	char line[512];

	for (size_t i = 0; i < trace_count(); i++) {
		format(trace_get(i), line, sizeof(line));
		h = hash_text(h, line);
	}
	return h;
}

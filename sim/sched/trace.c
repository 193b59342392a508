// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace: records in a ring, texts in a pool, and their printed form.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sched/checkpoint.h"
#include "sched/hash.h"
#include "sched/lines.h"
#include "sched/trace.h"

#define TRACE_TEXT_SIZE (256 * 1024)
#define PAGE		((uintptr_t)4096)

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

void trace_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, added);
	checkpoint_value(c, text_used);
	checkpoint_bytes(c, records, trace_count() * sizeof(records[0]));
	checkpoint_bytes(c, text, text_used);
}

void trace_give_back(void)
{
	uintptr_t from = ((uintptr_t)records + PAGE - 1) & ~(PAGE - 1);
	uintptr_t to = (uintptr_t)(records + TRACE_RECORDS) & ~(PAGE - 1);

	trace_reset();
	/* if it fails the pages stay */
	madvise((void *)from, to - from, MADV_DONTNEED);
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

/* ---- the printed form: an execution without an end has tens of thousands of lines, and
 * each replay is printed to be compared ---- */

#define LINE   512  /* bytes at most */
#define WHERES 256u /* a power of two */

/* where the steps of the trace are, in words; of the one that is printed now */
static struct where {
	const struct sched_site *site;
	char words[160];
} wheres[WHERES];

static void begin_format(void)
{
	for (unsigned int i = 0; i < WHERES; i++)
		wheres[i].site = NULL;
}

static const char *where(const struct trace_record *r)
{
	struct where *w = &wheres[hash_word((uintptr_t)r->site) >> 32 & (WHERES - 1)];

	if (!r->site)
		return "";
	if (w->site != r->site) {
		w->site = r->site;
		trace_where(r, w->words, sizeof(w->words));
	}
	return w->words;
}

/* struct line - what is yet to be filled; its last byte is for the end */
struct line {
	char *at, *end;
};

/* at most @most bytes of @s, at least @width with blanks, which come first if @right */
static void put(struct line *l, const char *s, size_t most, size_t width, bool right)
{
	size_t length = strlen(s), n = length < most ? length : most;
	size_t blanks = n < width ? width - n : 0;
	size_t room = (size_t)(l->end - l->at);

	n = n < room ? n : room;
	blanks = blanks < room - n ? blanks : room - n;
	memset(right ? l->at : l->at + n, ' ', blanks);
	memcpy(right ? l->at + blanks : l->at, s, n);
	l->at += n + blanks;
	*l->at = '\0';
}

/* "%6u  %-14.14s %-10s %-44s %10s  %s" */
static void format(const struct trace_record *r, char *line, size_t len)
{
	struct line l = { line, line + len - 1 };
	char object[192], number[24];

	snprintf(number, sizeof(number), "%u", r->step);
	put(&l, number, LINE, 6, true);
	put(&l, "", 0, 2, false);
	put(&l, task_name(r->task), 14, 15, false);
	put(&l, sched_what_name(r->what), LINE, 10, false);
	put(&l, "", 0, 1, false);
	trace_object(r, object, sizeof(object));
	put(&l, object, LINE, 44, false);
	put(&l, "", 0, 1, false);
	number[0] = '\0';
	if (trace_has_value(r))
		snprintf(number, sizeof(number), "%lld", (long long)r->value);
	put(&l, number, LINE, 10, true);
	put(&l, "", 0, 2, false);
	put(&l, where(r), LINE, 0, false);
}

void trace_print(FILE *out)
{
	char line[LINE];

	fprintf(out, "%6s  %-14s %-10s %-44s %10s  %s\n", "step", "task", "what",
		"object", "value", "where");
	if (trace_dropped())
		fprintf(out, "        (%zu earlier steps were dropped)\n",
			trace_dropped());
	begin_format();
	for (size_t i = 0; i < trace_count(); i++) {
		format(trace_get(i), line, sizeof(line));
		fputs(line, out);
		fputc('\n', out);
	}
}

/* over what trace_print() writes */
uint64_t trace_hash(void)
{
	uint64_t h = HASH_START;
	char line[LINE];

	begin_format();
	for (size_t i = 0; i < trace_count(); i++) {
		format(trace_get(i), line, sizeof(line));
		h = hash_text(h, line);
	}
	return h;
}

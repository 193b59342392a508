// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at the heap: what is live, what an address is called, what became of an object.
 */
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "heap_i.h"
#include "runtime.h"
#include "symbols/field.h"

unsigned long shim_heap_live(unsigned long *bytes)
{
	if (bytes)
		*bytes = shim_heap.live_bytes;
	return shim_heap.live_nr;
}

void shim_heap_mark(void)
{
	for (struct heap_object *o = shim_heap.live.next; o != &shim_heap.live;
	     o = o->next)
		o->marked = 1;
}

/* what has the words of its type: where it was allocated, or where its cache was created
 */
const struct sched_site *shim_heap_made(const struct heap_object *o)
{
	for (size_t i = 0; i < sizeof(shim_heap.caches) / sizeof(shim_heap.caches[0]);
	     i++)
		if (shim_heap.caches[i].used && shim_heap.caches[i].name == o->label)
			return shim_heap.caches[i].created_at;
	return o->allocated_at;
}

void shim_heap_report_about(const char *rule, const struct shim_heap_object *o)
{
	bool inside = o->offset >= 0 && o->offset < (long)o->size;
	char object[REPORT_OBJECT];
	struct field field;

	if (!field_of(o->made, o->size, inside ? (size_t)o->offset : 0, &field)) {
		report_about(rule, o->label, NULL);
		return;
	}
	if (!inside)
		field.path[0] = '\0';
	report_about(rule, field_words(&field, object, sizeof(object)), NULL);
}

unsigned int shim_heap_report_leaks(void)
{
	unsigned int n = 0;

	/* oldest first: the list grows at its head */
	for (struct heap_object *o = shim_heap.live.prev; o != &shim_heap.live;
	     o = o->prev) {
		if (o->marked)
			continue;
		shim_heap_report_about(
			"leak", &(struct shim_heap_object){ .label = o->label,
							    .size = o->size,
							    .offset = (long)o->size,
							    .made = shim_heap_made(o) });
		report(REPORT_HEAP, o->allocated_at,
		       "leak: \"%s\" of %u bytes is never freed", o->label, o->size);
		n++;
	}
	return n;
}

unsigned int shim_heap_numbers(void)
{
	return shim_heap.numbers;
}

/*
 * The record is of the last HEAP_LOG_NR allocations. What was allocated before, in a
 * world that lives long, is found only while it is live.
 */
static const struct heap_object *older(const void *addr)
{
	if (shim_heap.numbers <= HEAP_LOG_NR || !heap_has(addr))
		return NULL;
	for (const struct heap_object *o = shim_heap.live.next; o != &shim_heap.live;
	     o = o->next)
		if ((const char *)addr >= (const char *)o &&
		    (const char *)addr < (const char *)o + heap_class_size(o->class))
			return o;
	return NULL;
}

/* number + 1 of the youngest object that holds @addr; 0: none */
unsigned int shim_heap_tag(const void *addr)
{
	uintptr_t a = (uintptr_t)addr;
	uint32_t oldest =
		shim_heap.numbers > HEAP_LOG_NR ? shim_heap.numbers - HEAP_LOG_NR : 0;

	if (!heap_has(addr))
		return 0;
	for (uint32_t n = shim_heap.numbers; n > oldest; n--) {
		const struct heap_entry *e = &shim_heap.log[(n - 1) % HEAP_LOG_NR];

		if (a >= e->addr && a < e->addr + e->size)
			return n;
	}
	return 0;
}

int shim_heap_tag_name(unsigned int tag, const void *addr, char *buf, size_t len)
{
	uint32_t number = tag - 1, oldest = shim_heap.numbers > HEAP_LOG_NR
						    ? shim_heap.numbers - HEAP_LOG_NR
						    : 0;
	const struct heap_entry *e = &shim_heap.log[number % HEAP_LOG_NR];
	unsigned int ordinal = 1;
	size_t offset;

	if (!tag || number < oldest)
		return 0;
	for (uint32_t n = oldest; n < number; n++)
		ordinal += !strcmp(shim_heap.log[n % HEAP_LOG_NR].label, e->label);
	offset = (uintptr_t)addr - e->addr;
	if (offset)
		snprintf(buf, len, "%s#%u+%zu", e->label, ordinal, offset);
	else
		snprintf(buf, len, "%s#%u", e->label, ordinal);
	return 1;
}

int shim_heap_name(const void *addr, char *buf, size_t len)
{
	const struct heap_object *o;

	if (shim_heap_tag_name(shim_heap_tag(addr), addr, buf, len))
		return 1;
	o = older(addr);
	if (o)
		snprintf(buf, len, "%s+%zu", o->label,
			 (size_t)((const char *)addr - (const char *)(o + 1)));
	return o != NULL;
}

const char *shim_heap_kind(const void *addr, size_t *offset)
{
	unsigned int tag = shim_heap_tag(addr);
	const struct heap_entry *e = &shim_heap.log[(tag - 1) % HEAP_LOG_NR];
	const struct heap_object *o = tag ? NULL : older(addr);

	if (o)
		*offset = (size_t)((const char *)addr - (const char *)(o + 1));
	else if (tag)
		*offset = (uintptr_t)addr - e->addr;
	else
		return NULL;
	return o ? o->label : e->label;
}

static void tell(const struct heap_object *o, const void *addr,
		 struct shim_heap_object *found)
{
	const struct sched_task *t =
		o->freed_by == HEAP_NOBODY ? NULL : sched_task_nr(o->freed_by);

	*found = (struct shim_heap_object){
		.label = o->label,
		.size = o->size,
		.offset = (const char *)addr - (const char *)(o + 1),
		.allocated_at = o->allocated_at,
		.made = shim_heap_made(o),
		.freed_at = o->magic == HEAP_MAGIC_FREE ? o->freed_at : NULL,
		.freed_by = t ? t->name : "-",
	};
}

/* the youngest object whose block - header, object, what is behind - has @addr */
int shim_heap_find(const void *addr, struct shim_heap_object *found)
{
	uintptr_t a = (uintptr_t)addr;
	uint32_t oldest =
		shim_heap.numbers > HEAP_LOG_NR ? shim_heap.numbers - HEAP_LOG_NR : 0;

	for (uint32_t n = shim_heap.numbers; n > oldest; n--) {
		const struct heap_entry *e = &shim_heap.log[(n - 1) % HEAP_LOG_NR];
		const struct heap_object *o = (const struct heap_object *)e->addr - 1;

		if (a < (uintptr_t)o || a >= (uintptr_t)o + heap_class_size(o->class))
			continue;
		tell(o, addr, found);
		return 1;
	}
	if (older(addr))
		tell(older(addr), addr, found);
	return older(addr) != NULL;
}

int shim_heap_is_live(const void *addr)
{
	const struct heap_entry *e;
	unsigned int tag = shim_heap_tag(addr);

	if (!tag)
		return older(addr) != NULL;
	e = &shim_heap.log[(tag - 1) % HEAP_LOG_NR];
	return ((struct heap_object *)e->addr - 1)->magic == HEAP_MAGIC_LIVE;
}

/* the header of an allocated object that begins at @p; NULL: there is none */
static const struct heap_object *object_at(const void *p)
{
	const struct heap_object *o;

	if ((uintptr_t)p % HEAP_SMALL_STEP || !heap_has(p))
		return NULL;
	o = (const struct heap_object *)p - 1;
	return o->magic == HEAP_MAGIC_LIVE ? o : NULL;
}

size_t shim_heap_size_at(const void *p)
{
	const struct heap_object *o = object_at(p);

	return o ? o->size : 0;
}

unsigned int shim_heap_number_at(const void *p)
{
	const struct heap_object *o = object_at(p);

	return o ? o->number + 1 : 0;
}

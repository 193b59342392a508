// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for what the trace shows: heap objects, user memory, page frames. An
 * address is never printed.
 */
#include "runtime.h"
#include "sched/script.h"
#include "sched/trace.h"
#include "shim/arena.h"
#include "shim/heap.h"
#include "shim/lock.h"
#include "shim/names.h"
#include "shim/page.h"

static uint32_t tag(const void *object)
{
	return shim_heap_tag(object);
}

static void name(const void *object, uint32_t heap_tag, char *buf, size_t len)
{
	if (heap_tag && shim_heap_tag_name(heap_tag, object, buf, len))
		return;
	if (!shim_page_name(object, buf, len))
		buf[0] = '\0';
}

static const char *kind(const void *object, size_t *offset)
{
	char name[32];

	*offset = 0;
	if (shim_page_of(object))
		return (uintptr_t)object < ARENA_USER ? "a page" : "user memory";
	/* a user frame's own struct is accessed for its mappings alone (runtime/vmap.c)
	 */
	if (shim_page_name(object, name, sizeof(name)) && name[0] == 'u')
		return "a mapping of user memory";
	return shim_heap_kind(object, offset);
}

static const struct sched_site *made(const void *object, size_t *size)
{
	struct shim_heap_object o;

	if (shim_page_of(object) || !shim_heap_find(object, &o))
		return NULL;
	*size = o.size;
	return o.made;
}

void shim_names_install(void)
{
	static const struct trace_namer namer = {
		.tag = tag, .name = name, .kind = kind, .made = made
	};

	trace_set_namer(&namer);
	script_set_lock_class(shim_lock_class_of);
}

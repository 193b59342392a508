/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of view.c: a pointer is followed only if there is an object where it leads, and a
 * list only as long as its links lead back. The subject may have made anything of them.
 */
#ifndef GLUE_VIEW_POINTERS_H
#define GLUE_VIEW_POINTERS_H

#include "glue.h"

#include "shim/heap.h"

/* only the first is told: what comes after it means little */
static void fault(struct queue_view *v, struct view_fault f)
{
	if (!v->fault.wrong)
		v->fault = f;
}

/* an object of that size, or larger, is there */
static bool leads(const void *p, size_t size, const char *what, struct queue_view *v)
{
	if (shim_heap_size_at(p) >= size)
		return true;
	fault(v, (struct view_fault){ VIEW_NO_OBJECT, false, 0, what, p });
	return false;
}

/* struct walk - along a list of objects of that size, with the link at that offset */
struct walk {
	const struct list_head *head, *at;
	const char *what;
	size_t offset, size;
	unsigned int seen;
};

#define WALK_MAX 4096u
#define WALK(first, type, name)                                        \
	{                                                              \
		(first), (first), (name), offsetof(struct type, list), \
			sizeof(struct type), 0                         \
	}

/* Return: the next object; NULL: that was all, or all that can be reached */
static const void *walk_on(struct walk *w, struct queue_view *v)
{
	const struct list_head *next = w->at->next;
	const char *object = (const char *)((uintptr_t)next - w->offset);
	enum view_wrong wrong = VIEW_GOOD;

	if (next != w->head && shim_heap_size_at(object) < w->size)
		wrong = VIEW_NO_OBJECT;
	else if (next->prev != w->at)
		wrong = VIEW_NOT_BACK;
	else if (next != w->head && w->seen == WALK_MAX)
		wrong = VIEW_ENDLESS;
	if (wrong)
		fault(v, (struct view_fault){ wrong, true, w->seen, w->what, next });
	if (wrong || next == w->head)
		return NULL;
	w->at = next;
	w->seen++;
	return object;
}

#endif /* GLUE_VIEW_POINTERS_H */

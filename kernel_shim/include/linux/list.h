/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for list.h. Copy, with the checks of CONFIG_DEBUG_LIST: a broken list is
 * reported (shim_warn()) and left as it is. Links are written by volatile accesses, as
 * WRITE_ONCE() does, but are no points: lists change under locks. list_empty() is a
 * point, since it is used without.
 */
#ifndef SHIM_LINUX_LIST_H
#define SHIM_LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>
#include <linux/types.h>
#ifdef SHIM_HOOKED
#include "shim/hook.h"
#endif

#define LIST_HEAD_INIT(name)     \
	{                        \
		&(name), &(name) \
	}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static __always_inline void INIT_LIST_HEAD(struct list_head *list)
{
#ifdef SHIM_HOOKED
	/* announced once for both, inline: a queue's hash table has hundreds of them */
	hook_two_pointers(list, SCHED_SITE("list"));
	asm volatile("movq %2, %0\n\tmovq %2, %1"
		     : "=m"(list->next), "=m"(list->prev)
		     : "r"(list));
#else
	shim_volatile(list->next) = list;
	shim_volatile(list->prev) = list;
#endif
}

/* what no list_head's address can be: NULL, poison, freed or fresh memory */
static __always_inline bool shim_list_wild(const struct list_head *p)
{
	return ((unsigned long)p - 1) >> 47;
}

static __always_inline bool shim_list_wild2(const struct list_head *p,
					    const struct list_head *q)
{
	return (((unsigned long)p - 1) | ((unsigned long)q - 1)) >> 47;
}

/* What is wrong is looked for only when something is, and out of line. */
static __maybe_unused __cold noinline void
shim_list_bad_add(const struct list_head *prev, const struct list_head *next,
		  const struct sched_site *site)
{
	if (shim_list_wild2(prev, next))
		shim_warn(site, "list_add corruption: into a list that is not one");
	else if (next->prev != prev || prev->next != next)
		shim_warn(site, "list_add corruption: the neighbours do not agree");
	else
		shim_warn(site, "list_add double add: the entry is there already");
}

static __maybe_unused __cold noinline void
shim_list_bad_del(const struct list_head *entry, const struct sched_site *site)
{
	if (entry->next == LIST_POISON1 || entry->prev == LIST_POISON2)
		shim_warn(site, "list_del corruption: the entry was deleted before");
	else if (shim_list_wild2(entry->prev, entry->next))
		shim_warn(site, "list_del corruption: the entry is on no list");
	else
		shim_warn(site, "list_del corruption: the neighbours do not agree");
}

static __always_inline void shim_list_insert(struct list_head *entry,
					     struct list_head *prev,
					     struct list_head *next,
					     const struct sched_site *site)
{
	if (unlikely(shim_list_wild2(prev, next) || next->prev != prev ||
		     prev->next != next || entry == prev || entry == next)) {
		shim_list_bad_add(prev, next, site);
		return;
	}
	shim_volatile(next->prev) = entry;
	shim_volatile(entry->next) = next;
	shim_volatile(entry->prev) = prev;
	shim_volatile(prev->next) = entry;
}

/* poison is wild, too: LIST_POISON1, LIST_POISON2 */
static __always_inline bool shim_list_unlink(struct list_head *entry,
					     const struct sched_site *site)
{
	struct list_head *prev = entry->prev, *next = entry->next;

	if (unlikely(shim_list_wild2(prev, next) || prev->next != entry ||
		     next->prev != entry)) {
		shim_list_bad_del(entry, site);
		return false;
	}
	shim_volatile(next->prev) = prev;
	shim_volatile(prev->next) = next;
	return true;
}

static __always_inline void shim_list_del(struct list_head *entry,
					  const struct sched_site *site)
{
	if (shim_list_unlink(entry, site)) {
		entry->next = LIST_POISON1;
		entry->prev = LIST_POISON2;
	}
}

static __always_inline void shim_list_del_init(struct list_head *entry,
					       const struct sched_site *site)
{
	if (shim_list_unlink(entry, site))
		INIT_LIST_HEAD(entry);
}

static __always_inline void shim_list_move(struct list_head *entry,
					   struct list_head *head, bool tail,
					   const struct sched_site *site)
{
	if (!shim_list_unlink(entry, site))
		return;
	if (tail)
		shim_list_insert(entry, head->prev, head, site);
	else
		shim_list_insert(entry, head, head->next, site);
}

/* as list_empty(), but no point: who splices a list holds its lock */
static __always_inline bool shim_list_none(const struct list_head *head)
{
	return shim_volatile(head->next) == head;
}

/* all of @list, which is not empty, between @prev and @next; @list is left as it is */
static __always_inline void shim_list_splice(const struct list_head *list,
					     struct list_head *prev,
					     struct list_head *next,
					     const struct sched_site *site)
{
	struct list_head *first = list->next, *last = list->prev;

	if (unlikely(shim_list_wild(first) || shim_list_wild(last) ||
		     first->prev != list || last->next != list || next->prev != prev)) {
		shim_warn(site, "list_splice corruption: a link does not point back");
		return;
	}
	first->prev = prev;
	shim_volatile(prev->next) = first;
	last->next = next;
	shim_volatile(next->prev) = last;
}

#define list_add(entry, head)                                    \
	({                                                       \
		struct list_head *head__ = (head);               \
                                                                 \
		shim_list_insert(entry, head__, head__->next,    \
				 SCHED_SITE(#entry ", " #head)); \
	})
#define list_add_tail(entry, head)                               \
	({                                                       \
		struct list_head *head__ = (head);               \
                                                                 \
		shim_list_insert(entry, head__->prev, head__,    \
				 SCHED_SITE(#entry ", " #head)); \
	})
#define list_del(entry)	     shim_list_del(entry, SCHED_SITE(#entry))
#define list_del_init(entry) shim_list_del_init(entry, SCHED_SITE(#entry))
#define list_move(entry, head) \
	shim_list_move(entry, head, false, SCHED_SITE(#entry ", " #head))
#define list_move_tail(entry, head) \
	shim_list_move(entry, head, true, SCHED_SITE(#entry ", " #head))

/* an empty list is read once and not written: a queue's hash table has hundreds */
#define list_splice(list, head)                                         \
	({                                                              \
		struct list_head *list__ = (list), *head__ = (head);    \
                                                                        \
		if (!shim_list_none(list__))                            \
			shim_list_splice(list__, head__, head__->next,  \
					 SCHED_SITE(#list ", " #head)); \
	})
#define list_splice_tail(list, head)                                    \
	({                                                              \
		struct list_head *list__ = (list), *head__ = (head);    \
                                                                        \
		if (!shim_list_none(list__))                            \
			shim_list_splice(list__, head__->prev, head__,  \
					 SCHED_SITE(#list ", " #head)); \
	})
#define list_splice_init(list, head)                                    \
	({                                                              \
		struct list_head *list__ = (list), *head__ = (head);    \
                                                                        \
		if (!shim_list_none(list__)) {                          \
			shim_list_splice(list__, head__, head__->next,  \
					 SCHED_SITE(#list ", " #head)); \
			INIT_LIST_HEAD(list__);                         \
		}                                                       \
	})
#define list_splice_tail_init(list, head)                               \
	({                                                              \
		struct list_head *list__ = (list), *head__ = (head);    \
                                                                        \
		if (!shim_list_none(list__)) {                          \
			shim_list_splice(list__, head__->prev, head__,  \
					 SCHED_SITE(#list ", " #head)); \
			INIT_LIST_HEAD(list__);                         \
		}                                                       \
	})

#define list_empty(head)                                  \
	({                                                \
		const struct list_head *empty__ = (head); \
                                                          \
		shim_mark_read(&empty__->next, #head);    \
		shim_volatile(empty__->next) == empty__;  \
	})

static inline bool list_is_singular(const struct list_head *head)
{
	return !shim_list_none(head) && head->next == head->prev;
}

static inline bool list_is_first(const struct list_head *entry,
				 const struct list_head *head)
{
	return entry->prev == head;
}

static inline bool list_is_last(const struct list_head *entry,
				const struct list_head *head)
{
	return entry->next == head;
}

static inline bool list_is_head(const struct list_head *entry,
				const struct list_head *head)
{
	return entry == head;
}

static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *p;
	size_t n = 0;

	for (p = head->next; p != head; p = p->next)
		n++;
	return n;
}

static inline void list_rotate_left(struct list_head *head)
{
	if (head->next != head)
		shim_list_move(head->next, head, true, SCHED_SITE("head->next, head"));
}

#define list_entry(ptr, type, member)	     container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)  list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member)                        \
	({                                                                  \
		struct list_head *of__ = (head);                            \
		struct list_head *first__;                                  \
                                                                            \
		shim_mark_read(&of__->next, #head);                         \
		first__ = shim_volatile(of__->next);                        \
		first__ != of__ ? list_entry(first__, type, member) : NULL; \
	})
#define list_next_entry(pos, member) \
	list_entry((pos)->member.next, typeof(*(pos)), member)
#define list_prev_entry(pos, member) \
	list_entry((pos)->member.prev, typeof(*(pos)), member)
#define list_entry_is_head(pos, head, member) (&(pos)->member == (head))

#define list_for_each(pos, head) \
	for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)
#define list_for_each_safe(pos, n, head)                               \
	for ((pos) = (head)->next, (n) = (pos)->next; (pos) != (head); \
	     (pos) = (n), (n) = (pos)->next)
#define list_for_each_entry(pos, head, member)                       \
	for ((pos) = list_first_entry(head, typeof(*(pos)), member); \
	     !list_entry_is_head(pos, head, member);                 \
	     (pos) = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member)              \
	for ((pos) = list_last_entry(head, typeof(*(pos)), member); \
	     !list_entry_is_head(pos, head, member);                \
	     (pos) = list_prev_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)               \
	for ((pos) = list_first_entry(head, typeof(*(pos)), member), \
	    (n) = list_next_entry(pos, member);                      \
	     !list_entry_is_head(pos, head, member);                 \
	     (pos) = (n), (n) = list_next_entry(n, member))

#define HLIST_HEAD_INIT       \
	{                     \
		.first = NULL \
	}
#define HLIST_HEAD(name)   struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(h) ((h)->first = NULL)

static inline void INIT_HLIST_NODE(struct hlist_node *n)
{
	n->next = NULL;
	n->pprev = NULL;
}

static inline bool hlist_unhashed(const struct hlist_node *n)
{
	return !n->pprev;
}

static inline bool hlist_empty(const struct hlist_head *h)
{
	return !h->first;
}

static __always_inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (h->first)
		h->first->pprev = &n->next;
	h->first = n;
	n->pprev = &h->first;
}

static __always_inline void hlist_del_init(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
	INIT_HLIST_NODE(n);
}

#define hlist_entry(ptr, type, member) container_of(ptr, type, member)
#define hlist_entry_safe(ptr, type, member)                        \
	({                                                         \
		struct hlist_node *node__ = (ptr);                 \
                                                                   \
		node__ ? hlist_entry(node__, type, member) : NULL; \
	})
#define hlist_for_each_entry(pos, head, member)                                      \
	for ((pos) = hlist_entry_safe((head)->first, typeof(*(pos)), member); (pos); \
	     (pos) = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))

#endif /* SHIM_LINUX_LIST_H */

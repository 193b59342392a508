/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for rbtree.h. Copy of the types and of the empty tree; inserting and
 * balancing are not provided, so each tree is empty.
 */
#ifndef SHIM_LINUX_RBTREE_H
#define SHIM_LINUX_RBTREE_H

#include <linux/compiler.h>
#include <linux/container_of.h>

#include "shim/log.h"

struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT			  ((struct rb_root){ NULL })
#define RB_EMPTY_ROOT(root)	  (!READ_ONCE((root)->rb_node))
#define RB_EMPTY_NODE(n)	  ((n)->__rb_parent_color == (unsigned long)(n))
#define rb_entry(p, type, member) container_of(p, type, member)
#define RB_CLEAR_NODE(n)	  ((n)->__rb_parent_color = (unsigned long)(n))

static inline struct rb_node *rb_first(const struct rb_root *root)
{
	if (root->rb_node)
		shim_unmodelled("rb_first", SCHED_SITE("rb_first"));
	return NULL;
}

#define rb_next(node) SHIM_UNMODELLED(struct rb_node *, "rb_next", node)

#endif /* SHIM_LINUX_RBTREE_H */

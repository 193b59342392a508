/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for rbtree.h. Copy of the types and of the empty tree; searching and
 * balancing are not provided.
 */
#ifndef SHIM_LINUX_RBTREE_H
#define SHIM_LINUX_RBTREE_H

#include <linux/container_of.h>

struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT		    ((struct rb_root){ NULL })
#define RB_EMPTY_ROOT(root) (!READ_ONCE((root)->rb_node))
#define RB_EMPTY_NODE(n)    ((n)->__rb_parent_color == (unsigned long)(n))
#define RB_CLEAR_NODE(n)    ((n)->__rb_parent_color = (unsigned long)(n))

#endif /* SHIM_LINUX_RBTREE_H */

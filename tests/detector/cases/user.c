// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done wrong with a pointer to user memory.
 */
#include <linux/highmem.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "cases.h"

static volatile u64 sink;

static void *hidden(void *p)
{
	__asm__("" : "+r"(p));
	return p;
}

CASE(dereferences_user)
{
	u32 *word = hidden(arg);

	sink = *word;
}

CASE(writes_user)
{
	char *text = hidden(arg);

	memset(text, 0, 20);
}

CASE(copies_from_user)
{
	u32 word;

	if (get_user(word, (u32 *)arg) || put_user(word, (u32 *)arg))
		word = 0;
	sink = word;
}

/* what was checked is not what is used */
CASE(fetches_length_twice)
{
	u32 head[2];
	u32 length;

	if (!copy_from_user(head, arg, sizeof(head)) && !get_user(length, (u32 *)arg + 1))
		sink = length;
}

CASE(fetches_neighbours)
{
	u32 first, second;

	if (!get_user(first, (u32 *)arg) && !get_user(second, (u32 *)arg + 1))
		sink = first + second;
}

/* the same again because it has to start again, not to use it twice */
CASE(fetches_in_a_loop)
{
	u32 word;

	for (int i = 0; i < 3; i++)
		if (!get_user(word, (u32 *)arg))
			sink = word;
}

/* @arg: an SQE in the ring, which the server can write */
CASE(reads_sqe_twice)
{
	const u16 *index = (const u16 *)((char *)arg + 40);

	if (READ_ONCE(*index) < 4)
		sink = READ_ONCE(*index);
}

CASE(reads_sqe_once)
{
	const u16 index = READ_ONCE(*(const u16 *)((char *)arg + 40));

	if (index < 4)
		sink = index;
}

static void use_pinned(void *user, bool unmapped_first)
{
	struct iov_iter iter;
	struct page *page = NULL;
	char *bytes;
	size_t start;

	if (import_ubuf(ITER_DEST, user, 100, &iter) ||
	    iov_iter_get_pages2(&iter, &page, 100, 1, &start) < 0)
		return;
	bytes = kmap_local_page(page);
	if (unmapped_first)
		kunmap_local(bytes);
	memset((char *)hidden(bytes) + start, 0, 100);
	if (!unmapped_first)
		kunmap_local(bytes);
	put_page(page);
}

CASE(uses_pinned_page)
{
	use_pinned(arg, false);
}

CASE(uses_address_after_unmapping)
{
	use_pinned(arg, true);
}

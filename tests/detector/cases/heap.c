// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done wrong with memory.
 */
#include <linux/err.h>
#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "cases.h"

struct parcel {
	u8 kind;
	/* three bytes that no member is */
	u32 weight;
	u64 address;
	u64 more[13]; /* so that it is copied by a call */
};

struct letter {
	spinlock_t lock;
	struct parcel *parcel;
	char text[40];
};

/* keeps the compiler from knowing what it is about to be told */
static void *hidden(void *p)
{
	__asm__("" : "+r"(p));
	return p;
}

static volatile u64 sink;

static struct letter *new_letter(gfp_t gfp)
{
	struct letter *letter = kmalloc_obj(*letter, gfp);

	spin_lock_init(&letter->lock);
	return hidden(letter);
}

CASE(reads_freed)
{
	struct letter *letter = new_letter(GFP_KERNEL);

	kfree(letter);
	sink = ((struct letter *)hidden(letter))->text[3];
}

CASE(reads_before_free)
{
	struct letter *letter = new_letter(GFP_KERNEL);

	letter->text[3] = 1;
	sink = letter->text[3];
	kfree(letter);
}

CASE(writes_freed)
{
	struct letter *letter = new_letter(GFP_KERNEL);

	kfree(letter);
	((struct letter *)hidden(letter))->parcel = NULL;
}

CASE(copies_freed)
{
	struct letter *letter = new_letter(GFP_KERNEL);
	char text[40];

	kfree(letter);
	memcpy(hidden(text), ((struct letter *)hidden(letter))->text, sizeof(text));
}

CASE(locks_freed)
{
	struct letter *letter = new_letter(GFP_KERNEL);

	kfree(letter);
	spin_lock(&((struct letter *)hidden(letter))->lock);
}

CASE(reads_behind)
{
	u32 *weights = hidden(kcalloc(5, sizeof(*weights), GFP_KERNEL));

	sink = weights[5];
	kfree(weights);
}

/* one more than there are */
CASE(makes_heads_behind)
{
	struct list_head *heads = kmalloc_array(3, sizeof(*heads), GFP_KERNEL);

	for (unsigned int i = 0; i < 4; i++)
		INIT_LIST_HEAD(hidden(&heads[i]));
	kfree(heads);
}

CASE(makes_heads)
{
	struct list_head *heads = kmalloc_array(4, sizeof(*heads), GFP_KERNEL);

	for (unsigned int i = 0; i < 4; i++)
		INIT_LIST_HEAD(hidden(&heads[i]));
	kfree(heads);
}

CASE(reads_last)
{
	u32 *weights = hidden(kcalloc(5, sizeof(*weights), GFP_KERNEL));

	sink = weights[4];
	kfree(weights);
}

CASE(writes_behind)
{
	u32 *weights = hidden(kcalloc(5, sizeof(*weights), GFP_KERNEL));

	/* far behind: not where a redzone is looked at when it is freed */
	weights[9] = 1;
	kfree(weights);
}

CASE(writes_before)
{
	u32 *weights = hidden(kcalloc(5, sizeof(*weights), GFP_KERNEL));

	weights[-1] = 1;
	kfree(weights);
}

CASE(clears_too_much)
{
	u32 *weights = hidden(kmalloc_array(5, sizeof(*weights), GFP_KERNEL));

	memset(weights, 0, 6 * sizeof(*weights));
	kfree(weights);
}

CASE(clears_all)
{
	u32 *weights = hidden(kmalloc_array(5, sizeof(*weights), GFP_KERNEL));

	memset(weights, 0, 5 * sizeof(*weights));
	kfree(weights);
}

CASE(compares_too_much)
{
	u32 *a = hidden(kcalloc(5, sizeof(*a), GFP_KERNEL));
	u32 *b = hidden(kcalloc(8, sizeof(*b), GFP_KERNEL));

	sink = memcmp(a, b, 8 * sizeof(*b));
	kfree(a);
	kfree(b);
}

CASE(copies_structure_behind)
{
	struct parcel *one = hidden(kzalloc_obj(*one));
	struct parcel *half = hidden(kzalloc(sizeof(*half) / 2, GFP_KERNEL));

	*one = *half;
	kfree(half);
	kfree(one);
}

CASE(copies_structure)
{
	struct parcel *one = hidden(kzalloc_obj(*one)),
		      *other = hidden(kzalloc_obj(*one));

	*one = *other;
	*other = (struct parcel){ .kind = 1 };
	kfree(other);
	kfree(one);
}

CASE(follows_freed_pointer)
{
	struct letter *letter = new_letter(GFP_KERNEL);
	struct parcel *parcel;

	letter->parcel = NULL;
	/* as if it had been read from the letter after that was freed */
	parcel = hidden((void *)0x6b6b6b6b6b6b6b6bul);
	kfree(letter);
	sink = parcel->address;
}

CASE(follows_null)
{
	struct letter *letter = hidden(NULL);

	sink = (u64)letter->parcel;
}

CASE(follows_error)
{
	u64 *word = hidden(ERR_PTR(-ENOMEM));

	sink = *word;
}

static void use_page(bool freed)
{
	struct page *page = alloc_page(GFP_KERNEL);
	u64 *words = hidden(kmap_local_page(page));

	words[1] = 3;
	if (freed)
		put_page(page);
	sink = words[1];
	if (!freed)
		put_page(page);
}

CASE(uses_freed_page)
{
	use_page(true);
}

CASE(uses_page)
{
	use_page(false);
}

/* ---- to the user ---- */

static void give_away(void *to, struct parcel *parcel)
{
	if (copy_to_user(to, parcel, sizeof(*parcel)))
		sink = 0;
	kfree(parcel);
}

/* all members, but not the bytes between them */
CASE(gives_away_hole)
{
	struct parcel *parcel = hidden(kmalloc_obj(*parcel));
	int i;

	parcel->kind = 1;
	parcel->weight = 2;
	parcel->address = 3;
	for (i = 0; i < 13; i++)
		parcel->more[i] = i;
	give_away(arg, parcel);
}

CASE(gives_away_written)
{
	struct parcel *parcel = hidden(kmalloc_obj(*parcel));

	memset(parcel, 0, sizeof(*parcel));
	parcel->kind = 1;
	give_away(arg, parcel);
}

CASE(gives_away_zeroed)
{
	give_away(arg, hidden(kzalloc_obj(struct parcel)));
}

CASE(gives_away_copy_of_hole)
{
	struct parcel *parcel = hidden(kmalloc_obj(*parcel));
	struct parcel *copy = hidden(kzalloc_obj(*copy));

	memset(&parcel->weight, 0, sizeof(*parcel) - 4);
	parcel->kind = 1;
	memcpy(copy, parcel, sizeof(*copy));
	kfree(parcel);
	give_away(arg, copy);
}

CASE(gives_away_copied_structure)
{
	struct parcel *parcel = hidden(kmalloc_obj(*parcel));
	struct parcel *copy = hidden(kzalloc_obj(*copy));

	parcel->kind = 1;
	*copy = *parcel;
	kfree(parcel);
	give_away(arg, copy);
}

static void give_page_away(void *to, bool written)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char *bytes = hidden(kmap_local_page(page));

	memset(bytes, 1, written ? 100 : 99);
	if (copy_to_user(to, bytes, 100))
		sink = 0;
	put_page(page);
}

CASE(gives_away_page)
{
	give_page_away(arg, false);
}

CASE(gives_away_written_page)
{
	give_page_away(arg, true);
}

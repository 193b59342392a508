// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page cache of a file, as notifications of a server see it: folios by index, each
 * with a lock and a reference of the cache's [mm/filemap.c, mm/truncate.c]. Compiled as
 * kernel code into every subject. Kind: model.
 */
#include <linux/list.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/wait.h>

struct cached {
	struct list_head on;
	pgoff_t index;
	struct folio *folio;
};

/* [folio_wait_table]: one queue for all; who is woken looks again */
static DECLARE_WAIT_QUEUE_HEAD(folio_wait);

void mapping_init(struct address_space *mapping, struct inode *host)
{
	mapping->host = host;
	INIT_LIST_HEAD(&mapping->folios__);
	spin_lock_init(&mapping->i_pages_lock__);
}

/* ---- locks of folios ---- */

void folio_lock(struct folio *folio)
{
	wait_event(folio_wait, !test_and_set_bit(PG_locked, &folio->page.shim.flags));
}

void folio_unlock(struct folio *folio)
{
	clear_bit_unlock(PG_locked, &folio->page.shim.flags);
	wake_up_all(&folio_wait);
}

/* ---- the cache ---- */

/* i_pages_lock__ is held */
static struct cached *find(struct address_space *mapping, pgoff_t index)
{
	struct cached *c;

	list_for_each_entry(c, &mapping->folios__, on)
		if (c->index == index)
			return c;
	return NULL;
}

struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = NULL;
	struct cached *c;

	spin_lock(&mapping->i_pages_lock__);
	c = find(mapping, index);
	if (c) {
		folio = c->folio;
		folio_get(folio);
	}
	spin_unlock(&mapping->i_pages_lock__);
	return folio ? folio : ERR_PTR(-ENOENT);
}

/* A folio that nobody else knows yet, locked, with the cache's reference and @one more.
 */
static struct cached *new_cached(pgoff_t index)
{
	struct cached *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	c->folio = folio_alloc(GFP_KERNEL, 0);
	if (!c->folio) {
		kfree(c);
		return NULL;
	}
	c->index = index;
	c->folio->index = index;
	c->folio->page.shim.cached = true;
	folio_get(c->folio);
	return c;
}

static void drop_cached(struct cached *c)
{
	folio_put(c->folio);
	kfree(c);
}

/* Return: the folio that is there now, @c's or another's, referenced */
static struct folio *add_cached(struct address_space *mapping, struct cached *c)
{
	struct folio *folio = c->folio, *other = NULL;
	struct cached *there;

	folio_lock(folio);
	spin_lock(&mapping->i_pages_lock__);
	there = find(mapping, c->index);
	if (there) {
		other = there->folio;
		folio_get(other);
	} else {
		list_add(&c->on, &mapping->folios__);
	}
	spin_unlock(&mapping->i_pages_lock__);
	if (!other)
		return folio;
	folio_unlock(folio);
	folio_put(folio);
	drop_cached(c);
	return other;
}

static bool is_cached(struct address_space *mapping, pgoff_t index, struct folio *folio)
{
	struct cached *c;
	bool same;

	spin_lock(&mapping->i_pages_lock__);
	c = find(mapping, index);
	same = c && c->folio == folio;
	spin_unlock(&mapping->i_pages_lock__);
	return same;
}

struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio, *made;
	struct cached *new;

	for (;;) {
		folio = filemap_get_folio(mapping, index);
		if (IS_ERR(folio)) {
			new = new_cached(index);
			if (!new)
				return ERR_PTR(-ENOMEM);
			made = new->folio;
			folio = add_cached(mapping, new);
			if (folio == made)
				return folio;
		}
		folio_lock(folio);
		if (is_cached(mapping, index, folio))
			return folio;
		/* truncated meanwhile */
		folio_unlock(folio);
		folio_put(folio);
	}
}

/* Take the first one from @start to @end off the list. */
static struct cached *take_one(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct cached *c, *found = NULL;

	spin_lock(&mapping->i_pages_lock__);
	list_for_each_entry(c, &mapping->folios__, on)
		if (c->index >= start && c->index <= end) {
			found = c;
			list_del(&c->on);
			break;
		}
	spin_unlock(&mapping->i_pages_lock__);
	return found;
}

int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start,
				  pgoff_t end)
{
	struct cached *c;

	while ((c = take_one(mapping, start, end))) {
		folio_lock(c->folio);
		folio_unlock(c->folio);
		drop_cached(c);
	}
	return 0;
}

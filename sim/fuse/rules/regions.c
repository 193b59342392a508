// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about buffers that requests share (FUSE_URING_BUFRING_INC): a buffer is free, or
 * some requests have regions of it. These lie in what was taken of the buffer, and are as
 * many as it counts; that they do not overlap is check_overlap()'s. And about buffers of
 * several sizes: what a request has is long enough.
 */
#include <string.h>

#include "fuse/rules/invariants.h"

#define ALIGN 64u /* FUSE_BUFRING_ALIGN */

size_t region_size(const struct queue_view *v, unsigned int need)
{
	size_t size = ((size_t)need + !need + ALIGN - 1) & ~(size_t)(ALIGN - 1);

	return size < v->buf_size ? size : v->buf_size;
}

/*
 * Its payload can get as long as it says, and not shorter, as it does when the reply has
 * been read while the entry is committed.
 */
static bool has_need(const struct ent_view *e)
{
	return e->has_buf && e->req.addr && e->req.needs_buf && e->list != LIST_COMMIT;
}

void check_sizes(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		const struct ent_view *e = &v->ents[i];
		size_t need = e->req.need < v->buf_size ? e->req.need : v->buf_size;

		if (has_need(e) && e->payload_len < need)
			broken(q, INV_REGION, "buffer", e->buf_id,
			       "entry %u has a buffer of %zu bytes for a payload of up "
			       "to %u",
			       ent_name(q, e), e->payload_len, e->req.need);
	}
}

static void check_region(struct queue_seen *q, const struct queue_view *v,
			 const struct ent_view *e)
{
	unsigned int id = e->buf_id, me = ent_name(q, e);
	const struct use_view *use;

	if (id >= v->nbufs) {
		broken(q, INV_BUFFER_ONCE, "buffer", id,
		       "entry %u owns a region of buffer %u, but there are only %u", me,
		       id, v->nbufs);
		return;
	}
	if (id >= VIEW_IDS)
		return;
	use = &v->uses[id];
	if (e->buf_offset + e->payload_len > use->bytes)
		broken(q, INV_REGION, "buffer", id,
		       "entry %u has bytes %u to %zu of buffer %u, of which %u are taken",
		       me, e->buf_offset, e->buf_offset + e->payload_len, id, use->bytes);
	if (use->bytes > v->buf_size)
		broken(q, INV_REGION, "buffer", id,
		       "%u bytes are taken of buffer %u, which has %zu", use->bytes, id,
		       v->buf_size);
	if (has_need(e) && e->payload_len != region_size(v, e->req.need))
		broken(q, INV_REGION, "region", me,
		       "entry %u has a region of %zu bytes for a payload of up to %u", me,
		       e->payload_len, e->req.need);
}

static unsigned int regions_of(const struct queue_view *v, unsigned int id)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < v->nr_ents; i++)
		n += v->ents[i].has_buf && v->ents[i].buf_id == id;
	return n;
}

static void check_buffer(struct queue_seen *q, const struct queue_view *v,
			 unsigned int id, unsigned int times_free)
{
	const struct use_view *use = &v->uses[id];
	unsigned int owned = regions_of(v, id);

	if (times_free > 1)
		broken(q, INV_BUFFER_ONCE, "buffer", id, "buffer %u is free twice", id);
	else if (times_free && owned)
		broken(q, INV_BUFFER_ONCE, "buffer", id,
		       "buffer %u is free, and %u entries have regions of it", id, owned);
	else if (!times_free && !owned)
		broken(q, INV_BUFFER_SUM, "buffer", id,
		       "buffer %u is lost: neither free nor has an entry a region of it",
		       id);
	if (use->regions != owned)
		broken(q, INV_REGION, "buffer", id,
		       "buffer %u counts %u regions in use, and %u entries have one", id,
		       use->regions, owned);
	if (times_free && use->bytes)
		broken(q, INV_REGION, "buffer", id,
		       "buffer %u is free, and %u bytes of it are taken", id, use->bytes);
	if (times_free && v->open == (int)id)
		broken(q, INV_REGION, "buffer", id,
		       "buffer %u is free, and regions are taken of it", id);
}

void check_regions(struct queue_seen *q, const struct queue_view *v)
{
	unsigned int shown = v->nbufs < VIEW_IDS ? v->nbufs : VIEW_IDS;
	uint8_t times_free[VIEW_IDS] = { 0 };

	for (unsigned int i = 0; i < v->nr_ents; i++)
		if (v->ents[i].has_buf)
			check_region(q, v, &v->ents[i]);
	for (unsigned int i = 0; i < v->free_bufs && i < VIEW_IDS; i++) {
		unsigned int id = v->free_ids[i];

		if (id >= v->nbufs)
			broken(q, INV_BUFFER_ONCE, "buffer", id,
			       "buffer %u is free, but there are only %u", id, v->nbufs);
		else if (id < VIEW_IDS)
			times_free[id]++;
	}
	/* of larger rings the ids that are free are not all shown */
	if (v->nbufs > VIEW_IDS)
		return;
	for (unsigned int id = 0; id < shown; id++)
		check_buffer(q, v, id, times_free[id]);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about the buffers of a queue: each is in one place, and no two overlap.
 */
#include <stdio.h>
#include <string.h>

#include "fuse/rules/invariants.h"

#define SHOWN_IDS VIEW_IDS
#define NO_OWNER  0u /* in places[] below */
#define FREE	  1u
#define LEAVING	  2u
#define ENTRY(i)  ((i) + 3u)

/* where each buffer was found; all NO_OWNER between two checks */
static uint8_t places[1u << 16];

static void place_free(struct queue_seen *q, const struct queue_view *v, unsigned int n)
{
	char text[80];
	unsigned int id = v->free_ids[n];

	if (id >= v->nbufs) {
		broken(q, INV_BUFFER_ONCE, "buffer", id,
		       "buffer %u is free, but there are only %u", id, v->nbufs);
		return;
	}
	if (places[id] != NO_OWNER)
		broken(q, INV_BUFFER_ONCE, "buffer", id, "buffer %u is free twice; %s",
		       id, owners_text(q, id, text, sizeof(text)));
	places[id] = FREE;
}

static void place_owned(struct queue_seen *q, const struct queue_view *v, unsigned int n)
{
	const struct ent_view *e = &v->ents[n];
	unsigned int id = e->buf_id, me = ent_name(q, e);
	char text[80];

	if (id >= v->nbufs) {
		broken(q, INV_BUFFER_ONCE, "buffer", id,
		       "entry %u owns buffer %u, but there are only %u", me, id,
		       v->nbufs);
		return;
	}
	if (places[id] == FREE)
		broken(q, INV_BUFFER_ONCE, "buffer", id,
		       "buffer %u is free, and entry %u owns it; %s", id, me,
		       owners_text(q, id, text, sizeof(text)));
	else if (places[id] != NO_OWNER)
		broken(q, INV_BUFFER_ONCE, "buffer", id,
		       "buffer %u is owned by entry %u and entry %u; %s", id,
		       ent_name(q, &v->ents[places[id] - ENTRY(0)]), me,
		       owners_text(q, id, text, sizeof(text)));
	places[id] = (uint8_t)ENTRY(n);
}

/* Which one is missing can be told only of rings whose free buffers are all shown. */
static void name_lost(struct queue_seen *q, const struct queue_view *v,
		      unsigned int owned)
{
	char text[80];

	for (unsigned int id = 0; id < v->nbufs && v->free_bufs <= SHOWN_IDS; id++) {
		if (places[id] != NO_OWNER)
			continue;
		broken(q, INV_BUFFER_SUM, "buffer", id,
		       "buffer %u is lost: neither free nor owned; %s", id,
		       owners_text(q, id, text, sizeof(text)));
		return;
	}
	broken(q, INV_BUFFER_SUM, "buffer", ~0ull,
	       "%u buffers are free and %u owned, of %u", v->free_bufs, owned, v->nbufs);
}

/*
 * Some trees take an entry off all lists to free it, and its buffer goes back
 * later. Until then it has what it had when it was last seen.
 */
static unsigned int held_by_leaving(struct queue_seen *q, const struct queue_view *v)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < q->nr_ents; i++) {
		const struct ent_seen *s = &q->ents[i];

		if (s->there || !s->buf || s->buf > v->nbufs ||
		    places[s->buf - 1] != NO_OWNER)
			continue;
		places[s->buf - 1] = LEAVING;
		n++;
	}
	return n;
}

void check_buffers(struct queue_seen *q, const struct queue_view *v)
{
	unsigned int owned = 0;

	for (unsigned int i = 0; i < v->free_bufs && i < SHOWN_IDS; i++)
		place_free(q, v, i);
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		if (!v->ents[i].has_buf)
			continue;
		place_owned(q, v, i);
		owned++;
	}
	owned += held_by_leaving(q, v);
	if (v->free_bufs + owned != v->nbufs)
		name_lost(q, v, owned);
	for (unsigned int i = 0; i < v->free_bufs && i < SHOWN_IDS; i++)
		places[v->free_ids[i]] = NO_OWNER;
	for (unsigned int i = 0; i < v->nr_ents; i++)
		places[v->ents[i].buf_id & 0xffff] = NO_OWNER;
	for (unsigned int i = 0; i < q->nr_ents; i++)
		if (q->ents[i].buf)
			places[q->ents[i].buf - 1] = NO_OWNER;
}

void note_owners(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		const struct ent_view *e = &v->ents[i];
		uint16_t me = (uint16_t)(ent_name(q, e) + 1);
		struct owners *o;

		if (!e->has_buf || e->buf_id >= v->nbufs)
			continue;
		o = &q->owners[e->buf_id];
		if (o->last == me)
			continue;
		o->before = o->last;
		o->last = me;
		if (q->nr_owned <= e->buf_id)
			q->nr_owned = e->buf_id + 1;
	}
}

static bool apart(uintptr_t a, size_t a_len, uintptr_t b, size_t b_len)
{
	return a + a_len <= b || b + b_len <= a;
}

static void check_two(struct queue_seen *q, const struct ent_view *a,
		      const struct ent_view *b)
{
	char text[80];

	if (!apart(a->headers, sizeof(struct abi_headers), b->headers,
		   sizeof(struct abi_headers)) &&
	    !given_twice(seen_fuse(), q->qid, a->headers) &&
	    !shares_iovecs(seen_fuse(), q->qid))
		broken(q, INV_OVERLAP, "header slot",
		       (uint64_t)ent_name(q, a) << 32 | ent_name(q, b),
		       "the header slots of entry %u and entry %u overlap",
		       ent_name(q, a), ent_name(q, b));
	if (!a->has_buf || !b->has_buf)
		return;
	if (!apart(a->payload, a->payload_len, b->payload, b->payload_len))
		broken(q, INV_OVERLAP, "buffer",
		       (uint64_t)ent_name(q, a) << 32 | ent_name(q, b),
		       "buffer %u of entry %u and buffer %u of entry %u overlap; %s",
		       a->buf_id, ent_name(q, a), b->buf_id, ent_name(q, b),
		       owners_text(q, a->buf_id, text, sizeof(text)));
}

/* Entries that bring memory of their own have what the server gave them. */
void check_overlap(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		for (unsigned int k = i + 1; k < v->nr_ents; k++) {
			if (ent_has_left(v->ents[i].list) ||
			    ent_has_left(v->ents[k].list))
				continue;
			check_two(q, &v->ents[i], &v->ents[k]);
		}
	}
}

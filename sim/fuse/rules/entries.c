// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about the entries of a queue: each is on the list of its state, has what an entry
 * there has, and no two have the same request.
 */
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "fuse/rules/invariants.h"
#include "shim/cover.h"
#include "shim/heap.h"

struct ent_seen *ent_seen(struct queue_seen *q, const void *addr)
{
	for (unsigned int i = 0; i < q->nr_ents; i++)
		if (q->ents[i].addr == addr)
			return &q->ents[i];
	return NULL;
}

unsigned int ent_name(struct queue_seen *q, const struct ent_view *e)
{
	const struct ent_seen *s = ent_seen(q, e->addr);

	return s ? s->name : ~0u;
}

static bool is_bufring(void)
{
	return seen_world()->subject->driver->caps & FUSE_CAN_BUFRING;
}

/* Return: NULL: there are more than can be */
static struct ent_seen *remember(struct queue_seen *q, const struct ent_view *e)
{
	struct ent_seen *s = ent_seen(q, e->addr);

	if (!s) {
		if (q->nr_ents == sizeof(q->ents) / sizeof(q->ents[0])) {
			broken(q, INV_LIST, "entries", ~0ull,
			       "more than %u entries are allocated", q->nr_ents);
			return NULL;
		}
		s = &q->ents[q->nr_ents];
		memset(s, 0, sizeof(*s));
		s->addr = e->addr;
		s->name = q->named++;
		s->list = LIST_NR;
		q->nr_ents++;
	}
	if (is_bufring() && seen_fuse()->config.payload == PAYLOAD_BUFRING)
		s->name = e->id;
	/* registered anew, it has the memory of that, the same or not */
	if (ent_has_left(s->list) && !ent_has_left(e->list))
		s->headers = s->payload = 0;
	if (s->list != e->list) {
		cover_state((uint64_t)s->list << 8 | e->list, q->site);
		s->list = e->list;
		s->since = report_position();
	}
	return s;
}

static const enum subject_ent_state list_states[LIST_NR] = {
	[LIST_AVAIL] = ENT_AVAILABLE,	[LIST_W_REQ] = ENT_FUSE_REQ,
	[LIST_COMMIT] = ENT_COMMIT,	[LIST_USERSPACE] = ENT_USERSPACE,
	[LIST_RELEASED] = ENT_RELEASED, [LIST_CANCELLED] = ENT_CANCELLED,
};

/* struct has - what an entry on a list has, and what it must not have */
static const struct has {
	bool cmd, no_cmd, req, no_req, no_buf;
} list_has[LIST_NR] = {
	[LIST_AVAIL] = { .cmd = true, .no_req = true, .no_buf = true },
	[LIST_W_REQ] = { .cmd = true, .req = true },
	[LIST_USERSPACE] = { .no_cmd = true, .req = true },
	[LIST_RELEASED] = { .no_cmd = true, .no_req = true, .no_buf = true },
	[LIST_CANCELLED] = { .no_cmd = true, .no_req = true, .no_buf = true },
};

static void check_fields(struct queue_seen *q, const struct ent_view *e,
			 unsigned int name)
{
	const struct has *has = &list_has[e->list];
	const char *wrong = NULL;
	char text[80] = "";

	if ((has->cmd && !e->has_cmd) || (has->no_cmd && e->has_cmd))
		wrong = e->has_cmd ? "has a command" : "has no command";
	if ((has->req && !e->req.addr) || (has->no_req && e->req.addr))
		wrong = e->req.addr ? "has a request" : "has no request";
	if (has->no_buf && e->has_buf) {
		snprintf(text, sizeof(text), " %u", e->buf_id);
		wrong = "has buffer";
	}
	if (wrong)
		broken(q, INV_FIELDS, "entry", name, "entry %u is %s and %s%s", name,
		       list_names[e->list], wrong, text);
}

static void check_held(struct queue_seen *q, const struct ent_view *e, unsigned int name)
{
	char text[80];

	if (!e->req.addr || e->req.needs_buf || !e->has_buf ||
	    (e->list != LIST_W_REQ && e->list != LIST_USERSPACE))
		return;
	broken(q, INV_HELD, "entry", name,
	       "entry %u has buffer %u, which %s does not need", name, e->buf_id,
	       request_words(seen_world(), &e->req, text, sizeof(text)));
}

/*
 * Our own entries are on a list for ever. Other trees take one off its list to
 * free it: it may not come back, and is forgotten when its memory is freed.
 */
static void check_missing(struct queue_seen *q)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < q->nr_ents; i++) {
		struct ent_seen *s = &q->ents[i];

		if (!s->there && is_bufring())
			broken(q, INV_LIST, "entry", s->name, "entry %u is on no list",
			       s->name);
		if (s->there || shim_heap_size_at(s->addr))
			q->ents[kept++] = *s;
	}
	q->nr_ents = kept;
}

static void check_entry(struct queue_seen *q, const struct ent_view *e)
{
	struct ent_seen *s = remember(q, e);

	if (!s || e->list >= LIST_NR)
		return;
	if (s->there)
		broken(q, INV_LIST, "entry", s->name, "entry %u is on two lists",
		       s->name);
	s->there = true;
	s->buf = e->has_buf ? e->buf_id + 1 : 0;
	if (e->state != list_states[e->list])
		broken(q, INV_LIST, "entry", s->name,
		       "entry %u is on the list of those that are %s, but its state is "
		       "%s",
		       s->name, list_names[e->list], state_names[e->state]);
	check_fields(q, e, s->name);
	check_held(q, e, s->name);
}

void check_lists(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < q->nr_ents; i++)
		q->ents[i].there = false;
	for (unsigned int i = 0; i < v->nr_ents; i++)
		check_entry(q, &v->ents[i]);
	check_missing(q);
}

void check_requests(struct queue_seen *q, const struct queue_view *v)
{
	char text[80];

	for (unsigned int i = 0; i < v->nr_ents; i++)
		for (unsigned int k = i + 1; k < v->nr_ents; k++) {
			const struct ent_view *a = &v->ents[i], *b = &v->ents[k];

			if (!a->req.addr || a->req.addr != b->req.addr)
				continue;
			broken(q, INV_REQUEST, "request", a->req.unique,
			       "entry %u and entry %u have the same request, %s",
			       ent_name(q, a), ent_name(q, b),
			       request_words(seen_world(), &a->req, text, sizeof(text)));
		}
}

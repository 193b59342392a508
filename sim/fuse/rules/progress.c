// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about requests that wait: not beside what could serve them, and not for ever.
 */
#include <stdio.h>

#include "detect/report.h"
#include "fuse/rules/invariants.h"

/* ---- since when ---- */

static unsigned long since(const struct queue_seen *q, uint64_t unique)
{
	for (unsigned int i = 0; i < q->nr_reqs; i++)
		if (q->reqs[i].unique == unique)
			return q->reqs[i].since;
	return report_position();
}

void note_waiting(struct queue_seen *q, const struct queue_view *v)
{
	unsigned int nr = v->waiting < VIEW_REQS ? v->waiting : VIEW_REQS;
	struct req_seen now[VIEW_REQS];

	if (!nr && !q->nr_reqs)
		return;
	for (unsigned int i = 0; i < nr; i++)
		now[i] = (struct req_seen){ v->reqs[i].unique,
					    since(q, v->reqs[i].unique) };
	for (unsigned int i = 0; i < nr; i++)
		q->reqs[i] = now[i];
	q->nr_reqs = nr;
}

/* ---- work conservation ---- */

/* An entry that could carry a request; @buffer: one of them has a buffer already. */
static const struct ent_view *available(const struct queue_view *v, bool *buffer)
{
	const struct ent_view *avail = NULL;

	*buffer = false;
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		if (v->ents[i].list != LIST_AVAIL || !v->ents[i].has_cmd)
			continue;
		if (!avail)
			avail = &v->ents[i];
		*buffer = *buffer || v->ents[i].has_buf;
	}
	return avail;
}

/* Is a buffer of that size free, or one of a larger size, and not needed there? */
static bool class_has_room(const struct queue_view *v, unsigned int need)
{
	unsigned int own = 0;

	while (own + 1 < v->nr_classes && v->classes[own].size < need)
		own++;
	for (unsigned int i = own; i < v->nr_classes; i++)
		if (v->classes[i].free > (i == own ? 0 : v->classes[i].waiting))
			return true;
	return false;
}

/* Is there what the request needs? @buffer: an entry has one that would do for any. */
static bool has_room(const struct queue_view *v, const struct req_view *r, bool buffer)
{
	if (!v->nbufs || !r->needs_buf)
		return true;
	if (v->regions)
		return v->free_bufs ||
		       (v->open >= 0 && v->open < (int)VIEW_IDS &&
			v->uses[v->open].bytes + region_size(v, r->need) <= v->buf_size);
	if (v->nr_classes > 1)
		return class_has_room(v, r->need);
	return v->free_bufs || buffer;
}

/* "; it needs no buffer", "; 1 of 2 buffers free" */
static const char *buffer_words(const struct queue_view *v, const struct req_view *r,
				char *text, size_t len)
{
	text[0] = '\0';
	if (v->nbufs && !r->needs_buf)
		snprintf(text, len, "; it needs no buffer");
	else if (v->nbufs)
		snprintf(text, len, "; %u of %u buffers free", v->free_bufs, v->nbufs);
	return text;
}

static void tell_since(struct queue_seen *q, const struct req_view *r,
		       const struct ent_view *avail)
{
	const struct ent_seen *s = ent_seen(q, avail->addr);

	report_detail("it waits since step %lu, entry %u is available since step %lu",
		      since(q, r->unique), s->name, s->since);
}

static const char *object_of(const struct queue_view *v, const struct req_view *r)
{
	if (v->nbufs && !r->needs_buf && v->first_needs_buf)
		return "request without payload behind one with";
	if (r->background)
		return "background request";
	return v->nbufs && !r->needs_buf ? "request without payload" : "request";
}

void check_conservation(struct queue_seen *q, const struct world *w,
			const struct queue_view *v)
{
	const struct ent_view *avail;
	char req[80], buf[48];
	bool buffer, waited = q->waits;

	q->waits = false;
	if (!v->waiting || v->stopped)
		return;
	avail = available(v, &buffer);
	for (unsigned int i = 0; avail && i < v->waiting && i < VIEW_REQS; i++) {
		const struct req_view *r = &v->reqs[i];

		if (!has_room(v, r, buffer))
			continue;
		q->waits = true;
		/* what is behind it waits for the same reason, whoever looks now */
		if (!waited &&
		    broken(q, INV_CONSERVATION, object_of(v, r), r->unique,
			   "%s waits although entry %u is available%s",
			   request_words(w, r, req, sizeof(req)), ent_name(q, avail),
			   buffer_words(v, r, buf, sizeof(buf))))
			tell_since(q, r, avail);
		return;
	}
}

/* ---- the background ---- */

/*
 * What another queue has let go, or a request that was answered over /dev/fuse, counts in
 * Linux from the next request of this queue on that ends, too.
 */
static bool is_let_go_elsewhere(const struct world *w, const struct ring_view *ring)
{
	return !(w->subject->driver->caps & FUSE_CAN_BUFRING) &&
	       (ring->nr_queues > 1 || fuse_of(w)->dev_serves);
}

void check_background(struct queue_seen *q, const struct world *w,
		      const struct queue_view *v, const struct ring_view *ring)
{
	const struct req_view *r = &v->bg_reqs[0];
	const struct ent_view *avail;
	char req[80], buf[48];
	bool buffer;

	if (!v->waiting_bg || v->stopped || v->fault.wrong)
		return;
	/* a higher limit counts from the next request on that ends, on /dev/fuse, too */
	if (fuse_of(w)->limit_set)
		return;
	if (v->active_background && (ring->active_background >= ring->max_background ||
				     is_let_go_elsewhere(w, ring)))
		return;
	avail = available(v, &buffer);
	if (!avail || !has_room(v, r, buffer))
		return;
	broken(q, INV_BACKGROUND, "background request", r->unique,
	       "%s waits in the background although %u of %u are under way, %u of this "
	       "queue, and entry %u is available%s",
	       request_words(w, r, req, sizeof(req)), ring->active_background,
	       ring->max_background, v->active_background, ent_name(q, avail),
	       buffer_words(v, r, buf, sizeof(buf)));
}

/* ---- starvation ---- */

static const char *const kind_names[KIND_NR] = {
	[KIND_PLAIN] = "request without payload",
	[KIND_BUFFER] = "request with payload",
	[KIND_BACKGROUND] = "background request",
};

static uint64_t oldest(const struct queue_view *v, enum req_kind kind)
{
	return kind == KIND_BACKGROUND ? v->oldest_bg : v->oldest[kind == KIND_BUFFER];
}

static bool is_of(const struct req_view *r, enum req_kind kind)
{
	return kind == KIND_BACKGROUND ? r->background
				       : r->needs_buf == (kind == KIND_BUFFER);
}

/*
 * Where requests need more or less, one that needs less than the oldest may pass it, and
 * of several sizes of buffers, one that needs more as well: it has others.
 */
static bool is_as_long(const struct queue_view *v, const struct req_view *r,
		       const struct kind_seen *k)
{
	if (v->nr_classes > 1) {
		for (unsigned int i = 0; i + 1 < v->nr_classes; i++)
			if ((r->need <= v->classes[i].size) !=
			    (k->need <= v->classes[i].size))
				return false;
		return true;
	}
	return !v->regions || r->need >= k->need;
}

static unsigned int need_of(const struct queue_view *v, uint64_t unique)
{
	for (unsigned int i = 0; i < v->waiting && i < VIEW_REQS; i++)
		if (number_of(v->reqs[i].unique) == unique)
			return v->reqs[i].need;
	return 0;
}

static void check_kind(struct queue_seen *q, const struct queue_view *v,
		       enum req_kind kind)
{
	struct kind_seen *k = &q->kinds[kind];
	uint64_t waiter = oldest(v, kind);

	if (k->waiter != waiter)
		*k = (struct kind_seen){ waiter, q->newest, 0, need_of(v, waiter) };
	if (!waiter)
		return;
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		const struct ent_view *e = &v->ents[i];
		const struct ent_seen *s = ent_seen(q, e->addr);
		bool is_new = s && e->req.addr && e->req.unique != s->unique;

		if (is_new && is_of(&e->req, kind) && is_as_long(v, &e->req, k) &&
		    number_of(e->req.unique) > k->after)
			k->overtaken++;
	}
	if (k->overtaken > OVERTAKING_BOUND)
		broken(q, INV_STARVATION, kind_names[kind], waiter,
		       "the %s with unique %llu waits while %u that came later were "
		       "served",
		       kind_names[kind], (unsigned long long)waiter, k->overtaken);
}

/* Who was waiting already when it became the oldest may go first. */
void check_starvation(struct queue_seen *q, const struct queue_view *v)
{
	if (v->newest > q->newest)
		q->newest = v->newest;
	for (unsigned int kind = 0; kind < KIND_NR; kind++)
		check_kind(q, v, kind);
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		const struct ent_view *e = &v->ents[i];
		struct ent_seen *s = ent_seen(q, e->addr);

		if (s)
			s->unique = e->req.addr ? e->req.unique : 0;
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of docs/architecture.md that can be seen in a queue from outside. A queue is
 * looked at when its lock is given back, and when no task can run: a holder of the lock
 * may be in the middle of a change. The checks use struct queue_view alone, so the rules
 * are the same for every tree; where a tree does not promise a rule, the report says what
 * its users have to expect.
 */
#include "fuse/invariants.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "shim/cover.h"
#include "shim/heap.h"

static struct owners all_owners[MAX_QUEUES][1u << 16];

static struct {
	struct world *w;
	struct fuse_mount *fm; /* also while it is being unmounted */
	unsigned int fm_number;
	struct queue_seen queues[MAX_QUEUES];
} seen;

static const struct {
	const char *name;
	enum report_kind kind;
} rules[] = {
	[INV_BUFFER_ONCE] = { "buffer-once", REPORT_ACCOUNTING },
	[INV_BUFFER_SUM] = { "buffer-sum", REPORT_ACCOUNTING },
	[INV_LIST] = { "entry-list", REPORT_ACCOUNTING },
	[INV_FIELDS] = { "entry-fields", REPORT_ACCOUNTING },
	[INV_REQUEST] = { "request-once", REPORT_ACCOUNTING },
	[INV_AREA] = { "area", REPORT_ACCOUNTING },
	[INV_OVERLAP] = { "overlap", REPORT_ACCOUNTING },
	[INV_HELD] = { "buffer-held", REPORT_ACCOUNTING },
	[INV_CONSERVATION] = { "work-conservation", REPORT_PROGRESS },
	[INV_BACKGROUND] = { "background-waits", REPORT_PROGRESS },
	[INV_STARVATION] = { "starvation", REPORT_PROGRESS },
	[INV_TIMEOUT] = { "timeout-missed", REPORT_PROGRESS },
	[INV_STALLED] = { "call-stalled", REPORT_PROGRESS },
	[INV_ABORTED] = { "call-outlives-abort", REPORT_PROGRESS },
	[INV_REFS] = { "teardown-refs", REPORT_ACCOUNTING },
	[INV_POINTERS] = { "pointers", REPORT_HEAP },
};

/* ---- reports ---- */

void rule_is_about(enum invariant rule, const char *object, const struct sched_site *site)
{
	char group[192];

	snprintf(group, sizeof(group), "%s: %s of %s%s%s",
		 report_kind_name(rules[rule].kind), rules[rule].name, object,
		 site ? " in " : "", site ? site->func : "");
	report_about(rules[rule].name, object, group);
}

static bool was_said(struct queue_seen *q, enum invariant rule, uint64_t of)
{
	for (unsigned int i = 0; i < q->nr_said; i++)
		if (q->said[i].rule == rule && q->said[i].of == of)
			return true;
	if (q->nr_said == SAID_MAX)
		return true;
	q->said[q->nr_said].rule = rule;
	q->said[q->nr_said++].of = of;
	return false;
}

bool broken(struct queue_seen *q, enum invariant rule, const char *object, uint64_t of,
	    const char *fmt, ...)
{
	char text[220];
	va_list ap;

	if (was_said(q, rule, of))
		return false;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rule_is_about(rule, object, q->site);
	if (report(rules[rule].kind, q->site, "queue %u: %s", q->qid, text))
		tell_queue(q, seen.w, &q->views[q->now]);
	return true;
}

/* ---- entries ---- */

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
	return seen.w->subject->driver->caps & FUSE_CAN_BUFRING;
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
	if (is_bufring() && fuse_of(seen.w)->config.payload == PAYLOAD_BUFRING)
		s->name = e->id;
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
	[LIST_RELEASED] = ENT_RELEASED,
};

/* struct has - what an entry on a list has, and what it must not have */
static const struct has {
	bool cmd, no_cmd, req, no_req, no_buf;
} list_has[LIST_NR] = {
	[LIST_AVAIL] = { .cmd = true, .no_req = true, .no_buf = true },
	[LIST_W_REQ] = { .cmd = true, .req = true },
	[LIST_USERSPACE] = { .no_cmd = true, .req = true },
	[LIST_RELEASED] = { .no_cmd = true, .no_req = true, .no_buf = true },
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
	       request_words(seen.w, &e->req, text, sizeof(text)));
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

	if (!s)
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

static void check_lists(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < q->nr_ents; i++)
		q->ents[i].there = false;
	for (unsigned int i = 0; i < v->nr_ents; i++)
		check_entry(q, &v->ents[i]);
	check_missing(q);
}

static void check_requests(struct queue_seen *q, const struct queue_view *v)
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
			       request_words(seen.w, &a->req, text, sizeof(text)));
		}
}

/* ---- user memory ---- */

static bool inside(uintptr_t p, size_t len, uintptr_t area, size_t area_len)
{
	return p >= area && len <= area_len && p - area <= area_len - len;
}

/* Did the server register that memory for this queue with any command? */
static bool given(unsigned int qid, uintptr_t p, size_t len, bool headers)
{
	const struct fuse *f = fuse_of(seen.w);

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct reg *r = &f->commands[i].reg;

		if (!r->cmd_op || r->qid != qid)
			continue;
		if (r->iov) /* whatever the test has put there */
			return true;
		if (headers ? inside(p, len, (uintptr_t)r->headers, r->headers_len)
			    : inside(p, len, (uintptr_t)r->payload, r->payload_len) ||
				      inside(p, len, r->pool_addr, r->pool_len))
			return true;
	}
	return false;
}

static void check_area(struct queue_seen *q, const struct ent_view *e)
{
	struct ent_seen *s = ent_seen(q, e->addr);

	if (!s)
		return;
	if (e->headers != s->headers) {
		if (!given(q->qid, e->headers, sizeof(struct abi_headers), true))
			broken(q, INV_AREA, "header slot", s->name,
			       "the header slot of entry %u is not in what the server "
			       "registered",
			       s->name);
		s->headers = e->headers;
	}
	if (e->payload && e->payload != s->payload) {
		if (!given(q->qid, e->payload, e->payload_len, false))
			broken(q, INV_AREA, "buffer", s->name,
			       "buffer %u of entry %u is not in what the server "
			       "registered",
			       e->buf_id, s->name);
		s->payload = e->payload;
	}
}

static void check_areas(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < v->nr_ents; i++)
		if (v->ents[i].list != LIST_RELEASED)
			check_area(q, &v->ents[i]);
}

/* ---- all of it ---- */

static void begin(struct queue_seen *q, unsigned int qid, const void *addr)
{
	struct owners *owners = all_owners[qid];
	unsigned int now = q->now;

	memset(owners, 0, q->nr_owned * sizeof(*owners));
	memset(q, 0, offsetof(struct queue_seen, said));
	q->addr = addr;
	q->qid = qid;
	q->owners = owners;
	q->now = now;
}

static unsigned int count_in_use(const struct queue_view *v)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < v->nr_ents; i++)
		n += v->ents[i].list != LIST_RELEASED;
	return n;
}

static void note_requests(const struct queue_view *v)
{
	for (unsigned int i = 0; i < v->nr_ents; i++)
		note_on_ring(seen.w, &v->ents[i].req);
	for (unsigned int i = 0; i < v->waiting && i < VIEW_REQS; i++)
		note_on_ring(seen.w, &v->reqs[i]);
	for (unsigned int i = 0; i < v->waiting_bg && i < VIEW_REQS; i++)
		note_on_ring(seen.w, &v->bg_reqs[i]);
}

static uint64_t few(unsigned int n, unsigned int most)
{
	return n < most ? n : most;
}

/* What there is none of, one or more: finer states are many, and say little more. */
static void cover_queue(const struct queue_seen *q, const struct queue_view *v)
{
	uint64_t state = 1;
	unsigned int lists = 0;

	if (!cover_on())
		return;
	for (unsigned int i = 0; i < v->nr_ents; i++)
		if (v->ents[i].list != LIST_RELEASED)
			lists |= 1u << v->ents[i].list;
	state = state << 2 | few(v->waiting, 2);
	state = state << 1 | few(v->waiting_bg, 1);
	state = state << 1 | few(v->free_bufs, 1);
	state = state << 1 | v->stopped;
	cover_state(state << 32 | lists, q->site);
}

/* The server has registered more entries than are remembered: a limit of the rules'. */
static bool gives_too_many(const struct queue_seen *q)
{
	const struct fuse *f = fuse_of(seen.w);
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_commands; i++)
		n += f->commands[i].reg.cmd_op == CMD_REGISTER &&
		     f->commands[i].reg.qid == q->qid && f->commands[i].pub.issued;
	return n > sizeof(q->ents) / sizeof(q->ents[0]);
}

static void check_queue(struct queue_seen *q, const struct queue_view *v)
{
	q->in_use = count_in_use(v);
	cover_queue(q, v);
	note_requests(v);
	/* more than can be seen: what is missing may be among the rest */
	if (!check_fault(q, v) || v->nr_ents >= VIEW_ENTS || gives_too_many(q))
		return;
	check_lists(q, v);
	check_requests(q, v);
	check_areas(q, v);
	if (v->nbufs) {
		note_owners(q, v);
		check_buffers(q, v);
		check_overlap(q, v);
	}
	note_waiting(q, v);
	check_conservation(q, seen.w, v);
	check_starvation(q, v);
}

static bool same(const struct queue_view *a, const struct queue_view *b)
{
	unsigned int ids = a->free_bufs < VIEW_IDS ? a->free_bufs : VIEW_IDS;
	unsigned int reqs = a->waiting < VIEW_REQS ? a->waiting : VIEW_REQS;
	unsigned int bg = a->waiting_bg < VIEW_REQS ? a->waiting_bg : VIEW_REQS;

	return !memcmp(a, b, offsetof(struct queue_view, ents)) &&
	       !memcmp(a->ents, b->ents, a->nr_ents * sizeof(a->ents[0])) &&
	       !memcmp(a->free_ids, b->free_ids, ids * sizeof(a->free_ids[0])) &&
	       !memcmp(a->reqs, b->reqs, reqs * sizeof(a->reqs[0])) &&
	       !memcmp(a->bg_reqs, b->bg_reqs, bg * sizeof(a->bg_reqs[0]));
}

/* What is as it was breaks no rule that it had not broken. */
static bool look_at(unsigned int qid, const struct sched_site *site, bool whole)
{
	const struct fuse_ops *ops = fuse_of(seen.w)->ops;
	struct queue_seen *q = &seen.queues[qid];
	struct queue_view *v = &q->views[!q->now];

	if (!(whole ? ops->queue_view : ops->queue_glance)(seen.fm, qid, v)) {
		q->in_use = 0;
		return false;
	}
	if (q->addr != v->addr)
		begin(q, v->qid, v->addr);
	else if (same(v, &q->views[q->now]))
		return true;
	q->now = !q->now;
	q->site = site;
	check_queue(q, v);
	return true;
}

/* Teardown is over when queue_refs gets to 0: each entry in use must be counted. */
static void check_refs(const struct ring_view *r)
{
	const struct fuse *f = fuse_of(seen.w);
	unsigned int in_use = 0;

	for (unsigned int qid = 0; qid < f->config.cpus; qid++) {
		if (f->ops->queue_locked(seen.fm, qid))
			return;
		in_use += seen.queues[qid].in_use;
	}
	if (r->exists && (r->queue_refs < 0 || (unsigned int)r->queue_refs < in_use))
		broken(&seen.queues[0], INV_REFS, "ring", 0,
		       "%u entries are in use, and teardown waits for %d", in_use,
		       r->queue_refs);
}

/* umount has taken the mount out of the world; until it is freed it can be seen. */
static bool mount_is_there(void)
{
	struct fuse_mount *fm = fuse_of(seen.w)->fm;

	if (!fm)
		return seen.fm && shim_heap_number_at(seen.fm) == seen.fm_number &&
		       seen.fm_number;
	if (seen.fm != fm) {
		seen.fm = fm;
		seen.fm_number = shim_heap_number_at(fm);
	}
	return true;
}

static void nobody_can_run(void)
{
	const struct fuse *f = fuse_of(seen.w);
	struct ring_view ring;

	f->ops->ring_view(seen.fm, &ring);
	for (unsigned int qid = 0; qid < f->config.cpus; qid++) {
		struct queue_seen *q = &seen.queues[qid];

		if (f->ops->queue_locked(seen.fm, qid) || !look_at(qid, NULL, true))
			continue;
		q->site = NULL;
		check_background(q, seen.w, &q->views[q->now], &ring);
	}
	check_refs(&ring);
	check_timeouts(seen.w);
}

static void look(const void *unlocked, const struct sched_site *site)
{
	const struct fuse_ops *ops = fuse_of(seen.w)->ops;
	struct ring_view ring;
	int qid;

	if (!mount_is_there())
		return;
	if (!unlocked) {
		nobody_can_run();
		return;
	}
	qid = ops->queue_of_lock(seen.fm, unlocked);
	if (qid < 0 || (unsigned int)qid >= fuse_of(seen.w)->config.cpus)
		return;
	look_at((unsigned int)qid, site, false);
	ops->ring_view(seen.fm, &ring);
	check_refs(&ring);
}

const struct fuse *seen_fuse(void)
{
	return fuse_of(seen.w);
}

struct queue_seen *queue_seen_nr(unsigned int qid)
{
	return &seen.queues[qid];
}

void fuse_watch(struct world *w, bool on)
{
	sched_set_observer(NULL);
	if (!on || !fuse_of(w)->ops->queue_glance)
		return;
	seen.w = w;
	seen.fm = NULL;
	for (unsigned int qid = 0; qid < MAX_QUEUES; qid++)
		begin(&seen.queues[qid], qid, NULL);
	sched_set_observer(look);
}

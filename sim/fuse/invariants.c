// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of SPEC.md that can be seen in a queue from outside, checked before
 * every step of every task.
 *
 * A queue is checked only while its lock is free: a holder of the lock may be in the
 * middle of a change. The checks use struct queue_view alone, so the rules are the same
 * for every tree; where a tree does not promise a rule, the report says what its users
 * have to expect.
 */
#include "fuse/invariants.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "shim/heap.h"

static struct owners all_owners[MAX_QUEUES][1u << 16];

static struct {
	struct world *w;
	struct fuse_mount *fm; /* also while it is being unmounted */
	unsigned int fm_tag;
	struct queue_seen queues[MAX_QUEUES];
} seen;

static const enum report_kind kinds[] = {
	[INV_BUFFER_ONCE] = REPORT_ACCOUNTING, [INV_BUFFER_SUM] = REPORT_ACCOUNTING,
	[INV_LIST] = REPORT_ACCOUNTING,	       [INV_FIELDS] = REPORT_ACCOUNTING,
	[INV_REQUEST] = REPORT_ACCOUNTING,     [INV_AREA] = REPORT_ACCOUNTING,
	[INV_OVERLAP] = REPORT_ACCOUNTING,     [INV_CONSERVATION] = REPORT_PROGRESS,
	[INV_STARVATION] = REPORT_PROGRESS,    [INV_REFS] = REPORT_ACCOUNTING,
};

/* The step before broke the rule, and is not recorded yet: name the place. */
void broken(struct queue_seen *q, enum invariant rule, const char *fmt, ...)
{
	const struct sched_site *site = sched_current() ? sched_current()->at : NULL;
	char text[200];
	va_list ap;

	if (q->said & (1u << rule))
		return;
	q->said |= 1u << rule;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	report(kinds[rule], site, "queue %u: %s", q->qid, text);
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

static struct ent_seen *remember(struct queue_seen *q, const struct ent_view *e)
{
	struct ent_seen *s = ent_seen(q, e->addr);

	if (!s) {
		if (q->nr_ents == sizeof(q->ents) / sizeof(q->ents[0]))
			world_full("entries that are looked at");
		s = &q->ents[q->nr_ents];
		memset(s, 0, sizeof(*s));
		s->addr = e->addr;
		s->name = q->named++;
		q->nr_ents++;
	}
	if (seen.w->subject->driver->caps & FUSE_CAN_BUFRING &&
	    fuse_of(seen.w)->config.payload == PAYLOAD_BUFRING)
		s->name = e->id;
	return s;
}

static const char *const list_names[LIST_NR] = {
	[LIST_AVAIL] = "available",   [LIST_W_REQ] = "with a request",
	[LIST_COMMIT] = "committing", [LIST_USERSPACE] = "in userspace",
	[LIST_RELEASED] = "released",
};

static const char *const state_names[ENT_NR_STATES] = {
	[ENT_INVALID] = "invalid",	  [ENT_COMMIT] = "committing",
	[ENT_AVAILABLE] = "available",	  [ENT_FUSE_REQ] = "with a request",
	[ENT_USERSPACE] = "in userspace", [ENT_TEARDOWN] = "torn down",
	[ENT_RELEASED] = "released",
};

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
	if ((has->req && !e->req) || (has->no_req && e->req))
		wrong = e->req ? "has a request" : "has no request";
	if (has->no_buf && e->has_buf) {
		snprintf(text, sizeof(text), " %u", e->buf_id);
		wrong = "has buffer";
	}
	if (wrong)
		broken(q, INV_FIELDS, "entry %u is %s and %s%s", name,
		       list_names[e->list], wrong, text);
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

		if (!s->there && seen.w->subject->driver->caps & FUSE_CAN_BUFRING)
			broken(q, INV_LIST, "entry %u is on no list", s->name);
		if (s->there || shim_heap_is_live(s->addr))
			q->ents[kept++] = *s;
	}
	q->nr_ents = kept;
}

static void check_lists(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < q->nr_ents; i++)
		q->ents[i].there = false;
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		const struct ent_view *e = &v->ents[i];
		struct ent_seen *s = remember(q, e);

		if (s->there)
			broken(q, INV_LIST, "entry %u is on two lists", s->name);
		s->there = true;
		s->buf = e->has_buf ? e->buf_id + 1 : 0;
		if (e->state != list_states[e->list])
			broken(q, INV_LIST,
			       "entry %u is on the list of those that are %s, but its "
			       "state "
			       "is %s",
			       s->name, list_names[e->list], state_names[e->state]);
		check_fields(q, e, s->name);
	}
	check_missing(q);
}

static void check_requests(struct queue_seen *q, const struct queue_view *v)
{
	for (unsigned int i = 0; i < v->nr_ents; i++)
		for (unsigned int k = i + 1; k < v->nr_ents; k++)
			if (v->ents[i].req && v->ents[i].req == v->ents[k].req)
				broken(q, INV_REQUEST,
				       "entry %u and entry %u have the same request",
				       ent_name(q, &v->ents[i]),
				       ent_name(q, &v->ents[k]));
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

	if (e->headers != s->headers) {
		if (!given(q->qid, e->headers, sizeof(struct abi_headers), true))
			broken(q, INV_AREA,
			       "the header slot of entry %u is not in what the server "
			       "registered",
			       s->name);
		s->headers = e->headers;
	}
	if (e->payload && e->payload != s->payload) {
		if (!given(q->qid, e->payload, e->payload_len, false))
			broken(q, INV_AREA,
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

/* ---- progress ---- */

static void check_conservation(struct queue_seen *q, const struct queue_view *v)
{
	const struct ent_view *avail = NULL;
	bool buffer = !v->nbufs || v->free_bufs;
	unsigned int served = v->waiting_no_buf;

	for (unsigned int i = 0; i < v->nr_ents; i++) {
		if (v->ents[i].list != LIST_AVAIL || !v->ents[i].has_cmd)
			continue;
		avail = &v->ents[i];
		buffer = buffer || avail->has_buf;
	}
	if (buffer)
		served = v->waiting;
	if (avail && served && !v->stopped)
		broken(q, INV_CONSERVATION,
		       "%u request(s) wait that could be sent: entry %u is available, "
		       "and %u of %u buffers are free",
		       served, ent_name(q, avail), v->free_bufs, v->nbufs);
}

/* Requests are numbered as they come; a resent one keeps its number, with a mark. */
static uint64_t number_of(uint64_t unique)
{
	return unique & ~(1ull << 63);
}

static void check_starvation(struct queue_seen *q, const struct queue_view *v)
{
	bool same = q->waiter && v->oldest_with_buf == q->waiter;

	if (!same)
		q->overtaken = 0;
	q->waiter = v->oldest_with_buf;
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		const struct ent_view *e = &v->ents[i];
		struct ent_seen *s = ent_seen(q, e->addr);
		bool is_new = e->req && e->unique != s->unique;

		s->unique = e->req ? e->unique : 0;
		if (same && is_new && (e->has_buf || !v->nbufs) &&
		    number_of(e->unique) > q->waiter)
			q->overtaken++;
	}
	if (q->overtaken > OVERTAKING_BOUND)
		broken(q, INV_STARVATION,
		       "a request waits for a buffer while %u that came later got one",
		       q->overtaken);
}

/* ---- all of it ---- */

static void begin(struct queue_seen *q, unsigned int qid, const void *addr)
{
	struct owners *owners = all_owners[qid];

	memset(owners, 0, q->nr_owned * sizeof(*owners));
	memset(q, 0, offsetof(struct queue_seen, ents));
	q->waiter = 0;
	q->overtaken = 0;
	q->nr_owned = 0;
	q->addr = addr;
	q->qid = qid;
	q->owners = owners;
}

static void check_queue(struct queue_seen *q, const struct queue_view *v)
{
	if (q->addr != v->addr)
		begin(q, v->qid, v->addr);
	check_lists(q, v);
	check_requests(q, v);
	check_areas(q, v);
	if (v->nbufs) {
		note_owners(q, v);
		check_buffers(q, v);
		check_overlap(q, v);
	}
	check_conservation(q, v);
	check_starvation(q, v);
}

/* Teardown is over when queue_refs gets to 0: each entry in use must be counted. */
static void check_refs(unsigned int in_use)
{
	struct ring_view r;

	fuse_of(seen.w)->ops->ring_view(seen.fm, &r);
	if (r.exists && (r.queue_refs < 0 || (unsigned int)r.queue_refs < in_use))
		broken(&seen.queues[0], INV_REFS,
		       "%u entries are in use, and teardown waits for %d", in_use,
		       r.queue_refs);
}

static unsigned int count_in_use(const struct queue_view *v)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < v->nr_ents; i++)
		n += v->ents[i].list != LIST_RELEASED;
	return n;
}

/* umount has taken the mount out of the world; until it is freed it can be seen. */
static bool mount_is_there(void)
{
	if (fuse_of(seen.w)->fm) {
		if (seen.fm != fuse_of(seen.w)->fm) {
			seen.fm = fuse_of(seen.w)->fm;
			seen.fm_tag = shim_heap_tag(seen.fm);
		}
		return true;
	}
	return seen.fm && shim_heap_tag(seen.fm) == seen.fm_tag &&
	       shim_heap_is_live(seen.fm);
}

static void look(void)
{
	const struct fuse_ops *ops = fuse_of(seen.w)->ops;
	static struct queue_view v;
	unsigned int in_use = 0;
	bool all = true;

	if (!mount_is_there())
		return;
	for (unsigned int qid = 0; qid < fuse_of(seen.w)->config.cpus; qid++) {
		if (ops->queue_locked(seen.fm, qid)) {
			all = false;
			continue;
		}
		if (!ops->queue_view(seen.fm, qid, &v))
			continue;
		check_queue(&seen.queues[qid], &v);
		in_use += count_in_use(&v);
	}
	if (all)
		check_refs(in_use);
}

void fuse_watch(struct world *w, bool on)
{
	sched_set_observer(NULL);
	if (!on)
		return;
	seen.w = w;
	seen.fm = NULL;
	for (unsigned int qid = 0; qid < MAX_QUEUES; qid++)
		begin(&seen.queues[qid], qid, NULL);
	sched_set_observer(look);
}

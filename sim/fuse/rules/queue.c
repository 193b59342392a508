// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of docs/architecture.md that can be seen in a queue from outside. A queue is
 * looked at when its lock is given back, and when no task can run: a holder of the lock
 * may be in the middle of a change. The checks use struct queue_view alone, so the rules
 * are the same for every tree; where a tree does not promise a rule, the report says what
 * its users have to expect.
 */
#include "fuse/rules/invariants.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "sched/checkpoint.h"
#include "shim/cover.h"
#include "shim/heap.h"
#include "shim/hook.h"

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
	[INV_REGION] = { "buffer-region", REPORT_ACCOUNTING },
	[INV_HELD] = { "buffer-held", REPORT_ACCOUNTING },
	[INV_CONSERVATION] = { "work-conservation", REPORT_PROGRESS },
	[INV_BACKGROUND] = { "background-waits", REPORT_PROGRESS },
	[INV_STARVATION] = { "starvation", REPORT_PROGRESS },
	[INV_TIMEOUT] = { "timeout-missed", REPORT_PROGRESS },
	[INV_STALLED] = { "call-stalled", REPORT_PROGRESS },
	[INV_ABORTED] = { "call-outlives-abort", REPORT_PROGRESS },
	[INV_PARKED] = { "command-outlives-abort", REPORT_PROGRESS },
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

/*
 * The server has registered more entries than are remembered, or as many as make a view
 * full, in which nothing was looked at: a limit of the rules'.
 */
bool gives_too_many(const struct queue_seen *q)
{
	const struct fuse *f = fuse_of(seen.w);
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_commands; i++)
		n += f->commands[i].reg.cmd_op == CMD_REGISTER &&
		     f->commands[i].reg.qid == q->qid && f->commands[i].pub.issued;
	return n > sizeof(q->ents) / sizeof(q->ents[0]) || n >= VIEW_ENTS;
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
		if (v->regions)
			check_regions(q, v);
		else
			check_buffers(q, v);
		if (v->nr_classes > 1)
			check_sizes(q, v);
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
	       (!a->regions || !memcmp(a->uses, b->uses, sizeof(a->uses))) &&
	       !memcmp(a->reqs, b->reqs, reqs * sizeof(a->reqs[0])) &&
	       !memcmp(a->bg_reqs, b->bg_reqs, bg * sizeof(a->bg_reqs[0]));
}

/* another one when an object was allocated or freed; not 0 */
static uint64_t heap_state(void)
{
	return (shim_heap_numbers() + 1ull) << 32 | (uint32_t)shim_heap_live(NULL);
}

/*
 * What is as it was breaks no rule that it had not broken. The hash table of requests has
 * hundreds of lists: where nothing changes, as while somebody polls, they are looked at
 * once.
 */
static bool look_at(unsigned int qid, const struct sched_site *site, bool idle)
{
	const struct fuse_ops *ops = fuse_of(seen.w)->ops;
	struct queue_seen *q = &seen.queues[qid];
	struct queue_view *v = &q->views[!q->now];
	const uint64_t heap = idle ? heap_state() : 0;
	const bool whole = idle && q->whole != heap;

	if (!(whole ? ops->queue_view : ops->queue_glance)(seen.fm, qid, v)) {
		q->in_use = 0;
		return false;
	}
	if (q->addr != v->addr) {
		begin(q, v->qid, v->addr);
	} else if (same(v, &q->views[q->now])) {
		if (whole)
			q->whole = heap;
		return true;
	} else if (idle && !whole) {
		ops->queue_view(seen.fm, qid, v);
	}
	q->now = !q->now;
	q->site = site;
	q->whole = heap;
	check_queue(q, v);
	return true;
}

/*
 * Teardown is over when queue_refs gets to 0: each entry in use must be counted, but
 * while a queue is locked.
 */
static void check_refs(const struct ring_view *r)
{
	const struct fuse *f = fuse_of(seen.w);
	unsigned int in_use = 0;

	for (unsigned int qid = 0; qid < f->config.cpus; qid++)
		in_use += seen.queues[qid].in_use;
	if (!r->exists || (r->queue_refs >= 0 && (unsigned int)r->queue_refs >= in_use))
		return;
	for (unsigned int qid = 0; qid < f->config.cpus; qid++)
		if (f->ops->queue_locked(seen.fm, qid))
			return;
	broken(&seen.queues[0], INV_REFS, "ring", 0,
	       "%u entries are in use, and teardown waits for %d", in_use, r->queue_refs);
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

void rules_checkpoint(struct checkpoint *c)
{
	unsigned int was[MAX_QUEUES];

	for (unsigned int qid = 0; qid < MAX_QUEUES; qid++)
		was[qid] = seen.queues[qid].nr_owned;
	checkpoint_bytes(c, &seen, offsetof(__typeof__(seen), queues));
	for (unsigned int qid = 0; qid < MAX_QUEUES; qid++) {
		struct queue_seen *q = &seen.queues[qid];

		/* of queues that nobody has looked at no more than that */
		checkpoint_bytes(c, q, offsetof(struct queue_seen, said));
		if (q->addr) {
			checkpoint_bytes(c, q->said,
					 offsetof(struct queue_seen, views) -
						 offsetof(struct queue_seen, said));
			checkpoint_value(c, q->views[q->now]);
		}
		checkpoint_table(c, all_owners[qid],
				 q->nr_owned * sizeof(all_owners[0][0]),
				 was[qid] * sizeof(all_owners[0][0]));
	}
}

const struct world *seen_world(void)
{
	return seen.w;
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
	hook_fetch_excuse(NULL);
	if (!on || !fuse_of(w)->ops->queue_glance)
		return;
	seen.w = w;
	seen.fm = NULL;
	for (unsigned int qid = 0; qid < MAX_QUEUES; qid++)
		begin(&seen.queues[qid], qid, NULL);
	sched_set_observer(look);
	hook_fetch_excuse(is_given_twofold);
}

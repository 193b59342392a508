// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the rules speak of requests, entries, buffers and queues.
 */
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "fuse/rules/invariants.h"
#include "shim/heap.h"

const char *const list_names[LIST_NR] = {
	[LIST_AVAIL] = "available",   [LIST_W_REQ] = "with a request",
	[LIST_COMMIT] = "committing", [LIST_USERSPACE] = "in userspace",
	[LIST_RELEASED] = "released", [LIST_CANCELLED] = "cancelled",
};

const char *const state_names[ENT_NR_STATES] = {
	[ENT_INVALID] = "invalid",	  [ENT_COMMIT] = "committing",
	[ENT_AVAILABLE] = "available",	  [ENT_FUSE_REQ] = "with a request",
	[ENT_USERSPACE] = "in userspace", [ENT_TEARDOWN] = "torn down",
	[ENT_RELEASED] = "released",	  [ENT_CANCELLED] = "cancelled",
};

/* ---- requests ---- */

static const char *client_words(const struct world *w, uint32_t pid)
{
	for (unsigned int i = 0; i < w->nr_actors; i++)
		if ((uint32_t)w->actors[i].task->pid == pid)
			return w->actors[i].name;
	return "nobody";
}

static const char *article(const char *word)
{
	return strchr("AEIO", word[0]) || !strncmp(word, "FS", 2) ? "an" : "a";
}

const char *request_words(const struct world *w, const struct req_view *r, char *text,
			  size_t len)
{
	const char *op = opcode_words(r->opcode);

	snprintf(text, len, "%s %s (unique %llu, of %s)", article(op), op,
		 (unsigned long long)number_of(r->unique), client_words(w, r->pid));
	return text;
}

/* ---- buffers ---- */

const char *owners_text(const struct queue_seen *q, unsigned int buf, char *text,
			size_t len)
{
	const struct owners *o = &q->owners[buf];

	if (!o->last)
		snprintf(text, len, "it was not used yet");
	else if (!o->before)
		snprintf(text, len, "last owner: entry %u", o->last - 1u);
	else
		snprintf(text, len, "last owners: entry %u, before that entry %u",
			 o->last - 1u, o->before - 1u);
	return text;
}

/* ---- the queue ---- */

static void tell_entry(struct queue_seen *q, const struct world *w,
		       const struct ent_view *e)
{
	char req[80] = "", buf[32] = "";

	if (e->req.addr)
		request_words(w, &e->req, req, sizeof(req));
	if (e->has_buf)
		snprintf(buf, sizeof(buf), ", buffer %u", e->buf_id);
	report_detail("  entry %u is %s%s%s%s", ent_name(q, e), list_names[e->list],
		      e->req.addr ? ", has " : "", req, buf);
}

static void tell_waiting(const struct world *w, const struct req_view *reqs,
			 unsigned int nr, const char *how)
{
	char req[80];

	for (unsigned int i = 0; i < nr && i < VIEW_REQS; i++)
		report_detail("  %s waits%s%s",
			      request_words(w, &reqs[i], req, sizeof(req)), how,
			      reqs[i].needs_buf ? "" : "; it needs no buffer");
}

void tell_queue(struct queue_seen *q, const struct world *w, const struct queue_view *v)
{
	if (v->nbufs)
		report_detail("queue %u%s, %u of %u buffers free:", v->qid,
			      v->stopped ? ", stopped" : "", v->free_bufs, v->nbufs);
	else
		report_detail("queue %u%s:", v->qid, v->stopped ? ", stopped" : "");
	for (unsigned int i = 0; i < v->nr_ents; i++)
		tell_entry(q, w, &v->ents[i]);
	tell_waiting(w, v->reqs, v->waiting, "");
	tell_waiting(w, v->bg_reqs, v->waiting_bg, " for the limits of the background");
}

/* ---- pointers ---- */

static void tell_object(const struct view_fault *f)
{
	struct shim_heap_object o;

	if (!shim_heap_find(f->at, &o))
		return;
	if (o.freed_at)
		report_detail("there was \"%s\", which %s freed in %s", o.label,
			      o.freed_by, o.freed_at->func);
	else
		report_detail("there is \"%s\"", o.label);
}

static const char *fault_words(const struct view_fault *f)
{
	struct shim_heap_object o;

	switch (f->wrong) {
	case VIEW_NOT_BACK:
		return "leads to a link that does not lead back";
	case VIEW_ENDLESS:
		return "does not come back to its head";
	default:
		if (!f->at)
			return "is NULL";
		if (shim_heap_find(f->at, &o))
			return o.freed_at ? "points to freed memory"
					  : "points into another object";
		return "points to no memory of the kernel's";
	}
}

bool check_fault(struct queue_seen *q, const struct queue_view *v)
{
	const struct view_fault *f = &v->fault;
	bool new;

	if (!f->wrong)
		return true;
	if (f->is_list && f->wrong != VIEW_ENDLESS)
		new = broken(q, INV_POINTERS, f->what, (uintptr_t)f->what,
			     "list %s is corrupted: the link after %u element(s) %s",
			     f->what, f->after, fault_words(f));
	else
		new = broken(q, INV_POINTERS, f->what, (uintptr_t)f->what, "%s%s %s",
			     f->is_list ? "list " : "", f->what, fault_words(f));
	if (new)
		tell_object(f);
	return false;
}

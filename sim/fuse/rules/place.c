// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the requests of calls are: on an entry of a ring, or on a queue's list.
 */
#include "fuse/rules/place.h"

#include <stdio.h>

static struct queue_view views[MAX_QUEUES];

void places_look(const struct fuse *f)
{
	for (unsigned int qid = 0; qid < f->config.cpus; qid++)
		if (!f->ops->queue_glance(f->fm, qid, &views[qid]))
			views[qid].addr = NULL;
}

bool place_is_of(const struct req_view *r, const struct call *c)
{
	return r->addr && r->pid == (uint32_t)c->actor->task->pid &&
	       r->opcode == c->opcode && r->nodeid == c->req.nodeid;
}

static bool find_waiting(const struct req_view *reqs, unsigned int nr,
			 const struct call *c, struct place *p)
{
	for (unsigned int i = 0; i < nr && i < VIEW_REQS; i++) {
		if (!place_is_of(&reqs[i], c))
			continue;
		p->req = &reqs[i];
		return true;
	}
	return false;
}

static bool find_in(const struct queue_view *v, const struct call *c, struct place *p)
{
	for (unsigned int i = 0; i < v->nr_ents; i++) {
		if (!place_is_of(&v->ents[i].req, c))
			continue;
		p->req = &v->ents[i].req;
		p->ent = &v->ents[i];
		return true;
	}
	if (find_waiting(v->reqs, v->waiting, c, p))
		return true;
	p->background = true;
	return find_waiting(v->bg_reqs, v->waiting_bg, c, p);
}

bool place_find(const struct fuse *f, const struct call *c, struct place *p)
{
	for (unsigned int qid = 0; qid < f->config.cpus; qid++) {
		*p = (struct place){ .q = queue_seen_nr(qid), .view = &views[qid] };
		if (views[qid].addr && find_in(&views[qid], c, p))
			return true;
	}
	return false;
}

const char *place_object(const struct fuse *f, const struct call *c, char *text,
			 size_t len)
{
	struct place p;

	snprintf(text, len, "call");
	if (place_find(f, c, &p) && p.ent)
		snprintf(text, len, "call of an entry that is %s",
			 list_names[p.ent->list]);
	return text;
}

static const struct req_view *first_of_list(const struct place *p)
{
	const struct queue_view *v = p->view;

	if (!p->ent)
		return p->background ? v->bg_reqs : v->reqs;
	for (unsigned int i = 0; i < v->nr_ents; i++)
		if (v->ents[i].list == p->ent->list)
			return &v->ents[i].req;
	return p->req;
}

bool place_is_behind(const struct place *p)
{
	const struct req_view *first = first_of_list(p);

	return first->addr && number_of(first->unique) > number_of(p->req->unique);
}

bool places_are_more(const struct fuse *f)
{
	for (unsigned int qid = 0; qid < f->config.cpus; qid++)
		if (views[qid].addr && views[qid].nr_ents >= VIEW_ENTS)
			return true;
	return false;
}

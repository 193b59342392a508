/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the requests of calls are: on an entry of a ring, or on a queue's list.
 */
#ifndef FUSE_PLACE_H
#define FUSE_PLACE_H

#include "fuse/rules/invariants.h"

/**
 * struct place - where a request was found
 * @ent: that has it; NULL: it waits, in the @background or not
 */
struct place {
	struct queue_seen *q;
	const struct queue_view *view;
	const struct req_view *req;
	const struct ent_view *ent;
	bool background;
};

/** places_look() - what place_find() finds is as it is now */
void places_look(const struct fuse *f);

/** place_is_of() - is it the request of that call? */
bool place_is_of(const struct req_view *r, const struct call *c);

/** place_find() - Return: whether the call's request is on a ring */
bool place_find(const struct fuse *f, const struct call *c, struct place *p);

/** place_object() - where it is, in words. Return: @text */
const char *place_object(const struct fuse *f, const struct call *c, char *text,
			 size_t len);

/** place_is_behind() - the first one of its list came later */
bool place_is_behind(const struct place *p);

/** places_are_more() - an entry that is not among those that were looked at may have it
 */
bool places_are_more(const struct fuse *f);

/** call_is_under_way() - and is answered some day */
static inline bool call_is_under_way(const struct call *c)
{
	return c->started && !c->done && c->opcode != OP_FORGET;
}

#endif /* FUSE_PLACE_H */

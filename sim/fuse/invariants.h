/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be true of a queue between any two steps, whatever the subject.
 */
#ifndef FUSE_INVARIANTS_H
#define FUSE_INVARIANTS_H

#include "fuse/fuse_i.h"

/* how often a request that needs a buffer may be passed by one that also does */
#define OVERTAKING_BOUND 8

/** struct owners - the owner of a buffer and the one before: entry + 1; 0: none */
struct owners {
	uint16_t last, before;
};

/**
 * struct ent_seen - an entry as it was when it was last looked at
 * @name: its number in reports: a buffer ring's id, else the order of appearance
 * @unique: of its request, or 0
 * @headers: user memory that is known to be registered by the server; @payload as well
 * @buf: the buffer that it had, plus one, or 0
 * @there: found on a list this time
 */
struct ent_seen {
	const void *addr;
	unsigned int name;
	uint64_t unique;
	uintptr_t headers, payload;
	unsigned int buf;
	bool there;
};

/**
 * struct queue_seen - a queue's past
 * @addr: of the queue; another one begins from scratch
 * @named: entries that were given a name
 * @said: a bit for each rule that was reported as broken: each once
 * @waiter: number of the oldest waiting request that needs a buffer
 * @overtaken: number of requests that overtook it
 * @owners: of each buffer, of which @nr_owned may be set
 */
struct queue_seen {
	const void *addr;
	unsigned int qid, said;
	unsigned int nr_ents, named;
	struct ent_seen ents[2 * MAX_ENTS];
	uint64_t waiter;
	unsigned int overtaken;
	struct owners *owners;
	unsigned int nr_owned;
};

enum invariant {
	INV_BUFFER_ONCE,  /* free exactly once, or owned by exactly one entry */
	INV_BUFFER_SUM,	  /* free + owned == all */
	INV_LIST,	  /* an entry is on the list that its state names */
	INV_FIELDS,	  /* and has a command and a request accordingly */
	INV_REQUEST,	  /* a request is on one entry */
	INV_AREA,	  /* only memory that the server registered is used */
	INV_OVERLAP,	  /* slots and buffers of two entries do not overlap */
	INV_CONSERVATION, /* a request that can be served does not wait */
	INV_STARVATION,	  /* no request is overtaken without bound */
	INV_REFS,	  /* teardown waits for every entry */
};

/** broken() - report that a rule does not hold, once per queue and execution */
void broken(struct queue_seen *q, enum invariant rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

struct ent_seen *ent_seen(struct queue_seen *q, const void *addr);
unsigned int ent_name(struct queue_seen *q, const struct ent_view *e);

/** owners_text() - "last owners: entry 2, before that entry 0" */
const char *owners_text(const struct queue_seen *q, unsigned int buf, char *text,
			size_t len);

/* invariants_buffers.c */
void check_buffers(struct queue_seen *q, const struct queue_view *v);
void check_overlap(struct queue_seen *q, const struct queue_view *v);
void note_owners(struct queue_seen *q, const struct queue_view *v);

#endif /* FUSE_INVARIANTS_H */

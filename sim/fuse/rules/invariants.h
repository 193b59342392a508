/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be true of a queue whenever its lock is free, and of requests whenever no
 * task can run, whatever the subject.
 */
#ifndef FUSE_INVARIANTS_H
#define FUSE_INVARIANTS_H

#include "fuse/fuse_i.h"
#include "fuse/opcodes.h"

/* how often a request may be passed by later ones of its kind */
#define OVERTAKING_BOUND 8
/* reports of a queue, in one execution */
#define SAID_MAX 16

enum invariant {
	INV_BUFFER_ONCE,  /* free exactly once, or owned by exactly one entry */
	INV_BUFFER_SUM,	  /* free + owned == all */
	INV_LIST,	  /* an entry is on the list that its state names */
	INV_FIELDS,	  /* and has a command and a request accordingly */
	INV_REQUEST,	  /* a request is on one entry */
	INV_AREA,	  /* only memory that the server registered is used */
	INV_OVERLAP,	  /* slots and buffers of two entries do not overlap */
	INV_REGION,	  /* what is used of a buffer is taken of it, and long enough */
	INV_HELD,	  /* who carries no payload holds no buffer */
	INV_CONSERVATION, /* a request that can be served does not wait */
	INV_BACKGROUND,	  /* nor does one in the background that the limits let go */
	INV_STARVATION,	  /* no request is overtaken without bound */
	INV_TIMEOUT,	  /* none outlives the time-out */
	INV_STALLED,	  /* a call returns while a server serves */
	INV_ABORTED,	  /* and when the connection was aborted */
	INV_PARKED,	  /* then a command of a thread that waits completes, too */
	INV_REFS,	  /* teardown waits for every entry */
	INV_POINTERS,	  /* pointers and lists lead somewhere */
};

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
 * @list: where it was found, since step @since
 * @there: found on a list this time
 * @shared: another entry had its header slot at the same time, now or before
 */
struct ent_seen {
	const void *addr;
	unsigned int name;
	uint64_t unique;
	uintptr_t headers, payload;
	unsigned int buf;
	enum subject_ent_list list;
	unsigned long since;
	bool there, shared;
};

/** struct req_seen - a request that waits, since step @since */
struct req_seen {
	uint64_t unique;
	unsigned long since;
};

/** enum req_kind - requests of one kind are served in the order in which they come */
enum req_kind { KIND_PLAIN, KIND_BUFFER, KIND_BACKGROUND, KIND_NR };

/**
 * struct kind_seen - the oldest request of a kind that waits
 * @waiter: its number
 * @need: bytes of a buffer, or 0
 * @after: the highest number when it became the oldest
 * @overtaken: number of requests that came later and were served
 */
struct kind_seen {
	uint64_t waiter, after;
	unsigned int overtaken, need;
};

/**
 * struct queue_seen - a queue's past
 * @addr: of the queue; another one begins from scratch
 * @named: entries that were given a name
 * @in_use: entries that teardown has to wait for
 * @site: where its lock was given back, or NULL
 * @said: rules that were reported as broken, each once of each object
 * @waits: a request that could be served waits, since the last look at least
 * @newest: highest number of a request so far
 * @whole: in which state of the heap the last view was a whole one; 0: in none
 * @owners: of each buffer, of which @nr_owned may be set
 * @pool, @pool_len: memory of its buffers that was compared with what the server
 *	registered
 * @views, @now: the last two; @views[@now] is the last
 */
struct queue_seen {
	const void *addr;
	unsigned int qid, nr_ents, named, in_use, nr_reqs, nr_said, nr_owned, now;
	const struct sched_site *site;
	bool waits;
	uint64_t newest, whole;
	struct owners *owners;
	uintptr_t pool;
	size_t pool_len;
	struct kind_seen kinds[KIND_NR];
	struct {
		enum invariant rule;
		uint64_t of;
	} said[SAID_MAX];
	struct ent_seen ents[2 * MAX_ENTS];
	struct req_seen reqs[VIEW_REQS];
	struct queue_view views[2];
};

/**
 * broken() - report that a rule does not hold
 * @object: kind of object, for known reports and groups
 * @of: which one: of each it is reported once per execution
 *
 * With a snapshot of the queue. Return: whether it was, so that report_detail() adds to
 * it.
 */
bool broken(struct queue_seen *q, enum invariant rule, const char *object, uint64_t of,
	    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/** rule_is_about() - report_about() for a report that is made elsewhere */
void rule_is_about(enum invariant rule, const char *object,
		   const struct sched_site *site);

/** number_of() - requests are numbered as they come; a resent one keeps its number, with
 * a mark
 */
static inline uint64_t number_of(uint64_t unique)
{
	return unique & ~(1ull << 63);
}

/* queue.c: for the other files */
struct queue_seen *queue_seen_nr(unsigned int qid);
/* the server registers more entries than can be looked at */
bool gives_too_many(const struct queue_seen *q);
const struct fuse *seen_fuse(void);
const struct world *seen_world(void);

/* entries.c */
struct ent_seen *ent_seen(struct queue_seen *q, const void *addr);
unsigned int ent_name(struct queue_seen *q, const struct ent_view *e);
void check_lists(struct queue_seen *q, const struct queue_view *v);
void check_requests(struct queue_seen *q, const struct queue_view *v);

/* areas.c */
void check_areas(struct queue_seen *q, const struct queue_view *v);
/* these bytes of the server's are in a header slot that it registered, and in a payload
 */
bool is_given_twofold(const void *p, size_t len);

/* words.c */
extern const char *const list_names[LIST_NR];
extern const char *const state_names[ENT_NR_STATES];
/** request_words() - "a GETATTR (unique 8, of client-b)". Return: @text */
const char *request_words(const struct world *w, const struct req_view *r, char *text,
			  size_t len);
/** tell_queue() - add a snapshot to the last report */
void tell_queue(struct queue_seen *q, const struct world *w, const struct queue_view *v);
/** owners_text() - "last owners: entry 2, before that entry 0" */
const char *owners_text(const struct queue_seen *q, unsigned int buf, char *text,
			size_t len);
/** check_fault() - whether all pointers could be followed */
bool check_fault(struct queue_seen *q, const struct queue_view *v);

/* buffers.c */
void check_buffers(struct queue_seen *q, const struct queue_view *v);
void check_overlap(struct queue_seen *q, const struct queue_view *v);
void note_owners(struct queue_seen *q, const struct queue_view *v);

/* regions.c */
/** check_regions() - instead of check_buffers(), where requests share buffers */
void check_regions(struct queue_seen *q, const struct queue_view *v);
/** check_sizes() - where buffers have several sizes */
void check_sizes(struct queue_seen *q, const struct queue_view *v);
/** region_size() - what a request takes of a buffer when it needs @need bytes */
size_t region_size(const struct queue_view *v, unsigned int need);

/* progress.c */
void note_waiting(struct queue_seen *q, const struct queue_view *v);
void check_conservation(struct queue_seen *q, const struct world *w,
			const struct queue_view *v);
void check_background(struct queue_seen *q, const struct world *w,
		      const struct queue_view *v, const struct ring_view *ring);
void check_starvation(struct queue_seen *q, const struct queue_view *v);

/* timeouts.c */
/** check_timeouts() - no task can run, time is about to pass */
void check_timeouts(struct world *w);

/* stalls.c */
/** note_on_ring() - the client's request is on the ring */
void note_on_ring(struct world *w, const struct req_view *r);

#endif /* FUSE_INVARIANTS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock order: which locks each task holds, and the edges that follow from it. An
 * edge is identified by its two classes and the two places, so that it does not matter
 * which process of a search saw it first.
 */
#include "detect/lock_order.h"

#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "sched/checkpoint.h"
#include "sched/hash.h"

#define NODES 128
#define SLOTS 256 /* of the table of nodes; a power of two */
#define PAIRS 64

struct lock_held lock_held;

/* struct pair - two locks of one class, and the task that took them in this order */
struct pair {
	struct lock_taken first, second;
	char task[24];
};

static struct {
	void (*describe)(const void *lock, struct lock_taken *out);
	enum lock_order_mode mode;
	struct lock_node nodes[NODES];
	unsigned int nr_nodes;
	uint8_t slot[SLOTS]; /* number of the node, from 1 */

	struct lock_edge edge[LOCK_EDGES];
	uint16_t next[LOCK_EDGES]; /* of the same two classes; number from 1 */
	uint16_t head[NODES][NODES];
	unsigned int nr, committed;

	/* of this execution */
	struct pair pair[PAIRS];
	unsigned int nr_pairs;

	const struct lock_edge *const *expected;
	unsigned int nr_expected;
	bool expected_came, full;
} o;

void lock_order_describe(void (*describe)(const void *lock, struct lock_taken *out))
{
	o.describe = describe;
}

/* what is known of a lock that task number @task holds */
static struct lock_taken held_by(unsigned int task, unsigned int i)
{
	struct lock_taken t = { .lock = lock_held.lock[task][i] };

	o.describe(t.lock, &t);
	return t;
}

/* said once, and no further edge is seen: the search is not what it claims to be */
static void overflow(const char *what, int bound)
{
	if (!o.full)
		report(REPORT_UNMODELLED, NULL, "lock order: more than %d %s", bound,
		       what);
	o.full = true;
}

/* ---- nodes ---- */

static int node_of(const struct lock_node *n)
{
	uint64_t h = hash_word((uintptr_t)n->class + n->subclass);
	unsigned int i = (unsigned int)(h >> 48) % SLOTS;

	for (; o.slot[i]; i = (i + 1) % SLOTS) {
		const struct lock_node *known = &o.nodes[o.slot[i] - 1];

		if (known->class == n->class && known->subclass == n->subclass)
			return o.slot[i] - 1;
	}
	if (o.nr_nodes == NODES) {
		overflow("classes of locks", NODES);
		return -1;
	}
	o.nodes[o.nr_nodes] = *n;
	o.slot[i] = (uint8_t)++o.nr_nodes;
	return o.slot[i] - 1;
}

static bool same_node(const struct lock_node *a, const struct lock_node *b)
{
	return a->class == b->class && a->subclass == b->subclass;
}

/* ---- a cycle is closed ---- */

static bool same_words(const struct lock_node *a, const struct lock_node *b)
{
	return a->subclass == b->subclass && !strcmp(a->name, b->name);
}

/* the edge of lock_order_expect(): with those of other executions it is a cycle */
static void close_expected(const struct lock_edge *e)
{
	struct lock_cycle cycle = { .nr = o.nr_expected };

	if (!o.nr_expected || o.expected_came ||
	    !same_words(&e->from.node, &o.expected[0]->from.node) ||
	    !same_words(&e->to.node, &o.expected[0]->to.node))
		return;
	o.expected_came = true;
	cycle.edge[0] = e;
	for (unsigned int i = 1; i < o.nr_expected; i++)
		cycle.edge[i] = o.expected[i];
	lock_cycle_report(&cycle);
}

/* Of several pairs of places for the same two classes the first is enough. */
static void close_here(const struct lock_edge *e, bool first)
{
	struct lock_cycle cycle;

	if (first && !o.expected_came && lock_cycle_through(o.edge, o.nr, e, &cycle))
		lock_cycle_report(&cycle);
}

/* ---- edges ---- */

static void fill_edge(struct lock_edge *e, const struct lock_taken *from,
		      const struct lock_taken *to, unsigned int task)
{
	e->from = *from;
	e->to = *to;
	e->scenario = NULL;
	e->execution = 0;
	e->nr_held = lock_held.nr[task];
	for (unsigned int i = 0; i < e->nr_held; i++)
		e->held[i] = held_by(task, i);
	memcpy(e->task, sched_current() ? sched_current()->name : "-",
	       sched_current() ? sizeof(e->task) : 2);
}

static void add_edge(uint16_t *head, const struct lock_taken *from,
		     const struct lock_taken *to, unsigned int task)
{
	struct lock_edge *e;
	bool first = !*head;

	if (o.nr == LOCK_EDGES) {
		overflow("orders of locks", LOCK_EDGES);
		return;
	}
	e = &o.edge[o.nr];
	fill_edge(e, from, to, task);
	o.next[o.nr++] = *head;
	*head = (uint16_t)o.nr;
	if (o.mode != LOCK_ORDER_REPORT)
		return;
	o.committed = o.nr;
	close_expected(e);
	close_here(e, first);
}

/* Return: where edges of the two classes begin; NULL: it is known, or cannot be kept */
static uint16_t *head_of_new(const struct lock_taken *from, const struct lock_taken *to)
{
	int a = node_of(&from->node), b = node_of(&to->node);

	if (a < 0 || b < 0)
		return NULL;
	for (unsigned int i = o.head[a][b]; i; i = o.next[i - 1])
		if (o.edge[i - 1].from.at == from->at && o.edge[i - 1].to.at == to->at)
			return NULL;
	return &o.head[a][b];
}

static void order(const struct lock_taken *from, const struct lock_taken *to,
		  unsigned int task)
{
	uint16_t *head = head_of_new(from, to);

	if (head)
		add_edge(head, from, to, task);
}

/* an edge of the execution that a checkpoint is of, if no other was committed since */
static void add_again(const struct lock_edge *e)
{
	uint16_t *head = head_of_new(&e->from, &e->to);

	if (!head || o.nr == LOCK_EDGES)
		return;
	o.edge[o.nr] = *e;
	o.next[o.nr++] = *head;
	*head = (uint16_t)o.nr;
}

/* ---- two locks of one class: their order matters within one execution ---- */

static const struct pair *pair_after(const void *lock, uint64_t seen)
{
	for (unsigned int i = 0; i < o.nr_pairs; i++)
		if (o.pair[i].first.lock == lock && !(seen & (1ull << i)))
			return &o.pair[i];
	return NULL;
}

/* the pair that leads to @to, of those reachable from @from */
static const struct pair *leads_to(const void *from, const void *to)
{
	const void *stack[PAIRS];
	unsigned int depth = 0;
	uint64_t seen = 0;

	for (;;) {
		const struct pair *p = pair_after(from, seen);

		if (!p) {
			if (!depth)
				return NULL;
			from = stack[--depth];
			continue;
		}
		seen |= 1ull << (p - o.pair);
		if (p->second.lock == to)
			return p;
		stack[depth++] = from;
		from = p->second.lock;
	}
}

static void pair_words(const struct pair *p, const char *which)
{
	char first[160], second[160];

	report_detail("%s: %s took one in %s, then another in %s", which, p->task,
		      lock_place_words(p->first.at, first, sizeof(first)),
		      lock_place_words(p->second.at, second, sizeof(second)));
}

static void report_pairs(const struct pair *old, const struct pair *now)
{
	char name[64];

	if (!report_pair(REPORT_LOCK, now->second.at, old->second.at,
			 "lock order: several %s, in both orders",
			 lock_node_words(&now->first.node, name, sizeof(name))))
		return;
	pair_words(old, "first");
	pair_words(now, "then the other way round");
}

static void order_pair(const struct lock_taken *from, const struct lock_taken *to)
{
	const struct pair *old;
	struct pair *p;

	for (unsigned int i = 0; i < o.nr_pairs; i++)
		if (o.pair[i].first.lock == from->lock &&
		    o.pair[i].second.lock == to->lock)
			return;
	if (o.nr_pairs == PAIRS) {
		overflow("nested locks of one class in an execution", PAIRS);
		return;
	}
	old = leads_to(to->lock, from->lock);
	p = &o.pair[o.nr_pairs++];
	p->first = *from;
	p->second = *to;
	memcpy(p->task, sched_current() ? sched_current()->name : "-",
	       sched_current() ? sizeof(p->task) : 2);
	if (old)
		report_pairs(old, p);
}

static bool lies_in(const void *lock, const char *p, size_t len)
{
	return (const char *)lock >= p && (const char *)lock < p + len;
}

static void forget_pairs(const void *p, size_t len)
{
	for (unsigned int i = 0; i < o.nr_pairs;) {
		if (lies_in(o.pair[i].first.lock, p, len) ||
		    lies_in(o.pair[i].second.lock, p, len))
			o.pair[i] = o.pair[--o.nr_pairs];
		else
			i++;
	}
}

/* ---- what the models say ---- */

void lock_order_take_slow(const void *lock, unsigned int subclass,
			  const struct sched_site *site)
{
	unsigned int task = lock_held_slot(sched_current());
	struct lock_taken to = { .lock = lock }, from;

	o.describe(lock, &to);
	to.node.subclass = subclass;
	to.at = site;
	if (!to.node.class || o.full)
		return;
	for (unsigned int i = 0; i < lock_held.nr[task]; i++) {
		from = held_by(task, i);
		if (!from.node.class || from.lock == lock)
			continue;
		if (same_node(&from.node, &to.node))
			order_pair(&from, &to);
		else
			order(&from, &to, task);
	}
}

void lock_order_overflow(void)
{
	overflow("locks held by one task", LOCK_HELD);
}

void lock_order_drop_slow(const void *lock)
{
	unsigned int task = lock_held_slot(sched_current()), nr = lock_held.nr[task];
	const void **held = lock_held.lock[task];

	for (unsigned int i = nr; i--;) {
		if (held[i] != lock)
			continue;
		memmove(held + i, held + i + 1, (nr - 1 - i) * sizeof(*held));
		lock_held.nr[task]--;
		return;
	}
}

void lock_order_freed_slow(const void *p, size_t len, const struct sched_site *site)
{
	unsigned int task = lock_held_slot(sched_current());
	char name[64], place[160];

	for (unsigned int i = 0; i < lock_held.nr[task]; i++) {
		struct lock_taken t;

		if (!lies_in(lock_held.lock[task][i], p, len))
			continue;
		t = held_by(task, i);
		report_pair(REPORT_LOCK, site, t.at,
			    "%s is freed while it is held, taken in %s",
			    lock_node_words(&t.node, name, sizeof(name)),
			    lock_place_words(t.at, place, sizeof(place)));
	}
	if (o.nr_pairs)
		forget_pairs(p, len);
}

/* ---- executions ---- */

void lock_order_watch(enum lock_order_mode mode)
{
	/* most of it was never touched, and is to stay so */
	memset(o.slot, 0, sizeof(o.slot));
	if (o.nr)
		memset(o.head, 0, sizeof(o.head));
	memset(lock_held.nr, 0, sizeof(lock_held.nr));
	o.nr = o.committed = o.nr_nodes = o.nr_pairs = o.nr_expected = 0;
	o.full = false;
	o.mode = mode;
	lock_held.watching = mode != LOCK_ORDER_OFF;
	sched_arm(lock_held.watching ? SCHED_BIT(SCHED_LOCK) | SCHED_BIT(SCHED_UNLOCK)
				     : 0);
}

static void drop_uncommitted(void)
{
	while (o.nr > o.committed) {
		const struct lock_edge *e = &o.edge[--o.nr];

		o.head[node_of(&e->from.node)][node_of(&e->to.node)] = o.next[o.nr];
	}
}

void lock_order_reset(void)
{
	if (!lock_held.watching)
		return;
	memset(lock_held.nr, 0, sizeof(lock_held.nr));
	o.nr_pairs = 0;
	o.expected_came = false;
	drop_uncommitted();
}

/* the orders that nobody has seen before this execution, and pairs of one class */
void lock_order_checkpoint(struct checkpoint *c)
{
	const unsigned int nr = o.nr - o.committed;
	unsigned int left = nr;

	checkpoint_value(c, lock_held.nr);
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		checkpoint_bytes(c, lock_held.lock[i],
				 lock_held.nr[i] * sizeof(lock_held.lock[i][0]));
	checkpoint_value(c, o.nr_pairs);
	checkpoint_bytes(c, o.pair, o.nr_pairs * sizeof(o.pair[0]));
	checkpoint_value(c, left);
	if (c->back)
		drop_uncommitted();
	for (; left; left--) {
		struct lock_edge e;

		if (!c->back)
			e = o.edge[o.committed + nr - left];
		checkpoint_value(c, e);
		if (c->back)
			add_again(&e);
	}
}

unsigned int lock_order_commit(const char *scenario, uint64_t execution,
			       unsigned int schedule)
{
	unsigned int new = o.nr - o.committed;

	for (; o.committed < o.nr; o.committed++) {
		o.edge[o.committed].scenario = scenario;
		o.edge[o.committed].execution = execution;
		o.edge[o.committed].schedule = schedule;
	}
	return new;
}

unsigned int lock_order_nr(void)
{
	return o.nr;
}

const struct lock_edge *lock_order_edge(unsigned int i)
{
	return i < o.nr ? &o.edge[i] : NULL;
}

void lock_order_expect(const struct lock_edge *const *cycle, unsigned int nr)
{
	o.expected = cycle;
	o.nr_expected = nr;
}

/* ---- words ---- */

const char *lock_held_words(const struct sched_task *task, char *buf, size_t len)
{
	unsigned int slot = lock_held_slot(task), used = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < lock_held.nr[slot] && used < len; i++) {
		struct lock_taken t = held_by(slot, i);
		char name[64], place[160];

		used += (unsigned int)snprintf(
			buf + used, len - used, "%s%s (%s)", i ? ", " : "",
			lock_node_words(&t.node, name, sizeof(name)),
			lock_place_words(t.at, place, sizeof(place)));
	}
	return lock_held.nr[slot] ? buf : "no lock";
}

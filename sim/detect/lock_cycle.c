// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cycles in the graph of lock orders, and their reports.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "detect/lock_order.h"
#include "detect/report.h"
#include "sched/lines.h"

/* ---- an order of edges that depends on words alone ---- */

static int compare_nodes(const struct lock_node *a, const struct lock_node *b)
{
	int by_name = strcmp(a->name, b->name);

	if (by_name)
		return by_name;
	return (a->subclass > b->subclass) - (a->subclass < b->subclass);
}

static int compare_sites(const struct sched_site *a, const struct sched_site *b)
{
	int by_file = strcmp(a->file, b->file);

	if (by_file)
		return by_file;
	return site_line(a) - site_line(b);
}

int lock_edge_compare(const void *a, const void *b)
{
	const struct lock_edge *x = a, *y = b;
	int by = compare_nodes(&x->from.node, &y->from.node);

	if (!by)
		by = compare_nodes(&x->to.node, &y->to.node);
	if (!by)
		by = compare_sites(x->from.at, y->from.at);
	if (!by)
		by = compare_sites(x->to.at, y->to.at);
	if (!by)
		by = (x->execution > y->execution) - (x->execution < y->execution);
	return by;
}

/* ---- search ---- */

static bool same_node(const struct lock_node *a, const struct lock_node *b)
{
	return a->class == b->class && a->subclass == b->subclass;
}

static bool follows(const struct lock_edge *a, const struct lock_edge *b)
{
	return same_node(&a->to.node, &b->from.node);
}

/* struct walk - edges in the order in which a breadth-first search came to them */
struct walk {
	uint16_t edge[LOCK_EDGES_ALL], before[LOCK_EDGES_ALL];
	uint8_t depth[LOCK_EDGES_ALL];
	bool seen[LOCK_EDGES_ALL];
	unsigned int nr;
};

static void come_to(struct walk *w, unsigned int edge, unsigned int before)
{
	w->depth[w->nr] = w->nr ? (uint8_t)(w->depth[before] + 1) : 1;
	w->before[w->nr] = (uint16_t)before;
	w->edge[w->nr++] = (uint16_t)edge;
	w->seen[edge] = true;
}

static void trace_back(const struct walk *w, const struct lock_edge *edges,
		       unsigned int last, struct lock_cycle *out)
{
	out->nr = w->depth[last];
	for (unsigned int i = out->nr; i--; last = w->before[last])
		out->edge[i] = &edges[w->edge[last]];
}

/* The reports are made on small stacks, and there is one search at a time. */
bool lock_cycle_through(const struct lock_edge *edges, unsigned int nr,
			const struct lock_edge *e, struct lock_cycle *out)
{
	static struct walk w;

	memset(&w, 0, sizeof(w));
	come_to(&w, (unsigned int)(e - edges), 0);
	for (unsigned int i = 0; i < w.nr; i++) {
		const struct lock_edge *at = &edges[w.edge[i]];

		if (follows(at, e)) {
			trace_back(&w, edges, i, out);
			return true;
		}
		if (w.depth[i] == LOCK_CYCLE_MAX)
			continue;
		for (unsigned int k = 0; k < nr; k++)
			if (!w.seen[k] && follows(at, &edges[k]))
				come_to(&w, k, i);
	}
	return false;
}

/* A cycle has no beginning: begin with the class whose name is the lowest. */
static void rotate(struct lock_cycle *c)
{
	struct lock_cycle old = *c;
	unsigned int first = 0;

	for (unsigned int i = 1; i < c->nr; i++)
		if (compare_nodes(&c->edge[i]->from.node, &c->edge[first]->from.node) < 0)
			first = i;
	for (unsigned int i = 0; i < c->nr; i++)
		c->edge[i] = old.edge[(first + i) % c->nr];
}

static bool same_cycle(const struct lock_cycle *a, const struct lock_cycle *b)
{
	if (a->nr != b->nr)
		return false;
	for (unsigned int i = 0; i < a->nr; i++)
		if (!same_node(&a->edge[i]->from.node, &b->edge[i]->from.node))
			return false;
	return true;
}

static bool is_new(const struct lock_cycle *c, const struct lock_cycle *known,
		   unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (same_cycle(c, &known[i]))
			return false;
	return true;
}

unsigned int lock_cycles(const struct lock_edge *edges, unsigned int nr,
			 struct lock_cycle *out, unsigned int max)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < nr && found < max; i++) {
		struct lock_cycle *c = &out[found];

		if (!lock_cycle_through(edges, nr, &edges[i], c))
			continue;
		rotate(c);
		if (is_new(c, out, found))
			found++;
	}
	return found;
}

/* ---- words ---- */

const char *lock_node_words(const struct lock_node *node, char *buf, size_t len)
{
	if (node->subclass)
		snprintf(buf, len, "%s/%u", node->name, node->subclass);
	else
		snprintf(buf, len, "%s", node->name);
	return buf;
}

/* what comes from a schedule file has words already */
const char *lock_place_words(const struct sched_site *at, char *buf, size_t len)
{
	if (at->func)
		snprintf(buf, len, "%s:%d (%s)", at->file, site_line(at), at->func);
	else
		snprintf(buf, len, "%s", at->file);
	return buf;
}

static void report_edge(const struct lock_edge *e)
{
	char from[64], to[64], from_at[160], to_at[160];

	report_detail("%s took %s in %s", e->task,
		      lock_node_words(&e->from.node, from, sizeof(from)),
		      lock_place_words(e->from.at, from_at, sizeof(from_at)));
	report_detail("  and then %s in %s", lock_node_words(&e->to.node, to, sizeof(to)),
		      lock_place_words(e->to.at, to_at, sizeof(to_at)));
	for (unsigned int i = 0; i < e->nr_held; i++)
		if (!same_node(&e->held[i].node, &e->from.node))
			report_detail("  and held %s, taken in %s",
				      lock_node_words(&e->held[i].node, to, sizeof(to)),
				      lock_place_words(e->held[i].at, to_at,
						       sizeof(to_at)));
	if (e->scenario)
		report_detail("  in execution %" PRIu64 " of %s", e->execution,
			      e->scenario);
}

bool lock_cycle_report(const struct lock_cycle *cycle)
{
	const struct lock_edge *last = cycle->edge[0];
	struct lock_cycle c = *cycle;
	char words[224], name[64];
	size_t used;

	rotate(&c);
	lock_node_words(&c.edge[0]->from.node, words, sizeof(words));
	for (unsigned int i = 0; i < c.nr; i++) {
		used = strlen(words);
		snprintf(words + used, sizeof(words) - used, " -> %s",
			 lock_node_words(&c.edge[i]->to.node, name, sizeof(name)));
	}
	if (!report_pair(REPORT_LOCK, last->to.at, cycle->edge[cycle->nr - 1]->to.at,
			 "lock order: %s", words))
		return false;
	for (unsigned int i = 0; i < c.nr; i++)
		report_edge(c.edge[i]);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second half of benchmark "memory": for how long requests wait when the room for
 * their payloads is less than entries of their own have, for each variant, amount,
 * distribution of sizes and load; and what has to be pinned for the same waiting.
 *
 * Simulated with the real rings (queueing.h), hence the same on every machine.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/bench/variants.h"
#include "fuse/fuse.h"
#include "program/program.h"

#define ENTRIES	 16u
#define REQUESTS 24000u
#define PAGE	 4096u
#define MOST	 33u /* amounts of a variant */
#define VARIANTS 10u
#define MIB	 (1024.0 * 1024.0)

/*
 * What is still the same waiting: longer by a hundredth of the mean time that serving
 * takes, on average and for the 99 % that wait least.
 */
#define SAME 100u

/* struct load - how requests come; @clients: those of a closed loop, else @percent */
struct load {
	const char *name;
	unsigned int percent, clients;
};

static const struct load loads[] = {
	{ "50 %", 50, 0 },
	{ "75 %", 75, 0 },
	{ "90 %", 90, 0 },
	{ "16 clients", 0, 16 },
};

#define LOADS	 (sizeof(loads) / sizeof(loads[0]))
#define DETAILED 1 /* of them */

/* struct point - an amount of a variant, and how long is waited then */
struct point {
	unsigned int amount, buffers;
	size_t pinned;
	struct queueing_result r;
};

/* struct curve - of a variant; @nr points, by amount */
struct curve {
	struct point at[MOST];
	unsigned int nr;
};

struct bench {
	const struct subject_bufring *br;
	const struct sizes *sizes;
	const struct load *load;
	struct arrival *requests;
	unsigned int nr;
	uint64_t service; /* mean */
	struct curve curves[VARIANTS];
	struct json_object *rows;
};

static bool simulate(const struct bench *b, const struct variant *v, unsigned int amount,
		     unsigned int policy, unsigned char *touched, struct point *point)
{
	struct room room;
	bool ok;

	if (!room_open(&room, b->br, v, b->sizes, ENTRIES, amount, policy))
		return false;
	room.queue.clients = b->load->clients;
	room.queue.touched = touched;
	*point = (struct point){ .amount = amount,
				 .buffers = room.buffers,
				 .pinned = room_pinned(&room) };
	ok = queueing_run(&room.queue, b->requests, b->nr, &point->r);
	return room_close(&room) && ok;
}

/* ---- rows ---- */

static struct json_object *row_of(const struct bench *b, const char *what,
				  const struct variant *v, const struct point *p)
{
	struct json_object *row = bench_row(b->rows, "memory");

	bench_put_text(row, "what", what);
	bench_put_text(row, "sizes", b->sizes->name);
	bench_put_text(row, "load", b->load->name);
	bench_put_text(row, "payload", v->name);
	bench_put_number(row, "entries", ENTRIES);
	bench_put_number(row, "amount", p->amount);
	bench_put_number(row, "buffers", p->buffers);
	bench_put_number(row, "payload_bytes", SIZES_LARGEST);
	bench_put_number(row, "pinned_bytes", p->pinned);
	return row;
}

static void put_point(const struct bench *b, const struct variant *v,
		      const struct point *p)
{
	struct json_object *row = row_of(b, "waiting", v, p);

	json_object_object_add(row, "overloaded",
			       json_object_new_boolean(p->r.overloaded));
	bench_put_number(row, "service_mean_ns", b->service);
	if (p->r.overloaded)
		return;
	bench_put_number(row, "requests", p->r.ended);
	bench_put_number(row, "waited", p->r.waited);
	bench_put_number(row, "waited_for_room", p->r.waited_for_room);
	bench_put_number(row, "wait_mean_ns", p->r.wait_mean);
	bench_put_number(row, "wait_p99_ns", p->r.wait_p99);
	bench_put_number(row, "peak_payload_bytes", p->r.most_payload);
	bench_put_number(row, "peak_taken_bytes", p->r.most_taken);
	bench_put(row, "requests_per_s", p->r.ended * 1e9 / (double)p->r.last);
}

/* ---- curves ---- */

/* With more of it, nothing changes any more. */
static bool never_waits_for_room(const struct point *p)
{
	return !p->r.overloaded && !p->r.waited_for_room;
}

static bool draw(struct bench *b, const struct variant *v, struct curve *curve)
{
	curve->nr = 0;
	for (unsigned int amount = 1; amount <= v->most; amount++) {
		struct point *p = &curve->at[curve->nr++];

		if (!simulate(b, v, amount, 0, NULL, p))
			return false;
		put_point(b, v, p);
		if (never_waits_for_room(p))
			break;
	}
	return true;
}

static bool not_longer(const struct point *p, const struct point *than, uint64_t slack)
{
	return !p->r.overloaded && p->r.wait_mean <= than->r.wait_mean + slack &&
	       p->r.wait_p99 <= than->r.wait_p99 + slack;
}

/* what pins least and does not wait longer; NULL: nothing */
static const struct point *least(const struct curve *curve, const struct point *than,
				 uint64_t slack)
{
	const struct point *best = NULL;

	for (unsigned int i = 0; i < curve->nr; i++)
		if (not_longer(&curve->at[i], than, slack) &&
		    (!best || curve->at[i].pinned < best->pinned))
			best = &curve->at[i];
	return best;
}

static const struct curve *curve_of(const struct bench *b, const char *name)
{
	unsigned int i = 0;

	while (variants[i].name && strcmp(variants[i].name, name) != 0)
		i++;
	return &b->curves[i];
}

static const struct point *as_own(const struct bench *b, const struct curve *curve)
{
	return least(curve, b->curves[0].at, b->service / SAME);
}

/* ---- as long as with entries of their own ---- */

static bool has_places(const struct variant *v)
{
	return v->model != &byte_count;
}

/* pages that were used at all, by policy: what is in memory if nothing is pinned */
static bool touched_bytes(const struct bench *b, const struct variant *v,
			  const struct point *p, size_t bytes[2])
{
	/* a layout may take more than the entries can use */
	size_t pages = p->pinned / PAGE + 1;
	unsigned char *touched = malloc(pages);
	bool ok = touched;

	for (unsigned int policy = 0; ok && policy < 2; policy++) {
		struct point again;

		memset(touched, 0, pages);
		ok = simulate(b, v, p->amount, policy, touched, &again);
		bytes[policy] = 0;
		for (size_t i = 0; ok && i < pages; i++)
			bytes[policy] += touched[i] * PAGE;
	}
	free(touched);
	return ok;
}

static double us(uint64_t ns)
{
	return (double)ns / 1e3;
}

static void print_head(const struct bench *b)
{
	printf("  %s (%s), load %s, %u entries: least that lets nobody wait longer\n",
	       b->sizes->name, b->sizes->words, b->load->name, ENTRIES);
	printf("    %-16s %4s %8s %8s %6s %6s %8s %8s  %s\n", "", "N", "pinned", "used",
	       "wait", "for", "mean", "99 %", "pages used, MiB");
	printf("    %-16s %4s %8s %8s %6s %6s %8s %8s %8s %8s\n", "", "", "MiB", "MiB",
	       "%", "room %", "us", "us", "fifo", "lifo");
}

static void print_point(const struct bench *b, const struct variant *v,
			const struct point *p, const size_t touched[2])
{
	double percent = 100.0 / b->nr;

	printf("    %-16s %4u %8.2f %8.2f %6.2f %6.2f %8.1f %8.1f", v->name, p->amount,
	       (double)p->pinned / MIB, (double)p->r.most_payload / MIB,
	       p->r.waited * percent, p->r.waited_for_room * percent, us(p->r.wait_mean),
	       us(p->r.wait_p99));
	if (has_places(v))
		printf(" %8.2f %8.2f", (double)touched[0] / MIB,
		       (double)touched[1] / MIB);
	putchar('\n');
}

static bool put_equal(const struct bench *b, const struct variant *v,
		      const struct curve *curve, bool print)
{
	const struct point *p = as_own(b, curve);
	struct json_object *row;
	size_t touched[2];

	if (!p) {
		if (print)
			printf("    %-16s waits longer\n", v->name);
		return true;
	}
	if (!touched_bytes(b, v, p, touched))
		return false;
	row = row_of(b, "equal", v, p);
	bench_put_number(row, "peak_payload_bytes", p->r.most_payload);
	bench_put_number(row, "wait_mean_ns", p->r.wait_mean);
	bench_put_number(row, "wait_p99_ns", p->r.wait_p99);
	if (has_places(v)) {
		bench_put_number(row, "fifo_touched_bytes", touched[0]);
		bench_put_number(row, "lifo_touched_bytes", touched[1]);
	}
	if (print)
		print_point(b, v, p, touched);
	return true;
}

/* ---- against a plain ring of each number of buffers ---- */

/* @plain: of a plain ring. Return: the ratio; 0: the variant has no point as good */
static double put_ratio(const struct bench *b, const struct variant *v,
			const struct curve *curve, const struct point *plain)
{
	const struct point *p = plain->r.overloaded ? NULL : least(curve, plain, 0);
	struct json_object *row;
	double ratio;

	if (!p)
		return 0;
	ratio = (double)p->pinned / (double)plain->pinned;
	row = row_of(b, "ratio", v, p);
	bench_put_number(row, "ring_buffers", plain->buffers);
	bench_put_number(row, "ring_pinned_bytes", plain->pinned);
	bench_put(row, "ratio", ratio);
	return ratio;
}

static void put_ratios(const struct bench *b, const struct variant *v,
		       const struct curve *curve, bool print)
{
	const struct curve *ring = curve_of(b, "ring");

	if (print)
		printf("    %-16s", v->name);
	for (unsigned int i = 0; i < ring->nr; i++) {
		double ratio = put_ratio(b, v, curve, &ring->at[i]);

		if (!print || ring->at[i].r.overloaded)
			continue;
		if (ratio > 0)
			printf(" %4.0f", 100 * ratio);
		else
			printf(" %4s", "-");
	}
	if (print)
		putchar('\n');
}

static void print_ratios_head(const struct bench *b)
{
	const struct curve *ring = curve_of(b, "ring");

	printf("  %s, load %s: %% of what a ring of N buffers pins, for no longer "
	       "waiting "
	       "than there\n    %-16s",
	       b->sizes->name, b->load->name, "");
	for (unsigned int i = 0; i < ring->nr; i++)
		if (!ring->at[i].r.overloaded)
			printf(" %4u", ring->at[i].buffers);
	putchar('\n');
}

/* ---- all of it ---- */

static bool compare(struct bench *b, bool print)
{
	unsigned int busy = b->load->percent * ENTRIES;

	b->service = sizes_arrivals(b->sizes, busy, b->requests, b->nr);
	for (unsigned int i = 0; variants[i].name; i++)
		if (!draw(b, &variants[i], &b->curves[i]))
			return false;
	if (print)
		print_head(b);
	for (unsigned int i = 0; variants[i].name; i++)
		if (!put_equal(b, &variants[i], &b->curves[i], print))
			return false;
	if (print)
		print_ratios_head(b);
	for (unsigned int i = 1; variants[i].name; i++)
		put_ratios(b, &variants[i], &b->curves[i], print);
	return true;
}

struct summary {
	double pinned[VARIANTS][LOADS]; /* 0: waits longer */
};

static void print_summary(const struct sizes *sizes, const struct summary *s)
{
	printf("  %s: MiB pinned for the same waiting, by load\n    %-16s", sizes->name,
	       "");
	for (unsigned int l = 0; l < LOADS; l++)
		printf(" %10s", loads[l].name);
	for (unsigned int v = 0; variants[v].name; v++) {
		printf("\n    %-16s", variants[v].name);
		for (unsigned int l = 0; l < LOADS; l++)
			if (s->pinned[v][l] > 0)
				printf(" %10.2f", s->pinned[v][l]);
			else
				printf(" %10s", "-");
	}
	puts("\n");
}

static bool compare_loads(struct bench *b)
{
	struct summary s;

	for (unsigned int l = 0; l < LOADS; l++) {
		b->load = &loads[l];
		if (!compare(b, l == DETAILED))
			return false;
		for (unsigned int v = 0; variants[v].name; v++) {
			const struct point *p = as_own(b, &b->curves[v]);

			s.pinned[v][l] = p ? (double)p->pinned / MIB : 0;
		}
	}
	print_summary(b->sizes, &s);
	return true;
}

bool bench_waiting(const struct subject *subject, struct json_object *rows)
{
	struct world *w = fuse_open(subject, NULL);
	struct bench b = { .nr = bench_some(REQUESTS), .rows = rows };
	bool ok = w;

	b.br = fuse_ops_of(subject)->bufring;
	b.requests = malloc(b.nr * sizeof(*b.requests));
	ok = ok && b.requests;
	for (b.sizes = sizes_all; ok && b.sizes->name; b.sizes++)
		ok = compare_loads(&b);
	free(b.requests);
	if (w && world_close(w))
		ok = false;
	if (!ok)
		complain("bench: a simulation of waiting requests did not come out as it "
			 "must");
	return ok;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "memory": what a queue of N entries pins of the server's memory, when
 * every entry has a payload area of its own and when they share a ring of M buffers.
 *
 * Counted, not computed: entries are registered, and the pages that they may be
 * written to are those that the queue's structures name. For how long requests wait for
 * buffers then: bench_waiting.c.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdio.h>
#include <string.h>

#include "program/program.h"
#include "subject/subject.h"
#include "fuse/abi.h"
#include "fuse/fuse.h"

#define PAGE	    4096ul
#define MAX_WRITE   (1u << 20) /* what libfuse negotiates */
#define MAX_PAGES   256
#define MOST	    16
#define MOST_RANGES (2 * MOST + 2)

/* struct range - user memory, in whole pages */
struct range {
	uintptr_t from, to;
};

struct pinned {
	struct range at[MOST_RANGES];
	unsigned int nr;
};

static void pin(struct pinned *p, uintptr_t from, size_t len)
{
	if (len)
		p->at[p->nr++] = (struct range){ from & ~(PAGE - 1),
						 (from + len + PAGE - 1) & ~(PAGE - 1) };
}

static bool begins_earlier(const struct range *a, const struct range *b)
{
	return a->from < b->from;
}

/* Pages that two entries share are pinned once. */
static size_t bytes_of(struct pinned *p)
{
	uintptr_t end = 0;
	size_t bytes = 0;

	for (unsigned int i = 1; i < p->nr; i++)
		for (unsigned int k = i; k && begins_earlier(&p->at[k], &p->at[k - 1]);
		     k--) {
			struct range r = p->at[k];

			p->at[k] = p->at[k - 1];
			p->at[k - 1] = r;
		}
	for (unsigned int i = 0; i < p->nr; i++) {
		uintptr_t from = p->at[i].from > end ? p->at[i].from : end;

		if (p->at[i].to > from) {
			bytes += p->at[i].to - from;
			end = p->at[i].to;
		}
	}
	return bytes;
}

/* bytes pinned by @entries entries; @buffers 0: each has a payload of its own */
static size_t measure(const struct subject *subject, unsigned int entries,
		      unsigned int buffers)
{
	struct fuse_config config = {
		.entries = entries,
		.buffers = buffers,
		.payload = buffers ? PAYLOAD_BUFRING : PAYLOAD_PER_ENTRY,
		.max_write = MAX_WRITE,
		.max_pages = MAX_PAGES,
	};
	struct world *w = fuse_open(subject, &config);
	struct pinned p = { .nr = 0 };
	struct queue_view q;

	if (!w)
		return 0;
	server_sets_up(server_thread(w, "server"), 0);
	world_ends(w);
	if (!fuse_queue(w, 0, &q) || q.nr_ents != entries)
		return 0;
	for (unsigned int i = 0; i < q.nr_ents; i++) {
		pin(&p, q.ents[i].headers, sizeof(struct abi_headers));
		pin(&p, q.ents[i].payload, q.ents[i].payload ? q.ents[i].payload_len : 0);
	}
	pin(&p, q.pool_base, q.pool_len);
	return world_close(w) ? 0 : bytes_of(&p);
}

static void put(struct json_object *rows, unsigned int entries, unsigned int buffers,
		size_t bytes)
{
	struct json_object *row = bench_row(rows, "memory");

	bench_put_text(row, "what", "pages");
	bench_put_number(row, "entries", entries);
	bench_put_number(row, "buffers", buffers);
	bench_put_text(row, "payload", buffers ? "bufring" : "per entry");
	bench_put_number(row, "payload_bytes", MAX_WRITE);
	bench_put_number(row, "pinned_bytes", bytes);
}

static bool measure_line(const struct subject *subject, unsigned int entries,
			 struct json_object *rows)
{
	size_t own = measure(subject, entries, 0);

	put(rows, entries, 0, own);
	printf("  %7u %14.1f", entries, (double)own / 1024);
	for (unsigned int m = 1; m <= MOST; m *= 2) {
		size_t ring = m > entries ? 0 : measure(subject, entries, m);

		if (m > entries) {
			printf(" %14s", "");
			continue;
		}
		if (!ring || !own)
			return false;
		put(rows, entries, m, ring);
		printf(" %9.1f %3.0f%%", (double)ring / 1024,
		       100.0 * (double)ring / (double)own);
	}
	putchar('\n');
	return true;
}

static int run(struct json_object *rows)
{
	const struct subject *subject = bench_subject("bufring");
	bool ok = true;

	if (!subject)
		return STATUS_USAGE;
	printf("  KiB of a queue, payloads of %u KiB; %% of what entries of their own "
	       "pin\n",
	       MAX_WRITE / 1024);
	printf("  %7s %14s", "entries", "per entry");
	for (unsigned int m = 1; m <= MOST; m *= 2)
		printf("   ring of %2u  ", m);
	putchar('\n');
	for (unsigned int entries = 1; entries <= MOST && ok; entries *= 2)
		ok = measure_line(subject, entries, rows);
	putchar('\n');
	ok = ok && bench_waiting(subject, rows);
	subject_unload(subject);
	return ok ? STATUS_OK : STATUS_FOUND;
}

const struct benchmark bench_memory = {
	.name = "memory",
	.summary = "pages of the server that a queue pins, and how long requests wait",
	.run = run,
};

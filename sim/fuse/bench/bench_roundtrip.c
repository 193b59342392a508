// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark "roundtrip": a client's GETATTR through the ring to a server thread and
 * back, both fibers of this process, without detectors.
 */
#include "fuse/bench/bench_fuse.h"

#include <stdio.h>

#include "program/program.h"
#include "subject/subject.h"
#include "subject/installed.h"
#include "detect/report.h"
#include "fuse/fuse.h"

#define TRIPS	    50000
#define REPETITIONS 11

static const struct {
	const char *words;
	struct fuse_config config;
	unsigned int needs;
} kinds[] = {
	{ "per entry", { .payload = PAYLOAD_PER_ENTRY }, 0 },
	{ "bufring fifo", { .payload = PAYLOAD_BUFRING }, FUSE_CAN_BUFRING },
	{ "bufring lifo", { .payload = PAYLOAD_BUFRING, .policy = 1 }, FUSE_CAN_BUFRING },
	{ "bufring inc", { .payload = PAYLOAD_BUFRING, .inc = true }, FUSE_CAN_BUFRING },
	{ "bufring classes",
	  { .payload = PAYLOAD_BUFRING, .classes = 4 },
	  FUSE_CAN_BUFRING },
	{ "bufring pinned",
	  { .payload = PAYLOAD_BUFRING, .pinned = true },
	  FUSE_CAN_BUFRING },
	{ "bufpool", { .payload = PAYLOAD_BUFPOOL }, FUSE_CAN_BUFPOOL },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* struct trip - what one round trip took; @ns below 0: one of them failed */
struct trip {
	double ns, instructions;
};

static struct trip trip_of(const struct subject *subject, size_t kind)
{
	struct world *w = fuse_open(subject, &kinds[kind].config);
	double counted = bench_instructions(), before = bench_cpu_ns();
	unsigned int n = bench_some(TRIPS);
	bool ok = w && fuse_round_trips(w, n) == n;
	struct trip t = { (bench_cpu_ns() - before) / n,
			  (bench_instructions() - counted) / n };

	if (!ok || world_close(w))
		t.ns = -1;
	return t;
}

static void put_row(const struct subject *subject, size_t kind, const struct samples *ns,
		    const struct samples *instructions, struct json_object *rows)
{
	struct spread s = bench_spread(ns), i = bench_spread(instructions);
	struct json_object *row = bench_row(rows, "roundtrip");

	printf("  %-16s %-15s %7.0f ns  (%.0f - %.0f)", subject->name, kinds[kind].words,
	       s.median, s.min, s.max);
	if (i.median > 0)
		printf("  %6.0f instructions\n", i.median);
	else
		puts("  instructions are not counted here");
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "payload", kinds[kind].words);
	bench_put_number(row, "trips", bench_some(TRIPS));
	bench_put_number(row, "repetitions", ns->nr);
	bench_put_spread(row, "ns", s);
	if (i.median > 0)
		bench_put_spread(row, "instructions", i);
}

static int measure(const struct subject *subject, size_t kind, struct json_object *rows)
{
	struct samples ns = { .nr = 0 }, instructions = { .nr = 0 };

	while (ns.nr < bench_repetitions(REPETITIONS)) {
		struct trip t = trip_of(subject, kind);

		if (t.ns < 0) {
			complain("%s: a round trip failed: %s", subject->name,
				 report_count() ? report_get(0)->summary : "see run");
			return STATUS_FOUND;
		}
		ns.at[ns.nr++] = t.ns;
		instructions.at[instructions.nr++] = t.instructions;
	}
	put_row(subject, kind, &ns, &instructions, rows);
	return STATUS_OK;
}

static int measure_subject(const char *name, struct json_object *rows)
{
	const struct subject *subject = bench_subject(name);
	int status = STATUS_OK;

	for (size_t kind = 0; subject && kind < NR_KINDS && status == STATUS_OK; kind++)
		if (!(kinds[kind].needs & ~subject->driver->caps))
			status = measure(subject, kind, rows);
	if (subject)
		subject_unload(subject);
	return status;
}

static int run(struct json_object *rows)
{
	struct installed_list list;
	int status = STATUS_OK;

	installed_find(&list);
	for (unsigned int i = 0; i < list.nr && status == STATUS_OK; i++)
		if (list.at[i].path)
			status = measure_subject(list.at[i].name, rows);
	installed_free(&list);
	return status;
}

const struct benchmark bench_roundtrip = {
	.name = "roundtrip",
	.summary = "a GETATTR to the server and back, CPU time",
	.run = run,
};

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
	enum payload_mode payload;
	unsigned int policy;
	unsigned int needs;
} kinds[] = {
	{ "per entry", PAYLOAD_PER_ENTRY, 0, 0 },
	{ "bufring fifo", PAYLOAD_BUFRING, 0, FUSE_CAN_BUFRING },
	{ "bufring lifo", PAYLOAD_BUFRING, 1, FUSE_CAN_BUFRING },
	{ "bufpool", PAYLOAD_BUFPOOL, 0, FUSE_CAN_BUFPOOL },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* CPU ns of one round trip, or less than 0 when one of them failed */
static double trip_ns(const struct subject *subject, size_t kind)
{
	struct fuse_config config = { .payload = kinds[kind].payload,
				      .policy = kinds[kind].policy };
	struct world *w = fuse_open(subject, &config);
	double before = bench_cpu_ns();
	unsigned int n = bench_some(TRIPS);
	bool ok = w && fuse_round_trips(w, n) == n;
	double took = bench_cpu_ns() - before;

	return ok && !world_close(w) ? took / n : -1;
}

static int measure(const struct subject *subject, size_t kind, struct json_object *rows)
{
	struct samples s = { .nr = 0 };
	struct json_object *row;
	struct spread ns;

	while (s.nr < bench_repetitions(REPETITIONS)) {
		double sample = trip_ns(subject, kind);

		if (sample < 0) {
			complain("%s: a round trip failed: %s", subject->name,
				 report_count() ? report_get(0)->summary : "see run");
			return STATUS_FOUND;
		}
		s.at[s.nr++] = sample;
	}
	ns = bench_spread(&s);
	printf("  %-16s %-14s %7.0f ns  (%.0f - %.0f)\n", subject->name,
	       kinds[kind].words, ns.median, ns.min, ns.max);
	row = bench_row(rows, "roundtrip");
	bench_put_text(row, "subject", subject->name);
	bench_put_text(row, "payload", kinds[kind].words);
	bench_put_number(row, "trips", bench_some(TRIPS));
	bench_put_number(row, "repetitions", s.nr);
	bench_put_spread(row, "ns", ns);
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

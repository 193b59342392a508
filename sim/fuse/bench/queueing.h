/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue with entries and room for payloads, in time: requests arrive, wait for an
 * entry and for room, are served, and give both back. What gives the room is the ring
 * under test; who waits, and who is next, is decided as dev_uring_queue.h does.
 */
#ifndef FUSE_BENCH_QUEUEING_H
#define FUSE_BENCH_QUEUEING_H

#include <stddef.h>

#include "fuse/bench/sizes.h"
#include "fuse/ops.h"

#define QUEUEING_ENTRIES 64 /* at most */

/**
 * struct queueing - what is simulated
 * @entries: of the queue
 * @br, @ring: the room that they share, all of it free; NULL: each has SIZES_LARGEST
 *	bytes of its own
 * @keeps: an entry keeps its buffer for the next request (the layout whole)
 * @in_order: nobody is sent before the first who waits, as in Linux 7.3; else the first
 *	for whom there is room
 * @nr_classes, @class_size: of the ring, 1 or several
 * @clients: each with one request at a time, the next when that has ended, whatever
 *	&arrival.at is; 0: requests arrive when they do
 * @touched: NULL, or one byte for each page of all room: set when it was used
 */
struct queueing {
	unsigned int entries;
	const struct subject_bufring *br;
	void *ring;
	bool keeps, in_order;
	unsigned int nr_classes;
	unsigned int class_size[VIEW_CLASSES];
	unsigned int clients;
	unsigned char *touched;
};

/**
 * struct queueing_result - of a simulation
 * @overloaded: so many waited that it was given up: nothing else is filled in
 * @ended: requests
 * @waited: not sent when they came
 * @waited_for_room: of these, those for which there was an entry, but no room
 * @wait_mean, @wait_p99: ns of all requests, those that did not wait too
 * @most_payload: bytes that requests had at a time, of what they needed
 * @most_taken: likewise, of what was taken of the ring for them
 * @last: when the last one ended
 */
struct queueing_result {
	bool overloaded;
	unsigned int ended, waited, waited_for_room;
	uint64_t wait_mean, wait_p99;
	size_t most_payload, most_taken;
	uint64_t last;
};

/**
 * queueing_run() - simulate @nr requests, from the first to the end of all
 * @requests: in the order of their arrival
 *
 * Return: false: no memory, or the ring did not do what it must.
 */
bool queueing_run(const struct queueing *queue, const struct arrival *requests,
		  unsigned int nr, struct queueing_result *result);

#endif /* FUSE_BENCH_QUEUEING_H */

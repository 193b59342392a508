// SPDX-License-Identifier: GPL-2.0-only
/*
 * A discrete-event simulation of one queue. Nothing is random here, and time is whole
 * nanoseconds: the same requests and the same ring give the same result.
 */
#include "fuse/bench/queueing.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY	 UINT32_MAX
#define TOO_MANY 300u /* waiting requests of a queue that does not keep up */
#define PAGE	 4096u

/* struct entry - with a request until @ends, or available */
struct entry {
	uint32_t request; /* NOBODY: available */
	uint64_t ends;
	bool has_region;
	struct bufring_region region;
};

/* struct request - @next waits behind it; @lacked_room: there was an entry for it */
struct request {
	uint32_t next;
	bool lacked_room;
	uint64_t came, waited;
};

struct run {
	const struct queueing *queue;
	const struct arrival *arrivals;
	struct queueing_result *result;
	struct request *requests;
	uint32_t nr, arrived;
	uint32_t first, last, nr_waiting;
	unsigned int waiting[VIEW_CLASSES];
	struct entry entries[QUEUEING_ENTRIES];
	/* that are available, in the order of having become that */
	unsigned int available[QUEUEING_ENTRIES], nr_available;
	size_t payload, taken;
	uint64_t now;
};

/* ---- who waits ---- */

static unsigned int class_for(const struct queueing *queue, unsigned int size)
{
	unsigned int i = 0;

	while (i + 1 < queue->nr_classes && queue->class_size[i] < size)
		i++;
	return i;
}

static void count_waiting(struct run *run, uint32_t request, bool waits)
{
	unsigned int size = run->arrivals[request].size;
	unsigned int *nr = &run->waiting[class_for(run->queue, size)];

	run->nr_waiting += waits ? 1 : -1u;
	if (size)
		*nr += waits ? 1 : -1u;
}

static void wait_last(struct run *run, uint32_t request)
{
	run->requests[request].next = NOBODY;
	if (run->first == NOBODY)
		run->first = request;
	else
		run->requests[run->last].next = request;
	run->last = request;
	count_waiting(run, request, true);
}

/* @before waits before it; NOBODY: it is the first */
static void wait_no_more(struct run *run, uint32_t request, uint32_t before)
{
	uint32_t next = run->requests[request].next;

	if (before == NOBODY)
		run->first = next;
	else
		run->requests[before].next = next;
	if (run->last == request)
		run->last = before;
	count_waiting(run, request, false);
}

/* ---- room ---- */

static void touch(struct run *run, const struct entry *entry, unsigned int size)
{
	const struct queueing *queue = run->queue;
	size_t from = (size_t)(entry - run->entries) * SIZES_LARGEST;

	if (!queue->touched || !size)
		return;
	if (queue->br)
		from = queue->br->offset(queue->ring, &entry->region);
	for (size_t page = from / PAGE; page <= (from + size - 1) / PAGE; page++)
		queue->touched[page] = 1;
}

static void drop_room(struct run *run, struct entry *entry)
{
	if (!entry->has_region)
		return;
	run->queue->br->recycle(run->queue->ring, &entry->region);
	run->taken -= entry->region.size;
	entry->has_region = false;
}

static bool fit(struct run *run, struct entry *entry, unsigned int size)
{
	const struct queueing *queue = run->queue;

	if (!queue->br)
		return true;
	if (!size) {
		drop_room(run, entry);
		return true;
	}
	if (entry->has_region && queue->keeps)
		return true;
	drop_room(run, entry);
	if (queue->br->select(queue->ring, size, run->waiting, &entry->region))
		return false;
	entry->has_region = true;
	run->taken += entry->region.size;
	return true;
}

/* ---- entries ---- */

static void send(struct run *run, struct entry *entry, uint32_t request)
{
	const struct arrival *arrival = &run->arrivals[request];
	struct queueing_result *result = run->result;

	entry->request = request;
	entry->ends = run->now + arrival->service;
	run->requests[request].waited = run->now - run->requests[request].came;
	run->payload += arrival->size;
	if (run->payload > result->most_payload)
		result->most_payload = run->payload;
	if (run->taken > result->most_taken)
		result->most_taken = run->taken;
	touch(run, entry, arrival->size);
}

/* struct failed - of each class, the smallest for which there was no room */
struct failed {
	unsigned int size[VIEW_CLASSES];
};

/* As nothing changes meanwhile, one that asks for as much of the class need not ask. */
static bool would_fail(const struct run *run, const struct failed *failed,
		       unsigned int size)
{
	return size && size >= failed->size[class_for(run->queue, size)];
}

/* the first that there is room for */
static bool claim(struct run *run, struct entry *entry)
{
	struct failed failed;
	uint32_t before = NOBODY;
	bool blocked = false;

	memset(&failed, 0xff, sizeof(failed));
	for (uint32_t i = run->first; i != NOBODY; i = run->requests[i].next) {
		unsigned int size = run->arrivals[i].size;

		if (!blocked && !would_fail(run, &failed, size) &&
		    fit(run, entry, size)) {
			wait_no_more(run, i, before);
			send(run, entry, i);
			return true;
		}
		blocked = run->queue->in_order;
		run->requests[i].lacked_room = true;
		if (size < failed.size[class_for(run->queue, size)])
			failed.size[class_for(run->queue, size)] = size;
		before = i;
	}
	return false;
}

static void dispatch(struct run *run)
{
	while (run->nr_available && claim(run, &run->entries[run->available[0]]))
		memmove(run->available, run->available + 1,
			--run->nr_available * sizeof(run->available[0]));
}

static void arrive(struct run *run)
{
	uint32_t request = run->arrived++;

	run->requests[request].came = run->now;
	wait_last(run, request);
	dispatch(run);
	/* it is the last: if it waits, it still is */
	if (run->last == request)
		run->result->waited++;
}

static void finish(struct run *run, struct entry *entry)
{
	run->payload -= run->arrivals[entry->request].size;
	entry->request = NOBODY;
	run->result->ended++;
	run->result->last = run->now;
	if (!claim(run, entry)) {
		drop_room(run, entry);
		run->available[run->nr_available++] =
			(unsigned int)(entry - run->entries);
	}
	dispatch(run);
	/* its client has the reply */
	if (run->queue->clients && run->arrived < run->nr)
		arrive(run);
}

static struct entry *next_to_end(struct run *run)
{
	struct entry *next = NULL;

	for (unsigned int i = 0; i < run->queue->entries; i++) {
		struct entry *entry = &run->entries[i];

		if (entry->request != NOBODY && (!next || entry->ends < next->ends))
			next = entry;
	}
	return next;
}

/* ---- all of it ---- */

static bool step(struct run *run)
{
	struct entry *entry = next_to_end(run);
	bool comes = run->arrived < run->nr &&
		     (!run->queue->clients || run->arrived < run->queue->clients);
	uint64_t at = run->queue->clients || !comes ? 0 : run->arrivals[run->arrived].at;

	if (comes && (!entry || at < entry->ends)) {
		run->now = at;
		arrive(run);
		return true;
	}
	if (!entry)
		return false;
	run->now = entry->ends;
	finish(run, entry);
	return true;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* those that did not wait are left out before the others are sorted */
static bool sum_up(struct run *run)
{
	uint64_t *waits = malloc(run->nr * sizeof(*waits)), sum = 0;
	uint32_t without = 0, nr = 0, rank = (uint32_t)((uint64_t)run->nr * 99 / 100);

	if (!waits)
		return false;
	for (uint32_t i = 0; i < run->nr; i++) {
		sum += run->requests[i].waited;
		run->result->waited_for_room += run->requests[i].lacked_room;
		if (run->requests[i].waited)
			waits[nr++] = run->requests[i].waited;
		else
			without++;
	}
	qsort(waits, nr, sizeof(*waits), by_value);
	run->result->wait_mean = sum / run->nr;
	run->result->wait_p99 = rank < without ? 0 : waits[rank - without];
	free(waits);
	return true;
}

static void begin(struct run *run)
{
	run->first = run->last = NOBODY;
	for (unsigned int i = 0; i < run->queue->entries; i++) {
		run->entries[i].request = NOBODY;
		run->available[run->nr_available++] = i;
	}
}

/* so that the ring can be destroyed */
static void give_up(struct run *run)
{
	for (unsigned int i = 0; i < run->queue->entries; i++)
		drop_room(run, &run->entries[i]);
	*run->result = (struct queueing_result){ .overloaded = true };
}

bool queueing_run(const struct queueing *queue, const struct arrival *requests,
		  unsigned int nr, struct queueing_result *result)
{
	struct run run = { .queue = queue, .arrivals = requests, .result = result };
	bool ok = true;

	*result = (struct queueing_result){ 0 };
	run.nr = nr;
	run.requests = calloc(nr, sizeof(*run.requests));
	if (!run.requests)
		return false;
	begin(&run);
	while (run.nr_waiting <= TOO_MANY && step(&run))
		;
	if (run.nr_waiting > TOO_MANY)
		give_up(&run);
	else
		ok = result->ended == nr && !run.payload && !run.taken && sum_up(&run);
	free(run.requests);
	return ok;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a driver says of worlds that live long: rounds of calls, one after the other.
 */
#ifndef WORLD_SOAK_H
#define WORLD_SOAK_H

#include <stdbool.h>
#include <stdint.h>

#include "sched/prng.h"
#include "shim/fault.h"

struct world;

/**
 * struct soak_tally - what has happened in worlds that live long, and what was looked at
 * @calls: of clients that ended; @failed: with an error
 * @bytes: that were compared with what they must be
 * @exits: threads of the server that closed their ring; @signals: to clients in a call
 * @looks: at rest: for what is left over
 * @allocated: objects of the kernel's heap, none of which may be left
 * @faults: calls that failed, by enum fault_kind
 */
struct soak_tally {
	uint64_t calls, failed, bytes, exits, signals, looks, allocated;
	uint64_t faults[FAULT_NR];
};

/**
 * struct driver_soak - rounds of calls in one world, which all end before the next round
 * @nr_configs: that worlds take in turn
 * @config: number @nr of them, for a subject with capabilities @caps
 * @begin: create the tasks, set up, and begin to count
 * @round: queue what is done next, drawn from @dice
 * @look: all is at rest: report what is left over, ended wrongly or is not the data that
 *	it must be, and forget the records of the round. @spoilt: a call failed by
 *	injection
 *
 * A round may run what is to happen in the default order (world_is_set_up()).
 */
struct driver_soak {
	unsigned int nr_configs;
	const void *(*config)(unsigned int nr, unsigned int caps);
	void (*begin)(struct world *w);
	void (*round)(struct world *w, struct prng *dice);
	void (*look)(struct world *w, bool spoilt, struct soak_tally *tally);
};

#endif /* WORLD_SOAK_H */

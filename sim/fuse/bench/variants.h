/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmarks compare: ways to give the requests of a queue room for their
 * payloads, each in several amounts.
 */
#ifndef FUSE_BENCH_VARIANTS_H
#define FUSE_BENCH_VARIANTS_H

#include "fuse/bench/queueing.h"

/**
 * struct variant - a way
 * @name: in tables and rows
 * @words: what it is
 * @layout: of the subject's ring, or NULL
 * @model: of another ring, or NULL; if both are: each entry has its own
 * @in_order, @keeps: &queueing.in_order, .keeps
 * @size: of a buffer, [SIZES_LARGEST]; not of classes
 * @unit: buffers: of what a ring of amount 1 has of each size, 1 if there is one;
 *	0: as many as the distribution needs
 * @most: amounts to try: 1 to this
 */
struct variant {
	const char *name, *words, *layout;
	const struct subject_bufring *model;
	bool in_order, keeps;
	unsigned int size;
	unsigned int unit[VIEW_CLASSES];
	unsigned int most;
};

/** variants - ended by one without a name; the first: entries of their own */
extern const struct variant variants[];

/** struct room - of a variant, all of it free, for queueing_run() */
struct room {
	struct queueing queue;
	size_t payload_bytes;
	unsigned int buffers;
};

/**
 * room_open() - make it
 * @br: of the subject, which has a world
 * @entries: of the queue
 * @amount: 1 to &variant.most
 * @policy: by number
 *
 * Return: false: no memory.
 */
bool room_open(struct room *room, const struct subject_bufring *br,
	       const struct variant *variant, const struct sizes *sizes,
	       unsigned int entries, unsigned int amount, unsigned int policy);
/** room_close() - Return: whether all of it was free */
bool room_close(struct room *room);

/** room_pinned() - bytes of pages, with those of the headers */
size_t room_pinned(const struct room *room);

/** bufpool - Linux 7.3's pool, as a ring of the layout whole that has no policy */
extern const struct subject_bufring bufpool;

/** byte_count - bytes that have no place: offset() has no meaning */
extern const struct subject_bufring byte_count;

#endif /* FUSE_BENCH_VARIANTS_H */

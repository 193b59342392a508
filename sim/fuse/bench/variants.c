// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ways to give room that are compared, and what they pin. Classes have four sizes,
 * each a quarter or a sixteenth of the next; how many of each is the server's choice,
 * so there are three.
 */
#include "fuse/bench/variants.h"

#include <string.h>

#include "fuse/abi.h"

#define PAGE  4096u
#define CLASS 4u
#define MOST  16u

static const unsigned int class_sizes[VIEW_CLASSES] = { 4u << 10, 64u << 10, 256u << 10,
							SIZES_LARGEST };

#define RING  .layout = "whole", .keeps = true
#define INC   .layout = "inc"
#define SIZED .layout = "classes"
#define POOL  .model = &bufpool, .in_order = true, .keeps = true

const struct variant variants[] = {
	{ "own", "each entry has 1 MiB", .most = 1 },
	{ "pool 7.3", "Linux 7.3: N buffers of 1 MiB", POOL, .most = MOST },
	{ "ring", "N buffers of 1 MiB", RING, .most = MOST },
	{ "inc", "N buffers of 1 MiB, by regions", INC, .most = MOST },
	{ "inc 2 MiB", "N buffers of 2 MiB, by regions", INC, .size = 2 * SIZES_LARGEST,
	  .most = MOST / 2 },
	{ "classes even", "N each of 4 KiB, 64 KiB, 256 KiB, 1 MiB", SIZED,
	  .unit = { 1, 1, 1, 1 }, .most = MOST },
	{ "classes doubled", "8 N of 4 KiB, 4 N of 64 KiB, 2 N of 256 KiB, N of 1 MiB",
	  SIZED, .unit = { 8, 4, 2, 1 }, .most = MOST },
	{ "classes fitted", "N, shared out by which requests are served for how long",
	  SIZED, .most = 2 * MOST },
	{ "bytes", "N halves of a MiB that fit every request: a bound",
	  .model = &byte_count, .size = SIZES_LARGEST / 2, .most = 2 * MOST },
	{ 0 },
};

/*
 * @amount shared out: of all the time that requests are served, which part is that of
 * requests of each class? Rounded up.
 */
static void fit_classes(struct bufring_shape *shape, const struct sizes *sizes,
			unsigned int amount)
{
	struct arrival sample[2000];
	uint64_t time[VIEW_CLASSES] = { 0 }, all = 0;
	const unsigned int nr = sizeof(sample) / sizeof(sample[0]);

	sizes_arrivals(sizes, 0, sample, nr);
	for (unsigned int i = 0; i < nr; i++) {
		unsigned int c = 0;

		while (class_sizes[c] < sample[i].size)
			c++;
		time[c] += sample[i].service;
		all += sample[i].service;
	}
	for (unsigned int c = 0; c < CLASS; c++)
		shape->classes[c].number =
			(unsigned int)((time[c] * amount + all - 1) / all);
}

/* More buffers of a size than entries cannot be used, and none are refused. */
static void limit_classes(struct bufring_shape *shape, unsigned int entries)
{
	for (unsigned int c = 0; c < shape->nr_classes; c++) {
		unsigned int *number = &shape->classes[c].number;

		*number = !*number ? 1 : *number > entries ? entries : *number;
	}
}

static void shape_classes(struct bufring_shape *shape, const struct variant *variant,
			  const struct sizes *sizes, unsigned int entries,
			  unsigned int amount)
{
	shape->nr_classes = CLASS;
	for (unsigned int c = 0; c < CLASS; c++) {
		shape->classes[c].size = class_sizes[c];
		shape->classes[c].number = variant->unit[c] * amount;
	}
	if (!variant->unit[0])
		fit_classes(shape, sizes, amount);
	limit_classes(shape, entries);
}

static void shape_of(struct bufring_shape *shape, const struct subject_bufring *br,
		     const struct variant *variant, const struct sizes *sizes,
		     unsigned int entries, unsigned int amount)
{
	if (variant->layout)
		while (strcmp(br->layout(shape->layout), variant->layout) != 0)
			shape->layout++;
	if (variant->layout && !strcmp(variant->layout, "classes")) {
		shape_classes(shape, variant, sizes, entries, amount);
		return;
	}
	shape->nr_classes = 1;
	shape->classes[0].size = variant->size ? variant->size : SIZES_LARGEST;
	/* the longest fits, or it would wait for ever */
	shape->classes[0].number = amount;
	if (shape->classes[0].size * amount < SIZES_LARGEST)
		shape->classes[0].number = SIZES_LARGEST / shape->classes[0].size;
}

bool room_open(struct room *room, const struct subject_bufring *br,
	       const struct variant *variant, const struct sizes *sizes,
	       unsigned int entries, unsigned int amount, unsigned int policy)
{
	struct queueing *queue = &room->queue;
	struct bufring_shape shape = { .policy = policy };

	*room = (struct room){ .queue = { .entries = entries, .nr_classes = 1 } };
	if (!variant->layout && !variant->model) {
		room->payload_bytes = (size_t)entries * SIZES_LARGEST;
		return true;
	}
	shape_of(&shape, br, variant, sizes, entries, amount);
	queue->br = variant->model ? variant->model : br;
	queue->in_order = variant->in_order;
	queue->keeps = variant->keeps;
	queue->nr_classes = shape.nr_classes;
	for (unsigned int c = 0; c < shape.nr_classes; c++) {
		queue->class_size[c] = shape.classes[c].size;
		room->buffers += shape.classes[c].number;
		room->payload_bytes +=
			(size_t)shape.classes[c].size * shape.classes[c].number;
	}
	queue->ring = queue->br->create(&shape);
	return queue->ring;
}

bool room_close(struct room *room)
{
	const struct subject_bufring *br = room->queue.br;
	bool all_free;

	if (!br)
		return true;
	all_free = br->free_bufs(room->queue.ring) == room->buffers;
	br->destroy(room->queue.ring);
	return all_free;
}

/* Header slots lie one after the other, or each at the beginning of its own page. */
size_t room_pinned(const struct room *room)
{
	size_t slots = room->queue.entries * sizeof(struct abi_headers);

	if (!room->queue.br)
		return room->payload_bytes + (size_t)room->queue.entries * PAGE;
	return room->payload_bytes + (slots + PAGE - 1) / PAGE * PAGE;
}

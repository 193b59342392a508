/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What clients get in an execution, compared with what they get when the same calls are
 * answered in the same order another way, which a driver knows of
 * (docs/difference.md).
 */
#ifndef WORLD_DIFFERENCE_H
#define WORLD_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

struct world;

#define DIFFERENCE_CALLS 256 /* of a world, at most */

/**
 * enum disturbance - why what a call gets need not follow from the order of the answers
 *
 * The first that happens to a world counts. A call that ended before is not affected.
 */
enum disturbance {
	DISTURBED_NOT,
	DISTURBED_SIGNAL,  /* a task is killed or interrupted */
	DISTURBED_LEFT,	   /* what serves is closed, exits, forks or execs */
	DISTURBED_ENDED,   /* an abort, an umount, a call before the mount */
	DISTURBED_NUMBER,  /* root writes a number; or the server does when it starts */
	DISTURBED_ANSWER,  /* the server answers what it should not */
	DISTURBED_MEMORY,  /* memory of the server changes while it is in use */
	DISTURBED_NOTICE,  /* a notification */
	DISTURBED_TIME,	   /* requests time out */
	DISTURBED_CHANCE,  /* a failure, or time that passes early (shim/chance.h) */
	DISTURBED_TOO_BIG, /* of one call: more than the server has room for */
	DISTURBED_OPEN,	   /* of one call: it has not ended */
	DISTURBED_BUDGET,  /* of one call: new, and enough others are */
	DISTURBED_BROKEN,  /* of one call: the other way ended in a failure of its own */
	DISTURBED_NR
};

/** disturbance_words() - "a task is killed or interrupted" */
const char *disturbance_words(enum disturbance why);

/**
 * struct outcome - what came of one call
 * @key: what it follows from: the call, how it is answered, what was changed before
 * @request: hash of what the server saw of it; 0: it did not look
 * @reply: hash of what the client got
 * @ret, @error, @len: as the driver has them
 * @answered: by the server
 * @ended: it has ended
 * @why: why it is not compared
 */
struct outcome {
	uint64_t key, request, reply;
	long ret;
	int error;
	uint32_t len;
	bool answered, ended;
	enum disturbance why;
};

/**
 * struct driver_difference - what a driver knows of both ways
 * @note: a scenario is over and not closed: note all calls, in the order that what they
 *	get follows from, for @play. Return: how many
 * @config: of the other world, after @note
 * @play: it is open: have the same calls made and answered one after the other
 * @look: what came of them, as @note, in the same order
 * @ways: this way and the other one, in words: "over the ring"
 * @words: call number @nr in a few words, after @note; @object: what it is, without
 *	numbers
 */
struct driver_difference {
	const char *ways[2];
	unsigned int (*note)(struct world *w, struct outcome *list);
	const void *(*config)(void);
	void (*play)(struct world *w);
	void (*look)(struct world *w, struct outcome *list);
	const char *(*words)(unsigned int nr, const char **object);
};

/** world_disturbed() - from now on what calls get need not be the same; or inside a job
 */
void world_disturbed(struct world *w, enum disturbance why);

/** world_disturbance() - the first that happened */
enum disturbance world_disturbance(const struct world *w);

#endif /* WORLD_DIFFERENCE_H */

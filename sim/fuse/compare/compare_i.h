/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this folder share: the calls that are made once more.
 */
#ifndef FUSE_COMPARE_I_H
#define FUSE_COMPARE_I_H

#include "fuse/client/client_i.h"
#include "world/difference.h"

/**
 * struct again - a call that is made once more
 * @how: it is answered; if not @answered, as the file system does
 * @unprivileged: by an ordinary user
 * @name, @to: of @args, which has none
 */
struct again {
	struct call_args args;
	struct answered how;
	uint32_t data_nr;
	bool answered, unprivileged;
	char name[16], to[16];
};

/**
 * struct compared - of the last execution
 * @config: of its world
 * @before: what had been changed when all were answered, as a part of keys
 */
struct compared {
	struct fuse_config config;
	uint64_t before;
	unsigned int nr;
	struct again list[MAX_CALLS];
};

extern struct compared compared;

/** compare_outcome() - of a call; @a: its answer, or NULL */
void compare_outcome(const struct call *c, const struct answered *a, struct outcome *o);

/* again.c: of struct driver_difference */
const void *compare_config(void);
void compare_play(struct world *w);
void compare_look(struct world *w, struct outcome *list);

#endif /* FUSE_COMPARE_I_H */

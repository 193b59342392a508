/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Playing a program in some orders, and what comes of it.
 */
#ifndef FUZZ_TRIAL_H
#define FUZZ_TRIAL_H

#include "detect/report.h"
#include "engine/hunt.h"
#include "engine/player.h"
#include "fuzz/features.h"
#include "fuzz/vocabulary.h"

/** enum trial_order - how an execution's order is chosen */
enum trial_order {
	ORDER_DEFAULT,
	ORDER_RANDOM,
	ORDER_PCT,
};

/** struct trial_nth - one execution of a program: always the same */
struct trial_nth {
	enum trial_order order;
	uint64_t seed, index, steps;
};

/**
 * struct trial - what plays programs
 * @player: subject and driver; its scenario is that of the program that trial_load() took
 * @text: where programs are read; @scenario: that is there, under a name that stays where
 *	it is
 * @bytes, @size, @name: of the program, printed
 * @mask: points
 * @seed: of the orders, made of the program's
 * @last: the last execution
 * @executions: so far, of all programs
 * @lacked, @unmodelled: programs that ended early
 * @broken: in the last execution something did not go on, or the kernel said that it is
 *	broken, which was told before: what comes then comes of that
 * @endless: the last execution ended in an endless loop, or went on and on: it took long
 */
struct trial {
	struct player player;
	const struct vocabulary *v;
	struct text *text;
	struct scenario scenario;
	char bytes[PROGRAM_TEXT], name[PROGRAM_NAME];
	size_t size;
	unsigned int mask;
	uint64_t seed, steps;
	struct trial_nth last;
	uint64_t executions, lacked, unmodelled;
	bool broken, endless;
};

/** trial_begin() - Return: false: out of memory */
bool trial_begin(struct trial *t, const struct player *player, const struct vocabulary *v,
		 unsigned int mask);

/**
 * trial_load() - the program that is played from now on
 * @err: one line if it is none, which is a defect of the generator's
 *
 * Return: false with @err.
 */
bool trial_load(struct trial *t, const struct program *p, char *err, size_t len);

/** trial_play() - one execution. Return: whether it counts: it did not end early */
bool trial_play(struct trial *t, const struct trial_nth *nth);

/** trial_nth() - number @i of the executions of a trial: the default order, then others
 */
struct trial_nth trial_nth(const struct trial *t, unsigned int i);

/** trial_keep() - the last execution and one of its reports, as a search keeps it */
void trial_keep(const struct trial *t, const struct report *r, uint64_t execution,
		struct found *f);

#endif /* FUZZ_TRIAL_H */

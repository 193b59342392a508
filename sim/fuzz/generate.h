/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs by chance: new ones, and others' changed.
 */
#ifndef FUZZ_GENERATE_H
#define FUZZ_GENERATE_H

#include "fuzz/vocabulary.h"
#include "sched/prng.h"

/** chance() - true in @percent of 100 cases */
static inline bool chance(struct prng *r, unsigned int percent)
{
	return prng_below(r, 100) < percent;
}

/** generate_value() - of argument @nr of a call, which is given then */
void generate_value(struct program *p, const struct vocabulary *v, struct prng *r,
		    const struct word_call *c, unsigned int nr,
		    struct program_value *value);

/** argument_weight() - how likely argument @nr of a call is the one to be changed */
unsigned int argument_weight(const struct word_call *c, unsigned int nr);

/** generate_call() - a line with a call that its actor can do; needs may be left open */
void generate_call(struct program *p, const struct vocabulary *v, struct prng *r,
		   struct program_line *l);

/** generate_setting() - give one a value, or take it away */
void generate_setting(struct program *p, const struct vocabulary *v, struct prng *r);

/** generate_actor() - a new one, with a line before line @at. Return: its number; 0: none
 */
unsigned int generate_actor(struct program *p, struct prng *r, const struct vocabulary *v,
			    unsigned int at, bool server);

/** generate_call_at() - a line with a call before line @at, and what it needs before it
 */
void generate_call_at(struct program *p, const struct vocabulary *v, struct prng *r,
		      unsigned int at);

/** any_idiom() - one of those of use, or now and then one that seldom is */
const struct program *any_idiom(const struct vocabulary *v, struct prng *r);

/** generate() - a program; whole */
void generate(struct program *p, const struct vocabulary *v, struct prng *r);

/**
 * mutate() - change @p in a few ways; it is whole then
 * @other: another program to take lines from, or NULL
 * @most: what may happen besides, at most
 */
void mutate(struct program *p, const struct vocabulary *v, struct prng *r,
	    const struct program *other, const struct chances *most);

/**
 * splice() - put lines of @from, from @first on, @n of them, before line @at: their
 * actors are those of @p of the same kind, or new ones
 */
void splice(struct program *p, const struct program *from, unsigned int first,
	    unsigned int n, unsigned int at, struct prng *r);

#endif /* FUZZ_GENERATE_H */

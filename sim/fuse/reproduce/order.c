// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks for an order of steps, each of which begins when all tasks rest or wait, in which
 * a failure comes: the order in which the schedule begins them, then the others.
 */
#include <string.h>

#include "fuse/reproduce/reproduce.h"
#include "shim/work.h"

#define MAX_ORDERS 20000

static struct steps_choice made[STEPS_MAX];
static uint8_t order[STEPS_MAX];
static unsigned int nr_order;

/* All tasks rest or wait: begin the next step; if there is none, let time pass. */
static bool idle(void *ctx)
{
	(void)ctx;
	if (steps_go_on() || shim_time_advance())
		return true;
	steps_freeze();
	return false;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	return default_choice(runnable, last);
}

/* Return: whether it fails as the schedule does */
static bool fails(const struct player *p, const struct schedule *s)
{
	const struct sched_strategy strategy = { .pick = pick, .idle = idle };

	orders_expect(s);
	steps_one_at_a_time(order, nr_order);
	player_play(p, &strategy);
	steps_freeze();
	return keep_find(s) >= 0;
}

/* the order in which the schedule itself has them begin */
static void take_recorded(const struct player *p, struct schedule *s)
{
	const struct step *steps;
	unsigned int nr;
	bool lost;

	steps_watch(true);
	keep_replay(p, s, false);
	nr = steps_taken(&steps, &lost);
	nr_order = 0;
	for (unsigned int i = 0; i < nr; i++)
		if (!steps[i].setup)
			order[nr_order++] = (uint8_t)steps_actor(steps[i].actor);
}

/*
 * The next order, in lexicographic order: the last choice for which there is a higher
 * number takes it, and what follows is left open. Return: false: there is none
 */
static bool next_order(void)
{
	const struct steps_choice *choices;
	unsigned int i = steps_choices(&choices);

	memcpy(made, choices, i * sizeof(made[0]));
	while (i--) {
		uint32_t higher = made[i].can & ~((2u << made[i].took) - 1);

		if (!higher)
			continue;
		for (unsigned int k = 0; k < i; k++)
			order[k] = made[k].took;
		order[i] = (uint8_t)__builtin_ctz(higher);
		nr_order = i + 1;
		return true;
	}
	return false;
}

bool order_find(const struct player *player, struct schedule *s, bool *all)
{
	struct player without = *player, *p = &without;

	take_recorded(player, s);
	p->chances = (struct chances){ 0 };
	*all = true;
	if (fails(p, s))
		return true;
	nr_order = 0;
	for (unsigned int i = 0; i < MAX_ORDERS; i++) {
		if (fails(p, s))
			return true;
		if (!next_order())
			return false;
	}
	*all = false;
	return false;
}

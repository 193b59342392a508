/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The search that chooses by itself (--strategy auto): a portfolio of strategies within a
 * budget. No strategy finds everything: a random order misses what needs two switches
 * within a few steps, an exhaustive search what is beyond its bound.
 */
#ifndef ENGINE_PORTFOLIO_H
#define ENGINE_PORTFOLIO_H

#include "engine/hunt.h"

/**
 * enum budget - how much is spent on all scenarios of a tree, about
 * @BUDGET_QUICK: 5 s of CPU
 * @BUDGET_NORMAL: 30 s
 * @BUDGET_THOROUGH: 10 min
 */
enum budget {
	BUDGET_QUICK,
	BUDGET_NORMAL,
	BUDGET_THOROUGH,
	BUDGETS,
};

/** budget_name() - as it is on the command line */
const char *budget_name(enum budget budget);

/** budget_of() - the budget of that name; %BUDGETS: there is none */
enum budget budget_of(const char *name);

/**
 * portfolio() - what one scenario gets of a budget, in phases for hunt()
 * @seed: of those that are random
 *
 * What it gets depends on the length of an execution in the default order, which is made
 * here, and on nothing else: so every process and every machine plans the same.
 *
 * Return: how many phases; none has more executions than it says, and together they have
 * no more than the budget.
 */
unsigned int portfolio(const struct player *p, enum budget budget, uint64_t seed,
		       struct hunt_phase phases[HUNT_PHASES]);

/** portfolio_words() - a phase as options of the command line. Return: @buf */
const char *portfolio_words(const struct hunt_phase *phase, char *buf, size_t len);

#endif /* ENGINE_PORTFOLIO_H */

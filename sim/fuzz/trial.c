// SPDX-License-Identifier: GPL-2.0-only
/*
 * Playing a program in some orders: the default one, random ones, and some of PCT.
 */
#include "fuzz/trial.h"

#include <string.h>

#include "detect/lock_order.h"
#include "detect/suppress.h"
#include "sched/hash.h"
#include "shim/cover.h"
#include "shim/oops.h"
#include "search/replay.h"
#include "search/search.h"
#include "world/world.h"

#define DEPTH 3
#define LONG  3000 /* choices: ten times as many as usual */

bool trial_begin(struct trial *t, const struct player *player, const struct vocabulary *v,
		 unsigned int mask)
{
	memset(t, 0, sizeof(*t));
	t->player = *player;
	t->v = v;
	t->mask = mask;
	t->text = text_new(player->driver);
	cover_base((const void *)(uintptr_t)player->subject->driver->module_init);
	return t->text;
}

bool trial_load(struct trial *t, const struct program *p, char *err, size_t len)
{
	t->size = program_text(p, t->v, t->bytes, t->name);
	if (!t->size) {
		snprintf(err, len, "a program is too long");
		return false;
	}
	t->player.chances = p->chances;
	t->seed = hash_bytes(HASH_START, t->bytes, t->size);
	t->steps = 0;
	if (!text_parse(t->text, t->name, t->bytes, t->size, err, len))
		return false;
	/* known reports are remembered as long as the name is the same */
	t->scenario = *text_scenario(t->text);
	t->scenario.name = t->name;
	t->player.scenario = &t->scenario;
	return true;
}

struct trial_nth trial_nth(const struct trial *t, unsigned int i)
{
	struct trial_nth nth = { .order = ORDER_DEFAULT };

	if (!i)
		return nth;
	nth.order = i % 2 ? ORDER_RANDOM : ORDER_PCT;
	nth.seed = t->seed;
	nth.index = i / 2;
	nth.steps = t->steps;
	return nth;
}

/* Return: the strategy of an execution; of a search of one */
static const struct sched_strategy *strategy_of(const struct trial *t,
						const struct trial_nth *nth)
{
	const struct replay_plan none = { .mask = t->mask };
	const struct search_options o = {
		.kind = nth->order == ORDER_PCT ? SEARCH_PCT : SEARCH_RANDOM,
		.mask = t->mask,
		.seed = nth->seed,
		.depth = DEPTH,
		.steps = nth->steps,
		.preemptions = SEARCH_NO_BOUND,
		.shard = (unsigned int)nth->index,
		.shards = 1u << 24,
	};

	if (nth->order == ORDER_DEFAULT) {
		replay_begin(&none);
		return replay_strategy();
	}
	search_begin(&o);
	search_next();
	return search_strategy();
}

static uint64_t told_so_far(void)
{
	return suppress_told(REPORT_PROGRESS) + suppress_told(REPORT_KERNEL);
}

bool trial_play(struct trial *t, const struct trial_nth *nth)
{
	const struct sched_strategy *s = strategy_of(t, nth);
	unsigned long loops = shim_endless_loops();
	uint64_t told = told_so_far(), choices;

	t->executions++;
	t->last = *nth;
	lock_order_watch(LOCK_ORDER_REPORT);
	player_play(&t->player, s);
	if (nth->order != ORDER_DEFAULT)
		search_ended();
	choices = (nth->order == ORDER_DEFAULT ? replay_switches() : search_switches())
			  ->choices;
	if (nth->order == ORDER_DEFAULT)
		t->steps = choices;
	t->broken = told_so_far() != told;
	t->endless = shim_endless_loops() != loops || choices > LONG;
	if (world_lacked()) {
		t->lacked++;
		return false;
	}
	for (size_t i = 0; i < report_count(); i++) {
		if (report_get(i)->kind != REPORT_UNMODELLED)
			continue;
		t->unmodelled++;
		return false;
	}
	return true;
}

void trial_keep(const struct trial *t, const struct report *r, uint64_t execution,
		struct found *f)
{
	const struct switches *s =
		t->last.order == ORDER_DEFAULT ? replay_switches() : search_switches();

	f->report = *r;
	f->execution = execution;
	f->reports = 1;
	f->nr_words = 1;
	f->stops = sched_stopped();
	f->lost = s->lost;
	f->nr = s->nr;
	f->nr_orders = 0;
	memcpy(f->list, s->list, s->nr * sizeof(s->list[0]));
}

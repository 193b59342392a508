// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls, actors and settings by chance, from a driver's table of words.
 */
#include "fuzz/generate.h"

#include <string.h>

#include "fuzz/values.h"
#include "text/text_i.h"

/* ---- calls ---- */

static bool can_do(const struct word_call *c, bool server)
{
	return c->call->actors == ANY_ACTOR || (c->call->actors == SERVERS) == server;
}

static const struct word_call *any_call(const struct vocabulary *v, struct prng *r,
					bool server)
{
	unsigned int sum = 0, at;

	for (unsigned int i = 0; i < v->nr_calls; i++)
		sum += can_do(&v->calls[i], server) ? v->calls[i].weight : 0;
	at = prng_below(r, sum ? sum : 1);
	for (unsigned int i = 0; i < v->nr_calls; i++) {
		if (!can_do(&v->calls[i], server))
			continue;
		if (at < v->calls[i].weight)
			return &v->calls[i];
		at -= v->calls[i].weight;
	}
	return &v->calls[0];
}

/* a field that is right if it is not named */
static bool is_wrong_field(const struct text_arg *arg)
{
	return arg->type == TEXT_CHANGE && !arg->needed;
}

unsigned int argument_weight(const struct word_call *c, unsigned int nr)
{
	if (!c->call->args[nr].type)
		return 0;
	if (c->call->args[nr].needed)
		return 15;
	return c->hint[nr] ? c->hint[nr]->weight : 3;
}

/* Of a call with many fields one is wrong now and then: two mistakes hide each other. */
static void fill_wrong_field(struct program *p, const struct vocabulary *v,
			     struct prng *r, const struct word_call *c,
			     struct program_line *l)
{
	unsigned int sum = 0, picked = 0;

	for (unsigned int i = 0; i < TEXT_ARGS; i++) {
		unsigned int weight = argument_weight(c, i);

		if (!is_wrong_field(&c->call->args[i]))
			continue;
		sum += weight;
		if (prng_below(r, sum) < weight)
			picked = i;
	}
	if (sum)
		generate_value(p, v, r, c, picked, &l->v[picked]);
}

static void fill_arguments(struct program *p, const struct vocabulary *v, struct prng *r,
			   const struct word_call *c, struct program_line *l)
{
	for (unsigned int i = 0; i < TEXT_ARGS; i++) {
		const struct text_arg *arg = &c->call->args[i];
		const struct text_hint *h = c->hint[i];

		if (!arg->type || is_wrong_field(arg))
			continue;
		if (arg->needed || chance(r, h ? h->weight : 15))
			generate_value(p, v, r, c, i, &l->v[i]);
	}
	for (unsigned int percent = 35; chance(r, percent); percent /= 2)
		fill_wrong_field(p, v, r, c, l);
}

void generate_call(struct program *p, const struct vocabulary *v, struct prng *r,
		   struct program_line *l)
{
	const struct word_call *c = any_call(v, r, is_server(p, l->actor));

	l->what = LINE_CALL;
	l->call = c->call;
	l->as = -1;
	memset(l->v, 0, sizeof(l->v));
	fill_arguments(p, v, r, c, l);
	if (c->call->makes)
		l->as = (int16_t)p->nr_records++;
}

/* what makes records of that kind; NULL: nothing */
static const struct word_call *maker_of(const struct vocabulary *v, struct prng *r,
					unsigned int kind)
{
	const struct word_call *picked = NULL;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < v->nr_calls; i++)
		if (v->calls[i].call->makes == kind && !prng_below(r, ++nr))
			picked = &v->calls[i];
	return picked;
}

/* Return: number of the record that a line before line @at makes now; -1: none does */
static int make_record(struct program *p, const struct vocabulary *v, struct prng *r,
		       unsigned int at, unsigned int kind)
{
	const struct word_call *c = maker_of(v, r, kind);
	unsigned int actor = p->lines[at].actor;
	struct program_line *l = c ? program_insert(p, at) : NULL;

	if (!l)
		return -1;
	l->actor = (uint8_t)(can_do(c, is_server(p, actor))
				     ? actor
				     : any_actor(p, r, c->call->actors == SERVERS));
	l->call = c->call;
	l->as = (int16_t)p->nr_records++;
	fill_arguments(p, v, r, c, l);
	return l->as;
}

/* The line at @at gets the records that it needs. */
static void make_records(struct program *p, const struct vocabulary *v, struct prng *r,
			 unsigned int at)
{
	for (unsigned int i = 0; i < TEXT_ARGS; i++) {
		const struct program_line *l = &p->lines[at];
		int record;

		if (!l->v[i].given || l->call->args[i].type != TEXT_RECORD ||
		    (l->v[i].ref >= 0 && !chance(r, 30)))
			continue;
		record = make_record(p, v, r, at, l->call->args[i].kind);
		if (record < 0)
			continue;
		p->lines[++at].v[i].ref = (int16_t)record;
	}
}

/* Return: the actor that a call names; 0: none */
static unsigned int named_actor(const struct program_line *l)
{
	for (unsigned int i = 0; i < TEXT_ARGS; i++)
		if (l->v[i].given && l->call->args[i].type == TEXT_ACTOR)
			return (unsigned int)l->v[i].ref;
	return 0;
}

/*
 * What is done to an actor (kill, signal) makes a difference while that one is in a call:
 * the line at @at becomes one that is done when that actor gets to one of its calls.
 */
static void do_in_time(struct program *p, struct prng *r, unsigned int at)
{
	const struct program_line copy = p->lines[at];
	unsigned int named = named_actor(&copy), nr = 0, to = 0;
	struct program_line *l;

	for (unsigned int i = 0; named && i < p->nr_lines; i++)
		if (i != at && p->lines[i].what == LINE_CALL && !p->lines[i].nr_has &&
		    p->lines[i].actor == named && !prng_below(r, ++nr))
			to = i;
	if (!nr || named == copy.actor || copy.as >= 0 || copy.nr_has)
		return;
	program_drop(p, at, 1);
	l = program_insert(p, to - (to > at));
	*l = copy;
	l->has[0] = (uint8_t)named;
	l->nr_has = 1;
}

void generate_call_at(struct program *p, const struct vocabulary *v, struct prng *r,
		      unsigned int at)
{
	struct program_line *l = program_insert(p, at);
	unsigned int actor;

	if (!l)
		return;
	/* beside one that is there, by its actor: most of what an actor does is of use
	 * behind what it did before
	 */
	actor = prng_below(r, p->nr_actors);
	if (at && chance(r, 50) && p->lines[at - 1].what != LINE_SET_UP)
		actor = p->lines[at - 1].actor;
	if (!actor && p->nr_actors > 1 && chance(r, 80))
		actor = 1 + prng_below(r, p->nr_actors - 1);
	l->actor = (uint8_t)actor;
	if (chance(r, 8)) {
		l->has[0] = (uint8_t)prng_below(r, p->nr_actors);
		l->nr_has = 1;
	}
	generate_call(p, v, r, l);
	make_records(p, v, r, at);
	if (chance(r, 50))
		do_in_time(p, r, at);
}

/* ---- actors and settings ---- */

unsigned int generate_actor(struct program *p, struct prng *r, const struct vocabulary *v,
			    unsigned int at, bool server)
{
	unsigned int nr = p->nr_actors, flags = text_large_sqes;
	struct program_line *l;

	if (nr == PROGRAM_ACTORS)
		return 0;
	l = program_insert(p, at);
	if (!l)
		return 0;
	p->nr_actors++;
	l->what = LINE_ACTOR;
	l->actor = (uint8_t)nr;
	p->actors[nr] = (struct program_actor){ .server = server };
	p->actors[nr].cpu = (uint8_t)prng_below(r, setting_of(p, v, "cpus"));
	if (server && chance(r, 20)) {
		for (const struct text_choice *f = text_ring_flags; f->word; f++)
			if (chance(r, 50))
				flags |= f->value;
		p->actors[nr].has_flags = true;
		p->actors[nr].ring_flags =
			chance(r, 12) ? flags & ~text_large_sqes : flags;
	}
	p->actors[nr].unprivileged = chance(r, 2);
	return nr;
}

static unsigned int value_for(const struct word_setting *s, const struct vocabulary *v,
			      struct prng *r)
{
	const struct text_setting *t = s->setting;
	const struct text_hint *h = s->hint;
	unsigned int flags = 0, nr = 0, picked = 0;

	switch (t->type) {
	case SETTING_NUMBER:
		if (h && h->nr && chance(r, 90))
			return (unsigned int)h->values[prng_below(r, h->nr)];
		if (h && h->nr && beyond(h) < t->max)
			return (unsigned int)any_value(r, beyond(h));
		return (unsigned int)any_value(r, t->max);
	case SETTING_CHOICE:
		for (const struct text_choice *c = t->choices; c->word; c++)
			if (vocabulary_can(v, c->needs) && !prng_below(r, ++nr))
				picked = c->value;
		return picked;
	case SETTING_FLAGS:
		for (const struct text_choice *c = t->choices; c->word; c++)
			if (chance(r, 50))
				flags |= c->value;
		return flags;
	default:
		return 1;
	}
}

void generate_setting(struct program *p, const struct vocabulary *v, struct prng *r)
{
	unsigned int i = prng_below(r, v->nr_settings);
	const struct text_hint *h = v->settings[i].hint;

	p->setting[i].given = !p->setting[i].given || chance(r, 50);
	p->setting[i].value = value_for(&v->settings[i], v, r);
	/* what is seldom of use is seldom kept */
	if (p->setting[i].given && h && !chance(r, h->weight + 30))
		p->setting[i].given = false;
}

static void generate_settings(struct program *p, const struct vocabulary *v,
			      struct prng *r)
{
	for (unsigned int i = 0; i < v->nr_settings; i++) {
		const struct text_hint *h = v->settings[i].hint;

		if (!chance(r, h ? h->weight : 5))
			continue;
		p->setting[i].given = true;
		p->setting[i].value = value_for(&v->settings[i], v, r);
	}
}

/* ---- all of it ---- */

const struct program *any_idiom(const struct vocabulary *v, struct prng *r)
{
	unsigned int seldom = v->nr_idioms - v->nr_usual;

	if (!v->nr_usual || (seldom && chance(r, 15)))
		return v->idioms[v->nr_usual + prng_below(r, seldom)];
	return v->idioms[prng_below(r, v->nr_usual)];
}

void generate(struct program *p, const struct vocabulary *v, struct prng *r)
{
	unsigned int idioms = 1 + prng_below(r, 5), calls = prng_below(r, 8);

	program_clear(p);
	generate_settings(p, v, r);
	for (unsigned int i = 0; v->nr_idioms && i < idioms; i++) {
		const struct program *from = any_idiom(v, r);

		splice(p, from, 0, from->nr_lines, p->nr_lines, r);
	}
	if (p->nr_actors < 2 || chance(r, 20))
		generate_actor(p, r, v, p->nr_lines, chance(r, 50));
	for (unsigned int i = 0; i < calls; i++)
		generate_call_at(p, v, r,
				 p->nr_lines ? 1 + prng_below(r, p->nr_lines) : 0);
	program_repair(p, v);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values, calls, actors and settings by chance, from a driver's table of words: what a
 * hint says of a word mostly, and sometimes anything that its type can be.
 */
#include "fuzz/generate.h"

#include <stdio.h>
#include <string.h>

#include "text/text_i.h"

/* what makes a difference to somebody, whatever it is about */
static const long long odd_values[] = {
	0,
	1,
	2,
	3,
	4,
	7,
	8,
	15,
	16,
	31,
	32,
	63,
	64,
	127,
	128,
	255,
	256,
	4095,
	4096,
	4097,
	8192,
	65535,
	65536,
	1 << 20,
	(1ll << 31) - 1,
	1ll << 31,
	(1ll << 32) - 1,
	1ll << 32,
	(1ll << 62) - 1,
};

#define NR_ODD (sizeof(odd_values) / sizeof(odd_values[0]))

static long long any_value(struct prng *r, long long max)
{
	long long value = odd_values[prng_below(r, NR_ODD)];

	if (value <= max)
		return value;
	return max < 1 ? 0 : (long long)(prng_next(r) % ((uint64_t)max + 1));
}

/* ---- what a program says already ---- */

static unsigned int setting_of(const struct program *p, const struct vocabulary *v,
			       const char *word)
{
	unsigned int i = vocabulary_setting(v, word);

	return i < v->nr_settings && p->setting[i].value ? p->setting[i].value : 1;
}

/* until a program is repaired a line may name an actor that is there no more */
static bool is_server(const struct program *p, unsigned int actor)
{
	return actor < p->nr_actors && p->actors[actor].server;
}

/* Return: an actor that is there; of that kind, if there is one */
static unsigned int any_actor(const struct program *p, struct prng *r, bool server)
{
	unsigned int nr = 0, picked = 0;

	for (unsigned int i = 0; i < p->nr_actors; i++)
		if (is_server(p, i) == server && !prng_below(r, ++nr))
			picked = i;
	return picked;
}

/* Return: an actor that has something to do; what is done to others is done to nobody */
static unsigned int busy_actor(const struct program *p, struct prng *r, unsigned int kind)
{
	unsigned int nr = 0, picked = any_actor(p, r, kind == SERVERS);

	for (unsigned int i = 0; i < p->nr_lines; i++) {
		const struct program_line *l = &p->lines[i];

		if (l->what == LINE_CALL &&
		    (kind == ANY_ACTOR || is_server(p, l->actor) == (kind == SERVERS)) &&
		    !prng_below(r, ++nr))
			picked = l->actor;
	}
	return picked;
}

/* ---- values ---- */

static int16_t name_for(struct program *p, const struct text_hint *h, struct prng *r)
{
	char name[PROGRAM_NAME];
	unsigned int n = 0, i;

	if (h && h->names && !chance(r, 10)) {
		while (h->names[n])
			n++;
		snprintf(name, sizeof(name), "%s", h->names[prng_below(r, n)]);
	} else {
		snprintf(name, sizeof(name), "n%u", prng_below(r, 4));
	}
	for (i = 0; i < p->nr_names; i++)
		if (!strcmp(p->names[i], name))
			return (int16_t)i;
	if (p->nr_names == PROGRAM_NAMES)
		return (int16_t)prng_below(r, PROGRAM_NAMES);
	memcpy(p->names[p->nr_names], name, sizeof(name));
	return (int16_t)p->nr_names++;
}

static long long beyond(const struct text_hint *h)
{
	long long most = 1;

	for (unsigned int i = 0; i < h->nr; i++)
		if (h->values[i] > most)
			most = h->values[i];
	return 2 * most;
}

static long long number_for(const struct program *p, const struct vocabulary *v,
			    struct prng *r, const struct text_arg *arg,
			    const struct text_hint *h)
{
	const long long most = h && h->most && h->most < arg->max ? h->most : arg->max;

	if (h && h->below && chance(r, 90))
		return prng_below(r, setting_of(p, v, h->below));
	if (h && h->nr && chance(r, 85))
		return h->values[prng_below(r, h->nr)];
	/* what is far beyond takes long, and is refused */
	if (h && h->nr && chance(r, 90))
		return any_value(r, beyond(h) < most ? beyond(h) : most);
	return any_value(r, most);
}

static void change_for(struct prng *r, const struct text_arg *arg,
		       const struct text_hint *h, struct program_value *value)
{
	value->relative = chance(r, 75);
	if (h && h->nr && chance(r, 70))
		value->number = h->values[prng_below(r, h->nr)];
	else if (value->relative)
		value->number = chance(r, 60) ? 1 : any_value(r, arg->max);
	else
		value->number = any_value(r, arg->max);
	if (value->relative && chance(r, 30))
		value->number = -value->number;
	/* 0 more than usual is what is usual */
	value->relative &= value->number != 0;
	value->relative |= value->number < 0;
}

static long long error_for(struct prng *r, const struct text_hint *h)
{
	static const long long errors[] = { -5, -2, -4, -11, -22, -38, -12, -14, -116 };
	static const long long odd[] = {
		1, 5, -511, -512, -513, -1000, -4095, 1 << 20, -1
	};

	if (h && h->nr && chance(r, 80))
		return h->values[prng_below(r, h->nr)];
	if (chance(r, 70))
		return errors[prng_below(r, sizeof(errors) / sizeof(errors[0]))];
	return odd[prng_below(r, sizeof(odd) / sizeof(odd[0]))];
}

/* Return: a record of that kind; -1: repair or its caller has to find one */
static int record_for(const struct program *p, struct prng *r, unsigned int kind)
{
	unsigned int nr = 0;
	int picked = -1;

	for (unsigned int i = 0; i < p->nr_lines; i++) {
		const struct program_line *l = &p->lines[i];

		/* the last one mostly: it was made for this */
		if (l->what == LINE_CALL && l->as >= 0 && l->call->makes == kind &&
		    (!nr++ || chance(r, 60)))
			picked = l->as;
	}
	return picked;
}

void generate_value(struct program *p, const struct vocabulary *v, struct prng *r,
		    const struct word_call *c, unsigned int nr,
		    struct program_value *value)
{
	const struct text_arg *arg = &c->call->args[nr];
	const struct text_hint *h = c->hint[nr];

	*value = (struct program_value){ .given = true };
	switch (arg->type) {
	case TEXT_NUMBER:
		value->number = number_for(p, v, r, arg, h);
		break;
	case TEXT_CHANGE:
		change_for(r, arg, h, value);
		break;
	case TEXT_ERROR:
		value->number = error_for(r, h);
		break;
	case TEXT_NAME:
		value->ref = name_for(p, h, r);
		break;
	case TEXT_RECORD:
		value->ref = (int16_t)record_for(p, r, arg->kind);
		break;
	case TEXT_ACTOR:
		if (chance(r, 60))
			value->ref = (int16_t)busy_actor(p, r, arg->kind);
		else
			value->ref =
				arg->kind == ANY_ACTOR
					? (int16_t)prng_below(r, p->nr_actors)
					: (int16_t)any_actor(p, r, arg->kind == SERVERS);
		break;
	default:
		break;
	}
}

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

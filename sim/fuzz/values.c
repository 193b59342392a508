// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values by chance: what a hint says of a word mostly, and sometimes anything that its
 * type can be.
 */
#include "fuzz/values.h"

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

long long any_value(struct prng *r, long long max)
{
	long long value = odd_values[prng_below(r, NR_ODD)];

	if (value <= max)
		return value;
	return max < 1 ? 0 : (long long)(prng_next(r) % ((uint64_t)max + 1));
}

/* ---- what a program says already ---- */

unsigned int setting_of(const struct program *p, const struct vocabulary *v,
			const char *word)
{
	unsigned int i = vocabulary_setting(v, word);

	return i < v->nr_settings && p->setting[i].value ? p->setting[i].value : 1;
}

/* until a program is repaired a line may name an actor that is there no more */
bool is_server(const struct program *p, unsigned int actor)
{
	return actor < p->nr_actors && p->actors[actor].server;
}

/* Return: an actor that is there; of that kind, if there is one */
unsigned int any_actor(const struct program *p, struct prng *r, bool server)
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

long long beyond(const struct text_hint *h)
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

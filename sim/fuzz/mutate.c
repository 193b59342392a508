// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of a program by chance.
 */
#include <string.h>

#include "fuzz/generate.h"
#include "text/text_i.h"

/* ---- lines of another one ---- */

/* an actor of @p for one of @from: one that is there, or a new one */
static int actor_for(struct program *p, const struct program *from, unsigned int nr,
		     unsigned int *at, struct prng *r)
{
	bool server = from->actors[nr].server;
	struct program_line *l;

	if (!nr)
		return 0;
	if (chance(r, 40))
		for (unsigned int tries = 0; tries < 4; tries++) {
			unsigned int other = prng_below(r, p->nr_actors);

			if (other && p->actors[other].server == server)
				return (int)other;
		}
	if (p->nr_actors == PROGRAM_ACTORS)
		return -1;
	l = program_insert(p, *at);
	if (!l)
		return -1;
	(*at)++;
	l->what = LINE_ACTOR;
	l->actor = (uint8_t)p->nr_actors;
	p->actors[p->nr_actors] = from->actors[nr];
	return (int)p->nr_actors++;
}

/* struct join - of another program's numbers to those of this one */
struct join {
	int actor[PROGRAM_ACTORS], record[PROGRAM_LINES + 1];
	bool known[PROGRAM_ACTORS];
};

static int joined(struct join *j, struct program *p, const struct program *from,
		  unsigned int nr, unsigned int *at, struct prng *r)
{
	if (!j->known[nr])
		j->actor[nr] = actor_for(p, from, nr, at, r);
	j->known[nr] = true;
	return j->actor[nr];
}

static int16_t joined_name(struct program *p, const char *name)
{
	unsigned int i = 0;

	while (i < p->nr_names && strcmp(p->names[i], name) != 0)
		i++;
	if (i == PROGRAM_NAMES)
		return 0;
	if (i == p->nr_names)
		memcpy(p->names[p->nr_names++], name, PROGRAM_NAME);
	return (int16_t)i;
}

static void join_values(struct join *j, struct program *p, const struct program *from,
			struct program_line *l, unsigned int *at, struct prng *r)
{
	for (unsigned int i = 0; i < TEXT_ARGS; i++) {
		struct program_value *v = &l->v[i];

		if (!v->given)
			continue;
		if (l->call->args[i].type == TEXT_ACTOR)
			v->ref = (int16_t)joined(j, p, from, (unsigned int)v->ref, at, r);
		else if (l->call->args[i].type == TEXT_NAME)
			v->ref = joined_name(p, from->names[v->ref]);
		else if (l->call->args[i].type == TEXT_RECORD)
			v->ref =
				(int16_t)
					j->record[v->ref < PROGRAM_LINES ? v->ref
									 : PROGRAM_LINES];
	}
}

static void join_line(struct join *j, struct program *p, const struct program *from,
		      const struct program_line *other, unsigned int *at, struct prng *r)
{
	struct program_line copy = *other, *l;

	copy.actor = (uint8_t)joined(j, p, from, other->actor, at, r);
	if (other->what == LINE_ACTOR)
		return; /* it was created when it was named */
	for (unsigned int i = 0; i < copy.nr_has; i++)
		copy.has[i] = (uint8_t)joined(j, p, from, other->has[i], at, r);
	join_values(j, p, from, &copy, at, r);
	if (copy.as >= 0 && copy.as < PROGRAM_LINES) {
		j->record[copy.as] = (int)p->nr_records;
		copy.as = (int16_t)p->nr_records++;
	}
	l = program_insert(p, *at);
	if (!l)
		return;
	*l = copy;
	(*at)++;
}

void splice(struct program *p, const struct program *from, unsigned int first,
	    unsigned int n, unsigned int at, struct prng *r)
{
	struct join j;

	memset(&j, 0, sizeof(j));
	for (unsigned int i = 0; i <= PROGRAM_LINES; i++)
		j.record[i] = -1;
	for (unsigned int i = first; i < first + n && i < from->nr_lines; i++) {
		if (from->lines[i].what != LINE_SET_UP) {
			join_line(&j, p, from, &from->lines[i], &at, r);
		} else if (program_insert(p, at)) {
			p->lines[at++].what = LINE_SET_UP;
		}
	}
	/* what the other one is configured for is what its lines mean */
	for (unsigned int i = 0; i < PROGRAM_SETTINGS; i++)
		if (from->setting[i].given && (!p->setting[i].given || chance(r, 30)))
			p->setting[i] = from->setting[i];
}

/* ---- one change each ---- */

static unsigned int any_line(const struct program *p, struct prng *r)
{
	return prng_below(r, p->nr_lines);
}

/* Return: a line with a call; NULL: there seems to be none */
static struct program_line *any_call_line(struct program *p, struct prng *r)
{
	for (unsigned int tries = 0; p->nr_lines && tries < 8; tries++) {
		struct program_line *l = &p->lines[any_line(p, r)];

		if (l->what == LINE_CALL)
			return l;
	}
	return NULL;
}

static void change_value(struct program *p, const struct vocabulary *v, struct prng *r)
{
	struct program_line *l = any_call_line(p, r);
	const struct word_call *c;
	unsigned int sum = 0, i = 0;

	if (!l)
		return;
	c = &v->calls[vocabulary_call(v, l->call)];
	for (unsigned int nr = 0; nr < TEXT_ARGS; nr++) {
		unsigned int weight = argument_weight(c, nr);

		sum += weight;
		if (weight && prng_below(r, sum) < weight)
			i = nr;
	}
	if (!sum)
		return;
	if (l->v[i].given && !l->call->args[i].needed && chance(r, 40))
		l->v[i].given = false;
	else
		generate_value(p, v, r, c, i, &l->v[i]);
}

static void remove_lines(struct program *p, const struct vocabulary *v, struct prng *r)
{
	unsigned int n = chance(r, 70) ? 1 : 1 + prng_below(r, 4), at;

	(void)v;
	if (!p->nr_lines)
		return;
	at = any_line(p, r);
	program_drop(p, at, n > p->nr_lines - at ? p->nr_lines - at : n);
}

static void insert_call(struct program *p, const struct vocabulary *v, struct prng *r)
{
	generate_call_at(p, v, r, p->nr_lines ? 1 + any_line(p, r) : 0);
}

static void repeat_line(struct program *p, const struct vocabulary *v, struct prng *r)
{
	struct program_line copy, *l;
	unsigned int at;

	(void)v;
	l = any_call_line(p, r);
	if (!l)
		return;
	copy = *l;
	if (copy.as >= 0)
		copy.as = (int16_t)p->nr_records++;
	at = (unsigned int)(l - p->lines) + 1;
	at += chance(r, 50) ? 0 : prng_below(r, p->nr_lines - at + 1);
	l = program_insert(p, at);
	if (l)
		*l = copy;
}

static void move_line(struct program *p, const struct vocabulary *v, struct prng *r)
{
	struct program_line copy;
	unsigned int at;

	(void)v;
	if (p->nr_lines < 2)
		return;
	at = any_line(p, r);
	copy = p->lines[at];
	program_drop(p, at, 1);
	at = prng_below(r, p->nr_lines + 1);
	*program_insert(p, at) = copy;
}

static void change_setting(struct program *p, const struct vocabulary *v, struct prng *r)
{
	generate_setting(p, v, r);
}

static void change_actor(struct program *p, const struct vocabulary *v, struct prng *r)
{
	struct program_line *l = any_call_line(p, r);

	(void)v;
	if (!l)
		return;
	if (!l->nr_has && chance(r, 30)) {
		l->has[0] = (uint8_t)prng_below(r, p->nr_actors);
		l->nr_has = 1;
	} else if (l->nr_has && chance(r, 50)) {
		l->nr_has = 0;
	} else {
		l->actor = (uint8_t)prng_below(r, p->nr_actors);
	}
}

static void change_actors_line(struct program *p, const struct vocabulary *v,
			       struct prng *r)
{
	struct program_actor *a = &p->actors[prng_below(r, p->nr_actors)];
	unsigned int i = vocabulary_setting(v, "cpus");

	if (chance(r, 50)) {
		a->cpu = (uint8_t)prng_below(r, p->setting[i].value + 1);
		return;
	}
	if (!a->server)
		return;
	a->has_flags = !a->has_flags || chance(r, 60);
	a->ring_flags = text_large_sqes;
	for (const struct text_choice *f = text_ring_flags; f->word; f++)
		if (chance(r, 50))
			a->ring_flags |= f->value;
}

static void new_actor(struct program *p, const struct vocabulary *v, struct prng *r)
{
	unsigned int at = p->nr_lines ? prng_below(r, p->nr_lines + 1) : 0, nr;

	nr = generate_actor(p, r, v, at, chance(r, 50));
	for (unsigned int i = prng_below(r, 3); nr && i; i--) {
		struct program_line *l = program_insert(p, at + 1);

		if (!l)
			return;
		l->actor = (uint8_t)nr;
		generate_call(p, v, r, l);
	}
}

static void move_set_up(struct program *p, const struct vocabulary *v, struct prng *r)
{
	struct program_line *l;

	(void)v;
	for (unsigned int i = 0; i < p->nr_lines; i++)
		if (p->lines[i].what == LINE_SET_UP) {
			program_drop(p, i, 1);
			break;
		}
	if (chance(r, 25))
		return;
	l = program_insert(p, prng_below(r, p->nr_lines + 1));
	if (l)
		l->what = LINE_SET_UP;
}

static void insert_idiom(struct program *p, const struct vocabulary *v, struct prng *r)
{
	const struct program *from;

	if (!v->nr_idioms)
		return;
	from = any_idiom(v, r);
	splice(p, from, 0, from->nr_lines, prng_below(r, p->nr_lines + 1), r);
}

static void take_others(struct program *p, struct prng *r, const struct program *other)
{
	unsigned int first = prng_below(r, other->nr_lines), n;

	n = chance(r, 30) ? other->nr_lines : 1 + prng_below(r, 8);
	if (chance(r, 30))
		first = 0;
	splice(p, other, first, n, prng_below(r, p->nr_lines + 1), r);
}

static void change_chances(struct program *p, struct prng *r, const struct chances *most)
{
	p->chances = (struct chances){ 0, 0 };
	if (most->timers && chance(r, 50))
		p->chances.timers = 1 + prng_below(r, most->timers);
	if (most->faults && chance(r, 50))
		p->chances.faults = 1 + prng_below(r, most->faults);
}

/* ---- all of it ---- */

static const struct {
	unsigned int weight;
	void (*change)(struct program *p, const struct vocabulary *v, struct prng *r);
} changes[] = {
	{ 24, change_value }, { 12, remove_lines },	 { 24, insert_call },
	{ 6, repeat_line },   { 6, move_line },		 { 8, change_setting },
	{ 5, change_actor },  { 4, change_actors_line }, { 4, new_actor },
	{ 3, move_set_up },   { 6, insert_idiom },
};

#define NR_CHANGES (sizeof(changes) / sizeof(changes[0]))

static void change_once(struct program *p, const struct vocabulary *v, struct prng *r)
{
	unsigned int sum = 0, at, i;

	for (i = 0; i < NR_CHANGES; i++)
		sum += changes[i].weight;
	at = prng_below(r, sum);
	for (i = 0; at >= changes[i].weight; i++)
		at -= changes[i].weight;
	changes[i].change(p, v, r);
}

void mutate(struct program *p, const struct vocabulary *v, struct prng *r,
	    const struct program *other, const struct chances *most)
{
	unsigned int times = 1;

	while (times < 12 && chance(r, 55))
		times++;
	if (other && other->nr_lines && chance(r, 15))
		take_others(p, r, other);
	for (unsigned int i = 0; i < times; i++)
		change_once(p, v, r);
	if (chance(r, 18))
		change_chances(p, r, most);
	program_repair(p, v);
}

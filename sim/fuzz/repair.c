// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a change may have left behind: lines that no file can have. They go, and so does
 * what depends on them.
 */
#include <string.h>

#include "fuzz/vocabulary.h"
#include "text/text_i.h"

/* struct repair - of the lines so far */
struct repair {
	struct program *p;
	const struct vocabulary *v;
	bool set_up;
	bool there[PROGRAM_ACTORS];
	bool late[PROGRAM_ACTORS]; /* created behind the set-up */
	/* records: which line made it, under its number of before */
	int16_t made[PROGRAM_LINES];
	unsigned int nr_made;
};

static const struct text_choice *choice_of(const struct text_setting *s,
					   unsigned int value)
{
	for (const struct text_choice *c = s->choices; c && c->word; c++)
		if (c->value == value)
			return c;
	return NULL;
}

static void repair_setting(struct program *p, const struct vocabulary *v, unsigned int i)
{
	const struct text_setting *s = v->settings[i].setting;
	const struct text_choice *c;
	unsigned int flags = 0;

	if (!p->setting[i].value || !vocabulary_can(v, s->needs))
		p->setting[i].given = false;
	switch (s->type) {
	case SETTING_NUMBER:
		if (p->setting[i].value > s->max)
			p->setting[i].value = s->max;
		break;
	case SETTING_CHOICE:
		c = choice_of(s, p->setting[i].value);
		if (!c || !vocabulary_can(v, c->needs))
			p->setting[i].given = false;
		break;
	case SETTING_FLAGS:
		for (c = s->choices; c->word; c++)
			flags |= c->value;
		p->setting[i].value &= flags;
		if (s->choices == text_ring_flags)
			p->setting[i].value = text_whole_ring_flags(p->setting[i].value);
		p->setting[i].given &= p->setting[i].value != 0;
		break;
	default:
		p->setting[i].value = 1;
	}
	if (!p->setting[i].given)
		p->setting[i].value = 0;
}

static unsigned int value_of(const struct program *p, const struct vocabulary *v,
			     const char *word)
{
	unsigned int i = vocabulary_setting(v, word);

	return i < v->nr_settings && p->setting[i].given ? p->setting[i].value : 0;
}

static bool setting_allows(const struct program *p, const struct vocabulary *v,
			   const struct text_condition *c)
{
	return c->setting && text_allows(c, value_of(p, v, c->setting));
}

static bool has_argument(const struct program_line *l, const char *word)
{
	for (unsigned int k = 0; l->what == LINE_CALL && k < TEXT_ARGS; k++)
		if (l->v[k].given && l->call->args[k].word &&
		    text_same(l->call->args[k].word, word))
			return true;
	return false;
}

static bool servers_have_argument(const struct program *p, const char *word)
{
	for (unsigned int i = 0; i < p->nr_lines; i++)
		if (p->lines[i].what == LINE_CALL &&
		    p->lines[i].call->actors == SERVERS &&
		    has_argument(&p->lines[i], word))
			return true;
	return false;
}

/*
 * Settings that mean nothing here. In the order of the conditions: what one depends on
 * may go before. @lines: those that a line may give a meaning, too, when lines are
 * repaired.
 */
static void drop_settings(struct program *p, const struct vocabulary *v, bool lines)
{
	const struct text_condition *c = text_conditions(v->driver->words);

	for (; c->word; c++) {
		unsigned int i;

		if (c->call || c->calls || (c->argument && !lines) ||
		    setting_allows(p, v, c) ||
		    (c->argument && servers_have_argument(p, c->argument)))
			continue;
		i = vocabulary_setting(v, c->word);
		if (i < v->nr_settings) {
			p->setting[i].given = false;
			p->setting[i].value = 0;
		}
	}
}

/* fields that are not sent */
static void drop_arguments(const struct program *p, const struct vocabulary *v,
			   struct program_line *l)
{
	const struct text_condition *c = text_conditions(v->driver->words);

	for (; c->word; c++) {
		if (!c->call || !text_same(c->call, l->call->word) ||
		    (c->argument && has_argument(l, c->argument)) ||
		    setting_allows(p, v, c))
			continue;
		for (unsigned int k = 0; k < TEXT_ARGS; k++)
			if (l->call->args[k].word &&
			    text_same(l->call->args[k].word, c->word))
				l->v[k] = (struct program_value){ .given = false };
	}
}

static unsigned int cpus_of(const struct program *p, const struct vocabulary *v)
{
	unsigned int i = vocabulary_setting(v, "cpus");

	return i < v->nr_settings && p->setting[i].given ? p->setting[i].value : 1;
}

static void note_actors(struct repair *r)
{
	bool seen[PROGRAM_ACTORS] = { false }, behind = false;

	for (unsigned int i = 0; i < r->p->nr_lines; i++) {
		const struct program_line *l = &r->p->lines[i];

		behind |= l->what == LINE_SET_UP;
		if (l->what != LINE_ACTOR || l->actor >= r->p->nr_actors ||
		    seen[l->actor])
			continue;
		seen[l->actor] = true;
		r->late[l->actor] = behind;
	}
	r->there[0] = true;
}

static bool is_created(const struct repair *r, unsigned int nr)
{
	if (!nr)
		return true;
	for (unsigned int i = 0; i < r->p->nr_lines; i++)
		if (r->p->lines[i].what == LINE_ACTOR && r->p->lines[i].actor == nr)
			return true;
	return false;
}

/* It is there when a task gets so far as to do what the line says. */
static bool may_name(const struct repair *r, unsigned int nr)
{
	if (nr >= r->p->nr_actors || !is_created(r, nr))
		return false;
	return r->there[nr] || r->set_up || !r->late[nr];
}

/* Return: number of the record that stands for @ref; -1 */
static int record_for(const struct repair *r, int ref, unsigned int kind)
{
	int other = -1;

	for (unsigned int i = 0; i < r->nr_made; i++) {
		const struct program_line *l = &r->p->lines[r->made[i]];

		if (l->call->makes != kind)
			continue;
		if (l->as == ref)
			return ref;
		other = l->as;
	}
	return other;
}

/* it looks at the actor that it names when it is done; others do when they are queued */
static bool looks_late(const struct text_call *call)
{
	const struct text_call *c = text_calls;

	while (c->word && c != call)
		c++;
	return c->word;
}

/* what has to be below a setting */
static long long limited(const struct repair *r, const struct text_arg *arg, long long n)
{
	unsigned int below = arg->below ? value_of(r->p, r->v, arg->below) : 0;

	return arg->below ? n % (below ? below : 1) : n;
}

static bool may_name_as(const struct repair *r, const struct program_line *l,
			const struct text_arg *arg, int ref)
{
	if (arg->another && (!ref || ref == l->actor))
		return false;
	return arg->kind == ANY_ACTOR ||
	       r->p->actors[ref].server == (arg->kind == SERVERS);
}

static bool repair_value(struct repair *r, const struct program_line *l, unsigned int nr,
			 struct program_value *v)
{
	const struct text_call *call = l->call;
	const struct text_arg *arg = &call->args[nr];
	int record;

	if (!v->given)
		return !arg->needed;
	switch (arg->type) {
	case TEXT_NUMBER:
		v->relative = false;
		v->number = v->number < 0 ? 0 : v->number;
		v->number = v->number > arg->max ? arg->max : v->number;
		v->number = limited(r, arg, v->number);
		return true;
	case TEXT_CHANGE:
		v->number = v->number > arg->max ? arg->max : v->number;
		v->number = v->number < -arg->max ? -arg->max : v->number;
		v->relative |= v->number < 0;
		return true;
	case TEXT_NAME:
		return v->ref >= 0 && (unsigned int)v->ref < r->p->nr_names;
	case TEXT_ACTOR:
		return v->ref >= 0 && may_name(r, (unsigned int)v->ref) &&
		       (r->there[v->ref] || looks_late(call)) &&
		       may_name_as(r, l, arg, v->ref);
	case TEXT_RECORD:
		record = record_for(r, v->ref, arg->kind);
		v->ref = (int16_t)record;
		return record >= 0;
	default:
		return true;
	}
}

static bool repair_call(struct repair *r, struct program_line *l)
{
	unsigned int first = l->nr_has ? l->has[0] : l->actor;

	if (first >= r->p->nr_actors || !r->there[first] || !may_name(r, l->actor))
		return false;
	for (unsigned int i = 1; i < l->nr_has; i++)
		if (!may_name(r, l->has[i]))
			return false;
	if (l->call->actors != ANY_ACTOR &&
	    (l->call->actors == SERVERS) != r->p->actors[l->actor].server)
		return false;
	for (unsigned int i = 0; i < TEXT_ARGS; i++) {
		if (!l->call->args[i].type)
			l->v[i] = (struct program_value){ .given = false };
		else if (!repair_value(r, l, i, &l->v[i]))
			return false;
	}
	drop_arguments(r->p, r->v, l);
	return true;
}

static bool repair_line(struct repair *r, unsigned int nr)
{
	struct program_line *l = &r->p->lines[nr];

	if (l->what == LINE_SET_UP) {
		if (r->set_up)
			return false;
		r->set_up = true;
		return true;
	}
	if (l->what == LINE_ACTOR) {
		if (!l->actor || l->actor >= r->p->nr_actors || r->there[l->actor])
			return false;
		r->there[l->actor] = true;
		return true;
	}
	if (!repair_call(r, l))
		return false;
	if (!l->call->makes)
		l->as = -1;
	if (l->as >= 0)
		r->made[r->nr_made++] = (int16_t)nr;
	return true;
}

static bool is_used(const struct program *p, unsigned int from, int record)
{
	for (unsigned int i = from; i < p->nr_lines; i++) {
		const struct program_line *l = &p->lines[i];

		for (unsigned int k = 0; l->what == LINE_CALL && k < TEXT_ARGS; k++)
			if (l->v[k].given && l->call->args[k].type == TEXT_RECORD &&
			    l->v[k].ref == record)
				return true;
	}
	return false;
}

static void rename_record(struct program *p, unsigned int from, int was, int now)
{
	for (unsigned int i = from; i < p->nr_lines; i++) {
		struct program_line *l = &p->lines[i];

		for (unsigned int k = 0; l->what == LINE_CALL && k < TEXT_ARGS; k++)
			if (l->v[k].given && l->call->args[k].type == TEXT_RECORD &&
			    l->v[k].ref == was)
				l->v[k].ref = (int16_t)now;
	}
}

/* Names that nothing uses go; the others are numbered as they come. */
static void number_records(struct program *p)
{
	int nr = 0;

	for (unsigned int i = 0; i < p->nr_lines; i++)
		if (p->lines[i].what == LINE_CALL && p->lines[i].as >= 0 &&
		    !is_used(p, i + 1, p->lines[i].as))
			p->lines[i].as = -1;
	/* out of the way first: numbers below are in use further down */
	for (unsigned int round = 0; round < 2; round++) {
		nr = round ? 0 : 1000;
		for (unsigned int i = 0; i < p->nr_lines; i++) {
			if (p->lines[i].what != LINE_CALL || p->lines[i].as < 0)
				continue;
			rename_record(p, i + 1, p->lines[i].as, nr);
			p->lines[i].as = (int16_t)nr++;
		}
	}
	p->nr_records = (unsigned int)nr;
}

/* Actors that are never created go; the others are numbered as they are created. */
static void number_actors(struct program *p)
{
	struct program_actor actors[PROGRAM_ACTORS];
	uint8_t now[PROGRAM_ACTORS] = { 0 };
	unsigned int nr = 1;

	actors[0] = p->actors[0];
	for (unsigned int i = 0; i < p->nr_lines; i++) {
		if (p->lines[i].what != LINE_ACTOR)
			continue;
		actors[nr] = p->actors[p->lines[i].actor];
		now[p->lines[i].actor] = (uint8_t)nr++;
	}
	for (unsigned int i = 0; i < p->nr_lines; i++) {
		struct program_line *l = &p->lines[i];

		if (l->what == LINE_SET_UP)
			continue;
		l->actor = now[l->actor];
		for (unsigned int k = 0; k < l->nr_has; k++)
			l->has[k] = now[l->has[k]];
		for (unsigned int k = 0; l->what == LINE_CALL && k < TEXT_ARGS; k++)
			if (l->v[k].given && l->call->args[k].type == TEXT_ACTOR)
				l->v[k].ref = now[l->v[k].ref];
	}
	memcpy(p->actors, actors, nr * sizeof(actors[0]));
	p->nr_actors = nr;
}

static bool repair_once(struct program *p, const struct vocabulary *v)
{
	struct repair r = { .p = p, .v = v };
	bool whole = true;

	note_actors(&r);
	for (unsigned int i = 0; i < p->nr_lines;) {
		if (repair_line(&r, i)) {
			i++;
			continue;
		}
		program_drop(p, i, 1);
		whole = false;
	}
	return whole;
}

void program_repair(struct program *p, const struct vocabulary *v)
{
	unsigned int cpus;

	for (unsigned int i = 0; i < v->nr_settings; i++)
		repair_setting(p, v, i);
	drop_settings(p, v, false);
	cpus = cpus_of(p, v);
	while (!repair_once(p, v))
		;
	drop_settings(p, v, true);
	number_actors(p);
	number_records(p);
	for (unsigned int i = 0; i < p->nr_actors; i++) {
		if (p->actors[i].cpu >= cpus)
			p->actors[i].cpu = 0;
		p->actors[i].ring_flags = text_whole_ring_flags(p->actors[i].ring_flags);
	}
}

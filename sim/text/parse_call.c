// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads what an actor does: a call with its arguments.
 */
#include <stdlib.h>
#include <string.h>

#include "text/parse_i.h"

/* ---- which call ---- */

static const struct text_call *const *lists(const struct parse *p)
{
	static const struct text_call *two[2];

	two[0] = text_calls;
	two[1] = p->t->words->calls;
	return two;
}

void parse_offer_calls(const struct parse *p, struct near *near)
{
	for (unsigned int i = 0; i < 2; i++)
		for (const struct text_call *c = lists(p)[i]; c->word; c++)
			near_offer(near, c->word);
}

const struct text_call *parse_find_call(struct parse *p, unsigned int i)
{
	for (unsigned int k = 0; k < 2; k++)
		for (const struct text_call *c = lists(p)[k]; c->word; c++)
			if (text_same(c->word, p->line.word[i]))
				return c;
	return NULL;
}

static const struct text_call *must_find_call(struct parse *p, unsigned int i,
					      unsigned int actor)
{
	const struct text_actor *a = &p->t->actors[actor];
	const struct text_call *c;
	struct near near = { .typed = parse_word(p, i) };

	if (!near.typed) {
		parse_lacks(p, i, "a call");
		return NULL;
	}
	c = parse_find_call(p, i);
	if (!c) {
		parse_offer_calls(p, &near);
		near_offer(&near, "has");
		parse_mistake(p, i, "call", near.typed, &near);
		return NULL;
	}
	if (c->actors == ANY_ACTOR || (c->actors == SERVERS) == a->server)
		return c;
	text_wrong(&p->source, p->line.nr, p->line.column[i],
		   "\"%s\" is what a %s does, and %s is a %s", c->word,
		   c->actors == SERVERS ? "server" : "client", a->name,
		   a->server ? "server" : "client");
	return NULL;
}

/* ---- its arguments ---- */

static int find_record(struct parse *p, unsigned int i, unsigned int kind)
{
	const char *word = parse_word(p, i);
	const char *what = p->t->words->kinds[kind];
	struct near near = { .typed = word };

	if (!word) {
		parse_lacks(p, i, what);
		return -1;
	}
	for (unsigned int k = 0; k < p->t->nr_names; k++) {
		const struct text_name *n = &p->t->names[k];

		if (n->kind != kind && !strcmp(n->name, word)) {
			text_wrong(&p->source, p->line.nr, p->line.column[i],
				   "%s is a %s, not a %s", word,
				   p->t->words->kinds[n->kind], what);
			return -1;
		}
		if (n->kind != kind)
			continue;
		near_offer(&near, n->name);
		if (!strcmp(n->name, word))
			return (int)k;
	}
	parse_mistake(p, i, what, word, &near);
	return -1;
}

static bool take_change(struct parse *p, unsigned int i, const struct text_arg *arg,
			struct text_value *v)
{
	const char *word = parse_word(p, i);

	v->relative = word && (word[0] == '+' || word[0] == '-');
	return parse_is_number(p, i, v->relative ? -arg->max : 0, arg->max, &v->number);
}

static bool take_error(struct parse *p, unsigned int i, struct text_value *v)
{
	struct near near = { .typed = parse_word(p, i) };

	if (!near.typed)
		return parse_lacks(p, i, "an error");
	if (text_error(near.typed, &v->number))
		return true;
	return parse_no_value(p, i, "error", &near);
}

static bool is_another(struct parse *p, const struct text_statement *s, unsigned int i,
		       unsigned int nr)
{
	if (nr && nr != s->actor)
		return true;
	return text_wrong(&p->source, p->line.nr, p->line.column[i],
			  "\"%s\" has to name another one: %s %s", s->call->word,
			  p->line.word[i],
			  nr ? "does it" : "is the server's main thread");
}

static bool take_actor_value(struct parse *p, const struct text_statement *s,
			     unsigned int i, const struct text_arg *arg,
			     struct text_value *v)
{
	int nr = parse_actor(p, i);

	if (nr < 0)
		return false;
	if (arg->kind != ANY_ACTOR && p->t->actors[nr].server != (arg->kind == SERVERS))
		return text_wrong(&p->source, p->line.nr, p->line.column[i],
				  "\"%s\" is a %s", p->line.word[i],
				  p->t->actors[nr].server ? "server" : "client");
	if (arg->another && !is_another(p, s, i, (unsigned int)nr))
		return false;
	v->actor = &p->t->actor[nr];
	return true;
}

/* Return: whether word @i is a value of @arg */
static bool take_value(struct parse *p, struct text_statement *s, unsigned int nr,
		       unsigned int i)
{
	const struct text_arg *arg = &s->call->args[nr];
	struct text_value *v = &s->v[nr];

	v->given = true;
	switch (arg->type) {
	case TEXT_NUMBER:
		return parse_is_number(p, i, 0, arg->max, &v->number) &&
		       parse_number_meets(p, i, arg, v->number);
	case TEXT_CHANGE:
		return take_change(p, i, arg, v);
	case TEXT_ERROR:
		return take_error(p, i, v);
	case TEXT_NAME:
		if (!parse_is_name(p, i, TEXT_NAME_LEN))
			return false;
		v->name = strdup(p->line.word[i]);
		return v->name;
	case TEXT_RECORD:
		v->slot = (short)find_record(p, i, arg->kind);
		return v->slot >= 0;
	case TEXT_ACTOR:
		return take_actor_value(p, s, i, arg, v);
	default:
		return true;
	}
}

static bool take_name(struct parse *p, struct text_statement *s, unsigned int i)
{
	struct text_name *n = &p->t->names[p->t->nr_names];

	if (!s->call->makes)
		return text_wrong(&p->source, p->line.nr, p->line.column[i - 1],
				  "\"%s\" has no result that could be named",
				  s->call->word);
	if (!parse_is_name(p, i, TEXT_NAME_LEN) || !parse_ends(p, i + 1))
		return false;
	for (unsigned int k = 0; k < p->t->nr_names; k++)
		if (!strcmp(p->t->names[k].name, p->line.word[i]))
			return text_wrong(&p->source, p->line.nr, p->line.column[i],
					  "there is a \"%s\" already", p->line.word[i]);
	if (p->t->nr_names == TEXT_NAMES)
		return text_wrong(&p->source, p->line.nr, p->line.column[i],
				  "more than %d names", TEXT_NAMES);
	snprintf(n->name, sizeof(n->name), "%s", p->line.word[i]);
	n->kind = s->call->makes;
	s->as = (int)p->t->nr_names++;
	return true;
}

/* Return: number of the argument that begins at word @i; -1 */
static int which_argument(struct parse *p, const struct text_statement *s, unsigned int i)
{
	struct near near = { .typed = p->line.word[i] };
	int alone = -1;

	for (unsigned int k = 0; k < TEXT_ARGS; k++) {
		const char *word = s->call->args[k].word;

		if (!s->call->args[k].type)
			continue;
		if (word)
			near_offer(&near, word);
		if (word && text_same(word, p->line.word[i])) {
			if (!s->v[k].given)
				return (int)k;
			text_wrong(&p->source, p->line.nr, p->line.column[i],
				   "\"%s\" comes twice", word);
			return -1;
		}
		if (!word && !s->v[k].given && alone < 0)
			alone = (int)k;
	}
	if (alone < 0) {
		near_offer(&near, "as");
		parse_mistake(p, i, "argument", p->line.word[i], &near);
	}
	return alone;
}

static bool take_arguments(struct parse *p, struct text_statement *s, unsigned int i)
{
	while (i < p->line.words) {
		const struct text_arg *arg;
		int nr;

		if (!strcmp(p->line.word[i], "as"))
			return take_name(p, s, i + 1);
		nr = which_argument(p, s, i);
		if (nr < 0)
			return false;
		arg = &s->call->args[nr];
		i += arg->word && arg->type != TEXT_FLAG;
		if (!take_value(p, s, (unsigned int)nr, i))
			return false;
		i++;
	}
	return true;
}

static const char *type_word(const struct parse *p, const struct text_arg *arg)
{
	if (arg->word)
		return arg->word;
	if (arg->type == TEXT_RECORD)
		return p->t->words->kinds[arg->kind];
	return arg->type == TEXT_ACTOR	? "an actor"
	       : arg->type == TEXT_NAME ? "a name"
					: "a number";
}

static bool has_what_it_needs(struct parse *p, const struct text_statement *s)
{
	for (unsigned int k = 0; k < TEXT_ARGS; k++)
		if (s->call->args[k].needed && !s->v[k].given)
			return parse_lacks(p, p->line.words,
					   type_word(p, &s->call->args[k]));
	return true;
}

/* ---- the line ---- */

static bool is_there(struct parse *p, unsigned int actor, unsigned int i)
{
	if (p->set_up || !p->t->actors[actor].after_set_up)
		return true;
	return text_wrong(&p->source, p->line.nr, parse_column(p, i),
			  "%s is not there yet: it is created after the set-up",
			  p->t->actors[actor].name);
}

/* "has admin abort": word @i is behind those */
static bool take_has(struct parse *p, struct text_statement *s, unsigned int *i)
{
	unsigned int actor = (unsigned int)p->on;

	while (*i < p->line.words && !strcmp(p->line.word[*i], "has")) {
		int next = parse_actor(p, *i + 1);

		if (next < 0 || !is_there(p, (unsigned int)next, *i + 1))
			return false;
		if (s->nr_has == TEXT_HAS)
			return text_wrong(&p->source, p->line.nr, p->line.column[*i],
					  "more than %d times \"has\"", TEXT_HAS);
		s->has[s->nr_has++] = actor;
		actor = (unsigned int)next;
		*i += 2;
	}
	s->actor = actor;
	return true;
}

bool parse_call(struct parse *p)
{
	struct text_statement *s = parse_statement(p, DO_CALL);
	unsigned int i = 0;

	if (!s || !take_has(p, s, &i))
		return false;
	s->call = must_find_call(p, i, s->actor);
	if (!s->call)
		return false;
	for (unsigned int k = 0; k < TEXT_ARGS; k++)
		s->v[k].slot = -1;
	return take_arguments(p, s, i + 1) && has_what_it_needs(p, s) &&
	       parse_call_meets(p, s);
}

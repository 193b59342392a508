// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads an expectation: what must be true when nothing happens any more.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "text/parse_i.h"

/* ---- of what ---- */

static const struct text_thing *find_thing(struct parse *p, const char *word,
					   struct near *near)
{
	for (const struct text_thing *t = p->t->words->things; t && t->word; t++) {
		near_offer(near, t->word);
		if (text_same(t->word, word))
			return t;
	}
	return NULL;
}

static int find_name(struct parse *p, const char *word, struct near *near)
{
	for (unsigned int k = 0; k < p->t->nr_names; k++) {
		near_offer(near, p->t->names[k].name);
		if (!strcmp(p->t->names[k].name, word))
			return (int)k;
	}
	return -1;
}

/* Return: the kind of what is looked at; 0: there is a message */
static unsigned int take_what(struct parse *p, struct text_expectation *e,
			      unsigned int *i)
{
	const char *word = parse_word(p, *i);
	struct near near = { .typed = word };
	long long nr = 0;

	if (!word) {
		parse_lacks(p, *i, "what is expected of something");
		return 0;
	}
	e->slot = find_name(p, word, &near);
	if (e->slot >= 0) {
		++*i;
		return p->t->names[e->slot].kind;
	}
	e->thing = find_thing(p, word, &near);
	if (!e->thing) {
		parse_mistake(p, *i, "name", word, &near);
		return 0;
	}
	++*i;
	if (!e->thing->numbered)
		return e->thing->kind;
	if (!parse_is_number(p, *i, 0, e->thing->max - 1, &nr))
		return 0;
	e->nr = (unsigned int)nr;
	++*i;
	return e->thing->kind;
}

/* ---- what of it ---- */

static bool take_property(struct parse *p, struct text_expectation *e, unsigned int kind,
			  unsigned int i)
{
	const char *word = parse_word(p, i);
	const struct text_property *all = p->t->words->properties;
	struct near near = { .typed = word };

	if (!word)
		return parse_lacks(p, i, "what is expected of it");
	for (; all->word; all++) {
		if (all->kind != kind)
			continue;
		near_offer(&near, all->word);
		if (!text_same(all->word, word))
			continue;
		e->property = all;
		return true;
	}
	return parse_mistake(p, i, "property", word, &near);
}

static bool no_value(struct parse *p, unsigned int i)
{
	static const char *const words[] = { "pending", "error", "at-least", "at-most" };
	struct near near = { .typed = parse_word(p, i) };

	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
		near_offer(&near, words[k]);
	return parse_no_value(p, i, "number and no error", &near);
}

static bool take_range(struct parse *p, struct text_range *r, unsigned int *i)
{
	const char *word = parse_word(p, *i);
	const char *next = parse_word(p, *i + 1);

	*r = (struct text_range){ LLONG_MIN, LLONG_MAX, false };
	if (!word)
		return parse_lacks(p, *i, "a value");
	++*i;
	if (!strcmp(word, "pending")) {
		r->pending = true;
		return true;
	}
	if (!strcmp(word, "error")) {
		r->to = -1;
		return true;
	}
	if (!strcmp(word, "at-least") || !strcmp(word, "at-most")) {
		if (!next)
			return parse_lacks(p, *i, "a number");
		++*i;
		return parse_is_number(p, *i - 1, LLONG_MIN, LLONG_MAX,
				       word[3] == 'l' ? &r->from : &r->to);
	}
	if (!text_error(word, &r->from))
		return no_value(p, *i - 1);
	r->to = r->from;
	return true;
}

static bool take_values(struct parse *p, struct text_expectation *e, unsigned int i)
{
	do {
		if (e->nr_values == TEXT_VALUES)
			return text_wrong(&p->source, p->line.nr, parse_column(p, i),
					  "more than %d values", TEXT_VALUES);
		if (!take_range(p, &e->values[e->nr_values++], &i))
			return false;
	} while (i < p->line.words && !strcmp(p->line.word[i], "or") && ++i);
	return parse_ends(p, i);
}

/* the words of the line, as they are told if it does not hold */
static char *words_of(const struct parse *p)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	for (unsigned int i = 1; out && i < p->line.words; i++)
		fprintf(out, "%s%s", i > 1 ? " " : "", p->line.word[i]);
	if (out)
		fclose(out);
	return text;
}

bool parse_expect(struct parse *p)
{
	struct text_expectation *e = &p->t->expectations[p->t->nr_expectations];
	unsigned int i = 1, kind;

	if (p->t->nr_expectations == TEXT_EXPECTATIONS)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "more than %d expectations", TEXT_EXPECTATIONS);
	p->t->nr_expectations++;
	memset(e, 0, sizeof(*e));
	kind = take_what(p, e, &i);
	if (!kind)
		return false;
	if (i < p->line.words && !strcmp(p->line.word[i], "not")) {
		e->not = true;
		i++;
	}
	if (!take_property(p, e, kind, i))
		return false;
	e->site = (struct sched_site){ .file = strdup(p->source.path),
				       .func = p->t->scenario.name,
				       .expr = words_of(p),
				       .line = (int)p->line.nr };
	return e->property->truth ? parse_ends(p, i + 1) : take_values(p, e, i + 1);
}

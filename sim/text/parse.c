// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a scenario file: its head, its actors and what they do. Every mistake is told
 * with line and column, and what may have been meant.
 */
#include <stdlib.h>
#include <string.h>

#include "program/near.h"
#include "sched/hash.h"
#include "text/parse_i.h"

bool parse_no_value(struct parse *p, unsigned int i, const char *what, struct near *near)
{
	text_offer_errors(near);
	if (near->best)
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "\"%s\" is no %s; did you mean \"%s\"?", near->typed,
				  what, near->best);
	return text_wrong(&p->source, p->line.nr, parse_column(p, i), "\"%s\" is no %s",
			  near->typed, what);
}

bool parse_mistake(struct parse *p, unsigned int i, const char *what, const char *typed,
		   const struct near *near)
{
	if (near && near->best)
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "no such %s \"%s\"; did you mean \"%s\"?", what, typed,
				  near->best);
	return text_wrong(&p->source, p->line.nr, parse_column(p, i), "no such %s \"%s\"",
			  what, typed);
}

unsigned int parse_column(const struct parse *p, unsigned int i)
{
	return i < p->line.words ? p->line.column[i] : p->line.ends_at;
}

const char *parse_word(const struct parse *p, unsigned int i)
{
	return i < p->line.words ? p->line.word[i] : NULL;
}

bool parse_ends(struct parse *p, unsigned int i)
{
	if (i >= p->line.words)
		return true;
	return text_wrong(&p->source, p->line.nr, parse_column(p, i),
			  "\"%s\" is too much here", p->line.word[i]);
}

bool parse_lacks(struct parse *p, unsigned int i, const char *what)
{
	return text_wrong(&p->source, p->line.nr, parse_column(p, i), "%s is missing",
			  what);
}

bool parse_is_new(struct parse *p, unsigned int first, unsigned int i)
{
	for (; first < i; first++)
		if (text_same(p->line.word[first], p->line.word[i]))
			return text_wrong(&p->source, p->line.nr, parse_column(p, i),
					  "\"%s\" comes twice", p->line.word[i]);
	return true;
}

bool parse_is_number(struct parse *p, unsigned int i, long long min, long long max,
		     long long *value)
{
	const char *word = parse_word(p, i);

	if (!word)
		return parse_lacks(p, i, "a number");
	if (!text_number(word, value))
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "\"%s\" is no number", word);
	if (*value < min || *value > max)
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "%s is not between %lld and %lld", word, min, max);
	return true;
}

/* letters, digits, '-', '_' and '.', not only digits */
bool parse_is_name(struct parse *p, unsigned int i, size_t longest)
{
	const char *word = parse_word(p, i);
	long long number;

	if (!word)
		return parse_lacks(p, i, "a name");
	if (strlen(word) > longest)
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "the name is longer than %zu characters", longest);
	if (word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789-_.")] ||
	    word[0] == '-' || word[0] == '.' || text_number(word, &number))
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "\"%s\" is no name", word);
	return true;
}

/* ---- the head ---- */

/* the rest of the line, without blanks around it */
static bool take_text(struct parse *p, const char **to)
{
	const char *from = p->line.rest + strspn(p->line.rest, " \t");
	size_t n = strcspn(from, "\r\n");
	char *copy;

	while (n && (from[n - 1] == ' ' || from[n - 1] == '\t'))
		n--;
	if (*to)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "\"%s\" comes twice", p->line.word[0]);
	if (!n)
		return parse_lacks(p, 1, "a text");
	copy = strndup(from, n);
	for (char *c = copy; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = ' ';
	*to = copy;
	return true;
}

static bool take_scenario(struct parse *p)
{
	if (p->t->scenario.name)
		return text_wrong(&p->source, p->line.nr, 1,
				  "the scenario has a name already: %s",
				  p->t->scenario.name);
	if (!parse_is_name(p, 1, 40) || !parse_ends(p, 2))
		return false;
	p->t->scenario.name = strdup(p->line.word[1]);
	return true;
}

/* "shared-buffers" for "shared buffers" */
static void cap_word(const struct driver_cap *c, char word[32])
{
	snprintf(word, 32, "%s", c->word);
	for (char *at = word; *at; at++)
		if (*at == ' ')
			*at = '-';
}

static bool take_need(struct parse *p, unsigned int i)
{
	static char words[32][32];
	struct near near = { .typed = p->line.word[i] };
	unsigned int k = 0;

	for (const struct driver_cap *c = p->t->driver->caps; c && c->word && k < 32;
	     c++, k++) {
		cap_word(c, words[k]);
		near_offer(&near, words[k]);
		if (!text_same(words[k], p->line.word[i]))
			continue;
		p->t->scenario.needs |= c->bit;
		return true;
	}
	return parse_mistake(p, i, "capability", p->line.word[i], &near);
}

static bool take_needs(struct parse *p)
{
	if (p->line.words < 2)
		return parse_lacks(p, 1, "what the subject must be able to do");
	for (unsigned int i = 1; i < p->line.words; i++)
		if (!parse_is_new(p, 1, i) || !take_need(p, i))
			return false;
	return true;
}

/* ---- configuration ---- */

const struct text_choice *parse_choice(struct parse *p, unsigned int i,
				       const struct text_choice *list, const char *what)
{
	const char *word = parse_word(p, i);
	struct near near = { .typed = word };

	if (!word) {
		parse_lacks(p, i, what);
		return NULL;
	}
	for (; list->word; list++) {
		near_offer(&near, list->word);
		if (text_same(list->word, word))
			return list;
	}
	parse_mistake(p, i, what, word, &near);
	return NULL;
}

static bool comes_twice(struct parse *p, const struct text_setting *s)
{
	for (unsigned int i = 0; i < p->nr_settings; i++)
		if (p->settings[i] == s)
			return !text_wrong(&p->source, p->line.nr, p->line.column[0],
					   "\"%s\" comes twice", s->word);
	if (p->nr_settings == PARSE_SETTINGS)
		return false;
	p->setting_lines[p->nr_settings] = p->line.nr;
	p->settings[p->nr_settings++] = s;
	return false;
}

static bool take_setting(struct parse *p, const struct text_setting *s)
{
	uint32_t *field = (void *)(p->t->config + s->offset);
	const struct text_choice *choice;
	long long value = 0;

	if (p->nr_lines_actors)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "the configuration comes before the first actor");
	if (comes_twice(p, s))
		return false;
	switch (s->type) {
	case SETTING_YES:
		*(bool *)field = true;
		p->t->scenario.needs |= s->needs;
		return parse_ends(p, 1);
	case SETTING_NUMBER:
		if (!parse_is_number(p, 1, 0, s->max, &value))
			return false;
		*field = (uint32_t)value;
		p->t->scenario.needs |= value ? s->needs : 0;
		return parse_ends(p, 2);
	case SETTING_CHOICE:
		choice = parse_choice(p, 1, s->choices, "choice");
		if (!choice)
			return false;
		*field = choice->value;
		p->t->scenario.needs |= choice->needs;
		return parse_ends(p, 2);
	default:
		for (unsigned int i = 1; i == 1 || i < p->line.words; i++) {
			choice = parse_choice(p, i, s->choices, "flag");
			if (!choice || !parse_is_new(p, 1, i))
				return false;
			*field |= choice->value;
		}
		return s->choices != text_ring_flags || parse_flags_meet(p, *field);
	}
}

static const struct text_setting *find_setting(struct parse *p, struct near *near)
{
	const struct text_setting *const lists[] = { text_settings,
						     p->t->words->settings };

	for (unsigned int i = 0; i < 2; i++)
		for (const struct text_setting *s = lists[i]; s && s->word; s++) {
			near_offer(near, s->word);
			if (text_same(s->word, p->line.word[0]))
				return s;
		}
	return NULL;
}

struct text_statement *parse_statement(struct parse *p, int what)
{
	struct text_statement *s = &p->t->statements[p->t->nr_statements];

	if (p->t->nr_statements == TEXT_STATEMENTS) {
		text_wrong(&p->source, p->line.nr, p->line.column[0],
			   "more than %d actors and calls", TEXT_STATEMENTS);
		return NULL;
	}
	p->t->nr_statements++;
	memset(s, 0, sizeof(*s));
	s->v = p->t->values + (s - p->t->statements) * TEXT_ARGS;
	memset(s->v, 0, TEXT_ARGS * sizeof(*s->v));
	s->what = what;
	s->text = p->t;
	s->as = -1;
	return s;
}

static bool take_on(struct parse *p)
{
	p->on = parse_actor(p, 1);
	return p->on >= 0 && parse_ends(p, 2);
}

static bool take_set_up(struct parse *p)
{
	if (p->set_up)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "the set-up has ended already");
	p->set_up = true;
	return parse_statement(p, DO_SET_UP) && parse_ends(p, 1);
}

/* ---- lines ---- */

static bool take_summary(struct parse *p)
{
	return take_text(p, &p->t->scenario.summary);
}

static bool take_explored(struct parse *p)
{
	return take_text(p, &p->t->scenario.explored);
}

static bool take_finding(struct parse *p)
{
	long long number = 0;

	if (!parse_is_number(p, 1, 1, 1000, &number) || !parse_ends(p, 2))
		return false;
	p->t->scenario.finding = (unsigned int)number;
	return true;
}

/* struct keyword - a line that is no setting and no call */
static const struct keyword {
	const char *word;
	bool (*take)(struct parse *p);
} keywords[] = {
	{ "scenario", take_scenario }, { "summary", take_summary },
	{ "explored", take_explored }, { "finding", take_finding },
	{ "needs", take_needs },       { "server", parse_on },
	{ "client", parse_on },	       { "on", take_on },
	{ "set-up", take_set_up },     { "expect", parse_expect },
};

/* what a line might have meant; to compare words takes longer than all the rest */
static void offer_keywords(struct near *near)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		near_offer(near, keywords[i].word);
}

static bool unknown_line(struct parse *p, struct near *near)
{
	parse_offer_calls(p, near);
	if (p->on < 0 && near->best && !strcmp(near->best, p->line.word[0]))
		return text_wrong(&p->source, p->line.nr, parse_column(p, 0),
				  "\"%s\" is a call: it comes behind a line that says "
				  "whose, such as \"server NAME\"",
				  near->best);
	return parse_mistake(p, 0, p->on >= 0 ? "call" : "setting", p->line.word[0],
			     near);
}

static bool take_line(struct parse *p)
{
	struct near near = { .typed = p->line.word[0] };
	const struct text_setting *setting;
	const struct text_call *call;

	if (!p->t->scenario.name && strcmp(p->line.word[0], "scenario") != 0)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "a file begins with \"scenario NAME\"");
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (text_same(keywords[i].word, p->line.word[0]))
			return keywords[i].take(p);
	}
	/* "max-background 1" is a setting, and what an actor does */
	call = p->on >= 0 ? parse_find_call(p, 0) : NULL;
	if (!call)
		offer_keywords(&near);
	setting = call ? NULL : find_setting(p, &near);
	if (setting)
		return take_setting(p, setting);
	if (!call && strcmp(p->line.word[0], "has") != 0)
		return unknown_line(p, &near);
	if (p->on < 0)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "no actor does this: name it before");
	return parse_call(p);
}

static bool declare_all(struct parse *p)
{
	bool set_up = false;

	while (text_next_line(&p->source, &p->line)) {
		const char *word = p->line.word[0];

		if (text_same(word, "set-up"))
			set_up = true;
		else if ((!strcmp(word, "server") || !strcmp(word, "client")) &&
			 !parse_declare(p, word[0] == 's', set_up))
			return false;
	}
	return !p->source.failed;
}

static bool read_all(struct parse *p)
{
	/* what is wrong before is told before */
	snprintf(p->t->actors[0].name, sizeof(p->t->actors[0].name), "server");
	p->t->actors[0].server = true;
	p->t->nr_actors = 1;
	p->on = -1;
	if (!p->head && !declare_all(p))
		return false;
	p->source.next = p->source.bytes;
	p->source.line = 0;
	while (text_next_line(&p->source, &p->line)) {
		if (p->head && parse_is_actor(p))
			return true;
		if (!take_line(p))
			return false;
	}
	if (p->source.failed)
		return false;
	if (!p->t->scenario.name)
		return text_wrong(&p->source, 0, 0, "says nothing: it has comments only");
	if (!p->nr_lines_actors)
		return text_wrong(&p->source, 0, 0, "has no actor");
	return parse_settings_meet(p);
}

const char parse_summary[] = "a scenario from a file";

void parse_finish(struct text *t)
{
	if (!t->scenario.summary)
		t->scenario.summary = parse_summary;
	t->scenario.config = t->config;
	t->scenario.text = t;
}

bool parse_can(const struct driver *driver, char *err, size_t len)
{
	if (driver->words && driver->words->config_size <= TEXT_CONFIG)
		return true;
	snprintf(err, len, "driver %s reads no scenario files", driver->name);
	return false;
}

bool parse_into(struct text *t, const struct text_source *source, bool head)
{
	static struct parse parse; /* lines are large */
	struct parse *p = &parse;

	memset(p, 0, sizeof(*p));
	p->source = *source;
	p->t = t;
	p->head = head;
	t->noted = NULL;
	t->hash = hash_bytes(HASH_START, p->source.bytes, p->source.size);
	return read_all(p);
}

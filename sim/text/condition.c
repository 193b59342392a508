// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words that mean nothing without another one: a file that says them alone is refused
 * where it is read, so that nobody takes what was played for what was written.
 */
#include <string.h>

#include "text/parse_i.h"

const struct text_condition *text_conditions(const struct text_words *words)
{
	static const struct text_condition none[] = { { .word = NULL } };

	return words->conditions ? words->conditions : none;
}

bool text_allows(const struct text_condition *c, unsigned int value)
{
	return c->values >> (value < 31 ? value : 31) & 1;
}

unsigned int text_setting_value(const struct text_setting *s, const unsigned char *config)
{
	unsigned int value = 0;

	memcpy(&value, config + s->offset,
	       s->type == SETTING_YES ? sizeof(bool) : sizeof(value));
	return value;
}

static unsigned int value_of(const struct text *t, const char *word)
{
	const struct text_setting *const lists[] = { text_settings, t->words->settings };

	for (unsigned int i = 0; i < 2; i++)
		for (const struct text_setting *s = lists[i]; s && s->word; s++)
			if (text_same(s->word, word))
				return text_setting_value(s, t->config);
	return 0;
}

static bool has_argument(const struct text_statement *s, const char *word)
{
	for (unsigned int k = 0; s->what == DO_CALL && k < text_values(s->call); k++)
		if (s->v[k].given && s->call->args[k].word &&
		    text_same(s->call->args[k].word, word))
			return true;
	return false;
}

static bool servers_have_argument(const struct text *t, const char *word)
{
	for (unsigned int i = 0; i < t->nr_statements; i++)
		if (t->statements[i].what == DO_CALL &&
		    t->statements[i].call->actors == SERVERS &&
		    has_argument(&t->statements[i], word))
			return true;
	return false;
}

static bool has_call(const struct text *t, const char *const *calls)
{
	for (; *calls; calls++)
		for (unsigned int i = 0; i < t->nr_statements; i++)
			if (t->statements[i].what == DO_CALL &&
			    text_same(t->statements[i].call->word, *calls))
				return true;
	return false;
}

static bool setting_allows(const struct text *t, const struct text_condition *c)
{
	return c->setting && text_allows(c, value_of(t, c->setting));
}

/* ---- settings ---- */

static bool setting_meets(struct parse *p, unsigned int nr)
{
	const struct text_setting *s = p->settings[nr];
	const struct text_condition *c = text_conditions(p->t->words);

	for (; c->word; c++) {
		if (c->call || c->calls || !text_same(c->word, s->word) ||
		    setting_allows(p->t, c) ||
		    (c->argument && servers_have_argument(p->t, c->argument)))
			continue;
		return text_wrong(&p->source, p->setting_lines[nr], 1, "\"%s\" %s",
				  s->word, c->told);
	}
	return true;
}

/* nobody has written it: fuzz has */
static bool is_generated(const struct parse *p)
{
	for (unsigned int i = 0; i < p->nr_settings; i++)
		if (p->settings[i]->of_all_generated)
			return true;
	return false;
}

static void note_setting(struct parse *p, unsigned int nr)
{
	const struct text_condition *c = text_conditions(p->t->words);

	for (; c->word && !is_generated(p); c++) {
		if (!c->calls || !text_same(c->word, p->settings[nr]->word) ||
		    has_call(p->t, c->calls))
			continue;
		p->t->noted = c;
		p->t->noted_line = p->setting_lines[nr];
	}
}

bool parse_settings_meet(struct parse *p)
{
	for (unsigned int i = 0; i < p->nr_settings; i++) {
		if (!text_setting_value(p->settings[i], p->t->config))
			continue;
		if (!setting_meets(p, i))
			return false;
		note_setting(p, i);
	}
	return true;
}

const char *text_note(const struct text *t, char *buf, size_t len)
{
	if (!t->noted || !t->given)
		return NULL;
	snprintf(buf, len, "%s:%u:1: \"%s\" %s", t->given, t->noted_line, t->noted->word,
		 t->noted->told);
	return buf;
}

static unsigned int column_of(const struct parse *p, const char *word)
{
	unsigned int i = 0;

	while (i < p->line.words && !text_same(p->line.word[i], word))
		i++;
	return parse_column(p, i);
}

/* ---- flags of rings ---- */

bool parse_flags_meet(struct parse *p, unsigned int flags)
{
	const char *word, *told = text_ring_flags_wrong(flags, &word);

	if (!told)
		return true;
	return text_wrong(&p->source, p->line.nr, column_of(p, word), "%s", told);
}

/* ---- arguments ---- */

bool parse_number_meets(struct parse *p, unsigned int i, const struct text_arg *arg,
			long long number)
{
	unsigned int most = arg->below ? value_of(p->t, arg->below) : 0;

	if (!arg->below || number < (most ? most : 1))
		return true;
	return text_wrong(&p->source, p->line.nr, parse_column(p, i),
			  "%lld is not below %u: that is what \"%s\" is", number,
			  most ? most : 1, arg->below);
}

bool parse_call_meets(struct parse *p, const struct text_statement *s)
{
	const struct text_condition *c = text_conditions(p->t->words);

	for (; c->word; c++) {
		if (!c->call || !text_same(c->call, s->call->word) ||
		    !has_argument(s, c->word) || setting_allows(p->t, c) ||
		    (c->argument && has_argument(s, c->argument)))
			continue;
		return text_wrong(&p->source, p->line.nr, column_of(p, c->word),
				  "\"%s\" %s", c->word, c->told);
	}
	return true;
}

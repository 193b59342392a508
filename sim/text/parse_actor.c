// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of a scenario file that begin what an actor does: its name, CPU and flags.
 */
#include <string.h>

#include "text/parse_i.h"

int parse_actor(struct parse *p, unsigned int i)
{
	const char *word = parse_word(p, i);
	struct near near = { .typed = word };

	if (!word) {
		parse_lacks(p, i, "an actor");
		return -1;
	}
	for (unsigned int k = 0; k < p->t->nr_actors; k++) {
		near_offer(&near, p->t->actors[k].name);
		if (!strcmp(p->t->actors[k].name, word))
			return (int)k;
	}
	parse_mistake(p, i, "actor", word, &near);
	return -1;
}

static bool take_cpu(struct parse *p, struct text_actor *a, unsigned int *i)
{
	const struct world_config *config = (const void *)p->t->config;
	long long cpu = 0;

	if (!parse_is_number(p, ++*i, 0, (config->cpus ? config->cpus : 1) - 1, &cpu))
		return false;
	a->cpu = (unsigned int)cpu;
	return true;
}

/* a ring's SQEs are all large, all small, or mixed; @size: what the line said before */
static bool is_only_size(struct parse *p, unsigned int i, const char *word,
			 const char **size)
{
	size_t len = strlen(word), end = strlen("-sqes");

	if (len < end || strcmp(word + len - end, "-sqes") != 0)
		return true;
	if (*size)
		return text_wrong(&p->source, p->line.nr, parse_column(p, i),
				  "\"%s\" does not go together with \"%s\": say one",
				  word, *size);
	*size = word;
	return true;
}

static bool take_actor_words(struct parse *p, struct text_actor *a)
{
	static const struct text_choice words[] = {
		{ "cpu", 0, 0 },	   { "unprivileged", 0, 0 },
		{ "large-sqes", 0, 0 },	   { "small-sqes", 0, 0 },
		{ "submit-all", 0, 0 },	   { "single-issuer", 0, 0 },
		{ "defer-taskrun", 0, 0 }, { "coop-taskrun", 0, 0 },
		{ "taskrun-flag", 0, 0 },  { "cqsize", 0, 0 },
		{ "fixed-file", 0, 0 },	   { "sqpoll", 0, 0 },
		{ "mixed-sqes", 0, 0 },	   { NULL, 0, 0 },
	};
	const char *size = NULL;

	for (unsigned int i = 2; i < p->line.words; i++) {
		const struct text_choice *c = parse_choice(p, i, words, "property");

		if (!c || !parse_is_new(p, 2, i) || !is_only_size(p, i, c->word, &size))
			return false;
		if (c == &words[0]) {
			if (!take_cpu(p, a, &i))
				return false;
		} else if (c == &words[1]) {
			a->unprivileged = true;
		} else if (!a->server) {
			return text_wrong(&p->source, p->line.nr, parse_column(p, i),
					  "\"%s\" is of a server's ring, and %s is a "
					  "client",
					  c->word, a->name);
		} else {
			parse_ring_flag(a, c->word);
		}
	}
	return parse_flags_meet(p, a->ring_flags);
}

void parse_ring_flag(struct text_actor *a, const char *word)
{
	if (!a->has_flags)
		a->ring_flags = text_large_sqes;
	a->has_flags = true;
	if (!strcmp(word, "small-sqes"))
		a->ring_flags &= ~text_large_sqes;
	for (const struct text_choice *f = text_ring_flags; f->word; f++)
		if (!strcmp(f->word, word))
			a->ring_flags |= f->value;
}

/* first pass: their names, so that what others do to them may come before */
bool parse_declare(struct parse *p, bool server, bool after_set_up)
{
	struct text *t = p->t;
	struct text_actor *a = &t->actors[t->nr_actors];

	if (!parse_is_name(p, 1, TEXT_NAME_LEN))
		return false;
	for (unsigned int i = 0; i < t->nr_actors; i++)
		if (!strcmp(t->actors[i].name, p->line.word[1]))
			return text_wrong(&p->source, p->line.nr, p->line.column[1],
					  "there is an actor \"%s\" already%s",
					  p->line.word[1],
					  i ? "" : ": the server's main thread");
	if (t->nr_actors > TEXT_ACTORS)
		return text_wrong(&p->source, p->line.nr, p->line.column[0],
				  "more than %d actors", TEXT_ACTORS);
	snprintf(a->name, sizeof(a->name), "%s", p->line.word[1]);
	a->server = server;
	a->after_set_up = after_set_up;
	t->nr_actors++;
	return true;
}

bool parse_is_actor(const struct parse *p)
{
	return !strcmp(p->line.word[0], "server") || !strcmp(p->line.word[0], "client") ||
	       !strcmp(p->line.word[0], "on");
}

bool parse_on(struct parse *p)
{
	int nr = parse_actor(p, 1);
	struct text_statement *s;

	if (nr < 0 || !take_actor_words(p, &p->t->actors[nr]))
		return false;
	s = parse_statement(p, DO_ACTOR);
	if (!s)
		return false;
	s->actor = (unsigned int)nr;
	p->on = nr;
	p->nr_lines_actors++;
	return true;
}

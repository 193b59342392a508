// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding words, and their hints.
 */
#include "fuzz/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/text_i.h"

static const struct text_hint *list_of(const struct vocabulary *v)
{
	static const struct text_hint none[] = { { .weight = 0 } };
	const struct text_hints *h = v->driver->words->hints;

	return h ? h->list : none;
}

static bool is_about(const struct text_hint *h, const char *call, const char *arg)
{
	if (h->setting || (h->call && !text_same(h->call, call)))
		return false;
	return arg ? h->arg && text_same(h->arg, arg) : !h->arg;
}

static const struct text_hint *find(const struct vocabulary *v, const char *call,
				    const char *arg)
{
	const struct text_hint *h = list_of(v);

	while (h->weight && !is_about(h, call, arg))
		h++;
	return h->weight ? h : NULL;
}

static void add_calls(struct vocabulary *v, const struct text_call *list)
{
	for (; list->word && v->nr_calls < VOCABULARY_CALLS; list++) {
		struct word_call *c = &v->calls[v->nr_calls++];
		const struct text_hint *h = find(v, list->word, NULL);

		*c = (struct word_call){ .call = list,
					 .weight = h ? h->weight : TEXT_USUAL };
		for (unsigned int i = 0; i < TEXT_ARGS; i++)
			if (list->args[i].type)
				c->hint[i] = find(v, list->word,
						  list->args[i].word ? list->args[i].word
								     : "");
	}
}

static void add_settings(struct vocabulary *v, const struct text_setting *list)
{
	for (; list->word && v->nr_settings < PROGRAM_SETTINGS; list++) {
		struct word_setting *s = &v->settings[v->nr_settings];
		const struct text_hint *h = list_of(v);

		if (list->of_all_generated)
			continue;
		v->nr_settings++;
		while (h->weight && !(h->setting && text_same(h->arg, list->word)))
			h++;
		*s = (struct word_setting){ list, h->weight ? h : NULL };
	}
}

static bool add_list(struct vocabulary *v, const char *const *list, char *err, size_t len)
{
	struct text *t = text_new(v->driver);

	for (; t && list && *list && v->nr_idioms < VOCABULARY_IDIOMS; list++) {
		const char *bytes = *list;
		struct program *p = malloc(sizeof(*p));

		if (!p || !text_parse(t, "an idiom", bytes, strlen(bytes), err, len)) {
			free(p);
			text_free(t);
			return false;
		}
		if (!vocabulary_can(v, text_scenario(t)->needs) ||
		    !program_of(p, v, t, bytes)) {
			free(p);
			continue;
		}
		v->idioms[v->nr_idioms++] = p;
	}
	text_free(t);
	return t != NULL;
}

static bool add_idioms(struct vocabulary *v, char *err, size_t len)
{
	const struct text_hints *h = v->driver->words->hints;

	if (h && !add_list(v, h->idioms, err, len))
		return false;
	v->nr_usual = v->nr_idioms;
	return !h || add_list(v, h->seldom, err, len);
}

bool vocabulary_make(struct vocabulary *v, const struct driver *driver, unsigned int caps,
		     char *err, size_t len)
{
	memset(v, 0, sizeof(*v));
	v->driver = driver;
	v->caps = caps;
	snprintf(err, len, "out of memory");
	if (!driver->words) {
		snprintf(err, len, "driver %s reads no scenario files", driver->name);
		return false;
	}
	add_calls(v, text_calls);
	add_calls(v, driver->words->calls);
	add_settings(v, text_settings);
	add_settings(v, driver->words->settings);
	return add_idioms(v, err, len);
}

unsigned int vocabulary_call(const struct vocabulary *v, const struct text_call *call)
{
	unsigned int i = 0;

	while (i + 1 < v->nr_calls && v->calls[i].call != call)
		i++;
	return i;
}

unsigned int vocabulary_setting(const struct vocabulary *v, const char *word)
{
	unsigned int i = 0;

	while (i < v->nr_settings && !text_same(v->settings[i].setting->word, word))
		i++;
	return i;
}

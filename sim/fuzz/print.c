// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program as a scenario file.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/vocabulary.h"
#include "sched/hash.h"
#include "text/text_i.h"

/* struct out - @used of PROGRAM_TEXT bytes; more: it does not fit */
struct out {
	char *text;
	size_t used;
};

static void put(struct out *o, const char *text)
{
	size_t n = strlen(text);

	if (o->used + n < PROGRAM_TEXT)
		memcpy(o->text + o->used, text, n + 1);
	o->used += n;
}

__attribute__((format(printf, 2, 3))) static void say(struct out *o, const char *fmt, ...)
{
	char line[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	put(o, line);
}

static void put_actor(struct out *o, const struct program *p, unsigned int nr)
{
	if (!nr)
		put(o, "server");
	else
		say(o, "%c%u", p->actors[nr].server ? 's' : 'c', nr);
}

static void put_setting(struct out *o, const struct text_setting *s, unsigned int value)
{
	put(o, s->word);
	if (s->type == SETTING_NUMBER)
		say(o, " %u", value);
	for (const struct text_choice *c = s->choices; c && c->word; c++)
		if (s->type == SETTING_FLAGS ? value & c->value : value == c->value)
			say(o, " %s", c->word);
	put(o, "\n");
}

static void put_value(struct out *o, const struct program *p, const struct text_arg *arg,
		      const struct program_value *v)
{
	if (arg->word)
		say(o, " %s", arg->word);
	switch (arg->type) {
	case TEXT_NUMBER:
	case TEXT_CHANGE:
		say(o, v->relative ? " %+lld" : " %lld", v->number);
		break;
	case TEXT_ERROR:
		if (text_error_word(v->number))
			say(o, " %s", text_error_word(v->number));
		else
			say(o, " %lld", v->number);
		break;
	case TEXT_NAME:
		say(o, " %s", p->names[v->ref]);
		break;
	case TEXT_RECORD:
		say(o, " r%d", v->ref);
		break;
	case TEXT_ACTOR:
		put(o, " ");
		put_actor(o, p, (unsigned int)v->ref);
		break;
	default:
		break;
	}
}

static void put_call(struct out *o, const struct program *p, const struct program_line *l)
{
	put(o, "\t");
	for (unsigned int i = 0; i < l->nr_has; i++) {
		put(o, "has ");
		put_actor(o, p, i + 1u < l->nr_has ? l->has[i + 1] : l->actor);
		put(o, " ");
	}
	put(o, l->call->word);
	/* those without a word are told apart by their order */
	for (unsigned int i = 0; i < TEXT_ARGS; i++)
		if (l->v[i].given)
			put_value(o, p, &l->call->args[i], &l->v[i]);
	if (l->as >= 0)
		say(o, " as r%d", l->as);
	put(o, "\n");
}

static void put_new_actor(struct out *o, const struct program *p, unsigned int nr)
{
	const struct program_actor *a = &p->actors[nr];

	put(o, a->server ? "\nserver " : "\nclient ");
	put_actor(o, p, nr);
	if (a->cpu)
		say(o, " cpu %u", a->cpu);
	if (a->unprivileged)
		put(o, " unprivileged");
	if (a->has_flags) {
		if (!(a->ring_flags & text_mixed_sqes))
			put(o, a->ring_flags & text_large_sqes ? " large-sqes"
							       : " small-sqes");
		for (const struct text_choice *f = text_ring_flags; f->word; f++)
			if (a->ring_flags & f->value)
				say(o, " %s", f->word);
	}
	put(o, "\n");
}

static void put_lines(struct out *o, const struct program *p)
{
	int on = -1;

	for (unsigned int i = 0; i < p->nr_lines; i++) {
		const struct program_line *l = &p->lines[i];
		int actor = l->nr_has ? l->has[0] : l->actor;

		if (l->what == LINE_SET_UP) {
			put(o, "\nset-up\n");
			on = -1;
		} else if (l->what == LINE_ACTOR) {
			put_new_actor(o, p, l->actor);
			on = l->actor;
		} else {
			if (on != actor) {
				put(o, "\non ");
				put_actor(o, p, (unsigned int)actor);
				put(o, "\n");
			}
			on = actor;
			put_call(o, p, l);
		}
	}
}

size_t program_text(const struct program *p, const struct vocabulary *v, char *text,
		    char name[PROGRAM_NAME])
{
	static const char head[] = "scenario fuzz-00000000\n";
	struct out o = { .text = text };
	uint64_t hash;

	put(&o, head);
	put(&o, "summary generated\nmay_be_rejected\n");
	for (unsigned int i = 0; i < v->nr_settings; i++)
		if (p->setting[i].given)
			put_setting(&o, v->settings[i].setting, p->setting[i].value);
	if (p->chances.timers || p->chances.faults)
		say(&o, "# chances: timers %u faults %u\n", p->chances.timers,
		    p->chances.faults);
	put_lines(&o, p);
	if (o.used >= PROGRAM_TEXT)
		return 0;
	hash = hash_bytes(HASH_START, text, o.used);
	snprintf(name, PROGRAM_NAME, "fuzz-%08" PRIx32, (uint32_t)(hash ^ hash >> 32));
	/* in the middle of the text: without its end */
	for (size_t i = 0; name[i]; i++)
		text[strlen("scenario ") + i] = name[i];
	return o.used;
}

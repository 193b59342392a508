// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs: their lines, and how a scenario file that was read becomes one.
 */
#include "fuzz/program.h"

#include <stdio.h>
#include <string.h>

#include "fuzz/vocabulary.h"
#include "text/text_i.h"

void program_clear(struct program *p)
{
	memset(p, 0, offsetof(struct program, lines));
	p->nr_actors = 1;
	p->actors[0].server = true;
}

void program_copy(struct program *to, const struct program *from)
{
	memcpy(to, from,
	       offsetof(struct program, lines) + from->nr_lines * sizeof(from->lines[0]));
}

void program_drop(struct program *p, unsigned int at, unsigned int n)
{
	memmove(&p->lines[at], &p->lines[at + n],
		(p->nr_lines - at - n) * sizeof(p->lines[0]));
	p->nr_lines -= n;
}

struct program_line *program_insert(struct program *p, unsigned int at)
{
	struct program_line *l = &p->lines[at];

	if (p->nr_lines == PROGRAM_LINES)
		return NULL;
	memmove(l + 1, l, (p->nr_lines - at) * sizeof(*l));
	p->nr_lines++;
	memset(l, 0, sizeof(*l));
	l->as = -1;
	return l;
}

/* ---- what was read ---- */

static void take_setting(struct program *p, unsigned int nr, const struct text_setting *s,
			 const unsigned char *config)
{
	unsigned int value = text_setting_value(s, config);

	p->setting[nr].value = value;
	p->setting[nr].given = value;
}

static bool take_name(struct program *p, struct program_value *v, const char *name)
{
	unsigned int i = 0;

	while (i < p->nr_names && strcmp(p->names[i], name) != 0)
		i++;
	if (i == PROGRAM_NAMES)
		return false;
	if (i == p->nr_names)
		snprintf(p->names[p->nr_names++], PROGRAM_NAME, "%s", name);
	v->ref = (int16_t)i;
	return true;
}

static bool take_value(struct program *p, const struct text *t,
		       const struct text_statement *s, unsigned int nr,
		       struct program_value *v)
{
	const struct text_value *from = &s->v[nr];

	*v = (struct program_value){ .given = from->given, .relative = from->relative };
	if (!from->given)
		return true;
	switch (s->call->args[nr].type) {
	case TEXT_NAME:
		return take_name(p, v, from->name);
	case TEXT_RECORD:
		v->ref = from->slot;
		return true;
	case TEXT_ACTOR:
		v->ref = (int16_t)(from->actor - t->actor);
		return true;
	default:
		v->number = from->number;
		return true;
	}
}

static bool take_call(struct program *p, const struct text *t,
		      const struct text_statement *s, struct program_line *l)
{
	if (s->nr_has > PROGRAM_HAS)
		return false;
	l->what = LINE_CALL;
	l->call = s->call;
	l->as = (int16_t)s->as;
	l->nr_has = (uint8_t)s->nr_has;
	for (unsigned int i = 0; i < s->nr_has; i++)
		l->has[i] = (uint8_t)s->has[i];
	for (unsigned int i = 0; i < TEXT_ARGS; i++)
		if (i < text_values(s->call) && !take_value(p, t, s, i, &l->v[i]))
			return false;
	return true;
}

static bool take_statement(struct program *p, const struct text *t,
			   const struct text_statement *s)
{
	struct program_line *l = program_insert(p, p->nr_lines);

	if (!l)
		return false;
	l->actor = (uint8_t)s->actor;
	if (s->what == DO_CALL)
		return take_call(p, t, s, l);
	l->what = s->what == DO_ACTOR ? LINE_ACTOR : LINE_SET_UP;
	return true;
}

#define CHANCES_LINE "# chances: timers %u faults %u\n"

static void take_chances(struct program *p, const char *bytes)
{
	const char *at = strstr(bytes, "\n# chances: ");
	struct chances c;

	if (at && sscanf(at + 1, CHANCES_LINE, &c.timers, &c.faults) == 2 &&
	    c.timers <= CHANCES_MAX && c.faults <= CHANCES_MAX)
		p->chances = c;
}

bool program_of(struct program *p, const struct vocabulary *v, const struct text *t,
		const char *bytes)
{
	program_clear(p);
	if (t->nr_actors > PROGRAM_ACTORS)
		return false;
	p->nr_actors = t->nr_actors;
	p->nr_records = t->nr_names;
	for (unsigned int i = 0; i < t->nr_actors; i++) {
		const struct text_actor *a = &t->actors[i];

		p->actors[i] =
			(struct program_actor){ a->server, a->unprivileged, a->has_flags,
						(uint8_t)a->cpu, a->ring_flags };
	}
	for (unsigned int i = 0; i < v->nr_settings; i++)
		take_setting(p, i, v->settings[i].setting, t->config);
	for (unsigned int i = 0; i < t->nr_statements; i++)
		if (!take_statement(p, t, &t->statements[i]))
			return false;
	take_chances(p, bytes);
	return true;
}

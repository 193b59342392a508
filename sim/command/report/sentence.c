// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a report says in words: the sentence that it begins with, the subject, and what is
 * special about the scenario's world.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/report/timeline.h"
#include "command/verdict/result.h"

#define MOST_SWITCHES 3 /* in a sentence */

__attribute__((format(printf, 3, 4))) static void add(char *buf, size_t len,
						      const char *fmt, ...)
{
	size_t n = strlen(buf);
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf + n, len - n, fmt, args);
	va_end(args);
}

static void add_switches(char *buf, size_t len, const struct schedule *s)
{
	unsigned int nr = s->nr <= MOST_SWITCHES ? s->nr : MOST_SWITCHES - 1;
	char text[256];

	if (!s->nr) {
		add(buf, len, "; in the default order, without a switch");
		return;
	}
	add(buf, len, "; after %u switch%s: ", s->nr, s->nr == 1 ? "" : "es");
	for (unsigned int i = 0; i < nr; i++)
		add(buf, len, "%s%s", i ? ", " : "",
		    keep_switch(s, i, text, sizeof(text)));
	if (nr < s->nr)
		add(buf, len, " and %u more", s->nr - nr);
}

const char *timeline_sentence(const struct timeline *t, char *buf, size_t len)
{
	const struct timeline_failure *f = &t->failure;

	buf[0] = '\0';
	if (!t->came)
		add(buf, len, "Did not come again when it was replayed. ");
	/* "race on ..." says so by itself */
	if (strncmp(f->summary, f->kind, strlen(f->kind)) != 0)
		add(buf, len, "%s: ", f->kind);
	add(buf, len, "%s", f->summary);
	/* a race's summary has both places */
	if (f->where[0] && !strstr(f->summary, f->where))
		add(buf, len, ", in %s", f->where);
	add_switches(buf, len, t->schedule);
	return buf;
}

const char *timeline_subject(const struct timeline *t, char *buf, size_t len)
{
	const struct player *p = t->player;

	subject_words(p, buf, len);
	if (p->subject)
		add(buf, len, ", %s", p->subject->compiler);
	else
		add(buf, len, ", a model of the search");
	return buf;
}

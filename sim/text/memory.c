// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenario files that are in memory, one after the other in the same place: for whoever
 * makes thousands of them.
 */
#include <stdlib.h>
#include <string.h>

#include "text/parse_i.h"

struct text *text_new(const struct driver *driver)
{
	struct text *t = text_memory(sizeof(*t));

	if (!t)
		return NULL;
	t->driver = driver;
	t->words = driver->words;
	t->statements = text_memory(TEXT_STATEMENTS * sizeof(t->statements[0]));
	t->values = text_memory(TEXT_STATEMENTS * TEXT_ARGS * sizeof(t->values[0]));
	t->expectations = text_memory(TEXT_EXPECTATIONS * sizeof(t->expectations[0]));
	t->names = text_memory(TEXT_NAMES * sizeof(t->names[0]));
	t->records = text_memory(TEXT_NAMES * sizeof(t->records[0]));
	return t->statements && t->values && t->expectations && t->names && t->records
		       ? t
		       : NULL;
}

static void drop(const char *text)
{
	free((void *)(uintptr_t)text);
}

static void drop_names(const struct text_statement *s)
{
	for (unsigned int k = 0; s->call && k < text_values(s->call); k++)
		if (s->call->args[k].type == TEXT_NAME)
			drop(s->v[k].name);
}

/* Only what is in use is cleared: most of a file's tables never are. */
static void forget(struct text *t)
{
	drop(t->scenario.name);
	drop(t->scenario.explored);
	if (t->scenario.summary != parse_summary)
		drop(t->scenario.summary);
	for (unsigned int i = 0; i < t->nr_statements; i++)
		drop_names(&t->statements[i]);
	free(t->path);
	free(t->given);
	memset(t->statements, 0, t->nr_statements * sizeof(t->statements[0]));
	memset(t->expectations, 0, t->nr_expectations * sizeof(t->expectations[0]));
	memset(t->actors, 0, t->nr_actors * sizeof(t->actors[0]));
	memset(t->names, 0, t->nr_names * sizeof(t->names[0]));
	memset(t->config, 0, sizeof(t->config));
	memset(&t->scenario, 0, sizeof(t->scenario));
	t->path = t->given = NULL;
	t->nr_statements = t->nr_expectations = t->nr_actors = t->nr_names = 0;
}

void text_free(struct text *t)
{
	if (!t)
		return;
	forget(t);
	free(t->statements);
	free(t->values);
	free(t->expectations);
	free(t->names);
	free(t->records);
	free(t);
}

bool text_parse(struct text *t, const char *given, const char *bytes, size_t size,
		char *err, size_t len)
{
	struct text_source source = { .path = given, .err = err, .len = len };
	bool ok;

	forget(t);
	if (!parse_can(t->driver, err, len))
		return false;
	source.bytes = source.next = strndup(bytes, size);
	source.size = source.bytes ? strlen(source.bytes) : 0;
	ok = source.size && parse_into(t, &source, false);
	free(source.bytes);
	t->path = strdup(given);
	t->given = strdup(given);
	parse_finish(t);
	return ok && t->path && t->given;
}

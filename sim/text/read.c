// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenario files that are kept: each is read once, its head alone if it is built in, and
 * the rest when it is played.
 */
#include <stdlib.h>
#include <string.h>

#include "text/parse_i.h"

static void *allocate(size_t size)
{
	return calloc(1, size);
}

void *(*text_memory)(size_t size) = allocate;

/* while a file is read, as many as it may have */
static struct text_statement statements[TEXT_STATEMENTS];
static struct text_value values[TEXT_STATEMENTS * TEXT_ARGS];
static struct text_expectation expectations[TEXT_EXPECTATIONS];
static struct text_name names[TEXT_NAMES];

static void *keep(const void *from, size_t size)
{
	void *to = text_memory(size + 1);

	return to ? memcpy(to, from, size) : NULL;
}

/* Each has TEXT_ARGS while the file is read, and those that its call has from then on. */
static struct text_value *keep_values(struct text *t)
{
	struct text_value *all, *to;
	size_t nr = 1; /* so that there is always one */

	for (unsigned int i = 0; i < t->nr_statements; i++)
		nr += statements[i].call ? text_values(statements[i].call) : 0;
	all = to = text_memory(nr * sizeof(*to));
	for (unsigned int i = 0; all && i < t->nr_statements; i++) {
		struct text_statement *s = &t->statements[i];

		if (!s->call)
			continue;
		s->v = memcpy(to, s->v, text_values(s->call) * sizeof(*to));
		to += text_values(s->call);
	}
	return all;
}

/* as many as it has */
static bool keep_all(struct text *t)
{
	t->statements = keep(statements, t->nr_statements * sizeof(*statements));
	t->values = t->statements ? keep_values(t) : NULL;
	t->expectations = keep(expectations, t->nr_expectations * sizeof(*expectations));
	t->names = keep(names, t->nr_names * sizeof(*names));
	t->records = text_memory((t->nr_names + 1) * sizeof(t->records[0]));
	return t->values && t->expectations && t->names && t->records;
}

/* @bytes: NULL: those of the file @path; else @path is what it is called, and @head: read
 * that alone
 */
static bool read_into(struct text *t, const char *path, const char *bytes, bool head,
		      char *err, size_t len)
{
	struct text_source source = { .path = path, .err = err, .len = len };
	bool ok;

	t->statements = statements;
	t->values = values;
	t->expectations = expectations;
	t->names = names;
	ok = bytes ? text_copy(&source, bytes) : text_load(&source);
	ok = ok && parse_into(t, &source, head);
	free(source.bytes);
	if (ok && !head && !keep_all(t)) {
		snprintf(err, len, "out of memory");
		ok = false;
	}
	if (ok)
		parse_finish(t);
	return ok;
}

static struct text *all_read; /* so that they are reachable */

/* Return: NULL, and the program ends: what was allocated goes with it */
static struct text *read_text(const char *path, const char *bytes,
			      const struct driver *driver, char *err, size_t len)
{
	struct text *t;

	if (!parse_can(driver, err, len))
		return NULL;
	t = text_memory(sizeof(*t));
	if (!t) {
		snprintf(err, len, "out of memory");
		return NULL;
	}
	t->next = all_read;
	all_read = t;
	t->driver = driver;
	t->words = driver->words;
	t->bytes = bytes;
	return read_into(t, path, bytes, bytes, err, len) ? t : NULL;
}

void text_read_rest(const struct text *text)
{
	struct text *t = (struct text *)(uintptr_t)text;
	const char *bytes = t->bytes;
	char err[256];

	if (!bytes)
		return;
	memset(&t->scenario, 0, sizeof(t->scenario));
	memset(t->config, 0, sizeof(t->config));
	t->bytes = NULL;
	if (read_into(t, "a scenario that is built in", bytes, false, err, sizeof(err)))
		return;
	fprintf(stderr, "uringsim: %s\n", err);
	exit(3);
}

const struct text *text_read(const char *path, const struct driver *driver, char *err,
			     size_t len)
{
	struct text *t = read_text(path, NULL, driver, err, len);

	if (!t)
		return NULL;
	t->path = realpath(path, NULL);
	t->given = strdup(path);
	if (t->path && t->given)
		return t;
	snprintf(err, len, "cannot read %s", path);
	return NULL;
}

void text_drop(const struct text *gone)
{
	struct text **at = &all_read, *t;

	while (*at && *at != gone)
		at = &(*at)->next;
	t = *at;
	if (!t)
		return;
	*at = t->next;
	text_free(t);
}

const struct text *text_built_in(const char *name, const char *bytes,
				 const struct driver *driver, char *err, size_t len)
{
	return read_text(name, bytes, driver, err, len);
}

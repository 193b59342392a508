// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading files of known reports, when a program starts.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/suppress_i.h"

/* struct reading - a file, and the entry that is being read */
struct reading {
	const char *path;
	unsigned int line;
	struct suppression now;
	bool open;
	char *err;
	size_t len;
};

static bool reject(const struct reading *r, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool reject(const struct reading *r, unsigned int line, const char *fmt, ...)
{
	int n = snprintf(r->err, r->len, "%s:%u: ", r->path, line);
	va_list args;

	va_start(args, fmt);
	if (n > 0 && (size_t)n < r->len)
		vsnprintf(r->err + n, r->len - (size_t)n, fmt, args);
	va_end(args);
	return false;
}

static bool read_kind(struct reading *r, const char *name)
{
	for (int kind = 0; kind < REPORT_NR_KINDS; kind++) {
		if (strcmp(report_kind_name((enum report_kind)kind), name) != 0)
			continue;
		if (kind == REPORT_UNMODELLED)
			return reject(r, r->line,
				      "what is not modelled cannot be suppressed");
		r->now.kind = (enum report_kind)kind;
		return true;
	}
	return reject(r, r->line, "no kind of failure %s", name);
}

/* A new entry begins with its kind. */
static bool begin(struct reading *r, const char *name)
{
	if (r->open)
		return reject(r, r->line, "an empty line has to be between two entries");
	r->now = (struct suppression){ .file = r->path, .line = r->line };
	r->open = true;
	return read_kind(r, name);
}

static bool end(struct reading *r)
{
	const struct suppression *e = &r->now;

	if (!r->open)
		return true;
	r->open = false;
	if (!e->reason)
		return reject(r, e->line, "this entry gives no reason");
	if (!e->rule && !e->object && !e->summary && !e->function && !e->source &&
	    !e->pair[0])
		return reject(
			r, e->line,
			"this entry would suppress all of its kind: it names none of "
			"rule, object, summary, function, functions, file");
	if (e->access[0] && !e->pair[0])
		return reject(r, e->line, "access is that of functions, which it lacks");
	if (e->unchanged && (e->kind != REPORT_RACE || !e->pair[0]))
		return reject(r, e->line,
			      "a value is that of a race, of which functions are said");
	if (suppressions.nr == SUPPRESS_MAX)
		return reject(r, e->line, "more than %d entries", SUPPRESS_MAX);
	suppressions.entry[suppressions.nr++] = *e;
	suppressions.kinds |= 1u << e->kind;
	suppressions.asks_value |= e->unchanged;
	suppressions.generation++;
	return true;
}

/* "A B" or "a, b": both, and no third */
static bool read_two(struct reading *r, const char *key, char *value, const char *between,
		     const char *to[2])
{
	char *second = strpbrk(value, between);

	if (to[0])
		return reject(r, r->line, "a second %s in one entry", key);
	if (second) {
		*second++ = '\0';
		second += strspn(second, " \t");
	}
	if (!second || !*second || strpbrk(second, between))
		return reject(r, r->line, "%s are two", key);
	to[0] = value;
	to[1] = second;
	return true;
}

static bool is_access(const char *word)
{
	static const char *const words[] = { "read", "write", "marked read",
					     "marked write" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word && !strcmp(words[i], word))
			return true;
	return false;
}

static bool read_access(struct reading *r, char *value)
{
	if (!read_two(r, "accesses", value, ",", r->now.access))
		return false;
	for (int i = 0; i < 2; i++)
		if (!is_access(r->now.access[i]))
			return reject(
				r, r->line,
				"%s is none of read, write, marked read, marked write",
				r->now.access[i]);
	return true;
}

static bool read_finding(struct reading *r, const char *value)
{
	char *rest;
	unsigned long nr = strtoul(value, &rest, 10);

	if (*rest || !nr || nr > 999)
		return reject(r, r->line, "%s is no finding's number", value);
	r->now.finding = (unsigned int)nr;
	return true;
}

static bool read_condition(struct reading *r, const char *value)
{
	if (r->now.unchanged)
		return reject(r, r->line, "a second if in one entry");
	if (strcmp(value, "value-unchanged") != 0)
		return reject(r, r->line, "no condition %s: only value-unchanged", value);
	r->now.unchanged = true;
	return true;
}

static bool read_then(struct reading *r, const char *value)
{
	if (r->now.spoils)
		return reject(r, r->line, "a second then in one entry");
	if (strcmp(value, "nothing-counts") != 0)
		return reject(r, r->line, "then %s? only nothing-counts", value);
	r->now.spoils = true;
	return true;
}

/* "hash FUNCTION SHA", outside of entries */
static bool read_hash(struct reading *r, char *value)
{
	const char *two[2] = { NULL, NULL };

	if (r->open)
		return reject(r, r->line, "an empty line has to be before hashes");
	if (suppressions.nr_hashes == SUPPRESS_HASHES)
		return reject(r, r->line, "more than %d hashes", SUPPRESS_HASHES);
	if (!read_two(r, "a function and its hash", value, " \t", two))
		return false;
	suppressions.hash[suppressions.nr_hashes++] =
		(struct suppress_hash){ two[0], two[1] };
	return true;
}

static bool read_text(struct reading *r, const char *key, const char *value)
{
	struct suppression *e = &r->now;
	const struct {
		const char *key;
		const char **to;
	} keys[] = {
		{ "rule", &e->rule },	    { "object", &e->object },
		{ "code", &e->code },	    { "scenario", &e->scenario },
		{ "summary", &e->summary }, { "function", &e->function },
		{ "file", &e->source },	    { "reason", &e->reason },
		{ "called", &e->called },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, key) != 0)
			continue;
		if (*keys[i].to)
			return reject(r, r->line, "a second %s in one entry", key);
		*keys[i].to = value;
		return true;
	}
	return reject(
		r, r->line,
		"%s is none of kind, rule, object, functions, access, function, file, "
		"called, summary, scenario, if, then, code, finding, reason",
		key);
}

static bool read_value(struct reading *r, const char *key, char *value)
{
	if (!strcmp(key, "hash"))
		return read_hash(r, value);
	if (!r->open)
		return reject(r, r->line, "an entry begins with its kind, not with %s",
			      key);
	if (!strcmp(key, "functions"))
		return read_two(r, key, value, " \t", r->now.pair);
	if (!strcmp(key, "access"))
		return read_access(r, value);
	if (!strcmp(key, "finding"))
		return read_finding(r, value);
	if (!strcmp(key, "if"))
		return read_condition(r, value);
	if (!strcmp(key, "then"))
		return read_then(r, value);
	return read_text(r, key, value);
}

static bool read_line(struct reading *r, char *line)
{
	char *value = line, *key;
	size_t n = strlen(line);

	while (n && (line[n - 1] == ' ' || line[n - 1] == '\t' || line[n - 1] == '\r'))
		line[--n] = '\0';
	if (*line == '#')
		return true;
	if (!*line)
		return end(r);
	key = strsep(&value, " \t");
	if (value)
		value += strspn(value, " \t");
	if (!value || !*value)
		return reject(r, r->line, "%s what?", key);
	return strcmp(key, "kind") != 0 ? read_value(r, key, value) : begin(r, value);
}

static char *load(const char *path, char *err, size_t len)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t n;

	if (!in) {
		snprintf(err, len, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	errno = 0;
	n = getdelim(&text, &size, '\0', in);
	if (n < 0 && ferror(in)) {
		snprintf(err, len, "cannot read %s: %s", path, strerror(errno));
		free(text);
		text = NULL;
	} else if (!feof(in)) {
		snprintf(err, len, "%s is not a list of suppressions: it has a zero byte",
			 path);
		free(text);
		text = NULL;
	} else if (n < 0) { /* an empty file: there is a buffer, and nothing in it */
		free(text);
		text = calloc(1, 1);
	}
	fclose(in);
	return text;
}

bool suppress_read(const char *path, char *err, size_t len)
{
	struct reading r = { .err = err, .len = len };
	char *rest, *line;

	if (suppressions.nr_texts + 2 > SUPPRESS_MAX) {
		snprintf(err, len, "too many files of suppressions");
		return false;
	}
	rest = load(path, err, len);
	if (!rest)
		return false;
	suppressions.texts[suppressions.nr_texts++] = rest;
	r.path = suppressions.texts[suppressions.nr_texts++] = strdup(path);
	suppress_forget();
	while ((line = strsep(&rest, "\n"))) {
		r.line++;
		if (!read_line(&r, line))
			return false;
	}
	return end(&r);
}

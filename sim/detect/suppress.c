// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeping back reports that a file names. Reading it is for the start of a program;
 * what is asked while executions run neither allocates nor formats.
 */
#include "detect/suppress.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/hash.h"

#define MEMO 1024 /* a power of two */

static struct {
	struct suppression entry[SUPPRESS_MAX];
	uint64_t count[SUPPRESS_MAX];
	unsigned int nr;
	unsigned int kinds; /* a bit for each that an entry names */
	struct suppress_hash hash[SUPPRESS_HASHES];
	unsigned int nr_hashes;
	char *texts[SUPPRESS_MAX];
	unsigned int nr_texts;
	const char *scenario; /* that is played */
	int last;	      /* entry that suppress_match() found */
} s;

/* what suppress_remember() was told; @entry is 0 where nothing is */
static struct memo {
	const void *a, *b;
	uint8_t kind, entry; /* number of the entry, from 1 */
} memo[MEMO];

/* ---- reading ---- */

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
	if (s.nr == SUPPRESS_MAX)
		return reject(r, e->line, "more than %d entries", SUPPRESS_MAX);
	s.entry[s.nr++] = *e;
	s.kinds |= 1u << e->kind;
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
		if (!strcmp(words[i], word))
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

/* "hash FUNCTION SHA", outside of entries */
static bool read_hash(struct reading *r, char *value)
{
	const char *two[2] = { NULL, NULL };

	if (r->open)
		return reject(r, r->line, "an empty line has to be before hashes");
	if (s.nr_hashes == SUPPRESS_HASHES)
		return reject(r, r->line, "more than %d hashes", SUPPRESS_HASHES);
	if (!read_two(r, "a function and its hash", value, " \t", two))
		return false;
	s.hash[s.nr_hashes++] = (struct suppress_hash){ two[0], two[1] };
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
		"summary, scenario, code, finding, reason",
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

	if (s.nr_texts + 2 > SUPPRESS_MAX) {
		snprintf(err, len, "too many files of suppressions");
		return false;
	}
	rest = load(path, err, len);
	if (!rest)
		return false;
	s.texts[s.nr_texts++] = rest;
	r.path = s.texts[s.nr_texts++] = strdup(path);
	memset(memo, 0, sizeof(memo));
	while ((line = strsep(&rest, "\n"))) {
		r.line++;
		if (!read_line(&r, line))
			return false;
	}
	return end(&r);
}

void suppress_clear(void)
{
	while (s.nr_texts)
		free(s.texts[--s.nr_texts]);
	s = (typeof(s)){ .scenario = s.scenario };
	memset(memo, 0, sizeof(memo));
}

unsigned int suppress_nr(void)
{
	return s.nr;
}

const struct suppression *suppress_get(unsigned int i)
{
	return i < s.nr ? &s.entry[i] : NULL;
}

const struct suppress_hash *suppress_hash(unsigned int i)
{
	return i < s.nr_hashes ? &s.hash[i] : NULL;
}

/* @list has @word, words apart */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (list && *list) {
		size_t len = strcspn(list, " \t");

		if (len == n && !strncmp(list, word, n))
			return true;
		list += len;
		list += strspn(list, " \t");
	}
	return false;
}

bool suppress_void(unsigned int i, const char *function)
{
	struct suppression *e = &s.entry[i];

	if (!function) {
		e->void_in = "";
		return true;
	}
	if (!has_word(e->code, function) && !has_word(e->function, function) &&
	    !has_word(e->pair[0], function) && !has_word(e->pair[1], function))
		return false;
	e->void_in = function;
	return true;
}

const char *suppress_words(const struct suppression *e, char *buf, size_t len)
{
	const struct {
		const char *before, *text;
	} parts[] = {
		{ "", e->rule },	   { " of ", e->object },
		{ ", ", e->access[0] },	   { " in ", e->pair[0] },
		{ " and ", e->access[1] }, { " in ", e->pair[1] },
		{ "", e->summary },	   { " in ", e->function },
		{ " of ", e->source },	   { " in scenario ", e->scenario },
	};
	size_t used = 0;

	if (!e->rule && !e->summary && !e->object)
		used += (size_t)snprintf(buf, len, "any report");
	else
		buf[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && used < len; i++)
		if (parts[i].text)
			used += (size_t)snprintf(buf + used, len - used, "%s%s",
						 used ? parts[i].before : "",
						 parts[i].text);
	return buf;
}

const uint64_t *suppress_counts(void)
{
	return s.count;
}

void suppress_uncount(void)
{
	memset(s.count, 0, sizeof(s.count));
}

/* ---- matching ---- */

static bool fits(const char *pattern, const char *text)
{
	return !pattern ||
	       (text && (!strcmp(pattern, text) || !fnmatch(pattern, text, 0)));
}

/* both words of an entry have to be true of one place */
static bool is_place(const struct suppression *e, const struct sched_site *site)
{
	if (!e->function && !e->source)
		return true;
	return site && fits(e->function, site->func) && fits(e->source, site->file);
}

static bool is_side(const struct suppress_sides *sides, int side, const char *function,
		    const char *access)
{
	const struct sched_site *site = sides->site[side];

	return site && fits(function, site->func) &&
	       (!access || (sides->access[side] && !strcmp(sides->access[side], access)));
}

/* either place may be the first */
static bool is_pair(const struct suppression *e, const struct suppress_sides *sides)
{
	if (!e->pair[0])
		return true;
	for (int side = 0; side < 2; side++)
		if (is_side(sides, side, e->pair[0], e->access[0]) &&
		    is_side(sides, !side, e->pair[1], e->access[1]))
			return true;
	return false;
}

static bool is_known(const struct suppression *e, const struct report *r,
		     const struct suppress_sides *sides)
{
	return e->kind == r->kind && !e->void_in && fits(e->scenario, s.scenario) &&
	       fits(e->rule, r->rule) && fits(e->object, r->object) &&
	       fits(e->summary, r->summary) && is_pair(e, sides) &&
	       (is_place(e, sides->site[0]) || is_place(e, sides->site[1]));
}

bool suppress_match(const struct report *r, const struct suppress_sides *sides)
{
	if (!(s.kinds & (1u << r->kind)))
		return false;
	for (unsigned int i = 0; i < s.nr; i++) {
		if (!is_known(&s.entry[i], r, sides))
			continue;
		s.count[i]++;
		s.last = (int)i;
		return true;
	}
	return false;
}

/* ---- remembering ---- */

/* the memo of these two, or a free one; NULL: there is neither */
static struct memo *memo_of(enum report_kind kind, const void *a, const void *b)
{
	uint64_t h = hash_word((uintptr_t)a ^ ((uintptr_t)b << 7) ^ kind);

	for (unsigned int try = 0; try < 8; try++) {
		struct memo *m = &memo[((h >> 40) + try) % MEMO];

		if (!m->entry || (m->a == a && m->b == b && m->kind == kind))
			return m;
	}
	return NULL;
}

/* what is known in one may be a failure in another */
void suppress_scenario(const char *name)
{
	if (s.scenario == name)
		return;
	s.scenario = name;
	suppress_forget();
}

void suppress_forget(void)
{
	memset(memo, 0, sizeof(memo));
}

bool suppress_again(enum report_kind kind, const void *a, const void *b)
{
	const struct memo *m;

	if (!(s.kinds & (1u << kind)))
		return false;
	m = memo_of(kind, a, b);
	if (!m || !m->entry)
		return false;
	s.count[m->entry - 1]++;
	return true;
}

void suppress_remember(enum report_kind kind, const void *a, const void *b)
{
	struct memo *m;

	if (!(s.kinds & (1u << kind)))
		return;
	m = memo_of(kind, a, b);
	if (m)
		*m = (struct memo){ a, b, (uint8_t)kind, (uint8_t)(s.last + 1) };
}

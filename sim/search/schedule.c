// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedule files: writing them, reading them, and rejecting what is none.
 */
#include "search/schedule.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sched/hash.h"

#define MAGIC	 "uringsim-schedule"
#define MAX_FILE (8u << 20)

static uint64_t checksum(const char *text, size_t n)
{
	return hash_bytes(HASH_START, text, n);
}

/* ---- writing ---- */

static void print_facts(FILE *out, const struct schedule *s)
{
	fprintf(out, MAGIC " %d\n", SCHEDULE_VERSION);
	fprintf(out, "subject %s\nversion %s\n", s->subject, s->version);
	if (s->tree[0])
		fprintf(out, "tree %s\n", s->tree);
	for (unsigned int i = 0; i < s->nr_files; i++)
		fprintf(out, "file %s %s\n", s->files[i].sha256, s->files[i].path);
	fprintf(out, "scenario %s\nconfig %s\npoints %s\ndetect %s\n", s->scenario,
		s->config, s->points, s->detect);
	if (s->file[0])
		fprintf(out, "text %016" PRIx64 " %s\n", s->hash, s->file);
	fprintf(out, "strategy %s\nseed %" PRIu64 "\nexecution %" PRIu64 "\n",
		s->strategy, s->seed, s->execution);
	fprintf(out, "kind %s\nsummary %s\nwhere %s\n", s->kind, s->summary, s->where);
	if (s->group[0])
		fprintf(out, "group %s\n", s->group);
	fprintf(out, "stops %s\ntrace %016" PRIx64 "\n", s->stops ? "yes" : "no",
		s->trace);
}

/* "order EXECUTION", then words */
static void print_orders(FILE *out, const struct schedule *s)
{
	for (unsigned int i = 0; i < s->nr_orders; i++) {
		const struct schedule_order *o = &s->orders[i];

		fprintf(out, "order %" PRIu64 "\t%s\t%s\t%s\t%s\t%s\t%s\n", o->execution,
			o->scenario, o->task, o->from, o->from_at, o->to, o->to_at);
	}
}

/* "switch FROM AT TO NTH" by number, then what that meant, for the reader */
static void print_choices(FILE *out, const struct schedule *s)
{
	if (s->timers)
		fprintf(out, "timers %" PRIu64 "\n", s->timers);
	if (s->faults)
		fprintf(out, "faults %" PRIu64 "\n", s->faults);
	if (s->ring_flags)
		fprintf(out, "ring-flags %" PRIx64 "\n", s->ring_flags);
	if (s->parked)
		fprintf(out, "parked %" PRIx64 "\n", s->parked);
	for (unsigned int i = 0; i < s->nr; i++)
		fprintf(out, "switch %u %" PRIu32 " %u %u\t%s\t%s\t%s\n", s->list[i].from,
			s->list[i].at, s->list[i].to, s->notes[i].nth, s->notes[i].from,
			s->notes[i].to, s->notes[i].place);
}

static bool write_text(const char *path, const char *text, size_t n)
{
	FILE *out = fopen(path, "we");
	bool ok;

	if (!out)
		return false;
	ok = fwrite(text, 1, n, out) == n;
	fprintf(out, "end %016" PRIx64 "\n", checksum(text, n));
	ok = ok && !fflush(out) && !ferror(out);
	return !fclose(out) && ok;
}

bool schedule_write(const struct schedule *s, const char *path, char *err, size_t len)
{
	char *text = NULL, unfinished[4096];
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	bool ok;

	if (!out) {
		snprintf(err, len, "out of memory");
		return false;
	}
	print_facts(out, s);
	print_orders(out, s);
	print_choices(out, s);
	fclose(out);
	snprintf(unfinished, sizeof(unfinished), "%s.%d.tmp", path, getpid());
	ok = write_text(unfinished, text, n) && !rename(unfinished, path);
	if (!ok) {
		snprintf(err, len, "cannot write %s: %s", path, strerror(errno));
		unlink(unfinished);
	}
	free(text);
	return ok;
}

/* ---- reading ---- */

/* struct reading - a file in memory, and the number of the current line */
struct reading {
	const char *path;
	char *text;
	size_t n;
	unsigned int line;
	char *err;
	size_t len;
};

static bool reject(const struct reading *r, const char *why)
{
	if (r->line)
		snprintf(r->err, r->len, "%s: line %u: %s", r->path, r->line, why);
	else
		snprintf(r->err, r->len, "%s %s", r->path, why);
	return false;
}

static bool load(struct reading *r)
{
	FILE *in = fopen(r->path, "re");

	if (!in) {
		snprintf(r->err, r->len, "cannot read %s: %s", r->path, strerror(errno));
		return false;
	}
	r->text = malloc(MAX_FILE + 1);
	r->n = r->text ? fread(r->text, 1, MAX_FILE + 1, in) : 0;
	if (ferror(in) || !r->text) {
		snprintf(r->err, r->len, "cannot read %s: %s", r->path, strerror(errno));
		fclose(in);
		return false;
	}
	fclose(in);
	if (r->n > MAX_FILE)
		return reject(r, "is too long to be a schedule");
	r->text[r->n] = '\0';
	if (strlen(r->text) != r->n)
		return reject(r, "is not a schedule: it has a zero byte");
	return true;
}

static bool check_frame(const struct reading *r)
{
	char expected[32];
	long version;
	size_t body;

	if (strncmp(r->text, MAGIC " ", sizeof(MAGIC)) != 0) {
		if (r->n < sizeof(MAGIC) && !strncmp(r->text, MAGIC " ", r->n))
			return reject(r, "is cut off, or empty");
		return reject(r, "is not a schedule of uringsim");
	}
	version = strtol(r->text + sizeof(MAGIC), NULL, 10);
	if (version != SCHEDULE_VERSION && strchr(r->text, '\n'))
		return reject(r, "is a schedule of another version of uringsim");
	if (r->n < 21)
		return reject(r, "is cut off");
	body = r->n - 21;
	snprintf(expected, sizeof(expected), "end %016" PRIx64 "\n",
		 checksum(r->text, body));
	if (strcmp(r->text + body, expected) != 0)
		return reject(r, "is cut off or was changed: its checksum is wrong");
	r->text[body] = '\0';
	return true;
}

static bool copy(char *to, size_t size, const char *value)
{
	return (size_t)snprintf(to, size, "%s", value) < size;
}

static bool number(uint64_t *to, const char *value, int base)
{
	char *end;

	errno = 0;
	*to = strtoull(value, &end, base);
	return !errno && end != value && !*end;
}

static bool read_file_line(struct schedule *s, const char *value)
{
	if (s->nr_files == SCHEDULE_FILES)
		return false;
	return sscanf(value, "%64s %79s", s->files[s->nr_files].sha256,
		      s->files[s->nr_files].path) == 2 &&
	       ++s->nr_files;
}

static bool read_note(char *to, size_t size, char **rest)
{
	const char *field = strsep(rest, "\t");

	return field && copy(to, size, field);
}

static bool read_switch(struct schedule *s, char *value)
{
	struct switch_note *note = &s->notes[s->nr];
	unsigned int from, at, to;
	char *rest = value, *numbers;

	if (s->nr == SWITCHES_MAX)
		return false;
	numbers = strsep(&rest, "\t");
	note->nth = 0; /* files of earlier versions do not have it */
	if (sscanf(numbers, "%u %u %u %u", &from, &at, &to, &note->nth) < 3)
		return false;
	if (to >= SCHED_MAX_TASKS || (from >= SCHED_MAX_TASKS && from != SWITCH_START))
		return false;
	s->list[s->nr] = (struct task_switch){ (uint16_t)from, (uint16_t)to, at };
	if (!read_note(note->from, sizeof(note->from), &rest) ||
	    !read_note(note->to, sizeof(note->to), &rest) ||
	    !read_note(note->place, sizeof(note->place), &rest) || rest)
		return false;
	s->nr++;
	return true;
}

static bool read_order(struct schedule *s, char *rest)
{
	struct schedule_order *o = &s->orders[s->nr_orders];

	if (s->nr_orders == SCHEDULE_ORDERS)
		return false;
	s->nr_orders++;
	return number(&o->execution, strsep(&rest, "\t"), 10) &&
	       read_note(o->scenario, sizeof(o->scenario), &rest) &&
	       read_note(o->task, sizeof(o->task), &rest) &&
	       read_note(o->from, sizeof(o->from), &rest) &&
	       read_note(o->from_at, sizeof(o->from_at), &rest) &&
	       read_note(o->to, sizeof(o->to), &rest) &&
	       read_note(o->to_at, sizeof(o->to_at), &rest) && !rest;
}

static bool read_flag(bool *to, const char *value)
{
	*to = !strcmp(value, "yes");
	return *to || !strcmp(value, "no");
}

/* texts that are copied as they stand */
static bool read_text(struct schedule *s, const char *key, const char *value, bool *known)
{
	const struct {
		const char *key;
		char *to;
		size_t size;
	} texts[] = {
		{ "subject", s->subject, sizeof(s->subject) },
		{ "version", s->version, sizeof(s->version) },
		{ "tree", s->tree, sizeof(s->tree) },
		{ "scenario", s->scenario, sizeof(s->scenario) },
		{ "config", s->config, sizeof(s->config) },
		{ "points", s->points, sizeof(s->points) },
		{ "detect", s->detect, sizeof(s->detect) },
		{ "strategy", s->strategy, sizeof(s->strategy) },
		{ "kind", s->kind, sizeof(s->kind) },
		{ "summary", s->summary, sizeof(s->summary) },
		{ "where", s->where, sizeof(s->where) },
		{ "group", s->group, sizeof(s->group) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].key, key) != 0)
			continue;
		*known = true;
		return copy(texts[i].to, texts[i].size, value);
	}
	*known = false;
	return false;
}

/* "text HASH PATH": the scenario's file */
static bool read_text_line(struct schedule *s, char *value)
{
	char *path = value, *hash = strsep(&path, " ");

	return path && *path && number(&s->hash, hash, 16) &&
	       copy(s->file, sizeof(s->file), path);
}

static bool read_fact(struct schedule *s, const char *key, char *value)
{
	bool known, ok = read_text(s, key, value, &known);

	if (known)
		return ok;
	if (!strcmp(key, "file"))
		return read_file_line(s, value);
	if (!strcmp(key, "text"))
		return read_text_line(s, value);
	if (!strcmp(key, "switch"))
		return read_switch(s, value);
	if (!strcmp(key, "order"))
		return read_order(s, value);
	if (!strcmp(key, "seed"))
		return number(&s->seed, value, 10);
	if (!strcmp(key, "execution"))
		return number(&s->execution, value, 10);
	if (!strcmp(key, "trace"))
		return number(&s->trace, value, 16);
	if (!strcmp(key, "parked"))
		return number(&s->parked, value, 16);
	if (!strcmp(key, "timers"))
		return number(&s->timers, value, 10) && s->timers <= SCHEDULE_CHANCES;
	if (!strcmp(key, "faults"))
		return number(&s->faults, value, 10) && s->faults <= SCHEDULE_CHANCES;
	if (!strcmp(key, "ring-flags"))
		return number(&s->ring_flags, value, 16) && s->ring_flags <= UINT32_MAX;
	if (!strcmp(key, "stops"))
		return read_flag(&s->stops, value);
	return false;
}

static bool read_lines(struct schedule *s, struct reading *r)
{
	char *rest = r->text, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *value = line;

		if (!rest && !*line)
			break;
		r->line++;
		if (r->line == 1)
			continue;
		strsep(&value, " ");
		if (!value || !read_fact(s, line, value))
			return reject(r, "this is not a line of a schedule");
	}
	r->line = 0;
	if (!s->subject[0] || !s->scenario[0] || !s->kind[0] || !s->points[0])
		return reject(r,
			      "lacks its subject, scenario, points or kind of failure");
	return true;
}

void schedule_clear(struct schedule *s)
{
	unsigned int nr = s->nr;

	memset(s, 0, offsetof(struct schedule, list));
	memset(s->list, 0, nr * sizeof(s->list[0]));
	memset(s->notes, 0, nr * sizeof(s->notes[0]));
}

bool schedule_read(struct schedule *s, const char *path, char *err, size_t len)
{
	struct reading r = { .path = path, .err = err, .len = len };
	bool ok;

	schedule_clear(s);
	ok = load(&r) && check_frame(&r) && read_lines(s, &r);
	free(r.text);
	return ok;
}

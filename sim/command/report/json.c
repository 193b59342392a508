// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report for programs: everything that is known, folded or not. Its keys are in
 * docs/report.md.
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/report/timeline.h"

typedef struct json_object json;

static void text(json *o, const char *key, const char *value)
{
	char clean[1024];
	size_t n;

	snprintf(clean, sizeof(clean), "%s", value);
	for (n = 0; clean[n]; n++)
		if (clean[n] < ' ' || clean[n] > '~')
			clean[n] = '?';
	json_object_object_add(o, key, json_object_new_string(clean));
}

static void number(json *o, const char *key, long long value)
{
	json_object_object_add(o, key, json_object_new_int64(value));
}

static void flag(json *o, const char *key, bool value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

static json *object(json *o, const char *key)
{
	json *child = json_object_new_object();

	json_object_object_add(o, key, child);
	return child;
}

static json *array(json *o, const char *key)
{
	json *child = json_object_new_array();

	json_object_object_add(o, key, child);
	return child;
}

static json *element(json *a)
{
	json *child = json_object_new_object();

	json_object_array_add(a, child);
	return child;
}

/* ---- parts ---- */

static void put_lines(json *o, const char *key, const char *lines)
{
	json *a = array(o, key);

	while (*lines) {
		size_t n = strcspn(lines, "\n");

		json_object_array_add(a, json_object_new_string_len(lines, (int)n));
		lines += n + (lines[n] == '\n');
	}
}

static void put_failure(json *o, const struct timeline_failure *f)
{
	text(o, "kind", f->kind);
	text(o, "summary", f->summary);
	text(o, "where", f->where);
	put_lines(o, "detail", f->detail);
	text(o, "task", f->task);
	number(o, "step", (long long)f->step);
}

static void put_failures(json *root, const struct timeline *t)
{
	json *o = object(root, "failure"), *others;

	put_failure(o, &t->failure);
	flag(o, "came_again", t->came);
	flag(o, "same_trace", t->same_trace);
	text(o, "diverged", t->diverged);
	others = array(root, "other_failures");
	for (unsigned int i = 0; i < t->nr_others; i++)
		put_failure(element(others), &t->others[i]);
}

static void put_subject(json *root, const struct timeline *t)
{
	const struct subject *ops = t->player->subject;
	const struct schedule *s = t->schedule;
	json *o = object(root, "subject"), *files;

	text(o, "name", player_subject(t->player));
	text(o, "version", ops ? ops->version : "");
	text(o, "compiler", ops ? ops->compiler : "");
	flag(o, "unmodified", ops && ops->unmodified);
	text(o, "recorded_on", s->subject);
	text(o, "recorded_version", s->version);
	files = array(o, "files");
	for (unsigned int i = 0; i < s->nr_files; i++) {
		json *f = element(files);

		text(f, "path", s->files[i].path);
		text(f, "sha256", s->files[i].sha256);
		flag(f, "same", timeline_same_file(t, i));
	}
}

static void put_scenario(json *root, const struct timeline *t)
{
	json *o = object(root, "scenario");

	text(o, "name", player_scenario(t->player));
	text(o, "summary", t->player->subject ? t->player->scenario->summary : "");
	text(o, "config", t->config);
	text(o, "recorded_config", t->schedule->config);
}

static void put_schedule(json *root, const struct timeline *t)
{
	const struct schedule *s = t->schedule;
	json *o = object(root, "schedule"), *switches, *parked;
	char hash[17];

	text(o, "strategy", s->strategy);
	json_object_object_add(o, "seed", json_object_new_uint64(s->seed));
	json_object_object_add(o, "execution", json_object_new_uint64(s->execution));
	text(o, "points", s->points);
	text(o, "detect", s->detect);
	snprintf(hash, sizeof(hash), "%016" PRIx64, s->trace);
	text(o, "trace", hash);
	switches = array(o, "switches");
	for (unsigned int i = 0; i < s->nr; i++) {
		json *e = element(switches);

		text(e, "from", s->notes[i].from);
		text(e, "to", s->notes[i].to);
		text(e, "place", s->notes[i].place);
	}
	parked = array(o, "parked");
	for (int i = 0; i < t->nr_lanes; i++)
		if (s->parked & (1ull << i))
			json_object_array_add(parked,
					      json_object_new_string(t->lanes[i].name));
}

static void put_step_nr(json *o, const char *key, const struct timeline *t, size_t i)
{
	if (i == NO_STEP)
		json_object_object_add(o, key, NULL);
	else
		number(o, key, (long long)t->steps[i].nr);
}

static void put_tasks(json *root, const struct timeline *t)
{
	size_t at = t->fails == NO_STEP ? t->nr - 1 : t->fails;
	json *tasks = array(root, "tasks");
	char locks[256];

	for (int i = 0; i < t->nr_lanes; i++) {
		json *o = element(tasks);

		text(o, "name", t->lanes[i].name);
		put_step_nr(o, "born", t, t->lanes[i].born);
		put_step_nr(o, "ended", t, t->lanes[i].ended);
		text(o, "at_failure", t->lanes[i].doing);
		timeline_locks_at(t, i, at, locks, sizeof(locks));
		text(o, "locks_at_failure", locks);
	}
}

static void put_spans(json *root, const char *key, const char *what,
		      const struct timeline *t, const struct timeline_spans *spans)
{
	json *a = array(root, key);

	for (size_t k = 0; k < spans->nr; k++) {
		const struct timeline_span *s = &spans->at[k];
		json *o = element(a);

		number(o, "task", s->lane);
		text(o, what, s->what);
		put_step_nr(o, "from", t, s->from);
		put_step_nr(o, "to", t, s->to);
	}
}

static void put_steps(json *root, const struct timeline *t)
{
	json *steps = array(root, "steps");

	for (size_t i = 0; i < t->nr; i++) {
		const struct timeline_step *s = &t->steps[i];
		json *o = element(steps);

		number(o, "step", (long long)s->nr);
		if (s->lane == NO_LANE)
			json_object_object_add(o, "task", NULL);
		else
			number(o, "task", s->lane);
		text(o, "what", s->verb);
		text(o, "object", s->object);
		text(o, "name", s->name);
		if (s->has_value)
			number(o, "value", s->value);
		if (s->wakes != NO_LANE)
			number(o, "wakes", s->wakes);
		text(o, "file", s->file);
		number(o, "line", s->line);
		text(o, "function", s->func);
		flag(o, "fails", s->fails);
		flag(o, "other_access", s->other_access);
		flag(o, "shown", s->shown);
	}
}

void timeline_json(FILE *out, const void *what)
{
	const struct timeline *t = what;
	json *root = json_object_new_object();

	number(root, "report", 1);
	put_failures(root, t);
	put_subject(root, t);
	put_scenario(root, t);
	put_schedule(root, t);
	put_tasks(root, t);
	put_spans(root, "locks", "lock", t, &t->locks);
	put_spans(root, "waits", "for", t, &t->waits);
	number(root, "dropped_steps", (long long)t->dropped);
	put_steps(root, t);
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(
			root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
}

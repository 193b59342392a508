// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules of failures: made from what a search found, and played again.
 */
#include "engine/keep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "program/program.h"
#include "engine/detectors.h"
#include "engine/shrink.h"
#include "sched/hash.h"
#include "detect/race.h"
#include "symbols/stacks.h"
#include "sched/trace.h"
#include "shim/log.h"
#include "text/text.h"

/* struct schedule is large: one is enough, and not on the stack */
static struct schedule made;
static struct task_switch unshrunk[SWITCHES_MAX];

void keep_subject(struct schedule *s, const struct player *p)
{
	const struct subject *ops = p->subject;

	s->nr_files = 0;
	snprintf(s->subject, sizeof(s->subject), "%s", player_subject(p));
	snprintf(s->version, sizeof(s->version), "%s", ops ? ops->version : "");
	snprintf(s->tree, sizeof(s->tree), "%s", p->tree ? p->tree : "");
	for (unsigned int i = 0; ops && i < ops->nr_files && i < SCHEDULE_FILES; i++) {
		snprintf(s->files[i].sha256, sizeof(s->files[i].sha256), "%s",
			 ops->files[i].sha256);
		snprintf(s->files[i].path, sizeof(s->files[i].path), "%s",
			 ops->files[i].path);
		s->nr_files++;
	}
}

static void describe(struct schedule *s, const struct player *p,
		     const struct search_options *o, const char *points,
		     const struct found *f)
{
	char config[256];

	schedule_clear(s);
	keep_subject(s, p);
	snprintf(s->scenario, sizeof(s->scenario), "%s", player_scenario(p));
	if (p->subject && p->scenario->text && text_path(p->scenario->text)) {
		snprintf(s->file, sizeof(s->file), "%s", text_path(p->scenario->text));
		s->hash = text_hash(p->scenario->text);
	}
	snprintf(s->config, sizeof(s->config), "%s",
		 player_config(p, config, sizeof(config)));
	snprintf(s->points, sizeof(s->points), "%s", points);
	snprintf(s->detect, sizeof(s->detect), "%s", detectors_names());
	snprintf(s->strategy, sizeof(s->strategy), "%s", search_kind_name(o->kind));
	s->seed = search_samples(o->kind) ? o->seed : 0;
	s->execution = f->execution;
	snprintf(s->kind, sizeof(s->kind), "%s", report_kind_name(f->report.kind));
	snprintf(s->summary, sizeof(s->summary), "%s", f->report.summary);
	snprintf(s->where, sizeof(s->where), "%s", f->report.where);
	snprintf(s->group, sizeof(s->group), "%s", f->report.group);
	s->stops = f->stops;
	s->timers = p->chances.timers;
	s->faults = p->chances.faults;
	s->ring_flags = world_added_ring_flags();
	s->nr = f->nr;
	memcpy(s->list, f->list, f->nr * sizeof(f->list[0]));
	orders_describe(s, f->orders, f->nr_orders);
}

int keep_find(const struct schedule *s)
{
	for (size_t i = 0; i < report_count(); i++) {
		const struct report *r = report_get(i);

		if (!strcmp(report_kind_name(r->kind), s->kind) &&
		    !strcmp(r->summary, s->summary))
			return (int)i;
	}
	return -1;
}

int keep_find_alike(const struct schedule *s)
{
	int number = keep_find(s);

	for (size_t i = 0; number < 0 && s->group[0] && i < report_count(); i++)
		if (!strcmp(report_get(i)->group, s->group))
			number = (int)i;
	return number;
}

static bool replay_once(const struct player *p, struct schedule *s,
			const struct replay_plan *plan, bool record)
{
	orders_expect(s);
	replay_begin(plan);
	if (record)
		replay_notes(s->notes);
	player_play(p, replay_strategy());
	return keep_find(s) >= 0;
}

/* What is played once more, for the stacks of earlier accesses, has to be the same. */
static void repeat(const struct player *p, struct schedule *s,
		   const struct replay_plan *plan, bool found)
{
	while (race_repeat()) {
		if (replay_once(p, s, plan, true) == found)
			continue;
		complain("a replay is not the same when it is repeated: %s", s->summary);
		exit(STATUS_SIMULATOR);
	}
}

/* by the places of the notes, if there are any, or by numbers */
static bool replay(const struct player *p, struct schedule *s,
		   const struct switch_note *notes, bool by_count, bool record)
{
	const struct replay_plan plan = {
		.list = s->list,
		.notes = notes,
		.nr = s->nr,
		.mask = points_of(s->points),
		.by_count = by_count,
		.parked = s->parked,
	};
	bool found;

	trace_enable(true, SCHED_MARKED | points_of(s->points));
	stacks_enable(record);
	shim_log_listen(1);
	found = replay_once(p, s, &plan, record);
	if (record)
		repeat(p, s, &plan, found);
	if (record)
		s->trace = trace_hash();
	stacks_enable(false);
	trace_enable(false, 0);
	return found;
}

bool keep_replay(const struct player *p, struct schedule *s, bool record)
{
	return replay(p, s, record ? NULL : s->notes, false, record);
}

/* Return: whether it came, in these words or, on another subject, in its own */
static bool follow(const struct player *p, struct schedule *s, bool elsewhere,
		   bool by_count)
{
	replay(p, s, s->notes, by_count, false);
	return (elsewhere ? keep_find_alike(s) : keep_find(s)) >= 0;
}

/* what the replay that was just made says of the failure */
static void take_words(struct schedule *s)
{
	const struct report *r = report_get((size_t)keep_find_alike(s));

	snprintf(s->summary, sizeof(s->summary), "%s", r->summary);
	snprintf(s->where, sizeof(s->where), "%s", r->where);
	snprintf(s->group, sizeof(s->group), "%s", r->group);
}

bool keep_follow(const struct player *p, struct schedule *s, bool elsewhere,
		 bool *by_count)
{
	bool came = follow(p, s, elsewhere, false);

	*by_count = false;
	if (!came && replay_divergence()) {
		came = *by_count = follow(p, s, elsewhere, true);
		if (!came)
			follow(p, s, elsewhere, false);
	}
	if (came && elsewhere)
		take_words(s);
	return came;
}

bool keep_settle(const struct player *p, struct schedule *s)
{
	const struct switches *done = replay_switches();

	if (done->lost)
		return false;
	s->nr = done->nr;
	memcpy(s->list, done->list, done->nr * sizeof(done->list[0]));
	return keep_replay(p, s, true);
}

/* "register-race-progress-1a2b3c4d" */
void keep_stem(const struct player *p, const struct report *r, const char *dir,
	       char path[PATH_MAX])
{
	uint32_t h = (uint32_t)hash_text(HASH_START, r->group);

	snprintf(path, PATH_MAX, "%s/%s-%s-%s-%08x", dir, player_subject(p),
		 player_scenario(p), report_kind_name(r->kind), h);
	/* a --tree's name has its path in it */
	for (char *c = path + strlen(dir) + 1; *c; c++)
		if (*c == '/' || *c == ':')
			*c = '_';
}

/* Return: the failure came again, with what is left or with what there was */
static bool shrink_made(const struct player *p)
{
	unsigned int nr = made.nr;
	struct shrunk result;

	memcpy(unshrunk, made.list, nr * sizeof(made.list[0]));
	if (shrink_at_once(p, &made, &result) && result.again)
		return true;
	made.nr = nr;
	made.parked = 0;
	memcpy(made.list, unshrunk, nr * sizeof(made.list[0]));
	return keep_replay(p, &made, true);
}

const struct schedule *keep_made(void)
{
	return &made;
}

const char *keep_switch(const struct schedule *s, unsigned int i, char *buf, size_t len)
{
	const struct switch_note *n = &s->notes[i];

	if (s->list[i].from == SWITCH_START)
		snprintf(buf, len, "%s runs first", n->to);
	else
		snprintf(buf, len, "%s to %s %s", n->from, n->to,
			 n->place[0] ? n->place : "at its end");
	return buf;
}

bool keep_make_folder(const char *dir, char *err, size_t len)
{
	if (!mkdir(dir, 0777) || errno == EEXIST)
		return true;
	snprintf(err, len, "cannot make %s: %s", dir, strerror(errno));
	return false;
}

bool keep_folder(const char *dir)
{
	char err[PATH_MAX + 128];

	if (keep_make_folder(dir, err, sizeof(err)))
		return true;
	complain("%s", err);
	return false;
}

/* A disk that is full is full for all of them: the reason is said once. */
static unsigned int nr_unwritten;

void keep_unwritten(const char *why)
{
	if (!nr_unwritten++)
		complain("%s", why);
}

bool keep_tell_unwritten(void)
{
	if (nr_unwritten > 1)
		complain("%u failures have no schedule, as it could not be written",
			 nr_unwritten);
	return nr_unwritten != 0;
}

/* Return: whether it was written; if not, keep_unwritten() knows */
static bool write_file(const struct player *p, const struct report *r, const char *dir,
		       char path[PATH_MAX])
{
	const struct schedule *s = &made;
	char err[PATH_MAX + 128];

	if (keep_make_folder(dir, err, sizeof(err))) {
		keep_stem(p, r, dir, path);
		snprintf(path + strlen(path), PATH_MAX - strlen(path), ".schedule");
		if (schedule_write(s, path, err, sizeof(err)))
			return true;
	}
	keep_unwritten(err);
	return false;
}

int keep_schedule(const struct player *p, const struct search_options *o,
		  const char *points, const struct found *f, const char *dir,
		  char path[PATH_MAX])
{
	path[0] = '\0';
	if (f->lost) {
		complain("a failure has no schedule: more than %d switches led to it",
			 SWITCHES_MAX);
		return -1;
	}
	describe(&made, p, o, points, f);
	if (!keep_replay(p, &made, true) || !shrink_made(p)) {
		complain("a failure does not come again when it is played again: %s",
			 f->report.summary);
		exit(STATUS_SIMULATOR);
	}
	if (!write_file(p, &f->report, dir, path))
		path[0] = '\0';
	return keep_find(&made);
}

int keep_look(const struct player *p, const struct search_options *o, const char *points,
	      const struct found *f)
{
	if (f->lost)
		return -1;
	describe(&made, p, o, points, f);
	return keep_replay(p, &made, true) ? keep_find(&made) : -1;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the trace of a replay to steps, tasks, locks that are held and waits.
 */
#include "command/report/tale.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "sched/lines.h"
#include "sched/trace.h"

static struct tale tale;

static void *get(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	return p;
}

__attribute__((format(printf, 3, 4))) static void put(char *buf, size_t len,
						      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf, len, fmt, args);
	va_end(args);
	for (; *buf; buf++)
		if (*buf < ' ' || *buf > '~')
			*buf = '?';
}

const char *tale_base(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

/* ---- steps ---- */

/* wake-ups and creations note the name in the task itself */
static int named_lane(const struct trace_record *r)
{
	if (r->what != SCHED_WAKE && r->what != SCHED_SPAWN)
		return NO_LANE;
	for (int i = 0; i < tale.nr_lanes; i++)
		if (sched_task_nr((unsigned int)i)->name == (const char *)r->object)
			return i;
	return NO_LANE;
}

static void take_step(struct tale_step *s, const struct trace_record *r)
{
	char text[TALE_OBJ];

	s->nr = r->step;
	s->lane = r->task < tale.nr_lanes ? r->task : NO_LANE;
	s->what = r->what;
	s->verb = sched_what_name(r->what);
	s->wakes = named_lane(r);
	s->value = r->value;
	s->has_value = trace_has_value(r);
	trace_object(r, text, sizeof(text));
	put(s->object, sizeof(s->object), "%s", text);
	trace_object_name(r, text, sizeof(text));
	put(s->name, sizeof(s->name), "%s", text);
	if (r->site) {
		put(s->file, sizeof(s->file), "%s", r->site->file);
		put(s->func, sizeof(s->func), "%s", r->site->func);
		s->line = site_line(r->site);
	}
}

static void take_steps(void)
{
	int last = NO_LANE;

	tale.nr_lanes = (int)sched_task_count();
	tale.dropped = trace_dropped();
	tale.nr = trace_count();
	tale.steps = get(tale.nr, sizeof(*tale.steps));
	for (int i = 0; i < tale.nr_lanes; i++) {
		put(tale.lanes[i].name, sizeof(tale.lanes[i].name), "%s",
		    sched_task_nr((unsigned int)i)->name);
		tale.lanes[i].born = tale.lanes[i].ended = NO_STEP;
	}
	for (size_t i = 0; i < tale.nr; i++) {
		struct tale_step *s = &tale.steps[i];

		take_step(s, trace_get(i));
		s->switched = s->lane != last && last != NO_LANE && s->lane != NO_LANE;
		if (s->lane != NO_LANE)
			last = s->lane;
		if (s->what == SCHED_SPAWN && s->wakes != NO_LANE)
			tale.lanes[s->wakes].born = i;
		if (s->what == SCHED_EXIT && s->lane != NO_LANE)
			tale.lanes[s->lane].ended = i;
	}
}

/* ---- locks and waits ---- */

static struct tale_span *open_span(struct tale_spans *spans, int lane, size_t from,
				   const char *what)
{
	struct tale_span *s = &spans->at[spans->nr++];

	s->lane = lane;
	s->from = from;
	s->to = NO_STEP;
	put(s->what, sizeof(s->what), "%s", what);
	return s;
}

static void take_waits(void)
{
	struct tale_span *now[SCHED_MAX_TASKS] = { NULL };

	tale.waits.at = get(tale.nr, sizeof(*tale.waits.at));
	for (size_t i = 0; i < tale.nr; i++) {
		const struct tale_step *s = &tale.steps[i];

		if (s->what == SCHED_BLOCK && s->lane != NO_LANE) {
			now[s->lane] = open_span(&tale.waits, s->lane, i, s->object);
		} else if (s->what == SCHED_WAKE && s->wakes != NO_LANE &&
			   now[s->wakes]) {
			now[s->wakes]->to = i;
			now[s->wakes] = NULL;
		}
	}
}

/* struct wanted - a lock that a task is about to take, until it goes on */
struct wanted {
	const void *lock;
	size_t at;
};

static bool is_taken(const void *const *held, const void *lock)
{
	for (size_t k = 0; k < tale.locks.nr; k++)
		if (tale.locks.at[k].to == NO_STEP && held[k] == lock)
			return true;
	return false;
}

static void give_back(const void *const *held, int lane, const void *lock, size_t i)
{
	for (size_t k = tale.locks.nr; k--;) {
		struct tale_span *s = &tale.locks.at[k];

		if (s->to == NO_STEP && s->lane == lane && held[k] == lock) {
			s->to = i;
			return;
		}
	}
}

/*
 * The trace has the attempt and the unlock. An attempt that the task does not
 * block on, nor finds the lock taken by another, was good; one that it blocks on
 * is good when it goes on.
 */
static void take_locks(void)
{
	const void **held = get(tale.nr, sizeof(*held));
	struct wanted want[SCHED_MAX_TASKS] = { { NULL, 0 } };

	tale.locks.at = get(tale.nr, sizeof(*tale.locks.at));
	for (size_t i = 0; i < tale.nr; i++) {
		const struct trace_record *r = trace_get(i);
		struct tale_step *s = &tale.steps[i];
		struct wanted *w = s->lane == NO_LANE ? NULL : &want[s->lane];

		if (!w)
			continue;
		if (w->lock && s->what == SCHED_BLOCK) {
			tale.steps[w->at].waits = true;
			continue;
		}
		if (w->lock && !is_taken(held, w->lock)) {
			/* after a wait it has the lock from now on */
			size_t from = tale.steps[w->at].waits ? i : w->at;

			held[tale.locks.nr] = w->lock;
			open_span(&tale.locks, s->lane, from, tale.steps[w->at].object);
		}
		w->lock = NULL;
		if (s->what == SCHED_LOCK)
			*w = (struct wanted){ r->object, i };
		else if (s->what == SCHED_UNLOCK)
			give_back(held, s->lane, r->object, i);
	}
	free(held);
}

void tale_locks_at(const struct tale *t, int lane, size_t i, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t k = 0; k < t->locks.nr; k++) {
		const struct tale_span *s = &t->locks.at[k];

		if (s->lane != lane || s->from > i || (s->to != NO_STEP && s->to <= i))
			continue;
		n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? ", " : "", s->what);
		if (n >= len)
			return;
	}
}

/* ---- the failure, and where everybody stood ---- */

static void take_failure(struct tale_failure *f, const struct report *r)
{
	put(f->kind, sizeof(f->kind), "%s", report_kind_name(r->kind));
	put(f->summary, sizeof(f->summary), "%s", r->summary);
	put(f->where, sizeof(f->where), "%s", r->where);
	put(f->task, sizeof(f->task), "%s", r->task);
	for (size_t n = 0; r->detail[n]; n++) {
		char c = r->detail[n];

		f->detail[n] = c == '\n' || (c >= ' ' && c <= '~') ? c : '?';
	}
	f->step = r->step;
}

static void take_failures(const struct schedule *s)
{
	int mine = keep_find(s);

	tale.others = get(report_count(), sizeof(*tale.others));
	tale.came = mine >= 0;
	tale.fails = NO_STEP;
	for (size_t i = 0; i < report_count(); i++)
		take_failure((int)i == mine ? &tale.failure
					    : &tale.others[tale.nr_others++],
			     report_get(i));
	if (!tale.came) {
		put(tale.failure.kind, sizeof(tale.failure.kind), "%s", s->kind);
		put(tale.failure.summary, sizeof(tale.failure.summary), "%s", s->summary);
		put(tale.failure.where, sizeof(tale.failure.where), "%s", s->where);
		put(tale.failure.task, sizeof(tale.failure.task), "-");
		return;
	}
	if (tale.failure.step < tale.dropped || !tale.nr)
		return;
	tale.fails = tale.failure.step - tale.dropped;
	if (tale.fails >= tale.nr)
		tale.fails = tale.nr - 1;
	tale.steps[tale.fails].fails = true;
}

static int lane_named(const char *name)
{
	for (int i = 0; i < tale.nr_lanes; i++)
		if (!strcmp(tale.lanes[i].name, name))
			return i;
	return NO_LANE;
}

/*
 * "before: plain write by task in file:line (function)": a plain access is no step of
 * its own. The task's last step before it is shown instead.
 */
static void mark_party(const char *detail)
{
	char name[24], file[96], func[64];
	const char *by = strstr(detail, " by ");
	const struct tale_step *best = NULL;
	int line, lane;

	if (tale.fails == NO_STEP || !by)
		return;
	if (sscanf(by, " by %23s in %95[^:]:%d (%63[^)])", name, file, &line, func) != 4)
		return;
	lane = lane_named(name);
	for (size_t i = tale.fails; lane != NO_LANE && i--;) {
		const struct tale_step *s = &tale.steps[i];

		if (s->lane != lane || strcmp(s->func, func) != 0)
			continue;
		if (!best || (best->line > line && s->line <= line))
			best = s;
		if (s->line <= line)
			break;
	}
	if (best)
		tale.steps[best - tale.steps].party = true;
}

static const struct tale_span *wait_at(int lane, size_t i)
{
	for (size_t k = 0; k < tale.waits.nr; k++) {
		const struct tale_span *s = &tale.waits.at[k];

		if (s->lane == lane && s->from <= i && (s->to == NO_STEP || s->to > i))
			return s;
	}
	return NULL;
}

static void put_place(char *buf, size_t len, const char *words, const char *what,
		      const struct tale_step *s)
{
	if (s->file[0] && s->line)
		put(buf, len, "%s%s (%s:%d)", words, what, s->file, s->line);
	else
		put(buf, len, "%s%s", words, what);
}

static void say_doing(struct tale_lane *l, int lane, size_t at)
{
	const struct tale_span *w = wait_at(lane, at);
	size_t i = at + 1;
	char last[TALE_OBJ + 32];

	if (l->born == NO_STEP || l->born > at) {
		put(l->doing, sizeof(l->doing), "not created yet");
	} else if (l->ended != NO_STEP && l->ended <= at) {
		put(l->doing, sizeof(l->doing), "has ended");
	} else if (w) {
		put_place(l->doing, sizeof(l->doing), "waits for ", w->what,
			  &tale.steps[w->from]);
	} else {
		while (i && tale.steps[i - 1].lane != lane)
			i--;
		if (!i) {
			put(l->doing, sizeof(l->doing), "has not begun");
			return;
		}
		snprintf(last, sizeof(last), "%s %s", tale.steps[i - 1].verb,
			 tale.steps[i - 1].object);
		put_place(l->doing, sizeof(l->doing), "can run; did last: ", last,
			  &tale.steps[i - 1]);
	}
}

static void say_all(void)
{
	size_t at = tale.fails == NO_STEP ? tale.nr - 1 : tale.fails;

	for (int i = 0; tale.nr && i < tale.nr_lanes; i++)
		say_doing(&tale.lanes[i], i, at);
}

bool tale_same_file(const struct tale *t, unsigned int i)
{
	const struct subject *ops = t->player->subject;

	for (unsigned int k = 0; ops && k < ops->nr_files; k++)
		if (!strcmp(ops->files[k].path, t->schedule->files[i].path))
			return !strcmp(ops->files[k].sha256,
				       t->schedule->files[i].sha256);
	return false;
}

const struct tale *tale_take(const struct schedule *s, const struct player *p, bool all)
{
	const char *diverged = replay_divergence();
	char config[sizeof(tale.config)];

	memset(&tale, 0, sizeof(tale));
	tale.schedule = s;
	tale.player = p;
	tale.hash = trace_hash();
	tale.same_trace = tale.hash == s->trace;
	put(tale.diverged, sizeof(tale.diverged), "%s", diverged ? diverged : "");
	put(tale.config, sizeof(tale.config), "%s",
	    player_config(p, config, sizeof(config)));
	take_steps();
	take_waits();
	take_locks();
	take_failures(s);
	if (!strcmp(tale.failure.kind, "race"))
		mark_party(tale.failure.detail);
	say_all();
	tale_choose(&tale, all);
	return &tale;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the trace of a replay to steps, tasks, locks that are held and waits.
 */
#include "command/report/timeline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "sched/lines.h"
#include "sched/trace.h"

static struct timeline timeline;

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

const char *timeline_base(const char *file)
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
	for (int i = 0; i < timeline.nr_lanes; i++)
		if (sched_task_nr((unsigned int)i)->name == (const char *)r->object)
			return i;
	return NO_LANE;
}

static void add_step(struct timeline_step *s, const struct trace_record *r)
{
	char text[TIMELINE_OBJECT];

	s->nr = r->step;
	s->lane = r->task < timeline.nr_lanes ? r->task : NO_LANE;
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

static void add_steps(void)
{
	int last = NO_LANE;

	timeline.nr_lanes = (int)sched_task_count();
	timeline.dropped = trace_dropped();
	timeline.nr = trace_count();
	timeline.steps = get(timeline.nr, sizeof(*timeline.steps));
	for (int i = 0; i < timeline.nr_lanes; i++) {
		put(timeline.lanes[i].name, sizeof(timeline.lanes[i].name), "%s",
		    sched_task_nr((unsigned int)i)->name);
		timeline.lanes[i].born = timeline.lanes[i].ended = NO_STEP;
	}
	for (size_t i = 0; i < timeline.nr; i++) {
		struct timeline_step *s = &timeline.steps[i];

		add_step(s, trace_get(i));
		s->switched = s->lane != last && last != NO_LANE && s->lane != NO_LANE;
		if (s->lane != NO_LANE)
			last = s->lane;
		if (s->what == SCHED_SPAWN && s->wakes != NO_LANE)
			timeline.lanes[s->wakes].born = i;
		if (s->what == SCHED_EXIT && s->lane != NO_LANE)
			timeline.lanes[s->lane].ended = i;
	}
}

/* ---- locks and waits ---- */

static struct timeline_span *open_span(struct timeline_spans *spans, int lane,
				       size_t from, const char *what)
{
	struct timeline_span *s = &spans->at[spans->nr++];

	s->lane = lane;
	s->from = from;
	s->to = NO_STEP;
	put(s->what, sizeof(s->what), "%s", what);
	return s;
}

static void add_waits(void)
{
	struct timeline_span *now[SCHED_MAX_TASKS] = { NULL };

	timeline.waits.at = get(timeline.nr, sizeof(*timeline.waits.at));
	for (size_t i = 0; i < timeline.nr; i++) {
		const struct timeline_step *s = &timeline.steps[i];

		if (s->what == SCHED_BLOCK && s->lane != NO_LANE) {
			now[s->lane] = open_span(&timeline.waits, s->lane, i, s->object);
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
	for (size_t k = 0; k < timeline.locks.nr; k++)
		if (timeline.locks.at[k].to == NO_STEP && held[k] == lock)
			return true;
	return false;
}

static void give_back(const void *const *held, int lane, const void *lock, size_t i)
{
	for (size_t k = timeline.locks.nr; k--;) {
		struct timeline_span *s = &timeline.locks.at[k];

		if (s->to == NO_STEP && s->lane == lane && held[k] == lock) {
			s->to = i;
			return;
		}
	}
}

/*
 * The trace has the attempt and the unlock. An attempt that the task does not
 * block on, nor finds the lock taken by another, succeeded; one that it blocks on
 * succeeds when the task goes on.
 */
static void add_locks(void)
{
	const void **held = get(timeline.nr, sizeof(*held));
	struct wanted want[SCHED_MAX_TASKS] = { { NULL, 0 } };

	timeline.locks.at = get(timeline.nr, sizeof(*timeline.locks.at));
	for (size_t i = 0; i < timeline.nr; i++) {
		const struct trace_record *r = trace_get(i);
		struct timeline_step *s = &timeline.steps[i];
		struct wanted *w = s->lane == NO_LANE ? NULL : &want[s->lane];

		if (!w)
			continue;
		if (w->lock && s->what == SCHED_BLOCK) {
			timeline.steps[w->at].waits = true;
			continue;
		}
		if (w->lock && !is_taken(held, w->lock)) {
			/* after a wait it has the lock from now on */
			size_t from = timeline.steps[w->at].waits ? i : w->at;

			held[timeline.locks.nr] = w->lock;
			open_span(&timeline.locks, s->lane, from,
				  timeline.steps[w->at].object);
		}
		w->lock = NULL;
		if (s->what == SCHED_LOCK)
			*w = (struct wanted){ r->object, i };
		else if (s->what == SCHED_UNLOCK)
			give_back(held, s->lane, r->object, i);
	}
	free(held);
}

void timeline_locks_at(const struct timeline *t, int lane, size_t i, char *buf,
		       size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t k = 0; k < t->locks.nr; k++) {
		const struct timeline_span *s = &t->locks.at[k];

		if (s->lane != lane || s->from > i || (s->to != NO_STEP && s->to <= i))
			continue;
		n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? ", " : "", s->what);
		if (n >= len)
			return;
	}
}

/* ---- the failure, and where every task stood ---- */

static void add_failure(struct timeline_failure *f, const struct report *r)
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

static void add_failures(const struct schedule *s)
{
	int mine = keep_find(s);

	timeline.others = get(report_count(), sizeof(*timeline.others));
	timeline.came = mine >= 0;
	timeline.fails = NO_STEP;
	for (size_t i = 0; i < report_count(); i++)
		add_failure((int)i == mine ? &timeline.failure
					   : &timeline.others[timeline.nr_others++],
			    report_get(i));
	if (!timeline.came) {
		put(timeline.failure.kind, sizeof(timeline.failure.kind), "%s", s->kind);
		put(timeline.failure.summary, sizeof(timeline.failure.summary), "%s",
		    s->summary);
		put(timeline.failure.where, sizeof(timeline.failure.where), "%s",
		    s->where);
		put(timeline.failure.task, sizeof(timeline.failure.task), "-");
		return;
	}
	if (timeline.failure.step < timeline.dropped || !timeline.nr)
		return;
	timeline.fails = timeline.failure.step - timeline.dropped;
	if (timeline.fails >= timeline.nr)
		timeline.fails = timeline.nr - 1;
	timeline.steps[timeline.fails].fails = true;
}

static int lane_named(const char *name)
{
	for (int i = 0; i < timeline.nr_lanes; i++)
		if (!strcmp(timeline.lanes[i].name, name))
			return i;
	return NO_LANE;
}

/*
 * "before: plain write by task in file:line (function)": a plain access is no step of
 * its own. The task's last step before it is shown instead.
 */
static void mark_other_access(const char *detail)
{
	char name[24], file[96], func[64];
	const char *by = strstr(detail, " by ");
	const struct timeline_step *best = NULL;
	int line, lane;

	if (timeline.fails == NO_STEP || !by)
		return;
	if (sscanf(by, " by %23s in %95[^:]:%d (%63[^)])", name, file, &line, func) != 4)
		return;
	lane = lane_named(name);
	for (size_t i = timeline.fails; lane != NO_LANE && i--;) {
		const struct timeline_step *s = &timeline.steps[i];

		if (s->lane != lane || strcmp(s->func, func) != 0)
			continue;
		if (!best || (best->line > line && s->line <= line))
			best = s;
		if (s->line <= line)
			break;
	}
	if (best)
		timeline.steps[best - timeline.steps].other_access = true;
}

static const struct timeline_span *wait_at(int lane, size_t i)
{
	for (size_t k = 0; k < timeline.waits.nr; k++) {
		const struct timeline_span *s = &timeline.waits.at[k];

		if (s->lane == lane && s->from <= i && (s->to == NO_STEP || s->to > i))
			return s;
	}
	return NULL;
}

static void put_place(char *buf, size_t len, const char *words, const char *what,
		      const struct timeline_step *s)
{
	if (s->file[0] && s->line)
		put(buf, len, "%s%s (%s:%d)", words, what, s->file, s->line);
	else
		put(buf, len, "%s%s", words, what);
}

static void say_doing(struct timeline_lane *l, int lane, size_t at)
{
	const struct timeline_span *w = wait_at(lane, at);
	size_t i = at + 1;
	char last[TIMELINE_OBJECT + 32];

	if (l->born == NO_STEP || l->born > at) {
		put(l->doing, sizeof(l->doing), "not created yet");
	} else if (l->ended != NO_STEP && l->ended <= at) {
		put(l->doing, sizeof(l->doing), "has ended");
	} else if (w) {
		put_place(l->doing, sizeof(l->doing), "waits for ", w->what,
			  &timeline.steps[w->from]);
	} else {
		while (i && timeline.steps[i - 1].lane != lane)
			i--;
		if (!i) {
			put(l->doing, sizeof(l->doing), "has not begun");
			return;
		}
		snprintf(last, sizeof(last), "%s %s", timeline.steps[i - 1].verb,
			 timeline.steps[i - 1].object);
		put_place(l->doing, sizeof(l->doing), "can run; did last: ", last,
			  &timeline.steps[i - 1]);
	}
}

static void say_all(void)
{
	size_t at = timeline.fails == NO_STEP ? timeline.nr - 1 : timeline.fails;

	for (int i = 0; timeline.nr && i < timeline.nr_lanes; i++)
		say_doing(&timeline.lanes[i], i, at);
}

bool timeline_same_file(const struct timeline *t, unsigned int i)
{
	const struct subject *ops = t->player->subject;

	for (unsigned int k = 0; ops && k < ops->nr_files; k++)
		if (!strcmp(ops->files[k].path, t->schedule->files[i].path))
			return !strcmp(ops->files[k].sha256,
				       t->schedule->files[i].sha256);
	return false;
}

static void say_what_differs(const struct player *p)
{
	char defaults[sizeof(timeline.config)];

	if (!p->subject || !p->driver->config_words)
		return;
	p->driver->config_words(NULL, defaults, sizeof(defaults));
	timeline_differs(timeline.config, defaults, timeline.differs,
			 sizeof(timeline.differs));
}

const struct timeline *timeline_of_replay(const struct schedule *s,
					  const struct player *p, bool all)
{
	const char *diverged = replay_divergence();
	char config[sizeof(timeline.config)];

	memset(&timeline, 0, sizeof(timeline));
	timeline.schedule = s;
	timeline.player = p;
	timeline.hash = trace_hash();
	timeline.same_trace = timeline.hash == s->trace;
	put(timeline.diverged, sizeof(timeline.diverged), "%s", diverged ? diverged : "");
	put(timeline.config, sizeof(timeline.config), "%s",
	    player_config(p, config, sizeof(config)));
	say_what_differs(p);
	add_steps();
	add_waits();
	add_locks();
	add_failures(s);
	if (!strcmp(timeline.failure.kind, "race"))
		mark_other_access(timeline.failure.detail);
	say_all();
	timeline_choose(&timeline, all);
	return &timeline;
}

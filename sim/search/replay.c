// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay. The switches away from each task form a list, in their order.
 */
#include <stdio.h>
#include <string.h>

#include "sched/hash.h"
#include "sched/lines.h"
#include "sched/trace.h"
#include "search/replay.h"

#define CHAIN_END 0xffffffffu
#define PLACES	  16384 /* size of the table of places; a power of two */
#define AHEAD	  8	/* so many switches of a task are looked at for the next place */

static struct {
	struct replay_plan plan;
	struct switch_note *fill;
	struct switches made;
	uint64_t ran;
	unsigned int used;
	unsigned int first[SCHED_MAX_TASKS + 1]; /* of each task: its next switch */
	unsigned int chain[SWITCHES_MAX];
	bool by_place;
	unsigned int moved, first_moved; /* how many switches, and one of them */
	char divergence[512], moves[512];
	unsigned int nr_places;
	struct {
		uint64_t key; /* 0: free */
		unsigned int times;
	} place[PLACES];
} r;

static unsigned int slot_of(uint16_t from)
{
	return from == SWITCH_START || from >= SCHED_MAX_TASKS ? SCHED_MAX_TASKS : from;
}

static void diverge(unsigned int i, const char *why, const char *detail)
{
	const struct switch_note *note = r.plan.notes ? &r.plan.notes[i] : NULL;

	if (r.divergence[0])
		return;
	snprintf(r.divergence, sizeof(r.divergence),
		 "switch %u of %u, from %s to %s%s%s: %s%s", i + 1, r.plan.nr,
		 note ? note->from : "?", note ? note->to : "?",
		 note && note->place[0] ? " " : "", note ? note->place : "", why, detail);
}

/* "before lock &queue->lock in take_request (drivers/queue.c:1071)" */
static void describe_place(const struct sched_task *t, char *buf, size_t len)
{
	const struct sched_site *at = t ? t->at : NULL;

	buf[0] = '\0';
	if (!t || t->state != SCHED_RUNNABLE || t != sched_current())
		return;
	if (t->at_what == SCHED_NR_WHAT)
		snprintf(buf, len, "when it yielded");
	else if (at)
		snprintf(buf, len, "before %s %s in %s (%s:%d)",
			 sched_what_name(t->at_what), at->expr ? at->expr : "-", at->func,
			 at->file, site_line(at));
}

/* Compares the step, its object and the function: the line and the folder may change. */
static bool same_place(const char *a, const char *b)
{
	size_t n = strcspn(a, "(");

	return strcspn(b, "(") == n && !strncmp(a, b, n);
}

static bool same_name(const char *noted, const struct sched_task *t)
{
	return !strcmp(noted, t ? t->name : "-");
}

static void compare(unsigned int i, const struct sched_task *last)
{
	const struct switch_note *note = &r.plan.notes[i];
	char here[160];

	describe_place(last, here, sizeof(here));
	if (!same_name(note->from, last))
		diverge(i, "that task is now ", last ? last->name : "-");
	else if (!same_place(note->place, here))
		diverge(i, "it is now ", here[0] ? here : "not able to go on there");
}

static void fill(unsigned int i, const struct sched_task *last,
		 const struct sched_task *to, unsigned int nth)
{
	struct switch_note *note = &r.fill[i];

	snprintf(note->from, sizeof(note->from), "%s", last ? last->name : "-");
	snprintf(note->to, sizeof(note->to), "%s", to->name);
	describe_place(last, note->place, sizeof(note->place));
	note->nth = nth;
}

/* of the task and what same_place() compares; never 0 */
static uint64_t place_key(unsigned int slot, const char *here)
{
	uint64_t h = hash_byte(HASH_START, (unsigned char)slot);

	for (; *here && *here != '('; here++)
		h = hash_byte(h, (unsigned char)*here);
	return h | 1;
}

/* Return: how often the task was here, this time included; 0: the table is full */
static unsigned int count_place(unsigned int slot, const char *here)
{
	uint64_t key = place_key(slot, here);
	unsigned int i = (unsigned int)(key >> 32) % PLACES;

	while (r.place[i].key && r.place[i].key != key)
		i = (i + 1) % PLACES;
	if (!r.place[i].key) {
		if (r.nr_places == PLACES / 2)
			return 0;
		r.nr_places++;
		r.place[i].key = key;
	}
	return ++r.place[i].times;
}

/* the switches before @i in the list of its task are not made any more */
static void skip_to(unsigned int slot, unsigned int i)
{
	for (unsigned int j = r.first[slot]; j != i; j = r.chain[j])
		diverge(j, "that place was not reached", "");
	if (r.plan.list[i].at != r.made.asked[slot] && !r.moved++) {
		r.first_moved = i;
		snprintf(r.moves, sizeof(r.moves), "%u choices instead of %u before it",
			 r.made.asked[slot], r.plan.list[i].at);
	}
}

/* the switch that is to be made now, or CHAIN_END */
static unsigned int due(unsigned int slot, const char *here, unsigned int nth)
{
	unsigned int i = r.first[slot];

	if (!r.by_place) {
		if (i != CHAIN_END && r.plan.list[i].at != r.made.asked[slot])
			i = CHAIN_END;
		return i;
	}
	for (unsigned int tries = AHEAD; i != CHAIN_END; i = r.chain[i]) {
		const struct switch_note *note = &r.plan.notes[i];

		if (!tries--)
			return CHAIN_END;
		if (note->nth == nth && same_place(note->place, here)) {
			skip_to(slot, i);
			return i;
		}
	}
	return CHAIN_END;
}

static const char *why_not(unsigned int id)
{
	const struct sched_task *t = sched_task_nr(id);

	if (!t)
		return "that task does not exist yet";
	return t->state == SCHED_DONE ? "that task has ended"
				      : "that task is blocked on ";
}

static void cannot(unsigned int i, unsigned int id)
{
	const struct sched_task *t = sched_task_nr(id);
	bool blocked = t && t->state == SCHED_BLOCKED;

	diverge(i, why_not(id), blocked && t->blocked_why ? t->blocked_why : "");
}

static struct sched_task *among(struct sched_task *const *runnable, unsigned int n,
				unsigned int id)
{
	for (unsigned int i = 0; i < n; i++)
		if (runnable[i]->id == id)
			return runnable[i];
	return NULL;
}

static struct sched_task *planned(struct sched_task *const *runnable, unsigned int n,
				  struct sched_task *last)
{
	unsigned int slot = switch_slot(last), i, nth = 0;
	struct sched_task *to;
	char here[160] = "";

	if (r.fill || r.by_place) {
		describe_place(last, here, sizeof(here));
		nth = count_place(slot, here);
	}
	i = due(slot, here, nth);
	if (i == CHAIN_END)
		return NULL;
	r.first[slot] = r.chain[i];
	r.used++;
	to = among(runnable, n, r.plan.list[i].to);
	if (!to) {
		cannot(i, r.plan.list[i].to);
		return NULL;
	}
	if (r.plan.notes && !same_name(r.plan.notes[i].to, to))
		diverge(i, "that task is now ", to->name);
	if (r.plan.notes)
		compare(i, last);
	if (r.fill)
		fill(i, last, to, nth);
	return to;
}

static bool is_parked(const struct sched_task *t)
{
	return r.plan.parked & (1ull << t->id);
}

/* the default choice among the tasks that are not parked, or NULL */
static struct sched_task *not_parked(struct sched_task *const *runnable, unsigned int n,
				     struct sched_task *last)
{
	struct sched_task *to = default_choice(runnable, last);

	if (!is_parked(to))
		return to;
	for (unsigned int i = 0; i < n; i++)
		if (!is_parked(runnable[i]))
			return runnable[i];
	return NULL;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *to = planned(runnable, n, last);

	(void)ctx;
	if (!to || is_parked(to))
		to = not_parked(runnable, n, last);
	if (!to) {
		sched_stop();
		to = runnable[0];
	}
	r.ran |= 1ull << to->id;
	switches_note(&r.made, runnable, last, to);
	return to;
}

void replay_begin(const struct replay_plan *plan)
{
	unsigned int last[SCHED_MAX_TASKS + 1];

	r.plan = *plan;
	r.fill = NULL;
	r.ran = 0;
	r.used = 0;
	r.divergence[0] = '\0';
	r.moved = 0;
	r.by_place = plan->notes && !plan->by_count;
	for (unsigned int i = 0; r.by_place && i < plan->nr; i++)
		r.by_place = plan->notes[i].nth != 0;
	if (r.nr_places)
		memset(r.place, 0, sizeof(r.place));
	r.nr_places = 0;
	switches_clear(&r.made);
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		last[i] = r.first[i] = CHAIN_END;
	for (unsigned int i = 0; i < plan->nr; i++) {
		unsigned int slot = slot_of(plan->list[i].from);

		r.chain[i] = CHAIN_END;
		*(last[slot] == CHAIN_END ? &r.first[slot] : &r.chain[last[slot]]) = i;
		last[slot] = i;
	}
}

const struct sched_strategy *replay_strategy(void)
{
	static struct sched_strategy strategy = { .pick = pick };

	strategy.mask = r.plan.mask;
	return &strategy;
}

void replay_notes(struct switch_note *notes)
{
	r.fill = notes;
}

const struct switches *replay_switches(void)
{
	return &r.made;
}

uint64_t replay_ran(void)
{
	return r.ran;
}

/* the first switch, in the order of the plan, that was not made */
static unsigned int first_unused(void)
{
	unsigned int first = r.plan.nr;

	for (unsigned int slot = 0; slot <= SCHED_MAX_TASKS; slot++)
		if (r.first[slot] < first)
			first = r.first[slot];
	return first;
}

static void diverge_unused(void)
{
	unsigned int i = first_unused();
	const struct sched_task *t = sched_task_nr(r.plan.list[i].from);
	char why[160];

	snprintf(why, sizeof(why), "%s%s; the execution ended after %u of %u switches",
		 !t || t->state == SCHED_UNUSED ? "that task did not exist"
		 : t->state == SCHED_BLOCKED	? "it was not reached, blocked on "
						: "it was not reached",
		 t && t->state == SCHED_BLOCKED && t->blocked_why ? t->blocked_why : "",
		 r.used, r.plan.nr);
	diverge(i, why, "");
}

const char *replay_divergence(void)
{
	if (!r.divergence[0] && r.used < r.plan.nr)
		diverge_unused();
	return r.divergence[0] ? r.divergence : NULL;
}

const char *replay_moved(void)
{
	static char line[1024];
	const struct switch_note *note;

	if (!r.moved)
		return NULL;
	note = &r.plan.notes[r.first_moved];
	snprintf(line, sizeof(line),
		 "switch %u of %u, from %s to %s %s: %s; %u in all, made at their places",
		 r.first_moved + 1, r.plan.nr, note->from, note->to,
		 note->place[0] ? note->place : "at its end", r.moves, r.moved);
	return line;
}

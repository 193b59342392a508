// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search within a bound on preemptions.
 *
 * What a task does between two switches is a chunk. A chunk that ends where its task
 * could have gone on costs one preemption; the cost of an execution is that of its
 * chunks. Every order of dependent steps that some execution within the bound has is
 * to be found; docs/search.md says why it is. In short:
 *
 * What is tried: at the beginning of a chunk whoever has to run before one of its
 * steps, and there, too, if a preemption is left (Coons, Musuvathi, McKinley: Bounded
 * Partial-Order Reduction, OOPSLA 2013): a race asks for both.
 *
 * What is not: (1) A chunk that depends on nothing since some step @s at which its
 * task was tried before. Moved there it costs no more, and what follows was searched
 * then. This is what sleep sets do for steps; for steps it would be wrong here, since
 * moving a part of a chunk costs a preemption. (2) To go on with a preempted task if
 * nothing since then depends on its last chunk. Moved behind all that, the chunk
 * needs no preemption.
 *
 * Both leave each chunk's end as it is. A chunk that ends at a taken lock needs care:
 * it ends there for nothing, but would not if the lock were given back before.
 */
#include "search/path.h"

/* ---- what has to be tried ---- */

static bool knows(const uint16_t *clock, unsigned int j)
{
	return clock[path.at[j].task] > j;
}

/*
 * struct beginning - what leads to a step without some steps before it
 * @tasks: who does something there
 * @initial: those of them whose first chunk there needs nothing of the others
 * @first: their first step there
 */
struct beginning {
	uint64_t tasks, initial;
	unsigned int first[SCHED_MAX_TASKS];
};

static bool needs_others(const struct beginning *b, unsigned int task,
			 const uint16_t *clock)
{
	for (uint64_t set = b->tasks & ~(1ull << task); set; set &= set - 1) {
		unsigned int t = (unsigned int)__builtin_ctzll(set);

		if (clock[t] > b->first[t])
			return true;
	}
	return false;
}

static void add_step(struct beginning *b, unsigned int k, unsigned int task,
		     unsigned int chunk, const uint16_t *clock)
{
	uint64_t bit = 1ull << task;

	if (!(b->tasks & bit)) {
		b->tasks |= bit;
		b->initial |= bit;
		b->first[task] = k;
	} else if (chunk > b->first[task]) {
		return; /* a chunk after the first */
	}
	if ((b->initial & bit) && needs_others(b, task, clock))
		b->initial &= ~bit;
}

/*
 * What leads to step @i from step @j on, without steps @node to @j. Return: false if
 * it needs one of them; then the race of that has been found.
 */
static bool leads_to(struct beginning *b, unsigned int node, unsigned int j,
		     unsigned int i, unsigned int task, const uint16_t *clock)
{
	unsigned int other = path.at[j].task;

	b->tasks = b->initial = 0;
	for (unsigned int k = j + 1; k < i; k++) {
		const struct step *s = &path.at[k];

		if (!knows(clock, k))
			continue;
		if (s->clock[other] > node)
			return false;
		add_step(b, k, s->task, s->chunk, s->clock);
	}
	add_step(b, i, task, i < path.depth ? path.at[i].chunk : 0, clock);
	return true;
}

static uint64_t tried(const struct step *s)
{
	uint64_t set = 0;

	for (const struct explored *e = s->explored; e; e = e->next)
		set |= 1ull << e->task;
	return set;
}

/* one of @who has to be tried here, best one of @rather */
static void want(struct step *s, uint64_t who, uint64_t rather)
{
	uint64_t able = s->able & ~s->asleep & ~tried(s);

	if (who & s->fruitful)
		return;
	for (unsigned int i = 0; i < s->nr_wants; i++)
		if (s->wants[i] == who)
			return;
	if (s->nr_wants == WANTS_MAX)
		s->todo |= able;
	else
		s->wants[s->nr_wants++] = who;
	if (who & s->todo & able)
		return;
	who &= able;
	who = who & rather ? who & rather : who ? who : able;
	s->todo |= who & -who;
}

uint64_t chunks_left(const struct step *s)
{
	uint64_t able = s->able & ~s->asleep & ~tried(s), who;

	for (unsigned int i = 0; i < s->nr_wants; i++) {
		if (!able || (s->wants[i] & s->fruitful))
			continue;
		who = s->wants[i] & able ? s->wants[i] & able : able;
		return who & -who;
	}
	return 0;
}

bool chunks_unanswered(const struct step *s)
{
	for (unsigned int i = 0; i < s->nr_wants; i++)
		if (!(s->wants[i] & s->fruitful))
			return true;
	return s->nr_wants == WANTS_MAX;
}

static void want_before(unsigned int node, unsigned int j, unsigned int i,
			unsigned int task, const uint16_t *clock)
{
	struct step *s = &path.at[node];
	struct beginning b;

	if (s->pointless && s->chunk != node)
		return;
	if (leads_to(&b, node, j, i, task, clock))
		want(s, b.tasks, b.initial & (1ull << task) ? 1ull << task : b.initial);
}

void chunks_race(unsigned int j, unsigned int i, unsigned int task, const uint16_t *clock)
{
	want_before(j, j, i, task, clock);
	if (path.at[j].chunk != j)
		want_before(path.at[j].chunk, j, i, task, clock);
}

void chunks_released(unsigned int j, unsigned int i, unsigned int task,
		     const uint16_t *clock)
{
	unsigned int first = path.at[j].chunk;

	/*
	 * What the task did in this chunk before it came to the lock could have been
	 * done while the lock was taken, and ended there for nothing.
	 */
	if (i >= path.depth || path.at[i].chunk == i)
		return;
	want_before(first, j, i, task, clock);
}

/* ---- what would be a repetition ---- */

static bool waited_for(unsigned int task, unsigned int after, unsigned int until)
{
	for (unsigned int k = after + 1; k <= until; k++)
		if (path.at[k].waits_for == task)
			return true;
	return false;
}

static unsigned int explored_length(unsigned int i, unsigned int task)
{
	for (const struct explored *e = path.at[i].explored; e; e = e->next)
		if (e->task == task)
			return e->length;
	return 0;
}

/* what others did that step @i has to come after */
static unsigned int depends_until(unsigned int i)
{
	const struct step *s = &path.at[i];
	unsigned int latest = 0;

	for (unsigned int t = 0; t < path.tasks; t++)
		if (t != s->task && s->clock[t] > latest)
			latest = s->clock[t];
	return latest;
}

/*
 * The chunk from step @p to before @end: could it have come earlier, where it was
 * tried and all that follows?
 */
static bool repeats(unsigned int p, unsigned int end, bool preempted)
{
	unsigned int task = path.at[p].task, n = end - p;
	unsigned int earliest = depends_until(end - 1);

	for (unsigned int s = p; s-- > earliest;) {
		unsigned int length;

		if (path.at[s].task == task || path.at[s + 1].waits_for == task)
			return false;
		length = explored_length(s, task);
		if (length == n || (preempted && length > n))
			return true;
	}
	return false;
}

/*
 * Task @t was preempted and would go on at step @i: could all that came between have
 * come before its last chunk? Then nobody needs to be preempted.
 */
static bool needs_no_preemption(unsigned int i, unsigned int t)
{
	unsigned int q = path.state[t].clock[t], first;

	if (!q || q >= i || path.at[q].goes_on != t)
		return false;
	first = path.at[q - 1].chunk;
	for (unsigned int k = q; k < i; k++)
		if (path.at[k].clock[t] > first)
			return false;
	if (waited_for(t, q, i) || !(path.at[first].able & (1ull << path.at[q].task)))
		return false;
	path.at[first].todo |= 1ull << path.at[q].task;
	return true;
}

static void chunk_went_on_until(unsigned int end)
{
	for (unsigned int k = path.at[end - 1].chunk; k < end; k++)
		path.at[k].length = (uint16_t)(end - k);
}

bool chunks_boundary(unsigned int i)
{
	struct step *s = &path.at[i];
	unsigned int p;

	s->pointless = false;
	s->fruitful = s->asleep = 0;
	s->nr_wants = 0;
	for (uint64_t set = s->able; set; set &= set - 1)
		if (needs_no_preemption(i, (unsigned int)__builtin_ctzll(set)))
			s->asleep |= set & -set;
	if (s->goes_on == NOBODY)
		want(s, s->able, 0);
	if (!i)
		return true;
	p = path.at[i - 1].chunk;
	if (s->goes_on != NOBODY) {
		s->pointless = repeats(p, i, true);
		return true;
	}
	chunk_went_on_until(i);
	if (repeats(p, i, false))
		return false;
	path.at[p].fruitful |= 1ull << path.at[p].task;
	return true;
}

void chunks_end(void)
{
	if (path.depth)
		chunk_went_on_until(path.depth);
}

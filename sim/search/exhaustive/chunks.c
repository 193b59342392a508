// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search within a bound on preemptions.
 *
 * A chunk is what a task does between two switches. A chunk that ends where its task is
 * still enabled costs one preemption; the cost of an execution is the sum over its
 * chunks. The search finds every order of dependent steps that an execution within the
 * bound has. docs/search.md has the argument; in short:
 *
 * What is explored: a race between steps a and b extends the backtrack set at a, and
 * that at the beginning of a's chunk, where a switch costs nothing (Coons, Musuvathi,
 * McKinley: Bounded Partial-Order Reduction, OOPSLA 2013). Added is a task from b's
 * causal past.
 *
 * What is not: (1) A chunk that depends on nothing since an earlier step at which its
 * task was explored. Moved there it costs no more, and what follows was explored then.
 * Sleep sets do this for single steps, which is wrong within a bound: to move a part
 * of a chunk costs a preemption. (2) The resumption of a preempted task if nothing
 * since then depends on its last chunk. Moved behind all that, the chunk needs no
 * preemption.
 *
 * Both leave the end of each chunk as it is. A chunk that ends at a held lock needs
 * care: it costs nothing there, but a preemption if the lock had been released
 * before. So to release a lock counts as a race with what was done before it was taken
 * next, and a task that waits for one is in a race before it goes on.
 */
#include "search/exhaustive/path.h"

/* ---- what has to be explored ---- */

/*
 * struct past - the causal past of a step, from some earlier step on
 * @tasks: that have a step in it
 * @initial: those of them whose first chunk in it depends on no other task's
 * @first: index of their first step in it
 */
struct past {
	uint64_t tasks, initial;
	unsigned int first[SCHED_MAX_TASKS];
};

static bool depends_on_others(const struct past *p, unsigned int task,
			      const uint16_t *clock)
{
	for (uint64_t set = p->tasks & ~(1ull << task); set; set &= set - 1) {
		unsigned int t = first_task(set);

		if (clock[t] > p->first[t])
			return true;
	}
	return false;
}

static void add_step(struct past *p, unsigned int k, unsigned int task,
		     unsigned int chunk, const uint16_t *clock)
{
	uint64_t bit = 1ull << task;

	if (!(p->tasks & bit)) {
		p->tasks |= bit;
		p->initial |= bit;
		p->first[task] = k;
	} else if (chunk > p->first[task]) {
		return; /* a chunk after the first */
	}
	if ((p->initial & bit) && depends_on_others(p, task, clock))
		p->initial &= ~bit;
}

/*
 * The causal past of step @i, from step @j on. Return: false if it contains one of the
 * steps @node to @j; then the race with that one has been found already.
 */
static bool causal_past(struct past *p, unsigned int node, unsigned int j, unsigned int i,
			unsigned int task, const uint16_t *clock)
{
	unsigned int other = path.at[j].task;

	p->tasks = p->initial = 0;
	for (unsigned int k = j + 1; k < i; k++) {
		const struct step *s = &path.at[k];

		if (!happened_before(clock, k))
			continue;
		if (s->clock[other] > node)
			return false;
		add_step(p, k, s->task, s->chunk, s->clock);
	}
	add_step(p, i, task, i < path.depth ? path.at[i].chunk : 0, clock);
	return true;
}

/* enabled tasks at @s that were neither explored nor pruned */
static uint64_t unexplored(const struct step *s)
{
	return s->enabled & ~pruned_at(s) & ~explored_set(s);
}

/* One task of @set has to be explored at @s, preferably one of @preferred. */
static void require(struct step *s, uint64_t set, uint64_t preferred)
{
	uint64_t candidates = unexplored(s), choice;

	if (set & s->kept)
		return;
	for (unsigned int i = 0; i < s->nr_required; i++)
		if (s->required[i] == set)
			return;
	if (s->nr_required == REQUIRED_MAX)
		s->backtrack |= candidates;
	else
		s->required[s->nr_required++] = set;
	if (set & s->backtrack & candidates)
		return;
	choice = set & candidates;
	if (!choice)
		choice = candidates;
	else if (choice & preferred)
		choice &= preferred;
	s->backtrack |= choice & -choice;
}

uint64_t chunks_left(const struct step *s)
{
	uint64_t candidates = unexplored(s), set;

	for (unsigned int i = 0; i < s->nr_required; i++) {
		if (!candidates || (s->required[i] & s->kept))
			continue;
		set = s->required[i] & candidates;
		if (!set)
			set = candidates;
		return set & -set;
	}
	return 0;
}

bool chunks_unmet(const struct step *s)
{
	for (unsigned int i = 0; i < s->nr_required; i++)
		if (!(s->required[i] & s->kept))
			return true;
	return s->nr_required == REQUIRED_MAX;
}

/* The race of steps @j and @i is to be reversed by a choice at step @node. */
static void require_at(unsigned int node, unsigned int j, unsigned int i,
		       unsigned int task, const uint16_t *clock)
{
	struct step *s = &path.at[node];
	struct past p;

	bool in_vain = s->no_preemption && s->chunk != node;

	if (in_vain && !sched_environments())
		return;
	if (!causal_past(&p, node, j, i, task, clock))
		return;
	/* what happens there is no preemption */
	if (in_vain)
		s->backtrack |= p.tasks & sched_environments() & unexplored(s);
	else
		require(s, p.tasks,
			p.initial & (1ull << task) ? 1ull << task : p.initial);
}

void chunks_race(unsigned int j, unsigned int i, unsigned int task, const uint16_t *clock)
{
	require_at(j, j, i, task, clock);
	if (path.at[j].chunk != j)
		require_at(path.at[j].chunk, j, i, task, clock);
}

void chunks_released(unsigned int j, unsigned int i, unsigned int task,
		     const uint16_t *clock)
{
	/*
	 * What the task did in this chunk before it came to the lock could have been
	 * done while the lock was held; the chunk would have ended there at no cost.
	 */
	if (i < path.depth && path.at[i].chunk != i)
		chunks_race(j, i, task, clock);
}

/*
 * The chunk of @task ended before a lock that is held. When it goes on, the lock may
 * have been taken anew, and to reverse that may be beyond the bound: so it is now that
 * its step is in a race with the step that took the lock.
 */
static void chunk_ends_at_lock(unsigned int task)
{
	path_blocked(task, path.state[task].object);
}

/* ---- what would be a repetition ---- */

static bool owned_awaited_lock(unsigned int task, unsigned int after, unsigned int until)
{
	const void *owner = sched_task_nr(task)->data;

	for (unsigned int k = after + 1; k <= until; k++)
		if (owner && path.at[k].lock_owner == owner)
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

/* the index behind the last step of another task that happened before step @i */
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
 * What may happen costs nothing, and is in the middle of a chunk if its task goes on.
 * What is said here of moving chunks holds for those of tasks alone.
 */
static bool something_happened(unsigned int from, unsigned int until)
{
	for (unsigned int k = from; sched_environments() && k < until; k++)
		if (is_environment(path.at[k].task))
			return true;
	return false;
}

/*
 * Could the chunk from step @p to before @end have come earlier, at a step where its
 * task was explored, together with all that follows?
 */
static bool repeats(unsigned int p, unsigned int end, bool preempted)
{
	unsigned int task = path.at[p].task, n = end - p;
	unsigned int earliest = depends_until(end - 1), at_lock = 0;
	const void *owner = sched_task_nr(task)->data;

	if (something_happened(p, end))
		return false;
	for (unsigned int s = p; s-- > earliest;) {
		unsigned int length;

		if (path.at[s].task == task || something_happened(s, s + 1))
			return false;
		at_lock += owner && path.at[s + 1].lock_owner == owner;
		/* each of them would be preempted; the task is, if at s, no longer */
		if (at_lock > (path.at[s].running == task))
			continue;
		length = explored_length(s, task);
		if (length == n || (preempted && length > n))
			return true;
	}
	return false;
}

/*
 * Task @t was preempted and could be resumed at step @i: could all that came between
 * have come before its last chunk? Then that order needs no preemption, and its task is
 * added to the backtrack set where the chunk began.
 */
static bool needs_no_preemption(unsigned int i, unsigned int t)
{
	unsigned int q = path.state[t].clock[t], first;

	if (!q || q >= i || path.at[q].running != t || something_happened(q, i))
		return false;
	first = path.at[q - 1].chunk;
	for (unsigned int k = q; k < i; k++)
		if (path.at[k].clock[t] > first)
			return false;
	if (owned_awaited_lock(t, q, i) ||
	    !(path.at[first].enabled & (1ull << path.at[q].task)))
		return false;
	path.at[first].backtrack |= 1ull << path.at[q].task;
	return true;
}

/* the chunk that ended before step @end was not preempted */
static void set_length(unsigned int end)
{
	for (unsigned int k = path.at[end - 1].chunk; k < end; k++)
		path.at[k].length = (uint16_t)(end - k);
}

bool chunks_boundary(unsigned int i)
{
	struct step *s = &path.at[i];
	unsigned int p;

	s->kept = 0;
	s->nr_required = 0;
	for (uint64_t set = s->enabled; set; set &= set - 1)
		if (needs_no_preemption(i, first_task(set)))
			s->no_resume |= set & -set;
	if (s->running == NO_TASK)
		require(s, s->enabled, 0);
	if (!i)
		return true;
	if (s->lock_owner)
		chunk_ends_at_lock(path.at[i - 1].task);
	p = path.at[i - 1].chunk;
	if (s->running != NO_TASK) {
		s->no_preemption = repeats(p, i, true);
		return true;
	}
	set_length(i);
	if (repeats(p, i, false))
		return false;
	path.at[p].kept |= 1ull << path.at[p].task;
	return true;
}

void chunks_end(void)
{
	if (path.depth)
		set_length(path.depth);
}

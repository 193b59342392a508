// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search leaves out orders that differ only in steps that do not
 * depend on each other. Here it is tried: two neighbouring steps of a random
 * execution that are said not to change places, and everybody must go on as before.
 */
#include "scenario_test.h"

#include "fuse/scenario/scenario.h"
#include "text/text.h"
#include "search/access.h"
#include "sched/prng.h"
#include "shim/lock.h"
#include "shim/task.h"
#include "shim/work.h"

#define MAX_STEPS  2048
#define EXECUTIONS 100
#define SWAPS	   25 /* of each */

/* struct moved_step - who did it, what it touched, and where its task then stood */
struct moved_step {
	struct sched_task *task;
	uint64_t runnable, able;
	unsigned long jiffies; /* when it began */
	struct access_set touched;
	enum sched_what at_what;
	const struct sched_site *at, *from;
	uint8_t state;
};

static struct {
	struct prng rng;
	struct moved_step step[MAX_STEPS];
	unsigned int nr, told; /* of the first telling, of this one */
	unsigned int swap;     /* this step and the next, or MAX_STEPS */
	unsigned int differs;  /* the step after which the execution differs, or 0 */
	int doing;
	bool again;
} walk;

static unsigned int swaps, differing;

static uint64_t set_of(struct sched_task *const *runnable, unsigned int n, bool able)
{
	uint64_t set = 0;

	for (unsigned int i = 0; i < n; i++) {
		const struct sched_task *t = runnable[i];

		if (able && t->at_what == SCHED_LOCK &&
		    ((const struct shim_lock *)t->at_object)->owner)
			continue;
		set |= 1ull << t->id;
	}
	return set;
}

static void touched(void *ctx, const void *object, bool changes)
{
	(void)ctx;
	if (walk.doing >= 0 && !walk.again)
		access_touch(&walk.step[walk.doing].touched, object, changes);
}

static void saw(void *ctx, enum sched_what what, const void *object)
{
	(void)ctx;
	if (walk.doing >= 0 && !walk.again)
		access_add(&walk.step[walk.doing].touched, what, object, false);
}

static void note_end(struct moved_step *s)
{
	s->at_what = s->task->at_what;
	s->at = s->task->at;
	s->state = s->task->state;
	if (s->state != SCHED_RUNNABLE)
		access_touch(&s->touched, s->task->data, false);
}

static bool same_end(const struct moved_step *s)
{
	return s->at_what == s->task->at_what && s->at == s->task->at &&
	       s->state == s->task->state;
}

/* the first telling: everybody is equally likely */
static struct sched_task *first_pick(struct sched_task *const *runnable, unsigned int n)
{
	struct moved_step *s = &walk.step[walk.nr];

	if (walk.doing >= 0)
		note_end(&walk.step[walk.doing]);
	if (walk.nr == MAX_STEPS) {
		walk.doing = -1;
		return runnable[0];
	}
	memset(s, 0, sizeof(*s));
	s->task = runnable[prng_below(&walk.rng, n)];
	s->from = s->task->at;
	s->jiffies = jiffies;
	s->runnable = set_of(runnable, n, false);
	s->able = set_of(runnable, n, true);
	if (s->task->at)
		access_add(&s->touched, s->task->at_what, s->task->at_object, false);
	walk.doing = (int)walk.nr++;
	return s->task;
}

static unsigned int in_order(unsigned int i)
{
	if (i == walk.swap)
		return i + 1;
	return i == walk.swap + 1 ? i - 1 : i;
}

static struct sched_task *give_up(struct sched_task *const *runnable)
{
	walk.differs = walk.told ? walk.told : 1;
	sched_stop();
	return runnable[0];
}

static struct sched_task *second_pick(struct sched_task *const *runnable, unsigned int n)
{
	uint64_t set = set_of(runnable, n, false);
	struct moved_step *s;

	if (walk.differs || walk.told == walk.nr)
		return give_up(runnable);
	if (walk.told && !same_end(&walk.step[in_order(walk.told - 1)]))
		return give_up(runnable);
	if (walk.told != walk.swap + 1 && set != walk.step[walk.told].runnable)
		return give_up(runnable);
	s = &walk.step[in_order(walk.told++)];
	if (!(set & (1ull << s->task->id)))
		return give_up(runnable);
	return s->task;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	return walk.again ? second_pick(runnable, n) : first_pick(runnable, n);
}

static const struct sched_strategy strategy = {
	.pick = pick,
	.mask = SCHED_SYNC,
	.saw = saw,
	.touched = touched,
	.watch = SCHED_BIT(SCHED_READ) | SCHED_BIT(SCHED_WRITE) |
		 SCHED_BIT(SCHED_ATOMIC) | SCHED_TOUCHES,
};

static void tell(const struct scenario *s)
{
	struct world *w = fuse_open(subject, s->config);

	walk.doing = -1;
	walk.told = walk.differs = 0;
	if (s->text)
		text_play(w, s->text);
	else
		s->play(w);
	sched_set_bound(20000);
	sched_run(&strategy);
	if (!walk.again && walk.doing >= 0)
		note_end(&walk.step[walk.doing]);
}

/*
 * Where a subject looks at a plain field without a lock, or changes it: no point
 * announces that (docs/search.md, its limits), and the race detector reports it. Between
 * two such steps - @other: begun there, or the first one of that task; NULL: any -
 * nothing is asked.
 */
static const struct plain {
	const char *place, *other, *why;
} plain[] = {
	{ "fuse_get_req", NULL, "blocked, connected and io_uring, while it waits" },
	{ "chan_enter", NULL, "the same in our own tree" },
	{ "chan_admits", NULL, "the same in our own tree" },
	{ "fuse_dev_do_read", NULL, "what waits at /dev/fuse, while it waits" },
	{ "uring_issue", "admin",
	  "fuse_uring_cmd() looks at abort_with_err, which fuse_chan_abort() sets "
	  "first" },
	{ "ring_try_ready", "__fuse_get_request", "fiq->ops, in fuse_send_one()" },
	{ "fuse_chan_abort", "fuse_drop_waiting", "connected" },
};

static bool begun_at_place(const struct moved_step *s, const char *place)
{
	return !strcmp(s->from ? s->from->func : s->task->name, place);
}

static bool look_at_plain_fields(const struct moved_step *a, const struct moved_step *b)
{
	for (unsigned int i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		const struct plain *p = &plain[i];

		if (begun_at_place(a, p->place) &&
		    (!p->other || begun_at_place(b, p->other)))
			return true;
		if (begun_at_place(b, p->place) &&
		    (!p->other || begun_at_place(a, p->other)))
			return true;
	}
	return false;
}

/*
 * Time passes when nobody can run, after both steps; who is woken by it, and runs alone,
 * is seen where it then is.
 */
static bool time_stands_still(unsigned int i)
{
	return i + 2 < walk.nr && walk.step[i].jiffies == walk.step[i + 2].jiffies;
}

/* the second one could have come first */
static bool may_swap(unsigned int i)
{
	const struct moved_step *a = &walk.step[i], *b = &walk.step[i + 1];

	return a->task != b->task && (a->able & (1ull << b->task->id)) &&
	       (a->able & (1ull << a->task->id)) && time_stands_still(i) &&
	       !look_at_plain_fields(a, b) && !access_dependent(&a->touched, &b->touched);
}

static const char *begun_at(const struct moved_step *s)
{
	return s->from ? s->from->func : "its start";
}

/* Return: whether the execution differs */
static bool swap(const struct scenario *s, unsigned int i)
{
	const struct moved_step *a = &walk.step[i], *b = &walk.step[i + 1];

	walk.swap = i;
	walk.again = true;
	tell(s);
	walk.again = false;
	if (walk.differs)
		print_message("%s: %s from %s() and %s from %s() (steps %u, %u) depend "
			      "on each other\n",
			      s->name, a->task->name, begun_at(a), b->task->name,
			      begun_at(b), i, i + 1);
	return walk.differs != 0;
}

static void steps_change_places(const struct scenario *s, uint64_t seed)
{
	prng_seed(&walk.rng, 7, seed);
	walk.nr = 0;
	walk.again = false;
	tell(s);
	for (unsigned int tries = 0; walk.nr > 2 && tries < SWAPS; tries++) {
		unsigned int i = prng_below(&walk.rng, walk.nr - 1);

		if (!may_swap(i))
			continue;
		differing += swap(s, i);
		swaps++;
	}
}

/*
 * The kworker of a closed ring waits for the task that closed it, which goes on with
 * another ring: what happens there wakes the kworker again and again.
 */
static void job_registers_again(struct actor *t, void *arg)
{
	(void)arg;
	server_registers(t, 0, 0);
	server_serves(t);
}

static void play_other_ring(struct world *w)
{
	struct actor *server = server_thread(w, "server-0"), *c;

	server_sets_up(server, 0);
	world_is_set_up(w);
	c = client_new(w, "client", 0);
	server_serves_n(server, 1);
	server_closes_ring(server);
	actor_does(server, job_registers_again, NULL);
	client_getattr(c, 2);
	client_getattr(c, 3);
}

static const struct scenario other_ring = {
	.name = "other-ring",
	.summary = "a thread of the server closes its ring and opens another",
	.play = play_other_ring,
};

static void independent_steps_change_places(void **state)
{
	(void)state;
	for (unsigned int k = 0; k < FUSE_SCENARIOS; k++) {
		const struct scenario *s = fuse_scenarios[k]->small
						   ? fuse_scenarios[k]->small
						   : fuse_scenarios[k];

		if (!subject_has(s->needs))
			continue;
		for (uint64_t seed = 0; seed < EXECUTIONS; seed++)
			steps_change_places(s, seed);
	}
	for (uint64_t seed = 0; seed < 10 * EXECUTIONS; seed++)
		steps_change_places(&other_ring, seed);
	print_message("%u swaps, %u of them changed the execution\n", swaps, differing);
	assert_true(swaps > 20 * EXECUTIONS);
	assert_int_equal(differing, 0);
	report_reset();
	world = NULL;
}

SCENARIO_TESTS(scenario_test(independent_steps_change_places))

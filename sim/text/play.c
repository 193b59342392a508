// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays a scenario file: queues the jobs that it says, and checks what it expects. The
 * file was read before: nothing here allocates, formats or makes a system call.
 */
#include "sched/checkpoint.h"
#include "text/text_i.h"
#include "world/world_i.h"

/* ---- calls that every actor knows ---- */

static void *queue_sleep(struct actor *a, const struct text_value *v)
{
	actor_sleeps(a, (unsigned int)v[0].number);
	return NULL;
}

static void *queue_exit(struct actor *a, const struct text_value *v)
{
	(void)v;
	actor_exits(a);
	return NULL;
}

static void *queue_open_ring(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_opens_ring(a);
	return NULL;
}

static void *queue_close_ring(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_closes_ring(a);
	return NULL;
}

static void job_kill(struct actor *a, void *arg)
{
	const struct text_value *target = arg;

	(void)a;
	kill_task(*target->actor);
}

static void *queue_kill(struct actor *a, const struct text_value *v)
{
	actor_does(a, job_kill, (void *)(uintptr_t)&v[0]);
	return NULL;
}

static void job_signal(struct actor *a, void *arg)
{
	const struct text_value *target = arg;

	(void)a;
	interrupt_task(*target->actor);
}

static void *queue_signal(struct actor *a, const struct text_value *v)
{
	actor_does(a, job_signal, (void *)(uintptr_t)&v[0]);
	return NULL;
}

static void job_kill_server(struct actor *a, void *arg)
{
	(void)arg;
	server_dies(world_of(a));
}

static void *queue_kill_server(struct actor *a, const struct text_value *v)
{
	(void)v;
	actor_does(a, job_kill_server, NULL);
	return NULL;
}

const struct text_call text_calls[] = {
	{ .word = "sleep",
	  .args = { { .type = TEXT_NUMBER, .needed = true, .max = 100000 } },
	  .queue = queue_sleep },
	{ .word = "exit", .queue = queue_exit },
	{ .word = "open-ring", .actors = SERVERS, .queue = queue_open_ring },
	{ .word = "close-ring", .actors = SERVERS, .queue = queue_close_ring },
	{ .word = "kill",
	  .args = { { .type = TEXT_ACTOR, .needed = true } },
	  .queue = queue_kill },
	{ .word = "signal",
	  .args = { { .type = TEXT_ACTOR, .needed = true } },
	  .queue = queue_signal },
	{ .word = "kill-server", .queue = queue_kill_server },
	{ .word = NULL },
};

/* ---- playing ---- */

static void create(struct world *w, struct text *t, unsigned int nr)
{
	const struct text_actor *a = &t->actors[nr];

	t->actor[nr] = actor_new(w, a->name, a->cpu, a->server ? w->server_mm : NULL);
	if (a->has_flags)
		actor_ring_flags(t->actor[nr], a->ring_flags);
	if (a->unprivileged)
		actor_loses_privileges(t->actor[nr]);
}

/* Return: false: a record that it needs was never made, as its call was not reached */
static bool resolve(struct text *t, struct text_statement *s)
{
	for (unsigned int i = 0; i < text_values(s->call); i++) {
		if (s->v[i].slot < 0)
			continue;
		s->v[i].record = t->records[s->v[i].slot];
		if (!s->v[i].record)
			return false;
	}
	return true;
}

static void queue(struct text_statement *s)
{
	struct text *t = s->text;
	void *record;

	if (!resolve(t, s))
		return;
	record = s->call->queue(t->actor[s->actor], s->v);
	if (s->as >= 0)
		t->records[s->as] = record;
}

/* The actor has the next one do something: @s->done of them have. */
static void job_has(struct actor *a, void *arg)
{
	struct text_statement *s = arg;

	(void)a;
	s->done++;
	if (s->done < s->nr_has)
		actor_does(s->text->actor[s->has[s->done]], job_has, s);
	else
		queue(s);
}

static void do_call(struct text_statement *s)
{
	s->done = 0;
	if (s->nr_has)
		actor_does(s->text->actor[s->has[0]], job_has, s);
	else
		queue(s);
}

void text_play(struct world *w, const struct text *text)
{
	struct text *t = (struct text *)(uintptr_t)text;

	text_read_rest(t);
	for (unsigned int i = 0; i < t->nr_names; i++)
		t->records[i] = NULL;
	t->actor[0] = server_main(w);
	for (unsigned int i = 0; i < t->nr_statements; i++) {
		struct text_statement *s = &t->statements[i];

		if (s->what == DO_ACTOR)
			create(w, t, s->actor);
		else if (s->what == DO_CALL)
			do_call(s);
		else
			world_is_set_up(w);
	}
}

void text_checkpoint(struct checkpoint *c, const struct text *text)
{
	struct text *t = (struct text *)(uintptr_t)text;

	checkpoint_bytes(c, t->records, t->nr_names * sizeof(t->records[0]));
	for (unsigned int i = 0; i < t->nr_statements; i++) {
		struct text_statement *s = &t->statements[i];

		if (s->what != DO_CALL)
			continue;
		checkpoint_value(c, s->done);
		for (unsigned int k = 0; k < text_values(s->call); k++)
			if (s->v[k].slot >= 0)
				checkpoint_value(c, s->v[k].record);
	}
}

/* ---- expectations ---- */

static bool is_right(const struct text_expectation *e, bool known, long long value)
{
	for (unsigned int i = 0; i < e->nr_values; i++) {
		const struct text_range *r = &e->values[i];

		if (r->pending ? !known : known && value >= r->from && value <= r->to)
			return true;
	}
	return false;
}

#define INSTEAD 80

static void say_value(char *to, const char *whose, bool known, long long value)
{
	const char *word = text_error_word(value);

	if (!known)
		snprintf(to, INSTEAD, "%s is pending", whose);
	else if (word)
		snprintf(to, INSTEAD, "%s is %lld (%s)", whose, value, word);
	else
		snprintf(to, INSTEAD, "%s is %lld", whose, value);
}

/* Of what holds or not nothing more can be said; but a result often says why. */
static void say_result(char *to, const struct text *t, unsigned int kind,
		       const void *what)
{
	const struct text_property *p = t->words->properties;
	long long value = 0;
	bool known;

	while (p->word && (p->kind != kind || p->truth || !text_same(p->word, "result")))
		p++;
	if (!p->word)
		return;
	known = p->get(what, &value);
	say_value(to, "its result", known, value);
}

static void check_one(struct world *w, const struct text *t,
		      const struct text_expectation *e)
{
	const void *what = e->slot >= 0 ? t->records[e->slot] : e->thing->look(w, e->nr);
	long long value = 0;
	bool known = what && e->property->get(what, &value), ok;
	char instead[INSTEAD] = "";

	ok = e->property->truth ? known && value : is_right(e, known, value);
	ok ^= e->not ;
	if (!ok && !what)
		snprintf(instead, sizeof(instead), "%s",
			 e->slot >= 0 ? "its line was not reached" : "there is none");
	else if (!ok && e->property->truth)
		say_result(instead, t, e->property->kind, what);
	else if (!ok)
		say_value(instead, "it", known, value);
	world_expect_told(w, ok, &e->site, instead);
}

void text_check(struct world *w, const struct text *t)
{
	for (unsigned int i = 0; i < t->nr_expectations; i++) {
		const struct text_expectation *e = &t->expectations[i];

		if (e->slot < 0 && !world_expect_inside(w, &e->site))
			continue;
		check_one(w, t, e);
	}
}

const struct text_property *text_expected(const struct text *t,
					  const struct sched_site *site, bool * not )
{
	for (unsigned int i = 0; i < t->nr_expectations; i++) {
		if (&t->expectations[i].site != site)
			continue;
		*not = t->expectations[i].not ;
		return t->expectations[i].property;
	}
	return NULL;
}

/* ---- the file as a scenario ---- */

const struct scenario *text_scenario(const struct text *t)
{
	return &t->scenario;
}

const char *text_path(const struct text *t)
{
	return t->path;
}

const char *text_given(const struct text *t)
{
	return t->given;
}

uint64_t text_hash(const struct text *t)
{
	return t->hash;
}

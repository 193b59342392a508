// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a program less as long as something stays: what it covers, or that it fails.
 */
#include <string.h>

#include "fuzz/worker.h"
#include "shim/cover.h"
#include "text/text_i.h"

/* ---- all ways of making it less ---- */

/* struct less - what is made less, and what says if it will do */
struct less {
	const struct vocabulary *v;
	struct program *p;
	bool (*keep)(void *arg, const struct program *p);
	void *arg;
	unsigned int adopted;
};

static struct program trial;

/* @trial was changed. Return: whether it took the place of the program */
static bool adopt(struct less *l)
{
	program_repair(&trial, l->v);
	if (!l->keep(l->arg, &trial))
		return false;
	program_copy(l->p, &trial);
	l->adopted++;
	return true;
}

/* from the end: what comes last depends on what came before, and not the other way round
 */
static void drop_lines(struct less *l, unsigned int n)
{
	for (unsigned int end = l->p->nr_lines; end;) {
		unsigned int from = end > n ? end - n : 0;

		program_copy(&trial, l->p);
		program_drop(&trial, from, end - from);
		adopt(l);
		end = from < l->p->nr_lines ? from : l->p->nr_lines;
	}
}

static void drop_settings(struct less *l)
{
	for (unsigned int i = 0; i < l->v->nr_settings; i++) {
		if (!l->p->setting[i].given)
			continue;
		program_copy(&trial, l->p);
		trial.setting[i].given = false;
		if (adopt(l) || l->p->setting[i].value < 2)
			continue;
		program_copy(&trial, l->p);
		trial.setting[i].value = l->p->setting[i].value > 2 ? 2 : 1;
		adopt(l);
	}
}

static void drop_chances(struct less *l)
{
	while (l->p->chances.timers) {
		program_copy(&trial, l->p);
		trial.chances.timers--;
		if (!adopt(l))
			break;
	}
	while (l->p->chances.faults) {
		program_copy(&trial, l->p);
		trial.chances.faults--;
		if (!adopt(l))
			break;
	}
}

static void plain_actors(struct less *l)
{
	for (unsigned int i = 1; i < l->p->nr_actors; i++) {
		const struct program_actor *a = &l->p->actors[i];

		if (a->has_flags || a->unprivileged || a->cpu) {
			program_copy(&trial, l->p);
			trial.actors[i] = (struct program_actor){ .server = a->server };
			if (adopt(l))
				continue;
		}
		if (a->cpu) {
			program_copy(&trial, l->p);
			trial.actors[i].cpu = 0;
			adopt(l);
		}
		for (const struct text_choice *f = text_ring_flags; f->word; f++) {
			if (!(l->p->actors[i].ring_flags & f->value))
				continue;
			program_copy(&trial, l->p);
			trial.actors[i].ring_flags &= ~f->value;
			adopt(l);
		}
	}
}

static void plain_line(struct less *l, unsigned int nr)
{
	if (l->p->lines[nr].nr_has) {
		program_copy(&trial, l->p);
		trial.lines[nr].nr_has = 0;
		adopt(l);
	}
	for (unsigned int i = 0; nr < l->p->nr_lines && i < TEXT_ARGS; i++) {
		const struct program_line *line = &l->p->lines[nr];

		if (line->what != LINE_CALL || !line->v[i].given ||
		    line->call->args[i].needed)
			continue;
		program_copy(&trial, l->p);
		trial.lines[nr].v[i].given = false;
		adopt(l);
	}
}

static void smaller_values(struct less *l, unsigned int nr)
{
	for (unsigned int i = 0; nr < l->p->nr_lines && i < TEXT_ARGS; i++) {
		const struct program_line *line = &l->p->lines[nr];
		const struct text_arg *arg;

		if (line->what != LINE_CALL || !line->v[i].given)
			continue;
		arg = &line->call->args[i];
		if ((arg->type != TEXT_NUMBER && arg->type != TEXT_CHANGE) ||
		    !line->v[i].number)
			continue;
		program_copy(&trial, l->p);
		trial.lines[nr].v[i].number = 0;
		if (adopt(l) || line->v[i].number == 1)
			continue;
		program_copy(&trial, l->p);
		trial.lines[nr].v[i].number = 1;
		adopt(l);
	}
}

void each_less(const struct vocabulary *v, struct program *p,
	       bool (*keep)(void *arg, const struct program *p), void *arg)
{
	struct less l = { v, p, keep, arg, 0 };
	unsigned int lines;

	for (unsigned int n = p->nr_lines / 2; n > 1; n /= 2)
		drop_lines(&l, n);
	drop_lines(&l, 1);
	lines = l.adopted;
	drop_chances(&l);
	drop_settings(&l);
	plain_actors(&l);
	for (unsigned int i = p->nr_lines; i-- > 0;)
		if (i < p->nr_lines && p->lines[i].what == LINE_CALL)
			plain_line(&l, i);
	for (unsigned int i = p->nr_lines; i-- > 0;)
		smaller_values(&l, i);
	/* lines that something depended on which is gone now */
	if (l.adopted != lines)
		drop_lines(&l, 1);
}

/* ---- what it covers ---- */

#define MOST_EXECUTIONS 400 /* of one program's minimising */

/* struct covering - numbers that are to stay covered, within so many executions */
struct covering {
	struct fuzzing *f;
	const uint64_t *numbers;
	unsigned int nr, executions, left;
	uint64_t seed;
};

/* Of those that are to be covered, the ones that are not yet come first. */
static uint64_t missing[NUMBERS_MAX];

static unsigned int without_covered(unsigned int nr)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < nr; i++)
		if (!cover_has(missing[i]))
			missing[left++] = missing[i];
	return left;
}

static bool still_covers(void *arg, const struct program *p)
{
	struct covering *c = arg;
	unsigned int nr = c->nr;
	char err[256];

	if (!c->left || !p->nr_lines || !trial_load(&c->f->trial, p, err, sizeof(err)))
		return false;
	c->f->trial.seed = c->seed;
	memcpy(missing, c->numbers, nr * sizeof(missing[0]));
	for (unsigned int i = 0; nr && i < c->executions && c->left; i++) {
		struct trial_nth nth = trial_nth(&c->f->trial, i);

		c->left--;
		if (!trial_play(&c->f->trial, &nth) || c->f->trial.endless)
			return false;
		nr = without_covered(nr);
	}
	return !nr;
}

void minimise(struct fuzzing *f, struct program *p, const uint64_t *numbers,
	      unsigned int nr, unsigned int executions)
{
	struct covering c = {
		f, numbers, nr, executions, MOST_EXECUTIONS, f->trial.seed
	};

	each_less(&f->vocabulary, p, still_covers, &c);
}

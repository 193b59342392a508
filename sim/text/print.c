// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints a scenario of the program as a file, from what its functions queued when it was
 * played: its jobs, in the default order. What cannot be said is a comment.
 */
#include <stdlib.h>
#include <string.h>

#include "text/text_i.h"
#include "world/world_i.h"

/* ---- names of records ---- */

static struct {
	const void *record;
	unsigned int kind;
	char name[24];
} names[QUEUED_MAX];
static unsigned int nr_names;

static const char *name_of(const void *record)
{
	for (unsigned int i = 0; record && i < nr_names; i++)
		if (names[i].record == record)
			return names[i].name;
	return NULL;
}

static void give_names(const struct text_words *words)
{
	const struct queued *q;
	unsigned int of_kind[16] = { 0 };

	nr_names = 0;
	for (unsigned int i = 0; (q = queued_nr(i)); i++) {
		unsigned int kind = 0;
		const void *record = words->record(q, &kind);

		if (!record || kind >= 16 || nr_names == TEXT_NAMES)
			continue;
		names[nr_names].record = record;
		names[nr_names].kind = kind;
		snprintf(names[nr_names].name, sizeof(names[0].name), "%s-%u",
			 words->kinds[kind], ++of_kind[kind]);
		nr_names++;
	}
}

/* ---- lines ---- */

/* struct print - where it stands: @on: whose calls follow; @left_out: what was not said
 */
struct print {
	FILE *out;
	const struct driver *driver;
	const struct actor *on;
	unsigned int left_out;
};

/* struct chain - "has admin has stat": actors, the last of which does it */
struct chain {
	unsigned int nr;
	const struct actor *actor[TEXT_HAS + 1];
};

static void turn_to(struct print *p, const struct actor *a)
{
	if (p->on != a)
		fprintf(p->out, "\non %s\n", a->name);
	p->on = a;
}

static void cannot(struct print *p, const char *what)
{
	fprintf(p->out, "\t# cannot be said: %s\n", what);
	p->left_out++;
}

static bool begin_line(struct print *p, const struct chain *c, const char *what)
{
	turn_to(p, c->actor[0]);
	if (c->nr > TEXT_HAS + 1) {
		cannot(p, what);
		return false;
	}
	putc('\t', p->out);
	for (unsigned int i = 1; i < c->nr; i++)
		fprintf(p->out, "has %s ", c->actor[i]->name);
	return true;
}

/* ---- jobs ---- */

static bool print_plain(FILE *out, const struct queued *q)
{
	switch (q->kind) {
	case STEP_OPEN_RING:
		return fputs("open-ring", out) >= 0;
	case STEP_CLOSE_RING:
		return fputs("close-ring", out) >= 0;
	case STEP_EXIT:
		return fputs("exit", out) >= 0;
	case STEP_SLEEP:
		return fprintf(out, "sleep %lu",
			       (unsigned long)(uintptr_t)q->arg / SHIM_HZ) > 0;
	default:
		return false;
	}
}

static void print_job(struct print *p, const struct queued *q, const struct chain *c)
{
	const struct text_words *words = p->driver->words;
	unsigned int kind;
	const char *as = name_of(words->record(q, &kind));
	char *text = NULL;
	size_t n = 0;
	FILE *line = open_memstream(&text, &n);
	bool said;

	if (!line)
		return;
	if (q->kind < STEP_DRIVER)
		said = print_plain(line, q);
	else
		said = words->print(line, q, name_of(words->uses(q)));
	fclose(line);
	if (!said) {
		turn_to(p, c->actor[0]);
		cannot(p, "a call with other memory or fields than a file can name");
	} else if (begin_line(p, c, text)) {
		fputs(text, p->out);
		if (as)
			fprintf(p->out, " as %s", as);
		putc('\n', p->out);
	}
	free(text);
}

/* ---- what a function does at once ---- */

/* Return: how many entries from @q on kill all threads of the server; 0: they do not */
static unsigned int kills_server(const struct queued *first)
{
	const struct world *w = first->actor->w;
	unsigned int servers = 0, n = 0;
	const struct queued *q;

	for (unsigned int i = 0; i < w->nr_actors; i++)
		servers += w->actors[i].server;
	for (; (q = queued_nr(first->nr + n)); n++)
		if (q->what != QUEUED_ACT || q->kind != STEP_KILL || q->by != first->by ||
		    !q->actor->server)
			break;
	return n == servers ? n : 0;
}

static bool print_act_words(FILE *out, const struct print *p, const struct queued *q,
			    const struct chain *c)
{
	const struct text_words *words = p->driver->words;

	if (q->kind == STEP_KILL || q->kind == STEP_SIGNAL)
		return fprintf(out, "%s %s", q->kind == STEP_KILL ? "kill" : "signal",
			       q->actor->name) > 0;
	return c->actor[c->nr - 1]->server &&
	       words->print(out, q, name_of(words->uses(q)));
}

/* Return: how many more entries were said by the line */
static unsigned int print_act(struct print *p, const struct queued *q,
			      const struct chain *c)
{
	unsigned int all = q->kind == STEP_KILL ? kills_server(q) : 0;
	char *text = NULL;
	size_t n = 0;
	FILE *line = open_memstream(&text, &n);

	if (!line)
		return 0;
	if (all)
		fputs("kill-server", line);
	if (all || print_act_words(line, p, q, c)) {
		fflush(line);
		if (begin_line(p, c, text))
			fprintf(p->out, "%s\n", text);
	} else {
		turn_to(p, c->actor[0]);
		cannot(p, "what a function in C does at once");
	}
	fclose(line);
	free(text);
	return all ? all - 1 : 0;
}

/* ---- functions of the scenario's own ---- */

static void print_own(struct print *p, const struct queued *own, const struct chain *c);

static void print_queued(struct print *p, const struct queued *q, const struct chain *c)
{
	struct chain longer = *c;

	if (c->actor[c->nr - 1] != q->actor) {
		if (c->nr == TEXT_HAS + 1) {
			cannot(p, "a function that queues one that queues one ...");
			return;
		}
		longer.actor[longer.nr++] = q->actor;
	}
	if (q->kind == STEP_OWN)
		print_own(p, q, &longer);
	else
		print_job(p, q, &longer);
}

/* What it queues for its own actor comes behind all that the actor has to do. */
static void print_own(struct print *p, const struct queued *own, const struct chain *c)
{
	const struct queued *q;
	unsigned int n = 0;

	for (unsigned int i = own->nr + 1; (q = queued_nr(i)); i++) {
		if (q->by != (int)own->nr)
			continue;
		n++;
		if (q->what == QUEUED_ACT)
			i += print_act(p, q, c);
		else if (q->what == QUEUED_JOB)
			print_queued(p, q, c);
		else
			cannot(p, "a function in C that creates an actor or ends set-up");
	}
	if (n)
		return;
	turn_to(p, c->actor[0]);
	cannot(p, own->ran ? "a function in C that has nobody do anything"
			   : "a function in C that was not reached");
}

/* ---- actors ---- */

static void print_actor(struct print *p, const struct actor *a)
{
	const unsigned int usual = URING_SETUP_SQE128 | a->w->config.ring_flags;
	bool large = a->ring_flags & URING_SETUP_SQE128;

	fprintf(p->out, "\n%s %s", a->server ? "server" : "client", a->name);
	if (a->task->cpu)
		fprintf(p->out, " cpu %u", a->task->cpu);
	if (a->task->uid)
		fputs(" unprivileged", p->out);
	if (a->server && a->ring_flags != usual) {
		if (!(a->ring_flags & text_mixed_sqes))
			fputs(large ? " large-sqes" : " small-sqes", p->out);
		for (const struct text_choice *f = text_ring_flags; f->word; f++)
			if (a->ring_flags & f->value)
				fprintf(p->out, " %s", f->word);
	}
	putc('\n', p->out);
	p->on = a;
}

/* ---- the head ---- */

static void print_setting(FILE *out, const struct text_setting *s, const void *config)
{
	const void *field = (const char *)config + s->offset;
	uint32_t value =
		s->type == SETTING_YES ? *(const bool *)field : *(const uint32_t *)field;

	if (!value)
		return;
	fputs(s->word, out);
	if (s->type == SETTING_NUMBER)
		fprintf(out, " %u", value);
	for (const struct text_choice *c = s->choices; c && c->word; c++)
		if (s->type == SETTING_FLAGS ? value & c->value : value == c->value)
			fprintf(out, " %s", c->word);
	putc('\n', out);
}

static void print_needs(FILE *out, const struct driver *d, unsigned int needs)
{
	if (!needs)
		return;
	fputs("needs", out);
	for (const struct driver_cap *c = d->caps; c && c->word; c++) {
		if (!(needs & c->bit))
			continue;
		putc(' ', out);
		for (const char *at = c->word; *at; at++)
			putc(*at == ' ' ? '-' : *at, out);
	}
	putc('\n', out);
}

static void print_head(FILE *out, const struct driver *d, const struct scenario *s)
{
	const struct text_setting *lists[] = { text_settings, d->words->settings };

	fprintf(out, "scenario %s\nsummary %s\n", s->name, s->summary);
	if (s->explored)
		fprintf(out, "explored %s\n", s->explored);
	if (s->finding)
		fprintf(out, "finding %u\n", s->finding);
	print_needs(out, d, s->needs);
	for (unsigned int i = 0; s->config && i < 2; i++)
		for (const struct text_setting *one = lists[i]; one->word; one++)
			print_setting(out, one, s->config);
}

static void print_checks(FILE *out, const struct world *w)
{
	const struct check *c;

	if (world_check_nr(w, 0))
		putc('\n', out);
	for (unsigned int i = 0; (c = world_check_nr(w, i)); i++)
		fprintf(out, "# cannot be said: a check in C: %s\n", c->site->expr);
}

static const struct text_property *find_property(const struct text_words *words,
						 unsigned int kind, const char *word)
{
	for (const struct text_property *p = words->properties; p->word; p++)
		if (p->kind == kind && !strcmp(p->word, word))
			return p;
	return NULL;
}

/* What came in the default order, which need not come in every one. */
static void print_outcomes(FILE *out, const struct text_words *words)
{
	if (nr_names)
		fputs("\n# in the default order:\n", out);
	for (unsigned int i = 0; i < nr_names; i++) {
		const struct text_property *p =
			find_property(words, names[i].kind, "result");
		long long value = 0;

		if (!p)
			continue;
		fprintf(out, "# expect %s result ", names[i].name);
		if (!p->get(names[i].record, &value))
			fputs("pending\n", out);
		else if (text_error_word(value))
			fprintf(out, "%s\n", text_error_word(value));
		else
			fprintf(out, "%lld\n", value);
	}
}

unsigned int text_print(FILE *out, const struct driver *driver, const struct scenario *s,
			const struct world *w)
{
	struct print p = { .out = out, .driver = driver };
	const struct queued *q;

	give_names(driver->words);
	print_head(out, driver, s);
	for (unsigned int i = 0; (q = queued_nr(i)); i++) {
		struct chain c = { .nr = 1, .actor = { q->actor } };

		if (q->by >= 0)
			continue;
		if (q->what == QUEUED_ACTOR)
			print_actor(&p, q->actor);
		else if (q->what == QUEUED_SET_UP)
			fputs("\nset-up\n", out);
		else if (q->what == QUEUED_ACT)
			cannot(&p, "what is done before anything happens");
		else if (q->kind == STEP_OWN)
			print_own(&p, q, &c);
		else
			print_job(&p, q, &c);
	}
	if (queued_lost())
		cannot(&p, "all that comes after so many calls");
	print_outcomes(out, driver->words);
	print_checks(out, w);
	return p.left_out;
}

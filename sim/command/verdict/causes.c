// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which failures are of one cause, and printing them so.
 */
#include "command/verdict/causes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "sched/hash.h"

#define MOST_WHOLE    6 /* failures; of further ones there is only a line */
#define MOST_LIKEWISE 3 /* lines of further groups of one cause */

/*
 * struct cause - a group of failures
 * @cause: index of the first group of the same cause; its own
 * @places: of a cause: those that are in all of its reports, "" if there are no more
 * @text: of a cause: all of it; else its headline
 * @path: its schedule, or ""
 * @argument: of the command line, that the scenario was named by
 * @also, @nr_also: further scenarios with it; the names of the first ones
 * @switches: the same for those that the same switches in the same scenario lead to
 * @printed: @text is
 * @whole: and nothing is left to be said of it
 */
struct cause {
	char group[sizeof(((struct report *)0)->group)];
	unsigned int cause;
	enum report_kind kind;
	char object[REPORT_OBJECT], places[2][sizeof(((struct report *)0)->where)];
	char *text;
	char scenario[64], also[120];
	char *path, *argument;
	unsigned int nr_also, words;
	uint64_t reports, switches;
	bool printed, whole;
};

/* ---- one cause ---- */

static struct cause *cause_of(const struct cause_list *l, unsigned int i)
{
	return &l->at[l->at[i].cause];
}

static bool has_place(const struct report *r, const char *place)
{
	return *place && (!strcmp(r->where, place) || !strcmp(r->other, place));
}

/* what the reports of a cause still have in common */
static void narrow(struct cause *g, const struct report *r)
{
	for (unsigned int i = 0; i < 2; i++)
		if (!has_place(r, g->places[i]))
			g->places[i][0] = '\0';
}

/*
 * Of a race that is met at several places one access is wrong: the one that is always in
 * it. Of several rules that one step breaks it is that step.
 */
static bool same_cause(const struct cause *g, const struct report *r)
{
	if (g->kind != r->kind)
		return false;
	if (r->kind != REPORT_RACE &&
	    (r->kind != REPORT_ACCOUNTING || strcmp(g->object, r->object) != 0))
		return false;
	return has_place(r, g->places[0]) || has_place(r, g->places[1]);
}

void names_add(char *list, size_t size, const char *name)
{
	size_t n = strlen(list);

	if (n + strlen(name) + 3 < size)
		snprintf(list + n, size - n, "%s%s", n ? ", " : "", name);
}

static struct cause *new (struct cause_list *l)
{
	struct cause *more = realloc(l->at, (l->nr + 1) * sizeof(*l->at));

	if (!more) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	l->at = more;
	more += l->nr;
	memset(more, 0, sizeof(*more));
	more->cause = l->nr++;
	return more;
}

static char *copy(const char *text)
{
	char *to = strdup(text);

	if (to)
		return to;
	complain("out of memory");
	exit(STATUS_SIMULATOR);
}

static FILE *open_text(struct cause *g)
{
	static size_t len;
	FILE *out = open_memstream(&g->text, &len);

	if (out)
		return out;
	complain("out of memory");
	exit(STATUS_SIMULATOR);
}

static void begin(struct cause *g, const struct telling *t, const char *path)
{
	snprintf(g->group, sizeof(g->group), "%s", t->report->group);
	snprintf(g->scenario, sizeof(g->scenario), "%s", player_scenario(t->player));
	g->argument = copy(player_argument(t->player));
	g->path = copy(path);
	g->kind = t->report->kind;
	g->reports = t->reports;
	g->words = t->words;
}

static void add_likewise(struct cause_list *l, unsigned int cause,
			 const struct telling *t)
{
	struct cause *g = new (l);
	FILE *out;

	begin(g, t, "");
	g->cause = cause;
	narrow(&l->at[cause], t->report);
	out = open_text(g);
	fputs(t->report->summary, out);
	fclose(out);
}

static void count(struct cause *g, const struct telling *t)
{
	const char *scenario = player_scenario(t->player);

	g->reports += t->reports;
	g->words = t->words > g->words ? t->words : g->words;
	if (!strcmp(g->scenario, scenario))
		return;
	g->nr_also++;
	names_add(g->also, sizeof(g->also), scenario);
}

const char *cause_knows(struct cause_list *l, const struct telling *t)
{
	for (unsigned int i = 0; i < l->nr; i++) {
		if (strcmp(l->at[i].group, t->report->group) != 0)
			continue;
		count(&l->at[i], t);
		return cause_of(l, i)->path;
	}
	for (unsigned int i = 0; i < l->nr; i++) {
		if (l->at[i].cause != i || !same_cause(&l->at[i], t->report))
			continue;
		add_likewise(l, i, t);
		return l->at[i].path;
	}
	return NULL;
}

const char *cause_group(const struct cause_list *l, const struct report *r)
{
	for (unsigned int i = 0; i < l->nr; i++)
		if (!strcmp(l->at[i].group, r->group))
			return cause_of(l, i)->group;
	return r->group;
}

static uint64_t hash_switches(const struct player *p, const struct schedule *s)
{
	uint64_t hash = hash_text(HASH_START, player_scenario(p));

	for (unsigned int i = 0; s && i < s->nr; i++) {
		hash = hash_bytes(hash, &s->list[i].from, sizeof(s->list[i].from));
		hash = hash_bytes(hash, &s->list[i].to, sizeof(s->list[i].to));
		hash = hash_bytes(hash, &s->list[i].at, sizeof(s->list[i].at));
	}
	return hash;
}

const char *cause_add(struct cause_list *l, const struct telling *t,
		      const struct failure_how *how)
{
	const struct report *r = t->report;
	struct cause *g = new (l);
	FILE *out;

	begin(g, t, how->path);
	snprintf(g->object, sizeof(g->object), "%s", r->object);
	snprintf(g->places[0], sizeof(g->places[0]), "%s", r->where);
	snprintf(g->places[1], sizeof(g->places[1]), "%s", r->other);
	g->switches = hash_switches(t->player, how->schedule);
	out = open_text(g);
	failure_print(out, t, how);
	fclose(out);
	return g->text;
}

/* ---- printing ---- */

void names_print(const char *list, unsigned int nr)
{
	unsigned int named = *list ? 1 : 0;

	for (const char *at = list; *at; at++)
		named += *at == ',';
	fputs(list, stdout);
	if (named < nr)
		printf("%s%u more", named ? " and " : "", nr - named);
}

/* what else is of the same group */
static void print_others(const struct cause *g)
{
	if (g->words > 1)
		printf(FAILURE_INDENT "stands for %" PRIu64 " reports in %u wordings",
		       g->reports, g->words);
	if (g->nr_also) {
		fputs(g->words > 1 ? ", also in " : FAILURE_INDENT "also in ", stdout);
		names_print(g->also, g->nr_also);
	}
	if (g->words > 1 || g->nr_also)
		putchar('\n');
}

/* further groups of its cause */
static void print_likewise(const struct cause_list *l, unsigned int cause)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < l->nr; i++) {
		if (l->at[i].cause != cause || i == cause)
			continue;
		if (nr++ < MOST_LIKEWISE)
			printf(FAILURE_INDENT "likewise  %s\n", l->at[i].text);
	}
	if (nr > MOST_LIKEWISE)
		printf(FAILURE_INDENT "likewise  %u more\n", nr - MOST_LIKEWISE);
}

static void print_headline(const struct cause *g, const char *more)
{
	printf("%.*s%s\n", (int)strcspn(g->text, "\n"), g->text, more);
}

/* One mistake has many faces: of what the same switches lead to, a line is enough. */
static void print_same_switches(struct cause_list *l, unsigned int i)
{
	for (unsigned int k = i + 1; k < l->nr; k++) {
		struct cause *g = &l->at[k];

		if (g->cause != k || g->switches != l->at[i].switches || g->printed)
			continue;
		print_headline(g, " (by the same switches)");
		print_likewise(l, k);
		g->printed = g->whole = true;
	}
}

static bool has_likewise(const struct cause_list *l, unsigned int cause)
{
	for (unsigned int i = cause + 1; i < l->nr; i++)
		if (l->at[i].cause == cause)
			return true;
	return false;
}

void cause_print(struct cause_list *l)
{
	unsigned int whole = 0;

	for (unsigned int i = 0; i < l->nr; i++) {
		struct cause *g = &l->at[i];

		if (g->cause != i)
			continue;
		if (g->whole)
			continue;
		if (g->printed) {
			/* with -v at once; what came later was not */
			if (has_likewise(l, i))
				print_headline(g, "");
			print_likewise(l, i);
			continue;
		}
		if (whole++ < MOST_WHOLE) {
			fputs(g->text, stdout);
			print_others(g);
			print_likewise(l, i);
			print_same_switches(l, i);
		} else {
			print_headline(g, "");
			if (g->path[0])
				printf(FAILURE_INDENT "%s\n", g->path);
		}
	}
}

void cause_done(struct cause_list *l)
{
	l->at[l->nr - 1].printed = true;
}

const struct cause *cause_first(const struct cause_list *l)
{
	const struct cause *first = NULL;

	for (unsigned int i = 0; i < l->nr && (!first || !first->path[0]); i++)
		if (l->at[i].cause == i && (!first || l->at[i].path[0]))
			first = &l->at[i];
	return first;
}

const char *cause_path(const struct cause *g)
{
	return g->path;
}

const char *cause_argument(const struct cause *g)
{
	return g->argument;
}

void cause_free(struct cause_list *l)
{
	for (unsigned int i = 0; i < l->nr; i++) {
		free(l->at[i].text);
		free(l->at[i].path);
		free(l->at[i].argument);
	}
	free(l->at);
	*l = (struct cause_list){ NULL, 0 };
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of run and explore: known reports, failures, the verdict and the command that
 * plays the first failure again.
 */
#include "command/verdict.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/result.h"
#include "command/tree.h"
#include "engine/keep.h"
#include "sched/hash.h"

#define MOST_LINES    12 /* of one failure */
#define MOST_DETAILS  6
#define MOST_SWITCHES 3
#define MOST_WHOLE    6 /* failures; of further ones there is only a line */
#define INDENT	      "                      "

/*
 * struct told - a group of failures
 * @text: of the first one
 * @path: its schedule, or ""
 * @again: of a failure without a schedule, the command that plays it
 * @also, @nr_also: further scenarios with it; the names of the first ones
 * @switches: the same for those that the same switches in the same scenario lead to
 * @printed: nothing is left to be said of it
 */
struct told {
	char group[sizeof(((struct report *)0)->group)];
	char *text;
	char path[PATH_MAX], scenario[64], also[120];
	unsigned int nr_also, words;
	uint64_t reports, switches;
	bool printed;
};

bool verdict_option(struct verdict *v, int key)
{
	switch (key) {
	case 'v':
		v->say = SAY_ALL;
		return true;
	case 'q':
		v->say = SAY_FAILURES;
		return true;
	case 0x100:
		v->strict = true;
		return true;
	case 0x101:
		tree_for_bisect();
		return true;
	default:
		return false;
	}
}

/* ---- failures ---- */

/* "a, b, c" as far as there is space */
static void add_name(char *list, size_t size, const char *name)
{
	size_t n = strlen(list);

	if (n + strlen(name) + 3 < size)
		snprintf(list + n, size - n, "%s%s", n ? ", " : "", name);
}

const char *verdict_knows(struct verdict *v, const struct telling *t)
{
	for (unsigned int i = 0; i < v->nr_told; i++) {
		struct told *g = &v->told[i];

		if (strcmp(g->group, t->report->group) != 0)
			continue;
		g->reports += t->reports;
		g->words = t->words > g->words ? t->words : g->words;
		if (strcmp(g->scenario, player_scenario(t->player)) != 0) {
			g->nr_also++;
			add_name(g->also, sizeof(g->also), player_scenario(t->player));
		}
		return g->path;
	}
	return NULL;
}

static void print_switches(FILE *out, const struct schedule *s)
{
	unsigned int nr = s->nr <= MOST_SWITCHES ? s->nr : MOST_SWITCHES - 1;
	char text[256];

	if (!s->nr)
		fprintf(out, INDENT "switch: none: it comes in the default order\n");
	for (unsigned int i = 0; i < nr; i++)
		fprintf(out, INDENT "switch: %s\n",
			keep_switch(s, i, text, sizeof(text)));
	if (nr < s->nr)
		fprintf(out, INDENT "and %u more switches\n", s->nr - nr);
}

/* a frame is indented deeper than the line that says whose stack it is */
static bool is_frame(const char *line)
{
	return !strncmp(line, INDENT "    ", sizeof(INDENT) + 3);
}

/* What called the code under test explains little. */
static bool is_caller(const char *line)
{
	static const char *const callers[] = { "(sim/world/", "(sim/fuse/", "(sim/sched/",
					       "(kernel_shim/" };
	size_t n = strcspn(line, "\n");

	for (size_t i = 0; i < sizeof(callers) / sizeof(callers[0]); i++) {
		const char *at = strstr(line, callers[i]);

		if (at && at < line + n)
			return true;
	}
	return false;
}

/* struct short_stacks - how many there are; frames that are shown, lines that are not */
struct short_stacks {
	unsigned int stacks, frames, left_out;
};

/* Print them, or with @out NULL count them. */
static struct short_stacks shorten(FILE *out, const char *text, unsigned int stacks,
				   unsigned int frames)
{
	struct short_stacks s = { 0 };
	unsigned int here = 0;

	for (const char *at = text; *at; at += strcspn(at, "\n") + 1) {
		int n = (int)strcspn(at, "\n") + 1;
		bool shown;

		if (is_frame(at)) {
			shown = s.stacks <= stacks && here < frames && !is_caller(at);
			here += shown;
			s.frames += shown;
		} else {
			shown = ++s.stacks <= stacks;
			here = 0;
		}
		s.left_out += !shown;
		if (shown && out)
			fprintf(out, "%.*s", n, at);
	}
	return s;
}

/* All stacks, if there is space: then with as many frames as there is space for. */
static void print_stacks(FILE *out, int number, unsigned int most)
{
	char *text = NULL;
	size_t len;
	FILE *all = open_memstream(&text, &len);
	unsigned int stacks, frames;
	struct short_stacks s;

	if (!all)
		return;
	report_print_stacks(all, (size_t)number, true);
	fclose(all);
	stacks = shorten(NULL, text, UINT_MAX, 0).stacks;
	stacks = stacks > most / 2 ? most / 2 : stacks;
	for (frames = 8; frames > 1; frames--)
		if (stacks + shorten(NULL, text, stacks, frames).frames <= most)
			break;
	s = shorten(out, text, stacks, frames);
	if (s.left_out && s.stacks > stacks)
		fprintf(out, INDENT "  ... stacks of %u more with -v\n",
			s.stacks - stacks);
	free(text);
}

static unsigned int count_details(const struct report *r)
{
	unsigned int n = 0;

	for (const char *at = r->detail; *at; at++)
		n += *at == '\n';
	return n;
}

static void print_failure(FILE *out, const struct verdict *v, const struct telling *t,
			  int number, const struct schedule *s, const char *path)
{
	const struct report *r = t->report;
	unsigned int details = count_details(r), switches = s ? s->nr : 0;
	/* headline, place, schedule */
	unsigned int left = MOST_LINES - 3;

	details = details > MOST_DETAILS ? MOST_DETAILS : details;
	switches = switches > MOST_SWITCHES ? MOST_SWITCHES : switches;
	switches = s && !switches ? 1 : switches;
	left -= details + switches;
	fprintf(out, "failure   %-10s  %s\n", report_kind_name(r->kind), r->summary);
	fprintf(out, INDENT "%s%stask %s, %s%s\n", r->where, *r->where ? ", " : "",
		r->task, t->when, player_scenario(t->player));
	report_print_detail(out, r, v->say == SAY_ALL ? UINT_MAX : details);
	if (number >= 0 && v->say == SAY_ALL)
		report_print_stacks(out, (size_t)number, true);
	else if (number >= 0 && left > 1)
		print_stacks(out, number, left);
	if (*path)
		fprintf(out, INDENT "%s\n", path);
	if (s)
		print_switches(out, s);
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

void verdict_tell(struct verdict *v, const struct telling *t, int number,
		  const struct schedule *s, const char *path)
{
	struct told *more = realloc(v->told, (v->nr_told + 1) * sizeof(*v->told)), *g;
	size_t len;
	FILE *out;

	if (!more) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	v->told = more;
	g = &more[v->nr_told++];
	memset(g, 0, sizeof(*g));
	snprintf(g->group, sizeof(g->group), "%s", t->report->group);
	snprintf(g->path, sizeof(g->path), "%s", path);
	snprintf(g->scenario, sizeof(g->scenario), "%s", player_scenario(t->player));
	g->reports = t->reports;
	g->words = t->words;
	g->switches = hash_switches(t->player, s);
	out = open_memstream(&g->text, &len);
	if (!out) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	print_failure(out, v, t, number, s, path);
	fclose(out);
	if (v->say != SAY_ALL)
		return;
	fputs(g->text, stdout);
	g->printed = true;
}

/* "a, b and 2 more": @list of @nr names has only the first ones */
static void print_names(const char *list, unsigned int nr)
{
	unsigned int named = *list ? 1 : 0;

	for (const char *at = list; *at; at++)
		named += *at == ',';
	fputs(list, stdout);
	if (named < nr)
		printf("%s%u more", named ? " and " : "", nr - named);
}

/* what else is of the same group */
static void print_others(const struct told *g)
{
	if (g->words > 1)
		printf(INDENT "stands for %" PRIu64 " reports in %u wordings", g->reports,
		       g->words);
	if (g->nr_also) {
		fputs(g->words > 1 ? ", also in " : INDENT "also in ", stdout);
		print_names(g->also, g->nr_also);
	}
	if (g->words > 1 || g->nr_also)
		putchar('\n');
}

/* ---- scenarios ---- */

void verdict_not_started(struct verdict *v, const struct player *p)
{
	v->asked++;
	v->not_started++;
	add_name(v->names, sizeof(v->names), player_scenario(p));
}

void verdict_say(struct verdict *v, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(v->sentence, sizeof(v->sentence), fmt, args);
	va_end(args);
	if (v->say == SAY_ALL)
		printf("verdict   %s\n", v->sentence);
}

void verdict_count(struct verdict *v, const uint64_t *known)
{
	for (unsigned int i = 0; i < SUPPRESS_MAX; i++)
		v->known[i] += known[i];
}

static unsigned int count_known(const uint64_t *known)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++)
		n += known[i] != 0;
	return n;
}

const char *verdict_words(unsigned int failures, uint64_t in, const uint64_t *known,
			  char *buf, size_t len)
{
	unsigned int n = count_known(known);
	char more[32] = "", where[40] = "";

	if (n)
		snprintf(more, sizeof(more), ", %u known", n);
	if (in)
		snprintf(where, sizeof(where), " in %" PRIu64 " of them", in);
	if (failures)
		snprintf(buf, len, "%u failure%s%s%s", failures, failures == 1 ? "" : "s",
			 where, more);
	else
		snprintf(buf, len, "nothing found%s", more);
	return buf;
}

/* ---- the end ---- */

/* Unused entries are told if they should have been used. */
static bool print_known(const struct verdict *v)
{
	bool judge = v->all && !v->not_started && !v->cut && !v->interrupted;
	unsigned int unused = suppress_nr() - count_known(v->known);

	if (v->say != SAY_FAILURES)
		suppressions_print(v->known);
	if (!judge || !unused || !(v->strict || v->say == SAY_ALL))
		return false;
	suppressions_print_unused(v->known);
	return v->strict;
}

static void print_headline(const struct told *g, const char *more)
{
	printf("%.*s%s\n", (int)strcspn(g->text, "\n"), g->text, more);
}

/* One mistake has many faces: of what the same switches lead to, a line is enough. */
static void print_same_switches(const struct verdict *v, unsigned int i)
{
	for (unsigned int k = i + 1; k < v->nr_told; k++) {
		struct told *g = &v->told[k];

		if (g->switches != v->told[i].switches || g->printed)
			continue;
		print_headline(g, " (by the same switches)");
		g->printed = true;
	}
}

static void print_told(const struct verdict *v)
{
	unsigned int whole = 0;

	for (unsigned int i = 0; i < v->nr_told; i++) {
		struct told *g = &v->told[i];

		if (g->printed)
			continue;
		if (whole++ < MOST_WHOLE) {
			fputs(g->text, stdout);
			print_others(g);
			print_same_switches(v, i);
		} else {
			print_headline(g, "");
			if (g->path[0])
				printf(INDENT "%s\n", g->path);
		}
	}
}

/* as a shell reads it */
static void print_word(const char *word)
{
	bool plain = *word;

	for (const char *c = word; *c; c++)
		plain = plain && (isalnum((unsigned char)*c) || strchr("/._-+:=@,%", *c));
	if (plain) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (const char *c = word; *c; c++) {
		if (*c == '\'')
			fputs("'\\'", stdout);
		putchar(*c);
	}
	putchar('\'');
}

static void print_replay(const struct verdict *v)
{
	const struct told *g = NULL;

	for (unsigned int i = v->nr_told; i--;)
		if (v->told[i].path[0] || !g || !g->path[0])
			g = &v->told[i];
	if (!g || (!g->path[0] && !v->once))
		return;
	printf("replay    %s ", program_command());
	if (g->path[0]) {
		fputs("replay ", stdout);
		print_word(g->path);
	} else {
		printf("run %s ", g->scenario);
		fputs(v->subject->tree ? "--tree " : "--subject ", stdout);
		print_word(v->subject->tree ? v->subject->tree
					    : player_subject(v->subject));
	}
	putchar('\n');
}

static void print_line(const struct verdict *v)
{
	unsigned int known = count_known(v->known);

	if (v->not_started && v->say != SAY_FAILURES) {
		fputs("left out  ", stdout);
		print_names(v->names, v->not_started);
		putchar('\n');
	}
	if (v->one && v->say == SAY_LINES && v->sentence[0])
		printf("verdict   %s\n", v->sentence);
	printf("total     %u scenario%s, %u failed, %u known", v->asked,
	       v->asked == 1 ? "" : "s", v->failed, known);
	if (v->cut)
		printf(", %u cut short", v->cut);
	if (v->not_started)
		printf(", %u not started", v->not_started);
	if (!v->failed && !v->unjudged)
		printf(": nothing found");
	putchar('\n');
}

static int status_of(const struct verdict *v, bool unused)
{
	if (v->failed || unused)
		return STATUS_FOUND;
	if (v->unjudged)
		return tree_unjudged();
	if (v->not_started || v->interrupted)
		return tree_unjudged() == STATUS_SKIP ? STATUS_SKIP : STATUS_CUT;
	return STATUS_OK;
}

int verdict_end(struct verdict *v)
{
	bool unused = print_known(v);

	print_told(v);
	print_line(v);
	print_replay(v);
	for (unsigned int i = 0; i < v->nr_told; i++)
		free(v->told[i].text);
	free(v->told);
	return status_of(v, unused);
}

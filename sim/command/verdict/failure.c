// SPDX-License-Identifier: GPL-2.0-only
/*
 * One failure in words: its headline, details, stacks, and the switches that lead to it.
 */
#include "command/verdict/failure.h"

#include "shim/chance.h"

#include <stdlib.h>
#include <string.h>

#include "command/verdict/result.h"
#include "engine/keep.h"

#define MOST_LINES    12 /* of one failure */
#define MOST_DETAILS  6
#define MOST_SWITCHES 3

static void print_switches(FILE *out, const struct schedule *s)
{
	unsigned int nr = s->nr <= MOST_SWITCHES ? s->nr : MOST_SWITCHES - 1;
	char text[256];

	if (!s->nr)
		fprintf(out,
			FAILURE_INDENT "switch: none: it comes in the default order\n");
	for (unsigned int i = 0; i < nr; i++)
		fprintf(out, FAILURE_INDENT "switch: %s\n",
			keep_switch(s, i, text, sizeof(text)));
	if (nr < s->nr)
		fprintf(out, FAILURE_INDENT "and %u more switches\n", s->nr - nr);
}

/* a frame is indented deeper than the line that says whose stack it is */
static bool is_frame(const char *line)
{
	return !strncmp(line, FAILURE_INDENT "    ", sizeof(FAILURE_INDENT) + 3);
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
		fprintf(out, FAILURE_INDENT "  ... stacks of %u more with -v\n",
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

/*
 * "first: read by admin in list.h:95 (shim_list_unlink), inlined into dev_uring.c:434
 * (f)": who does not ask for all is told of the subject's own function alone.
 */
static void print_folded(FILE *out, const char *line, int n)
{
	static const char into[] = ", inlined into ", helper[] = "kernel_shim/";
	const char *end = line + n, *place = strstr(line, " in "), *next;

	if (!place || place >= end || strncmp(place + 4, helper, strlen(helper)) != 0) {
		fprintf(out, FAILURE_INDENT "  %.*s\n", n, line);
		return;
	}
	place += 4;
	fprintf(out, FAILURE_INDENT "  %.*s", (int)(place - line), line);
	while ((next = strstr(place, into)) && next < end &&
	       !strncmp(place, helper, strlen(helper)))
		place = next + strlen(into);
	next = strstr(place, into);
	if (next && next < end)
		end = next;
	fprintf(out, "%.*s\n", (int)(end - place), place);
}

static void print_details(FILE *out, const struct report *r, unsigned int most)
{
	for (const char *line = r->detail; *line && most--;) {
		int n = (int)strcspn(line, "\n");

		print_folded(out, line, n);
		line += n + (line[n] == '\n');
	}
}

void failure_print(FILE *out, const struct telling *t, const struct failure_how *how)
{
	const struct report *r = t->report;
	unsigned int details = count_details(r);
	unsigned int switches = how->schedule ? how->schedule->nr : 0;
	/* headline, place, schedule */
	unsigned int left = MOST_LINES - 3;
	char line[256];

	details = details > MOST_DETAILS ? MOST_DETAILS : details;
	switches = switches > MOST_SWITCHES ? MOST_SWITCHES : switches;
	switches = how->schedule && !switches ? 1 : switches;
	left -= details + switches;
	fprintf(out, "failure   %-10s  %s\n", report_kind_name(r->kind), r->summary);
	fprintf(out, FAILURE_INDENT "%s%stask %s, %s%s\n", r->where,
		*r->where ? ", " : "", r->task, t->when, player_scenario(t->player));
	if (how->all)
		report_print_detail(out, r, UINT_MAX);
	else
		print_details(out, r, details);
	if (how->number >= 0 && how->all)
		report_print_stacks(out, (size_t)how->number, true);
	else if (how->number >= 0 && left > 1)
		print_stacks(out, how->number, left);
	if (*how->path)
		fprintf(out, FAILURE_INDENT "%s\n", how->path);
	if (how->schedule)
		print_switches(out, how->schedule);
	for (unsigned int i = 0; how->schedule && chances_words(i, line, sizeof(line));
	     i++)
		fprintf(out, FAILURE_INDENT "%s\n", line);
}

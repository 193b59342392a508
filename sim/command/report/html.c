// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as one page that needs nothing else: facts, the picture, and all steps,
 * to be filtered by task and by object. That works without scripts; a script adds a
 * search in the text. The page's frame is page.html.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/report/page.h"
#include "command/report/timeline.h"
#include "program/program.h"

#define MOST_OBJECTS 256

/* names of what the steps touch, without "+offset" */
static struct {
	char name[MOST_OBJECTS][96];
	unsigned int nr;
} objects;

/* ---- objects ---- */

static int object_of(const char *name)
{
	size_t n = strcspn(name, "+");

	for (unsigned int i = 0; i < objects.nr; i++)
		if (strlen(objects.name[i]) == n && !strncmp(objects.name[i], name, n))
			return (int)i;
	return -1;
}

static void collect(const struct timeline *t)
{
	objects.nr = 0;
	for (size_t i = 0; i < t->nr; i++) {
		const char *name = t->steps[i].name;

		if (*name && object_of(name) < 0 && objects.nr < MOST_OBJECTS)
			snprintf(objects.name[objects.nr++], sizeof(objects.name[0]),
				 "%.*s", (int)strcspn(name, "+"), name);
	}
}

/* ---- facts ---- */

static void fact(FILE *out, const char *label, const char *text)
{
	fprintf(out, "<tr><th>%s</th><td>", label);
	timeline_escape(out, text);
	fputs("</td></tr>\n", out);
}

static void print_failure(FILE *out, const struct timeline *t)
{
	char text[2048];

	fputs("<p class=\"dim\">", out);
	timeline_escape(out, player_scenario(t->player));
	fputs(" on ", out);
	timeline_escape(out, player_subject(t->player));
	fputs("</p>\n<h1 class=\"bad\">", out);
	timeline_escape(out, timeline_sentence(t, text, sizeof(text)));
	fputs("</h1>\n", out);
}

static void print_details(FILE *out, const struct timeline *t)
{
	fputs("<p class=\"sum\">", out);
	timeline_escape(out, t->failure.where);
	fprintf(out, "%stask ", t->failure.where[0] ? ", " : "");
	timeline_escape(out, t->failure.task);
	if (t->came)
		fprintf(out, ", step <a href=\"#s%lu\">%lu</a>", t->failure.step,
			t->failure.step);
	fputs("</p>\n", out);
	if (t->failure.detail[0]) {
		fputs("<pre>", out);
		timeline_escape(out, t->failure.detail);
		fputs("</pre>\n", out);
	}
}

static void print_facts(FILE *out, const struct timeline *t)
{
	const struct subject *ops = t->player->subject;
	const struct schedule *s = t->schedule;
	char text[PATH_MAX + 512];

	fact(out, "Subject", timeline_subject(t, text, sizeof(text)));
	if (ops) {
		snprintf(text, sizeof(text), "%s: %s", player_scenario(t->player),
			 t->player->scenario->summary);
		fact(out, "Scenario", text);
		fact(out, "World", t->differs);
	}
	snprintf(text, sizeof(text),
		 "%s, seed %" PRIu64 ", execution %" PRIu64 ", %s points, detectors %s",
		 s->strategy, s->seed, s->execution, s->points,
		 s->detect[0] ? s->detect : "all");
	fact(out, "Found by", text);
	snprintf(text, sizeof(text), "%016" PRIx64 ", %s", s->trace,
		 t->same_trace ? "the same when replayed" : "another one when replayed");
	fact(out, "Trace", text);
	if (t->diverged[0])
		fact(out, "Diverged", t->diverged);
}

/* of the same execution; they are often of the same cause */
static void print_besides(FILE *out, const struct timeline *t)
{
	char text[512];

	if (!t->nr_others)
		return;
	fprintf(out,
		"<details><summary>Besides, %u other report%s in the same "
		"execution</summary><table>\n",
		t->nr_others, t->nr_others == 1 ? "" : "s");
	for (unsigned int i = 0; i < t->nr_others; i++) {
		snprintf(text, sizeof(text), "%s (step %lu)", t->others[i].summary,
			 t->others[i].step);
		fact(out, t->others[i].kind, text);
	}
	fputs("</table></details>\n", out);
}

static void print_files(FILE *out, const struct timeline *t)
{
	const struct schedule *s = t->schedule;

	if (!s->nr_files)
		return;
	fputs("<details><summary>Files that the subject was compiled from</summary>"
	      "<table>\n",
	      out);
	for (unsigned int i = 0; i < s->nr_files; i++) {
		fputs("<tr><td class=\"c\">", out);
		timeline_escape(out, s->files[i].path);
		fputs("</td><td class=\"c\">", out);
		timeline_escape(out, s->files[i].sha256);
		fprintf(out, "</td><td>%s</td></tr>\n",
			timeline_same_file(t, i) ? "" : "another file when replayed");
	}
	fputs("</table></details>\n", out);
}

static void print_tasks(FILE *out, const struct timeline *t)
{
	size_t at = t->fails == NO_STEP ? t->nr - 1 : t->fails;
	char locks[256];

	for (int i = 0; t->nr && i < t->nr_lanes; i++) {
		fputs("<tr><td>", out);
		timeline_escape(out, t->lanes[i].name);
		fputs("</td><td class=\"c\">", out);
		timeline_escape(out, t->lanes[i].doing);
		fputs("</td><td class=\"c\">", out);
		timeline_locks_at(t, i, at, locks, sizeof(locks));
		timeline_escape(out, locks);
		fputs("</td></tr>\n", out);
	}
}

static void print_choices(FILE *out, const struct timeline *t)
{
	const struct schedule *s = t->schedule;

	fprintf(out,
		"<details%s><summary>%u switch%s away from the default "
		"order</summary><table>\n<tr><th></th><th>from</th><th>to</th>"
		"<th></th></tr>\n",
		s->nr <= 12 ? " open=\"open\"" : "", s->nr, s->nr == 1 ? "" : "es");
	for (unsigned int i = 0; i < s->nr; i++) {
		fprintf(out, "<tr><td class=\"dim\">%u</td><td>", i + 1);
		timeline_escape(out, s->notes[i].from);
		fputs("</td><td>", out);
		timeline_escape(out, s->notes[i].to);
		fputs("</td><td class=\"c\">", out);
		timeline_escape(out,
				s->notes[i].place[0] ? s->notes[i].place : "at its end");
		fputs("</td></tr>\n", out);
	}
	for (int i = 0; i < t->nr_lanes; i++) {
		if (!(s->parked & (1ull << i)))
			continue;
		fputs("<tr><td></td><td>", out);
		timeline_escape(out, t->lanes[i].name);
		fputs("</td><td></td><td>does not run</td></tr>\n", out);
	}
	fputs("</table></details>\n", out);
}

/* ---- steps ---- */

/* What is chosen is said by inputs before the table, so that style alone can hide. */
static void print_filter_style(FILE *out, const struct timeline *t)
{
	for (int i = 0; i < t->nr_lanes; i++)
		fprintf(out,
			"#t%d:not(:checked)~table tr.t%d{display:none}"
			"#t%d:checked~.tasks "
			"label[for=t%d]{background:#0969da;color:#fff}\n",
			i, i, i, i);
	for (unsigned int i = 0; i < objects.nr; i++)
		fprintf(out,
			"#o%u:checked~table tbody tr:not(.o%u){display:none}"
			"#o%u:checked~.objects "
			"label[for=o%u]{background:#8250df;color:#fff}\n",
			i, i, i, i);
	fputs("#oall:checked~.objects label[for=oall]{background:#8250df;color:#fff}\n",
	      out);
}

static void print_filters(FILE *out, const struct timeline *t)
{
	for (int i = 0; i < t->nr_lanes; i++)
		fprintf(out,
			"<input class=\"f\" type=\"checkbox\" id=\"t%d\" "
			"checked=\"checked\"/>",
			i);
	fputs("\n<input class=\"f\" type=\"radio\" name=\"o\" id=\"oall\" "
	      "checked=\"checked\"/>",
	      out);
	for (unsigned int i = 0; i < objects.nr; i++)
		fprintf(out, "<input class=\"f\" type=\"radio\" name=\"o\" id=\"o%u\"/>",
			i);
	fputs("\n<div class=\"tasks\">tasks: ", out);
	for (int i = 0; i < t->nr_lanes; i++) {
		fprintf(out, "<label for=\"t%d\">", i);
		timeline_escape(out, t->lanes[i].name);
		fputs("</label>", out);
	}
	fputs("</div>\n<div class=\"objects\">object: <label for=\"oall\">all</label>",
	      out);
	for (unsigned int i = 0; i < objects.nr; i++) {
		fprintf(out, "<label for=\"o%u\">", i);
		timeline_escape(out, objects.name[i]);
		fputs("</label>", out);
	}
	fputs("</div>\n", out);
}

static void cell(FILE *out, const char *text)
{
	fputs("<td>", out);
	timeline_escape(out, text);
	fputs("</td>", out);
}

static void print_step(FILE *out, const struct timeline *t, size_t i)
{
	const struct timeline_step *s = &t->steps[i];
	int object = s->name[0] ? object_of(s->name) : -1;
	char text[256] = "";

	fprintf(out, "<tr id=\"s%lu\" class=\"", s->nr);
	if (s->lane != NO_LANE)
		fprintf(out, "t%d", s->lane);
	if (object >= 0)
		fprintf(out, " o%d", object);
	fprintf(out, "%s%s\"><td class=\"n\">%lu</td>",
		s->fails	  ? " fails"
		: s->other_access ? " other"
				  : "",
		s->switched ? " turn" : "", s->nr);
	cell(out, s->lane == NO_LANE ? "-" : t->lanes[s->lane].name);
	cell(out, s->verb);
	cell(out, s->object);
	if (s->has_value)
		snprintf(text, sizeof(text), "%lld", s->value);
	cell(out, text);
	text[0] = '\0';
	if (s->file[0] && s->line)
		snprintf(text, sizeof(text), "%s:%d %s", s->file, s->line, s->func);
	else if (s->file[0])
		snprintf(text, sizeof(text), "%s %s", s->file, s->func);
	cell(out, text);
	fputs("</tr>\n", out);
}

static void print_steps(FILE *out, const struct timeline *t)
{
	for (size_t i = 0; i < t->nr; i++)
		print_step(out, t, i);
}

static void print_dropped(FILE *out, const struct timeline *t)
{
	if (t->dropped)
		fprintf(out, "<p>%zu earlier steps were dropped.</p>\n", t->dropped);
}

/* ---- the page ---- */

static void print_title(FILE *out, const struct timeline *t)
{
	timeline_escape(out, t->failure.summary);
}

static void print_style(FILE *out, const struct timeline *t)
{
	(void)t;
	fputs(page_text(report_page_css), out);
}

static void print_script(FILE *out, const struct timeline *t)
{
	(void)t;
	fputs(page_text(report_page_js), out);
}

static void print_picture(FILE *out, const struct timeline *t)
{
	timeline_svg(out, t);
}

static const struct part {
	const char *name;
	void (*print)(FILE *out, const struct timeline *t);
} parts[] = {
	{ "title", print_title },
	{ "style", print_style },
	{ "filter-style", print_filter_style },
	{ "failure", print_failure },
	{ "details", print_details },
	{ "facts", print_facts },
	{ "besides", print_besides },
	{ "files", print_files },
	{ "tasks", print_tasks },
	{ "choices", print_choices },
	{ "picture", print_picture },
	{ "filters", print_filters },
	{ "dropped", print_dropped },
	{ "steps", print_steps },
	{ "script", print_script },
};

/* Return: the part that is named at @text; page.html has no others */
static const struct part *part_named(const char *text)
{
	size_t n = strcspn(text, "}");

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strlen(parts[i].name) == n && !strncmp(parts[i].name, text, n))
			return &parts[i];
	complain("page.html names a part that there is not: %.*s", (int)n, text);
	exit(STATUS_SIMULATOR);
}

void timeline_html(FILE *out, const void *what)
{
	const struct timeline *t = what;
	const char *text = page_text(report_page_html);

	collect(t);
	while (*text) {
		size_t n = strcspn(text, "{");
		const struct part *part;

		fwrite(text, 1, n, out);
		text += n;
		if (!*text)
			break;
		part = part_named(text + 1);
		part->print(out, t);
		text += strlen(part->name) + strlen("{}");
	}
}

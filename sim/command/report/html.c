// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as one page that needs nothing else: facts, the picture, and all steps,
 * to be filtered by task and by object. That works without scripts; a script adds a
 * search in the text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/report/tale.h"

#define MOST_OBJECTS 256

/* struct objects - names of what the steps touch, without "+offset" */
struct objects {
	char name[MOST_OBJECTS][96];
	unsigned int nr;
};

static const char style[] =
	"body{font:14px/1.45 sans-serif;margin:0 auto;max-width:1600px;padding:16px 24px;"
	"color:#1f2328;background:#fff}\n"
	"h1{font-size:20px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px;"
	"border-bottom:1px solid #d0d7de;padding-bottom:4px}\n"
	".bad{color:#cf222e;font-weight:bold}.dim{color:#656d76}\n"
	"code,td.c,.sum{font-family:monospace;font-size:12px}\n"
	"table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;"
	"padding:2px 14px 2px 0}\n"
	"#steps{width:100%}#steps th{position:sticky;top:0;background:#f6f8fa}\n"
	"#steps td{font:12px monospace;border-top:1px solid #eaeef2}"
	"#steps td.n{text-align:right;color:#656d76}\n"
	"#steps tr.fails td{background:#ffebe9;color:#cf222e;font-weight:bold}\n"
	"#steps tr.party td{background:#fff8c5;font-weight:bold}\n"
	"#steps tr.turn td{border-top:2px solid #8c959f}\n"
	".pic{overflow-x:auto;border:1px solid #d0d7de;border-radius:6px}\n"
	".pic svg{display:block}\n"
	"input.f{position:absolute;opacity:0}\n"
	".tasks label,.objects label{display:inline-block;border:1px solid #d0d7de;"
	"border-radius:12px;padding:1px 10px;margin:2px;cursor:pointer;font-size:12px;"
	"color:#656d76}\n"
	".objects{max-height:130px;overflow:auto}"
	"#find{font:13px monospace;padding:3px 8px;width:30em}\n"
	"details{margin:6px 0}summary{cursor:pointer}\n";

static const char dark_style[] =
	"@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}"
	"h2,.pic,.tasks label,.objects label{border-color:#30363d}"
	".bad{color:#ff7b72}.dim,.tasks label,.objects label,#steps td.n{color:#8d96a0}"
	"#steps th{background:#161b22}#steps td{border-color:#21262d}"
	"#steps tr.fails td{background:#490202;color:#ff7b72}"
	"#steps tr.party td{background:#3b2300}"
	"#steps tr.turn td{border-color:#6e7681}"
	"#find{background:#0d1117;color:#e6edf3;border:1px solid #30363d}}\n";

/* The box is there only if the script is. */
static const char script[] =
	"<script>\n"
	"(function(){var b=document.createElement('input'),"
	"r=document.querySelectorAll('#steps tbody tr');\n"
	"b.id='find';b.placeholder='search the steps';b.type='search';"
	"document.getElementById('tools').appendChild(b);\n"
	"b.addEventListener('input',function(){var w=b.value.toLowerCase();"
	"r.forEach(function(x){x.hidden="
	"w===''?false:x.textContent.toLowerCase().indexOf(w)===-1;});});})();\n"
	"</script>\n";

/* ---- objects ---- */

static int object_of(const struct objects *o, const char *name)
{
	size_t n = strcspn(name, "+");

	for (unsigned int i = 0; i < o->nr; i++)
		if (strlen(o->name[i]) == n && !strncmp(o->name[i], name, n))
			return (int)i;
	return -1;
}

static void collect(struct objects *o, const struct tale *t)
{
	o->nr = 0;
	for (size_t i = 0; i < t->nr; i++) {
		const char *name = t->steps[i].name;

		if (*name && object_of(o, name) < 0 && o->nr < MOST_OBJECTS)
			snprintf(o->name[o->nr++], sizeof(o->name[0]), "%.*s",
				 (int)strcspn(name, "+"), name);
	}
}

/* ---- facts ---- */

static void fact(FILE *out, const char *label, const char *text)
{
	fprintf(out, "<tr><th>%s</th><td>", label);
	tale_escape(out, text);
	fputs("</td></tr>\n", out);
}

static void print_head(FILE *out, const struct tale *t)
{
	fputs("<h1>", out);
	tale_escape(out, player_scenario(t->player));
	fputs(" on ", out);
	tale_escape(out, player_subject(t->player));
	fputs("</h1>\n<p class=\"bad\">", out);
	if (!t->came)
		fputs("Did not come again when it was replayed. ", out);
	tale_escape(out, t->failure.kind);
	fputs(": ", out);
	tale_escape(out, t->failure.summary);
	fputs("</p>\n<p class=\"sum\">", out);
	tale_escape(out, t->failure.where);
	fprintf(out, "%stask ", t->failure.where[0] ? ", " : "");
	tale_escape(out, t->failure.task);
	if (t->came)
		fprintf(out, ", step <a href=\"#s%lu\">%lu</a>", t->failure.step,
			t->failure.step);
	fputs("</p>\n", out);
	if (t->failure.detail[0]) {
		fputs("<pre>", out);
		tale_escape(out, t->failure.detail);
		fputs("</pre>\n", out);
	}
}

static void print_facts(FILE *out, const struct tale *t)
{
	const struct subject *ops = t->player->subject;
	const struct schedule *s = t->schedule;
	char text[512];

	fputs("<table>\n", out);
	snprintf(text, sizeof(text), "%s%s%s%s%s%s", player_subject(t->player),
		 ops ? " " : ", a model of the search", ops ? ops->version : "",
		 ops ? ops->unmodified ? ", unmodified, " : ", modified, " : "",
		 ops ? ops->compiler : "", "");
	fact(out, "Subject", text);
	if (ops) {
		snprintf(text, sizeof(text), "%s: %s", player_scenario(t->player),
			 t->player->scenario->summary);
		fact(out, "Scenario", text);
		fact(out, "World", t->config);
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
	for (unsigned int i = 0; i < t->nr_others; i++) {
		snprintf(text, sizeof(text), "%s: %s (step %lu)", t->others[i].kind,
			 t->others[i].summary, t->others[i].step);
		fact(out, i ? "" : "Besides", text);
	}
	fputs("</table>\n", out);
}

static void print_files(FILE *out, const struct tale *t)
{
	const struct schedule *s = t->schedule;

	if (!s->nr_files)
		return;
	fputs("<details><summary>Files that the subject was compiled from</summary>"
	      "<table>\n",
	      out);
	for (unsigned int i = 0; i < s->nr_files; i++) {
		fputs("<tr><td class=\"c\">", out);
		tale_escape(out, s->files[i].path);
		fputs("</td><td class=\"c\">", out);
		tale_escape(out, s->files[i].sha256);
		fprintf(out, "</td><td>%s</td></tr>\n",
			tale_same_file(t, i) ? "" : "another file when replayed");
	}
	fputs("</table></details>\n", out);
}

static void print_tasks(FILE *out, const struct tale *t)
{
	size_t at = t->fails == NO_STEP ? t->nr - 1 : t->fails;
	char locks[256];

	fputs("<h2>Tasks at the failure</h2>\n<table>\n"
	      "<tr><th>task</th><th>stands</th><th>holds</th></tr>\n",
	      out);
	for (int i = 0; t->nr && i < t->nr_lanes; i++) {
		fputs("<tr><td>", out);
		tale_escape(out, t->lanes[i].name);
		fputs("</td><td class=\"c\">", out);
		tale_escape(out, t->lanes[i].doing);
		fputs("</td><td class=\"c\">", out);
		tale_locks_at(t, i, at, locks, sizeof(locks));
		tale_escape(out, locks);
		fputs("</td></tr>\n", out);
	}
	fputs("</table>\n", out);
}

static void print_choices(FILE *out, const struct tale *t)
{
	const struct schedule *s = t->schedule;

	fprintf(out,
		"<h2>Choices</h2>\n<details%s><summary>%u switch%s away from the default "
		"order</summary><table>\n<tr><th></th><th>from</th><th>to</th>"
		"<th></th></tr>\n",
		s->nr <= 12 ? " open=\"open\"" : "", s->nr, s->nr == 1 ? "" : "es");
	for (unsigned int i = 0; i < s->nr; i++) {
		fprintf(out, "<tr><td class=\"dim\">%u</td><td>", i + 1);
		tale_escape(out, s->notes[i].from);
		fputs("</td><td>", out);
		tale_escape(out, s->notes[i].to);
		fputs("</td><td class=\"c\">", out);
		tale_escape(out, s->notes[i].place[0] ? s->notes[i].place : "at its end");
		fputs("</td></tr>\n", out);
	}
	for (int i = 0; i < t->nr_lanes; i++) {
		if (!(s->parked & (1ull << i)))
			continue;
		fputs("<tr><td></td><td>", out);
		tale_escape(out, t->lanes[i].name);
		fputs("</td><td></td><td>does not run</td></tr>\n", out);
	}
	fputs("</table></details>\n", out);
}

/* ---- steps ---- */

/* What is chosen is said by inputs before the table, so that style alone can hide. */
static void print_filter_style(FILE *out, const struct tale *t, const struct objects *o)
{
	fputs("<style>\n", out);
	for (int i = 0; i < t->nr_lanes; i++)
		fprintf(out,
			"#t%d:not(:checked)~table tr.t%d{display:none}"
			"#t%d:checked~.tasks "
			"label[for=t%d]{background:#0969da;color:#fff}\n",
			i, i, i, i);
	for (unsigned int i = 0; i < o->nr; i++)
		fprintf(out,
			"#o%u:checked~table tbody tr:not(.o%u){display:none}"
			"#o%u:checked~.objects "
			"label[for=o%u]{background:#8250df;color:#fff}\n",
			i, i, i, i);
	fputs("#oall:checked~.objects label[for=oall]{background:#8250df;color:#fff}\n"
	      "</style>\n",
	      out);
}

static void print_filters(FILE *out, const struct tale *t, const struct objects *o)
{
	for (int i = 0; i < t->nr_lanes; i++)
		fprintf(out,
			"<input class=\"f\" type=\"checkbox\" id=\"t%d\" "
			"checked=\"checked\"/>",
			i);
	fputs("\n<input class=\"f\" type=\"radio\" name=\"o\" id=\"oall\" "
	      "checked=\"checked\"/>",
	      out);
	for (unsigned int i = 0; i < o->nr; i++)
		fprintf(out, "<input class=\"f\" type=\"radio\" name=\"o\" id=\"o%u\"/>",
			i);
	fputs("\n<div class=\"tasks\">tasks: ", out);
	for (int i = 0; i < t->nr_lanes; i++) {
		fprintf(out, "<label for=\"t%d\">", i);
		tale_escape(out, t->lanes[i].name);
		fputs("</label>", out);
	}
	fputs("</div>\n<div class=\"objects\">object: <label for=\"oall\">all</label>",
	      out);
	for (unsigned int i = 0; i < o->nr; i++) {
		fprintf(out, "<label for=\"o%u\">", i);
		tale_escape(out, o->name[i]);
		fputs("</label>", out);
	}
	fputs("</div>\n<p id=\"tools\"></p>\n", out);
}

static void cell(FILE *out, const char *text)
{
	fputs("<td>", out);
	tale_escape(out, text);
	fputs("</td>", out);
}

static void print_step(FILE *out, const struct tale *t, const struct objects *o, size_t i)
{
	const struct tale_step *s = &t->steps[i];
	int object = s->name[0] ? object_of(o, s->name) : -1;
	char text[256] = "";

	fprintf(out, "<tr id=\"s%lu\" class=\"", s->nr);
	if (s->lane != NO_LANE)
		fprintf(out, "t%d", s->lane);
	if (object >= 0)
		fprintf(out, " o%d", object);
	fprintf(out, "%s%s\"><td class=\"n\">%lu</td>",
		s->fails   ? " fails"
		: s->party ? " party"
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

static void print_steps(FILE *out, const struct tale *t, const struct objects *o)
{
	fputs("<h2>All steps</h2>\n<div>\n", out);
	print_filters(out, t, o);
	if (t->dropped)
		fprintf(out, "<p>%zu earlier steps were dropped.</p>\n", t->dropped);
	fputs("<table id=\"steps\"><thead><tr><th>step</th><th>task</th><th>what</th>"
	      "<th>object</th><th>value</th><th>where</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < t->nr; i++)
		print_step(out, t, o, i);
	fputs("</tbody></table>\n</div>\n", out);
}

void tale_html(FILE *out, const void *what)
{
	static struct objects objects;
	const struct tale *t = what;

	collect(&objects, t);
	fputs("<!DOCTYPE html>\n<html lang=\"en\" "
	      "xmlns=\"http://www.w3.org/1999/xhtml\">\n"
	      "<head>\n<meta charset=\"utf-8\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>",
	      out);
	tale_escape(out, t->failure.summary);
	fprintf(out, "</title>\n<style>\n%s%s</style>\n", style, dark_style);
	print_filter_style(out, t, &objects);
	fputs("</head>\n<body>\n", out);
	print_head(out, t);
	print_facts(out, t);
	print_files(out, t);
	print_tasks(out, t);
	print_choices(out, t);
	fputs("<h2>Time line</h2>\n<div class=\"pic\">\n", out);
	tale_svg(out, t);
	fputs("</div>\n", out);
	print_steps(out, t, &objects);
	fputs(script, out);
	fputs("</body>\n</html>\n", out);
}

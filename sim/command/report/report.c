// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim report: the command line of it. A schedule is replayed, and what happened
 * is written for somebody to read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "program/end.h"
#include "program/output.h"
#include "command/recorded.h"
#include "command/report/tale.h"

static const struct format {
	const char *name;
	void (*print)(FILE *out, const void *tale);
} formats[] = {
	{ "txt", tale_text },
	{ "svg", tale_svg },
	{ "html", tale_html },
	{ "json", tale_json },
};

#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

/* struct wishes - the command line */
struct wishes {
	const char *file, *out, *format, *subject, *tree;
	bool all;
};

static struct schedule schedule;

static const struct argp_option options[] = {
	{ "output", 'o', "OUT", 0,
	  "Where to; its ending says what: .txt .svg .html .json", 0 },
	{ "format", 'f', "NAME", 0, "txt, svg, html or json, whatever OUT ends in", 0 },
	{ "all", 'a', NULL, 0, "Fold no step of the time line", 0 },
	{ "subject", 's', "NAME", 0, "Play it on another subject", 0 },
	{ "tree", 't', "DIR", 0, "Play it on fs/fuse of that Linux tree", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct wishes *w = state->input;

	switch (key) {
	case 'o':
		w->out = arg;
		return 0;
	case 'f':
		w->format = arg;
		return 0;
	case 'a':
		w->all = true;
		return 0;
	case 's':
		w->subject = arg;
		return 0;
	case 't':
		w->tree = arg;
		return 0;
	default:
		return take_schedule(key, arg, &w->file, "report on");
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE -o OUT.{txt,svg,html,json}",
	.doc = "Replay the schedule of a failure and write a report of it: the failure, "
	       "what it was found in, who ran when, with which locks. FILE is a schedule "
	       "that explore or shrink wrote. Exit status 0 if OUT was written.",
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(name, formats[i].name))
			return &formats[i];
	return NULL;
}

/* Everything that can be wrong without a replay is told before it. */
static const struct format *check(const struct wishes *w)
{
	const struct format *f;
	const char *name = w->format;

	if (!w->out) {
		complain("name the report: -o OUT.txt, .svg, .html or .json");
		exit(STATUS_USAGE);
	}
	if (!name && strchr(tale_base(w->out), '.'))
		name = strrchr(w->out, '.') + 1;
	f = name ? find_format(name) : NULL;
	if (f)
		return f;
	if (w->format)
		complain("no format %s; there are txt, svg, html and json", w->format);
	else
		complain("%s does not end in .txt, .svg, .html or .json", w->out);
	exit(STATUS_USAGE);
}

int command_report(int argc, char **argv)
{
	struct wishes w = { 0 };
	const struct format *format;
	const struct tale *tale;
	struct player p;
	char err[512];
	int status;

	read_arguments(&argp, argc, argv, &w);
	format = check(&w);
	if (!schedule_read(&schedule, w.file, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	choose_recorded(&schedule, w.subject, w.tree, &p);
	end_doing(schedule.scenario);
	keep_replay(&p, &schedule, false);
	end_doing(NULL);
	tale = tale_take(&schedule, &p, w.all);
	if (!tale->came)
		printf("differs   the failure does not come again: the report says so\n");
	status = output_write(w.out, format->print, tale);
	if (status == STATUS_OK)
		printf("report    %s\n", w.out);
	return status;
}

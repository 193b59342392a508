// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim report: the command line of it. A schedule is replayed, and what happened
 * is written to be read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "program/end.h"
#include "program/output.h"
#include "command/choose/recorded.h"
#include "command/report/timeline.h"

static const struct format {
	const char *name;
	void (*print)(FILE *out, const void *timeline);
} formats[] = {
	{ "txt", timeline_text },
	{ "svg", timeline_svg },
	{ "html", timeline_html },
	{ "json", timeline_json },
};

#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

/* struct arguments - the command line */
struct arguments {
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
	{ "tree", 't', "DIR", 0, "Play it on fs/fuse of that Linux tree, or of REPO@REV",
	  0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'o':
		args->out = arg;
		return 0;
	case 'f':
		args->format = arg;
		return 0;
	case 'a':
		args->all = true;
		return 0;
	case 's':
		args->subject = arg;
		return 0;
	case 't':
		args->tree = arg;
		return 0;
	default:
		return take_schedule(key, arg, &args->file, "report on");
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE -o OUT.{txt,svg,html,json}",
	.doc = "Replay the schedule of a failure and write a report of it: the failure, "
	       "what it was found in, which task ran when, with which locks. FILE is a "
	       "schedule "
	       "that explore or shrink wrote. Exit status 0 if OUT was written.",
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(name, formats[i].name))
			return &formats[i];
	return NULL;
}

/* Everything that can be wrong without a replay is refused before it. */
static const struct format *check(const struct arguments *args)
{
	const struct format *f;
	const char *name = args->format;

	if (!args->out) {
		complain("name the report: -o OUT.txt, .svg, .html or .json");
		exit(STATUS_USAGE);
	}
	if (!name && strchr(timeline_base(args->out), '.'))
		name = strrchr(args->out, '.') + 1;
	f = name ? find_format(name) : NULL;
	if (f)
		return f;
	if (args->format)
		complain("no format %s; there are txt, svg, html and json", args->format);
	else
		complain("%s does not end in .txt, .svg, .html or .json", args->out);
	exit(STATUS_USAGE);
}

int command_report(int argc, char **argv)
{
	struct arguments args = { 0 };
	const struct format *format;
	const struct timeline *timeline;
	struct player p;
	char err[512];
	bool elsewhere;
	int status;

	read_arguments(&argp, argc, argv, &args);
	format = check(&args);
	if (!schedule_read(&schedule, args.file, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	if (output_check(args.out) != STATUS_OK)
		return STATUS_USAGE;
	elsewhere = choose_recorded(&schedule, args.subject, args.tree, &p);
	end_doing(schedule.scenario);
	follow_recorded(&p, &schedule, elsewhere);
	end_doing(NULL);
	timeline = timeline_of_replay(&schedule, &p, args.all);
	if (!timeline->came)
		printf("differs   the failure does not come again: the report says so\n");
	status = output_write(args.out, format->print, timeline);
	if (status == STATUS_OK)
		printf("report    %s\n", args.out);
	return status;
}

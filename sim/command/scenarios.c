// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim scenarios: its name, the capabilities that it needs, what happens in it; or
 * one of them as a scenario file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/choose/caps.h"
#include "command/choose/choose.h"
#include "command/command.h"
#include "program/end.h"
#include "text/text.h"
#include "world/driver.h"

/* struct arguments - the command line */
struct arguments {
	const char *print, *subject, *tree;
	bool small, words;
};

static const struct argp_option options[] = {
	{ "print", 'p', "NAME", 0,
	  "Print that scenario as a scenario file, as it goes in the default order", 0 },
	{ "small", 0x101, NULL, 0, "... as a search plays it, with fewer tasks", 0 },
	{ "words", 0x102, NULL, 0, "List the words of scenario files", 0 },
	{ "subject", 's', "NAME", 0, "... played on that subject [bufring]", 0 },
	{ "tree", 't', "DIR", 0, "... on fs/fuse of that Linux tree, or of REPO@REV", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'p':
		args->print = arg;
		return 0;
	case 's':
		args->subject = arg;
		return 0;
	case 't':
		args->tree = arg;
		return 0;
	case 0x101:
		args->small = true;
		return 0;
	case 0x102:
		args->words = true;
		return 0;
	case ARGP_KEY_ARG:
		complain("%s is one argument too many", arg);
		exit(STATUS_USAGE);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "List the scenarios, or print one of them as a scenario file, which run "
	       "and "
	       "explore take as they take a name. What a file cannot say is a comment in "
	       "it.",
};

/* ---- the list ---- */

static int width_of(const struct driver *d)
{
	int width = (int)strlen("SCENARIO");

	for (unsigned int i = 0; i < d->nr_scenarios; i++)
		if ((int)strlen(d->scenarios[i]->name) > width)
			width = (int)strlen(d->scenarios[i]->name);
	return width;
}

static void print_driver(const struct driver *d)
{
	int width = width_of(d);
	char needs[64];

	printf("%-*s  %-18s  %s\n", width, "SCENARIO", "NEEDS", d->summary);
	for (unsigned int i = 0; i < d->nr_scenarios; i++) {
		const struct scenario *s = d->scenarios[i];

		printf("%-*s  %-18s  %s\n", width, s->name,
		       caps_words(d, s->needs, "-", needs, sizeof(needs)), s->summary);
	}
}

static int list_all(void)
{
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		print_driver(program_drivers[i].driver);
	return STATUS_OK;
}

static int list_words(void)
{
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		if (program_drivers[i].driver->words)
			text_print_words(stdout, program_drivers[i].driver);
	return STATUS_OK;
}

/* ---- one as a file ---- */

static int print_one(const struct arguments *args)
{
	const char *const name[] = { args->print };
	const struct choice choice = { args->subject, args->tree, name, 1 };
	struct player *p;
	struct world *w;

	choose_players(&choice, args->small ? CHOOSE_TO_SEARCH : CHOOSE_TO_RUN, &p);
	if (!p->subject || !p->driver->words) {
		complain("%s cannot be said in a scenario file", args->print);
		return STATUS_USAGE;
	}
	end_doing(p->scenario->name);
	queued_watch(p->driver->words->note);
	w = player_play(p, NULL);
	queued_watch(NULL);
	end_doing(NULL);
	if (!w) {
		complain("%s cannot be played on %s", args->print, p->subject->name);
		return STATUS_SIMULATOR;
	}
	text_print(stdout, p->driver, p->scenario, w);
	free(p);
	return STATUS_OK;
}

int command_scenarios(int argc, char **argv)
{
	struct arguments args = { 0 };

	read_arguments(&argp, argc, argv, &args);
	if (args.print && args.words) {
		complain("either --print or --words");
		return STATUS_USAGE;
	}
	if (args.print)
		return print_one(&args);
	if (args.subject || args.tree || args.small) {
		complain("--%s is of --print: what is to be printed? --print NAME",
			 args.small  ? "small"
			 : args.tree ? "tree"
				     : "subject");
		return STATUS_USAGE;
	}
	if (args.words)
		return list_words();
	return list_all();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: finds the subcommand, and sees to it that it ends with
 * a status, and one line if it fails.
 */
#include "command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/end.h"
#include "program/near.h"
#include "shim/oops.h"
#include "version.h"
#include "world/driver.h"

static const struct subcommand subcommands[] = {
	{ "subjects", "the kernel code that can be run, and what it was built from",
	  command_subjects },
	{ "scenarios", "the scenarios that can be played", command_scenarios },
	{ "run", "play scenarios once, in the default order, and show the trace",
	  command_run },
	{ "explore", "play scenarios in many orders, keep a schedule of each failure",
	  command_explore },
	{ "fuzz", "generate scenarios, keep what covers something new, and what fails",
	  command_fuzz },
	{ "replay", "play the schedule of a failure again", command_replay },
	{ "shrink", "take away from a schedule what its failure does not need",
	  command_shrink },
	{ "report", "replay the schedule of a failure, and write a report of it",
	  command_report },
	{ "compare", "say what is new and what is fixed between two trees or results",
	  command_compare },
	{ "check", "likewise, of each commit of a series", command_check },
	{ "bisect", "find the commit with which a failure came", command_bisect },
	{ "fidelity", "compare with a real kernel, check by check", command_fidelity },
	{ "bench", "measure round trips, buffer rings and what they save",
	  command_bench },
	{ "cache", "list what is in the cache, and remove what nobody needs",
	  command_cache },
	{ NULL, NULL, NULL },
};

const char *argp_program_version = "uringsim " URINGSIM_VERSION " (" URINGSIM_COMMIT ")";

/* ---- finding one: ours, then those of the drivers ---- */

typedef void (*each_fn)(const struct subcommand *s, void *arg);

static void each(const struct subcommand *list, each_fn fn, void *arg)
{
	for (; list && list->name; list++)
		fn(list, arg);
}

static void each_command(each_fn fn, void *arg)
{
	each(subcommands, fn, arg);
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		each(program_drivers[i].commands, fn, arg);
}

/* struct lookup - a name, and the command of that name or a near one */
struct lookup {
	const char *name;
	const struct subcommand *found;
	struct near near;
};

static void look(const struct subcommand *s, void *arg)
{
	struct lookup *l = arg;

	if (!strcmp(s->name, l->name))
		l->found = s;
	near_offer(&l->near, s->name);
}

const struct driver *command_driver(const struct subject *subject)
{
	for (unsigned int i = 0; program_drivers[i].driver; i++)
		if (!strcmp(program_drivers[i].driver->name, subject->driver->name))
			return program_drivers[i].driver;
	return NULL;
}

/* what is left of the command line when the subcommand has been found */
struct rest {
	int argc;
	char **argv;
};

static error_t until_command(int key, char *arg, struct argp_state *state)
{
	struct rest *rest = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		(void)arg;
		rest->argc = state->argc - state->next + 1;
		rest->argv = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		complain("name a command: subjects, scenarios or run (see --help)");
		exit(STATUS_USAGE);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_command(const struct subcommand *s, void *out)
{
	fprintf(out, "  %-18s %s\n", s->name, s->summary);
}

/* the text of --help after the options */
static char *list_commands(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t len;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	out = open_memstream(&list, &len);
	if (!out)
		return NULL;
	fputs("Commands:\n", out);
	each_command(print_command, out);
	fputs("\n" EXIT_STATUSES, out);
	fclose(out);
	return list;
}

static int unknown_command(const struct lookup *l)
{
	if (l->near.best)
		complain("no command %s; did you mean %s?", l->name, l->near.best);
	else
		complain("no command %s (see --help)", l->name);
	return STATUS_USAGE;
}

static int dispatch(struct rest rest)
{
	struct lookup l = { .name = rest.argv[0], .near = { .typed = rest.argv[0] } };
	char title[64];

	each_command(look, &l);
	if (!l.found)
		return unknown_command(&l);
	snprintf(title, sizeof(title), "uringsim %s", l.name);
	rest.argv[0] = title;
	return l.found->run(rest.argc, rest.argv);
}

int command_main(int argc, char **argv)
{
	const struct argp argp = {
		.parser = until_command,
		.args_doc = "COMMAND [ARGUMENT...]",
		.doc = "Run a kernel's own io_uring command code in one process.",
		.help_filter = list_commands,
	};
	static char name[] = "uringsim";
	struct rest rest = { 0, NULL };

	end_prepare(shim_oops);
	argv[0] = name;
	read_arguments(&argp, argc, argv, &rest);
	return end_with(dispatch(rest));
}

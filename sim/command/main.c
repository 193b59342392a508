// SPDX-License-Identifier: GPL-2.0-only
/*
 * The uringsim program: finds the subcommand, and sees to it that it ends with
 * a status and a line that tell the truth.
 */
#include "command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/end.h"
#include "command/near.h"

static const struct subcommand subcommands[] = {
	{ "subjects", "the kernel code that can be run, and what it was built from",
	  command_subjects },
	{ "scenarios", "the stories that can be played", command_scenarios },
	{ "run", "play scenarios once, in the default order, and show the trace",
	  command_run },
	{ "explore", "play scenarios in many orders, keep a schedule of each failure",
	  command_explore },
	{ "replay", "play the schedule of a failure again", command_replay },
	{ "shrink", "take away from a schedule what its failure does not need",
	  command_shrink },
	{ "report", "replay the schedule of a failure, and write a report of it",
	  command_report },
	{ "export-reproducer", "make of a schedule a program for a real kernel",
	  command_export_reproducer },
	{ "fidelity", "compare with a real kernel, check by check", command_fidelity },
	{ "bench", "measure round trips, buffer rings and what they save",
	  command_bench },
};

#define NR_SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

const char *argp_program_version = "uringsim " URINGSIM_VERSION;

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

/* the text of --help after the options */
static char *list_commands(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t len, i;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	out = open_memstream(&list, &len);
	if (!out)
		return NULL;
	fputs("Commands:\n", out);
	for (i = 0; i < NR_SUBCOMMANDS; i++)
		fprintf(out, "  %-10s %s\n", subcommands[i].name, subcommands[i].summary);
	fputs("\nExit status: 0 nothing found, 1 a failure found, 2 wrong usage or\n"
	      "broken input, 3 the simulator itself failed.\n",
	      out);
	fclose(out);
	return list;
}

static int unknown_command(const char *name)
{
	struct near near = { .typed = name };
	size_t i;

	for (i = 0; i < NR_SUBCOMMANDS; i++)
		near_offer(&near, subcommands[i].name);
	if (near.best)
		complain("no command %s; did you mean %s?", name, near.best);
	else
		complain("no command %s (see --help)", name);
	return STATUS_USAGE;
}

static int dispatch(struct rest rest)
{
	char title[64];
	size_t i;

	for (i = 0; i < NR_SUBCOMMANDS; i++) {
		const struct subcommand *s = &subcommands[i];

		if (strcmp(rest.argv[0], s->name) != 0)
			continue;
		snprintf(title, sizeof(title), "uringsim %s", s->name);
		rest.argv[0] = title;
		return s->run(rest.argc, rest.argv);
	}
	return unknown_command(rest.argv[0]);
}

int main(int argc, char **argv)
{
	const struct argp argp = {
		.parser = until_command,
		.args_doc = "COMMAND [ARGUMENT...]",
		.doc = "Run a kernel's fs/fuse/dev_uring.c in one process.",
		.help_filter = list_commands,
	};
	static char name[] = "uringsim";
	struct rest rest = { 0, NULL };

	end_prepare();
	argv[0] = name;
	read_arguments(&argp, argc, argv, &rest);
	return end_with(dispatch(rest));
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the subcommands of uringsim share: exit statuses, and one line for
 * whoever used the program wrongly.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <argp.h>

/** enum status - exit status, a contract with scripts */
enum status {
	STATUS_OK,	  /* nothing found */
	STATUS_FOUND,	  /* a failure was found */
	STATUS_USAGE,	  /* wrong usage or broken input: one line on stderr */
	STATUS_SIMULATOR, /* the simulator itself failed */
};

/** struct subcommand - one word of the command line */
struct subcommand {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

int command_subjects(int argc, char **argv);
int command_scenarios(int argc, char **argv);
int command_run(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_explore(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_shrink(int argc, char **argv);
int command_fidelity(int argc, char **argv);
int command_report(int argc, char **argv);
int command_export_reproducer(int argc, char **argv);

/** complain() - one line on stderr, with the program's name before it */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * read_arguments() - argp_parse() whose errors take one line and end the program
 * with STATUS_USAGE
 */
void read_arguments(const struct argp *argp, int argc, char **argv, void *input);

/**
 * take_schedule() - what a parser leaves, for a subcommand of one schedule
 * @key, @arg: the parser's
 * @file: its path goes there
 * @to_do: words for what is done with it, e.g. "shrink"
 *
 * None, or more than one, end the program. Return: the parser's.
 */
error_t take_schedule(int key, char *arg, const char **file, const char *to_do);

/** no_arguments() - for a subcommand that takes none */
void no_arguments(const char *summary, int argc, char **argv);

#endif /* COMMAND_COMMAND_H */

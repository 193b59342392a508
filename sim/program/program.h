/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command of the program needs: exit statuses, one line for a wrong usage,
 * reading arguments, and where the program's own files are.
 */
#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include <argp.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/** enum status - exit status, a contract with scripts */
enum status {
	STATUS_OK,    /* nothing found, and all that was asked for was done */
	STATUS_FOUND, /* a failure was found */
	STATUS_USAGE, /* wrong usage or broken input, or nothing found and not all could
		       * be written: one line on stderr
		       */
	STATUS_SIMULATOR, /* the simulator itself failed */
	STATUS_CUT,	  /* nothing found until it was interrupted, or time was over;
			   * of a replay: it diverged
			   */
	STATUS_TREE, /* the tree does not compile, or calls what the fake kernel lacks */
	STATUS_SKIP = 125 /* --bisect: this tree cannot be judged */
};

/** EXIT_STATUSES - the end of the text of --help; README.md has the same */
#define EXIT_STATUSES                                                                    \
	"Exit status:\n"                                                                 \
	"  0    nothing found, and all that was asked for was done; of replay: the\n"    \
	"       failure did not come, or is a known report\n"                            \
	"  1    a failure found, whether or not all could be written; of replay: it\n"   \
	"       came, in gdb, too\n"                                                     \
	"  2    wrong usage or broken input, or nothing found and not all could be\n"    \
	"       written: one line on stderr\n"                                           \
	"  3    the simulator itself failed\n"                                           \
	"  4    nothing found until it was interrupted, or out of time before all\n"     \
	"       was started; of replay: it left the schedule, and the failure did\n"     \
	"       not come\n"                                                              \
	"  5    a tree that does not fit or does not compile, or calls what the fake\n"  \
	"       kernel lacks\n"                                                          \
	"  125  with --bisect, for git bisect run: this tree cannot be judged, or the\n" \
	"       simulator failed\n"                                                      \
	"  130  Ctrl-C where nothing is searched or measured, or once more\n"            \
	"  141  nobody reads what it prints (SIGPIPE)\n"

/** struct subcommand - one word of the command line; a list of them ends without a name
 */
struct subcommand {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

/** complain() - one line on stderr, with the program's name before it */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * read_arguments() - argp_parse() whose errors take one line and end the program
 * with STATUS_USAGE
 */
void read_arguments(const struct argp *argp, int argc, char **argv, void *input);

/**
 * option_number() - the argument of --@option, from @min to @max; ends the program with
 * STATUS_USAGE if it is none
 */
uint64_t option_number(const char *option, const char *text, uint64_t min, uint64_t max);
/** option_seconds() - likewise, above 0 */
double option_seconds(const char *option, const char *text);

/**
 * take_schedule() - default case of a parser, for a subcommand that takes one schedule
 * @key, @arg: the parser's
 * @file: its path goes there
 * @to_do: words for what is done with it, e.g. "shrink"
 *
 * Ends the program if there is none or more than one. Return: for the parser to return.
 */
error_t take_schedule(int key, char *arg, const char **file, const char *to_do);

/** no_arguments() - for a subcommand that takes none */
void no_arguments(const char *summary, int argc, char **argv);

/**
 * program_root() - the folder that has tools/, kernel_shim/ and sim/: the source tree
 * above a program in a build folder, or share/uringsim beside the bin/ that it is in
 *
 * Return: its path; "." if there is none, so that what is missing is named below it.
 */
const char *program_root(void);

/**
 * program_file() - a file or folder below program_root()
 * @path: gets it
 * @name: relative, e.g. "tools/gdb/uringsim.py"
 *
 * Return: whether it is there.
 */
bool program_file(char path[PATH_MAX], const char *name);

/** program_helper() - likewise, a program that is built along with this one */
bool program_helper(char path[PATH_MAX], const char *name);

/** program_complain_tool() - say why the tool @path could not be started: @error is its
 * errno */
void program_complain_tool(const char *path, int error);

/** program_command() - how the program is called by its user: "uringsim", or "./run" */
const char *program_command(void);

/** program_short() - @path as it is printed: relative to program_root(), if it is below
 */
const char *program_short(const char *path);

#endif /* PROGRAM_PROGRAM_H */

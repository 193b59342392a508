/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of uringsim, and the drivers that a program has them for.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "program/program.h"

struct benchmark;
struct driver;
struct subject;

/**
 * struct program_driver - a driver, and what it adds to the command line
 * @driver: NULL: the list ends
 * @benchmarks: for "uringsim bench"; ended by NULL; or NULL
 * @commands: ended by one without a name; or NULL
 */
struct program_driver {
	const struct driver *driver;
	const struct benchmark *const *benchmarks;
	const struct subcommand *commands;
};

/** program_drivers - of this program, which defines it; the first is the default */
extern const struct program_driver program_drivers[];

/** command_main() - main() of a program with these drivers */
int command_main(int argc, char **argv);

/** command_driver() - of a subject; NULL: this program has no such driver */
const struct driver *command_driver(const struct subject *subject);

int command_subjects(int argc, char **argv);
int command_scenarios(int argc, char **argv);
int command_run(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_explore(int argc, char **argv);
int command_fuzz(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_shrink(int argc, char **argv);
int command_fidelity(int argc, char **argv);
int command_report(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_check(int argc, char **argv);
int command_bisect(int argc, char **argv);
int command_cache(int argc, char **argv);

#endif /* COMMAND_COMMAND_H */

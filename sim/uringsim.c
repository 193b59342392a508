// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program uringsim: the command line, with the drivers that it has.
 */
#include "command/command.h"
#include "fuse/bench/bench_fuse.h"
#include "fuse/fuse.h"
#include "fuse/reproduce/export.h"

static const struct subcommand fuse_commands[] = {
	{ "export-reproducer", "make of a schedule a program for a real kernel",
	  command_export_reproducer },
	{ NULL, NULL, NULL },
};

const struct program_driver program_drivers[] = {
	{ &fuse_driver, fuse_benchmarks, fuse_commands },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return command_main(argc, argv);
}

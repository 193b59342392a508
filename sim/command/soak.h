/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * uringsim fuzz --soak.
 */
#ifndef COMMAND_SOAK_H
#define COMMAND_SOAK_H

#include "command/verdict/verdict.h"
#include "engine/soak.h"

/**
 * struct soak_command - what the command line asks for
 * @terminal: stderr is one: what there is so far may be written over
 */
struct soak_command {
	struct player player;
	struct soak_options options;
	const char *json, *junit;
	struct verdict *verdict;
	bool terminal;
};

/** soak_command() - do it, print what came of it. Return: the exit status */
int soak_command(struct soak_command *c);

#endif /* COMMAND_SOAK_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A saved result whose failures are known: only what is new fails.
 */
#ifndef COMMAND_BASELINE_H
#define COMMAND_BASELINE_H

/**
 * baseline_load() - have the groups of failures of a saved result known
 * @path: what --json of run, explore or fuzz wrote
 *
 * After the suppressions, before anything is played. Ends the program with STATUS_USAGE
 * and one line if the file is no such result.
 */
void baseline_load(const char *path);

#endif /* COMMAND_BASELINE_H */

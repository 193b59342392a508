/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where built subjects are looked for: $URINGSIM_SUBJECTS if it is set, then subjects/
 * beside the running program, then ../lib/uringsim/subjects, where they are installed.
 */
#ifndef SUBJECT_PATH_H
#define SUBJECT_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define SUBJECT_DIRS 3

/** subject_dirs() - the folders, in order of search. Return: how many */
unsigned int subject_dirs(char dirs[SUBJECT_DIRS][PATH_MAX]);

/**
 * subject_path() - the shared object of a subject
 * @name: a subject's name, or a path (with a slash) that is taken as it is
 * @path: filled, at most PATH_MAX bytes
 *
 * Return: whether there is such a file.
 */
bool subject_path(const char *name, char path[PATH_MAX]);

/** subject_path_hooked() - likewise; with hooks, if built and if this program has them */
bool subject_path_hooked(const char *name, char path[PATH_MAX]);

#endif /* SUBJECT_PATH_H */

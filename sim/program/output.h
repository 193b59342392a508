/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing a file that the command line names.
 */
#ifndef PROGRAM_OUTPUT_H
#define PROGRAM_OUTPUT_H

#include <stdio.h>

/**
 * output_check() - before the work whose result is to be written
 *
 * Return: STATUS_OK, or STATUS_USAGE with a line when @path cannot be written.
 */
int output_check(const char *path);

/** output_check_results() - likewise, of --json and --junit, each NULL if it is not there
 */
int output_check_results(const char *json, const char *junit);

/** output_check_folder() - likewise, whether files can be made in the folder @path, which
 * is made later if it is not there
 */
int output_check_folder(const char *path);

/**
 * output_write() - let @print write @path; all or nothing if it is an ordinary file
 *
 * Return: STATUS_OK, or STATUS_USAGE with a line when it cannot be written.
 */
int output_write(const char *path, void (*print)(FILE *out, const void *what),
		 const void *what);

#endif /* PROGRAM_OUTPUT_H */

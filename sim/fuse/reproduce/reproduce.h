/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a schedule to a program for a real kernel: the order of its steps, whether a
 * program can do them, and the C source.
 */
#ifndef FUSE_REPRODUCE_REPRODUCE_H
#define FUSE_REPRODUCE_REPRODUCE_H

#include <stdio.h>

#include "engine/keep.h"
#include "fuse/steps.h"

/**
 * order_find() - an order of the scenario's steps in which the failure comes although no
 * step begins before all tasks rest or wait
 * @p: what is played
 * @s: the failure
 *
 * The schedule's own order is tried first, then all others up to a bound. Afterwards
 * the steps, the checks and the reports are those of that execution.
 *
 * Return: false if there is none; @all: every order was tried.
 */
bool order_find(const struct player *p, struct schedule *s, bool *all);

/**
 * program_refuses() - why a program cannot do the steps, or not see their outcome; NULL:
 * it can
 * @scenario: that was played
 */
const char *program_refuses(const struct schedule *s, const struct scenario *scenario);

/** program_print_steps() - the scenario as tables, which name functions of steps */
void program_print_steps(FILE *out);

/** program_print_functions() - the functions that program_print_steps() has named */
void program_print_functions(FILE *out);

/** text_of() - an embedded part, without the line with its licence */
const char *text_of(const char *part);

/** struct program - what program_print() and program_print_boot() print */
struct program {
	const char *file; /* of the schedule, without its folders */
	const struct schedule *schedule;
};

/** program_print() - reproducer.c; @what: struct program */
void program_print(FILE *out, const void *what);

/** program_print_boot() - boot.sh; @what: struct program */
void program_print_boot(FILE *out, const void *what);

/** c_string() - in double quotes, escaped */
void c_string(FILE *out, const char *text);

#endif /* FUSE_REPRODUCE_REPRODUCE_H */

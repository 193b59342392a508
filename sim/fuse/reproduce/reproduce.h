/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a schedule to a program for a real kernel: the order of its steps, whether
 * somebody outside could do them, and the C source.
 */
#ifndef FUSE_REPRODUCE_REPRODUCE_H
#define FUSE_REPRODUCE_REPRODUCE_H

#include <stdio.h>

#include "engine/keep.h"
#include "fuse/steps.h"

/**
 * order_find() - an order of the story's steps in which the failure comes although
 * nobody begins a step before the others have come to rest
 * @p: who plays
 * @s: the failure
 *
 * The schedule's own order is tried first, then all others up to a bound. Afterwards
 * the steps, the checks and the reports are those of that execution.
 *
 * Return: false if there is none; @all: every order was tried.
 */
bool order_find(const struct player *p, struct schedule *s, bool *all);

/**
 * story_refuses() - why the steps cannot be done by a program, or their outcome not be
 * seen by one; NULL: they can
 */
const char *story_refuses(const struct schedule *s);

/** story_print() - the part of the program that is the story */
void story_print(FILE *out);

/** story_uses() - Return: whether the story has a step that is @function */
bool story_uses(const char *function, size_t len);

/** struct program - what program_print() and program_print_boot() are told */
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

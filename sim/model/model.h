/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Models of the search itself: small programs against the shim's primitives whose
 * number of executions, or whose mistake, is known. On the command line they are
 * the scenarios of subject "model".
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>

#define MODEL_MAX_TASKS 8

struct model_family;

/**
 * struct model - one of a family, with its numbers
 * @name: as on the command line, e.g. "ring-3x2x2"
 * @tasks, @rounds, @buffers: what its name says; families without them ignore them
 */
struct model {
	char name[32];
	const struct model_family *family;
	unsigned int tasks, rounds, buffers;
};

/**
 * model_find() - the model that @name means
 *
 * Return: false when there is none, or its numbers are out of bounds.
 */
bool model_find(const char *name, struct model *m);

/** model_hooked() - whether each access of the models is announced: shim/hook.h */
bool model_hooked(void);

/**
 * model_open() - reset the fake kernel and create the model's tasks
 *
 * Context: the main context. Makes no system call
 */
void model_open(const struct model *m);

/** model_check() - after an execution: report tasks that did not end, and wrong results
 */
void model_check(const struct model *m);

/** model_usual() - name number @i of those that are meant if none is named, or NULL */
const char *model_usual(unsigned int i);

/** model_forms() - "ring-TASKS, ...": the names there are, for messages */
const char *model_forms(void);

#endif /* MODEL_MODEL_H */

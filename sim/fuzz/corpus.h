/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that cover what no other one does: in memory as text, and in a folder as
 * FILE.scenario, whose name is a hash of what it says.
 */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include "fuzz/vocabulary.h"

/**
 * struct corpus_entry - a program
 * @covers: how many numbers it brought
 */
struct corpus_entry {
	char *bytes;
	size_t size;
	unsigned int covers;
};

/** struct corpus - all of them; zeroed: empty */
struct corpus {
	struct corpus_entry *at;
	unsigned int nr, space;
};

/** corpus_add() - copies @bytes. Return: false: out of memory */
bool corpus_add(struct corpus *c, const char *bytes, size_t size, unsigned int covers);

/**
 * corpus_read() - add the scenario files of a folder, the smallest first; those that are
 * no scenarios of this driver, or say more than a program can, are left out
 * @left_out: counts them
 *
 * Return: false, with a line in @err: the folder cannot be read.
 */
bool corpus_read(struct corpus *c, const char *dir, unsigned int *left_out, char *err,
		 size_t len);

/** corpus_write() - a program into a folder. Return: false, with a line in @err */
bool corpus_write(const char *dir, const char *name, const char *bytes, size_t size,
		  char *err, size_t len);

/** corpus_program() - entry @i, read. Return: false: it is no program */
bool corpus_program(const struct corpus *c, unsigned int i, const struct vocabulary *v,
		    struct text *t, struct program *p);

/** corpus_drop() - take away each entry whose number @gone says so of */
void corpus_drop(struct corpus *c, bool (*gone)(void *arg, unsigned int nr), void *arg);

void corpus_free(struct corpus *c);

#endif /* FUZZ_CORPUS_H */

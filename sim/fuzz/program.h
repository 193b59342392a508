/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scenario file as a generator has it: lines whose words can be taken away, changed and
 * put elsewhere. Printed it is a scenario file, and a scenario file that was read becomes
 * one. It has no pointers into itself: it is copied like a number, also between processes
 * of one program.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/chance.h"
#include "text/text.h"

#define PROGRAM_LINES	 64
#define PROGRAM_ACTORS	 12 /* the server's main thread is number 0 */
#define PROGRAM_SETTINGS 32
#define PROGRAM_NAMES	 8
#define PROGRAM_HAS	 3
#define PROGRAM_TEXT	 16384 /* bytes, printed */
#define PROGRAM_NAME	 16    /* of its scenario, with the zero */

struct vocabulary;

/**
 * struct program_value - of an argument
 * @ref: number of a record, an actor or a name
 */
struct program_value {
	long long number;
	bool given, relative;
	int16_t ref;
};

enum program_what { LINE_CALL, LINE_ACTOR, LINE_SET_UP };

/**
 * struct program_line - one line
 * @actor: that does it, or is created
 * @has, @nr_has: actors of which each has the next one do something, the last one @actor
 * @as: number of the record that it makes; -1: without a name
 */
struct program_line {
	enum program_what what;
	uint8_t actor, nr_has, has[PROGRAM_HAS];
	int16_t as;
	const struct text_call *call;
	struct program_value v[TEXT_ARGS];
};

struct program_actor {
	bool server, unprivileged, has_flags;
	uint8_t cpu;
	unsigned int ring_flags;
};

/**
 * struct program - all lines
 * @setting: as the vocabulary numbers them
 * @chances: what may happen besides when it is played; a comment of the file
 */
struct program {
	unsigned int nr_actors, nr_lines, nr_records, nr_names;
	struct chances chances;
	struct {
		bool given;
		unsigned int value;
	} setting[PROGRAM_SETTINGS];
	struct program_actor actors[PROGRAM_ACTORS];
	char names[PROGRAM_NAMES][PROGRAM_NAME];
	struct program_line lines[PROGRAM_LINES];
};

/** program_clear() - nothing but the server's main thread */
void program_clear(struct program *p);

/** program_copy() - only what is in use */
void program_copy(struct program *to, const struct program *from);

/** program_drop() - take away @n lines from @at on */
void program_drop(struct program *p, unsigned int at, unsigned int n);

/** program_insert() - a cleared line before line @at. Return: NULL: there is no space */
struct program_line *program_insert(struct program *p, unsigned int at);

/**
 * program_text() - as a scenario file
 * @text: gets PROGRAM_TEXT bytes at most
 * @name: set to its scenario's, which is made of a hash of the rest
 *
 * Return: its length; 0: it is too long.
 */
size_t program_text(const struct program *p, const struct vocabulary *v, char *text,
		    char name[PROGRAM_NAME]);

/**
 * program_of() - a file that was read
 * @bytes: of the file, for the comment about chances
 *
 * Expectations are left out. Return: false: it says more than fits.
 */
bool program_of(struct program *p, const struct vocabulary *v, const struct text *t,
		const char *bytes);

/**
 * program_repair() - take away what a file cannot say: lines of actors that are not
 * there, and with records that nothing makes. What is right stays as it is
 */
void program_repair(struct program *p, const struct vocabulary *v);

#endif /* FUZZ_PROGRAM_H */

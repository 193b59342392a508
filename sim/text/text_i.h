/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scenario file as the parser leaves it and the interpreter plays it, and what the two
 * share with the lexer.
 */
#ifndef TEXT_TEXT_I_H
#define TEXT_TEXT_I_H

#include "text/text.h"

struct near;

#define TEXT_LINE	  512	     /* characters, at most */
#define TEXT_FILE	  (1u << 20) /* bytes, at most */
#define TEXT_WORDS	  64	     /* of a line */
#define TEXT_ACTORS	  20	     /* besides the server's main thread */
#define TEXT_STATEMENTS	  256
#define TEXT_EXPECTATIONS 200
#define TEXT_NAMES	  128 /* of records */
#define TEXT_HAS	  4 /* actors that one after the other have the next do something */
#define TEXT_VALUES	  6  /* of an expectation */
#define TEXT_NAME_LEN	  15 /* of an actor or a record: a task's name in Linux */
#define TEXT_CONFIG	  256

/* ---- lines ---- */

/** struct text_line - words of a line, and where they begin; lines without any are left
 *  out
 */
struct text_line {
	unsigned int nr, words, ends_at;
	char *word[TEXT_WORDS];
	unsigned int column[TEXT_WORDS];
	const char *rest; /* behind the first word, with its blanks */
	char copy[TEXT_LINE + 1];
};

/** struct text_source - a file in memory, and where a mistake was */
struct text_source {
	const char *path;
	char *bytes, *next;
	size_t size;
	unsigned int line;
	char *err;
	size_t len;
	bool failed;
};

bool text_load(struct text_source *s);
/* likewise, from memory */
bool text_copy(struct text_source *s, const char *bytes);
/* Return: false: there is none, or @s->failed */
bool text_next_line(struct text_source *s, struct text_line *l);

/* the first mistake stays; Return: false */
bool text_wrong(struct text_source *s, unsigned int line, unsigned int column,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* the same but for '-' and '_' */
bool text_same(const char *a, const char *b);
/* decimal or 0x..., with or without a sign */
bool text_number(const char *word, long long *value);
bool text_error(const char *word, long long *value);
void text_offer_errors(struct near *near);

/* ---- what a file says ---- */

/**
 * struct text_statement - one line that does something
 * @what: DO_SET_UP: set-up ends here
 * @actor: DO_CALL: who does it; DO_ACTOR: who is created
 * @has: actors of which each has the next one do something, the last one @actor
 * @done: how many of these have, in this execution
 * @v: DO_CALL: of the arguments of @call, text_values() of them
 * @as: slot of what it makes; -1: without a name
 */
struct text_statement {
	enum { DO_ACTOR, DO_CALL, DO_SET_UP } what;
	struct text *text;
	unsigned int actor, nr_has, done;
	unsigned int has[TEXT_HAS];
	const struct text_call *call;
	struct text_value *v;
	int as;
};

struct text_actor {
	char name[TEXT_NAME_LEN + 1];
	bool server, unprivileged, has_flags, after_set_up;
	unsigned int cpu, ring_flags;
};

/** struct text_range - values that are right */
struct text_range {
	long long from, to;
	bool pending; /* none, yet */
};

/**
 * struct text_expectation - one check
 * @slot: of the record; -1: @thing, number @nr
 */
struct text_expectation {
	struct sched_site site;
	int slot;
	const struct text_thing *thing;
	unsigned int nr;
	bool not ;
	const struct text_property *property;
	unsigned int nr_values;
	struct text_range values[TEXT_VALUES];
};

/** struct text_name - of a record */
struct text_name {
	char name[TEXT_NAME_LEN + 1];
	unsigned int kind;
};

/**
 * struct text - a file that was read
 * @next: the one that was read before
 * @path: absolute; @given: as it was named
 * @bytes: built in, and read no farther than its head, until it is played
 * @noted: the condition of which text_note() tells, and @noted_line where; NULL: none
 * @records: what the calls of this execution made, by slot
 * @actor: of this execution
 */
struct text {
	struct text *next;
	struct scenario scenario;
	const struct driver *driver;
	const struct text_words *words;
	char *path, *given;
	const char *bytes;
	uint64_t hash;
	const struct text_condition *noted;
	unsigned int noted_line;
	_Alignas(16) unsigned char config[TEXT_CONFIG];
	unsigned int nr_actors, nr_statements, nr_expectations, nr_names;
	struct text_actor actors[TEXT_ACTORS + 1];
	struct text_name *names;
	struct text_statement *statements;
	struct text_value *values; /* of all of them */
	struct text_expectation *expectations;
	void **records;
	struct actor *actor[TEXT_ACTORS + 1];
};

/* play.c: calls that every driver's actors know */
extern const struct text_call text_calls[];
/* config.c: settings that every driver has */
extern const struct text_setting text_settings[];
extern const struct text_choice text_ring_flags[];
extern const unsigned int text_large_sqes, text_mixed_sqes;
/* condition.c; a list is never NULL */
const struct text_condition *text_conditions(const struct text_words *words);
/* @value: of the setting that @c names */
bool text_allows(const struct text_condition *c, unsigned int value);
unsigned int text_setting_value(const struct text_setting *s,
				const unsigned char *config);
/*
 * Return: why io_uring_setup() refuses a ring with such flags, and @word: of which of
 * them; NULL: it does not
 */
const char *text_ring_flags_wrong(unsigned int flags, const char **word);
/* as it takes them: with what it refuses them without, and without what it refuses them
 * with
 */
unsigned int text_whole_ring_flags(unsigned int flags);

#endif /* TEXT_TEXT_I_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenario files (docs/scenario-files.md): what one may say, which is a table of the
 * driver's, and a file that was read: a scenario like one in C.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "world/driver.h"
#include "world/queued.h"

#define TEXT_ARGS 24 /* of a call, at most */

/* ---------------------------------------------------------------- words of a driver */

/**
 * struct text_choice - a word that stands for a number; a list ends without a word
 * @needs: capabilities of the subject, without which it means nothing
 */
struct text_choice {
	const char *word;
	unsigned int value;
	unsigned int needs;
};

/** enum text_setting_type - of a field of the configuration */
enum text_setting_type {
	SETTING_NUMBER, /* 32 bits */
	SETTING_YES,	/* bool: its word alone */
	SETTING_CHOICE, /* one of its choices, 32 bits */
	SETTING_FLAGS,	/* any of its choices, 32 bits */
};

/**
 * struct text_setting - a line of the configuration; a list ends without a word
 * @offset: of the field in the driver's configuration
 * @max: SETTING_NUMBER
 * @needs: SETTING_YES, SETTING_NUMBER but for 0: as of a choice
 * @of_all_generated: generated scenarios have it, and it is not one of their choices
 */
struct text_setting {
	const char *word;
	enum text_setting_type type;
	size_t offset;
	unsigned int max, needs;
	const struct text_choice *choices;
	bool of_all_generated;
};

/**
 * struct text_condition - what a word of a file means nothing without; a list ends
 *without a word. A file that says such a word and not the other is refused: it would be
 *played as if the line were not there
 * @call: @word is an argument of that call; NULL: it is a setting, and one of 0 is as
 *none
 * @word: which
 * @setting: the setting that it depends on; NULL: none
 * @values: those of @setting with which it means something, a bit for each, the last bit
 *	for all that are larger
 * @argument: or what it depends on is this argument: of the same line; if @word is a
 *	setting, of a server's call anywhere; NULL: none
 * @told: the rest of a sentence that begins with @word, for the message
 * @calls: ended by NULL: the setting @word depends on one of these calls, which anybody
 *	may make. A file without one is not refused: it may be meant so, and is told of;
 *	NULL: no matter
 */
struct text_condition {
	const char *call, *word, *setting;
	uint32_t values;
	const char *argument, *told;
	const char *const *calls;
};

enum text_type {
	TEXT_NUMBER = 1,
	TEXT_CHANGE, /* a number; with a sign: that much more or less than usual */
	TEXT_ERROR,  /* EINTR, which is negative, or a number */
	TEXT_NAME,   /* of a file: a word */
	TEXT_RECORD, /* what an earlier call was named with "as" */
	TEXT_ACTOR,
	TEXT_FLAG, /* its word alone */
};

/**
 * struct text_arg - an argument of a call, "word value"; one without a type is none
 * @word: NULL: the value alone
 * @needed: without it there is an error
 * @kind: TEXT_RECORD: of it; TEXT_ACTOR: [enum text_actors]
 * @max: TEXT_NUMBER, TEXT_CHANGE
 * @below: TEXT_NUMBER: it is below that setting, of which 0 is as 1; NULL: no matter
 * @another: TEXT_ACTOR: not who does it, and not the server's main thread
 */
struct text_arg {
	const char *word;
	enum text_type type;
	bool needed;
	unsigned int kind;
	long long max;
	const char *below;
	bool another;
};

/**
 * struct text_value - of an argument
 * @slot: TEXT_RECORD: of the name it was given; -1
 */
struct text_value {
	bool given, relative;
	short slot;
	union {
		long long number;
		const char *name;
		void *record;
		struct actor *const *actor; /* is filled in when that one is created */
	};
};

enum text_actors { ANY_ACTOR, CLIENTS, SERVERS };

/**
 * struct text_call - something that an actor does; a list ends without a word
 * @makes: kind of the record that @queue returns, a number of the driver's; 0: none
 * @queue: queue it. @v: values of @args, in their order, which live as long as the file.
 *	Return: the record
 */
struct text_call {
	const char *word;
	enum text_actors actors;
	unsigned int makes;
	struct text_arg args[TEXT_ARGS];
	void *(*queue)(struct actor *a, const struct text_value *v);
};

/* at least: what queues calls of a kind looks at all that any of them has */
#define TEXT_LOOKED_AT 12u

/** text_values() - how many values a call is given; a few more may be looked at */
static inline unsigned int text_values(const struct text_call *call)
{
	unsigned int nr = TEXT_ARGS;

	while (nr > TEXT_LOOKED_AT && !call->args[nr - 1].type)
		nr--;
	return nr;
}

/**
 * struct text_property - what may be expected of a record or thing; a list ends without
 * a word
 * @kind: of record or thing
 * @truth: it holds or not; else it has a value
 * @get: Return: false: it has none yet
 */
struct text_property {
	const char *word;
	unsigned int kind;
	bool truth;
	bool (*get)(const void *what, long long *value);
};

/**
 * struct text_thing - something in the kernel that expectations look at
 * @kind: of its properties
 * @numbered: its word is followed by a number, below @max
 * @look: Return: what @get of a property is called with; NULL: it is not there
 */
struct text_thing {
	const char *word;
	unsigned int kind;
	bool numbered;
	unsigned int max;
	const void *(*look)(struct world *w, unsigned int nr);
};

struct text_hints;

/**
 * struct text_words - all that scenario files may say of a driver
 * @config_size: of its configuration
 * @conditions: of its settings and calls, and of settings that every driver has; NULL:
 *none
 * @kinds: names of kinds of records and things, by their number, for messages
 * @note: a job was queued: see what will be over when it is printed; NULL: nothing
 * @print: print a job that was queued as a call, without a newline. @of: name of the
 *	record that it uses. Return: false, and nothing was printed: it cannot be said
 * @record: of a job that was queued: what its call makes, if that is to have a name;
 *	NULL: nothing. @kind: set to its kind
 * @uses: likewise: the record that its call needs a name of; NULL: none
 * @hints: for a generator of files (text/hints.h); NULL: none
 */
struct text_words {
	size_t config_size;
	const struct text_setting *settings;
	const struct text_condition *conditions;
	const struct text_call *calls;
	const struct text_property *properties;
	const struct text_thing *things;
	const char *const *kinds;
	void (*note)(const struct queued *q);
	bool (*print)(FILE *out, const struct queued *q, const char *of);
	const void *(*record)(const struct queued *q, unsigned int *kind);
	const void *(*uses)(const struct queued *q);
	const struct text_hints *hints;
};

/* ---------------------------------------------------------------- files */

struct text;

/** text_is_path() - the command line means a file by it, not a scenario's name */
bool text_is_path(const char *name);

/** text_memory() - zeroed memory for a file; calloc(), until somebody else is to give it:
 * tasks that are processes need it shared
 */
extern void *(*text_memory)(size_t size);

/**
 * text_read() - read a scenario file
 * @err, @len: one line if it fails, with line and column if it is about a place in it
 *
 * Context: not during an execution: it allocates. Return: the file, which stays until
 * text_drop(); NULL.
 */
const struct text *text_read(const char *path, const struct driver *driver, char *err,
			     size_t len);

/**
 * text_drop() - free a file that text_read() has read
 *
 * Context: nothing that points into it is used any more, its scenario's name included
 * (report_scenario()).
 */
void text_drop(const struct text *gone);

/**
 * text_built_in() - likewise a file that is a part of the program, called @name: it has
 * no path, and is known by its scenario's name alone
 */
const struct text *text_built_in(const char *name, const char *bytes,
				 const struct driver *driver, char *err, size_t len);

/**
 * text_read_rest() - read what text_built_in() has left, if it was not read before
 *
 * text_play() does it. Whoever has tasks that are processes does it before the world is
 * opened: a process has the memory of files that were read before it was made.
 *
 * Context: it allocates. Ends the program if the file, which a test has seen to be right,
 * is not.
 */
void text_read_rest(const struct text *t);

/**
 * text_new() - a file that text_parse() fills in, as often as it is called
 *
 * Return: NULL: there is no memory.
 */
struct text *text_new(const struct driver *driver);
/** text_free() - one that text_new() made, and what it was last; NULL is fine */
void text_free(struct text *t);

/**
 * text_parse() - read a scenario file that is in memory; what @t was before is forgotten
 * @given: its path, as it is to be shown; the file need not be there
 *
 * As text_read(), which it is much quicker than. Return: whether it is one.
 */
bool text_parse(struct text *t, const char *given, const char *bytes, size_t size,
		char *err, size_t len);

/** text_scenario() - as the program's own are */
const struct scenario *text_scenario(const struct text *t);

/** text_path() - its absolute path; NULL, as the next: it is built in */
const char *text_path(const struct text *t);
/** text_given() - its path as it was named */
const char *text_given(const struct text *t);
/**
 * text_note() - what a file says that is likely to be a mistake, though it need not be
 *
 * Return: @buf, one line with the place; NULL: nothing.
 */
const char *text_note(const struct text *t, char *buf, size_t len);
/** text_hash() - of its bytes */
uint64_t text_hash(const struct text *t);

/**
 * text_expected() - what an expectation is about
 * @site: of a check that was made
 * @not: set: that it does not hold
 *
 * Return: the property; NULL: the check is none of the file's.
 */
const struct text_property *text_expected(const struct text *t,
					  const struct sched_site *site, bool * not );

/* what struct scenario has functions for; makes no system call, and no memory is
 * allocated
 */
void text_play(struct world *w, const struct text *t);

/** text_checkpoint() - how far the file was played is state of an execution */
struct checkpoint;
void text_checkpoint(struct checkpoint *c, const struct text *text);
void text_check(struct world *w, const struct text *t);

/* ---------------------------------------------------------------- printing */

/**
 * text_print() - a scenario that was played with queued_watch(), as a file
 * @driver, @s: which
 * @w: its world, as player_play() left it
 *
 * Return: how many of its jobs cannot be said: comments stand for them.
 */
unsigned int text_print(FILE *out, const struct driver *driver, const struct scenario *s,
			const struct world *w);

/**
 * text_ring_flags_of() - "defer-taskrun,fixed-file": as in a line "ring_flags", and what
 * each of them needs
 * @wrong: set to NULL, or to why io_uring_setup() refuses them, or that one comes twice;
 *	until the next call
 *
 * Return: false: one of them there is not, or @wrong.
 */
bool text_ring_flags_of(const char *list, unsigned int *flags, const char **wrong);

/**
 * text_ring_flags_lost() - flags that rings of @s do not have although it, or @added,
 * says so: what a ring has from one excludes what it would have from the other
 *
 * Context: as of text_read_rest(). Return: "defer-taskrun, taskrun-flag", in @buf; NULL:
 * none.
 */
const char *text_ring_flags_lost(const struct scenario *s, unsigned int added, char *buf,
				 size_t len);

/** text_print_words() - all that files may say of a driver */
void text_print_words(FILE *out, const struct driver *driver);

/** text_error_word() - "EINTR" for -EINTR; NULL: it has none */
const char *text_error_word(long long error);

#endif /* TEXT_TEXT_H */

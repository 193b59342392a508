/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the parser share.
 */
#ifndef TEXT_PARSE_I_H
#define TEXT_PARSE_I_H

#include "program/near.h"
#include "text/text_i.h"

#define PARSE_SETTINGS 64

/**
 * struct parse - a file that is being read
 * @on: number of the actor whose calls follow; -1: none yet
 * @nr_lines_actors: how many actors there were so far
 * @set_up: its end has come
 * @head: read no farther than to the first actor
 * @settings, @nr_settings: those that were said, and @setting_lines where
 */
struct parse {
	struct text_source source;
	struct text_line line;
	struct text *t;
	int on;
	unsigned int nr_lines_actors;
	bool set_up, head;
	unsigned int nr_settings;
	const struct text_setting *settings[PARSE_SETTINGS];
	unsigned int setting_lines[PARSE_SETTINGS];
};

/* parse.c; @i is the number of a word in the line; of false there is a message */
const char *parse_word(const struct parse *p, unsigned int i);
unsigned int parse_column(const struct parse *p, unsigned int i);
bool parse_mistake(struct parse *p, unsigned int i, const char *what, const char *typed,
		   const struct near *near);
/* it is no error either, one of which may be near */
bool parse_no_value(struct parse *p, unsigned int i, const char *what, struct near *near);
bool parse_lacks(struct parse *p, unsigned int i, const char *what);
bool parse_ends(struct parse *p, unsigned int i);
/* Return: whether word @i is none of those from @first on */
bool parse_is_new(struct parse *p, unsigned int first, unsigned int i);
/* Return: whether io_uring_setup() takes these flags, which the line says */
bool parse_flags_meet(struct parse *p, unsigned int flags);
bool parse_is_number(struct parse *p, unsigned int i, long long min, long long max,
		     long long *value);
bool parse_is_name(struct parse *p, unsigned int i, size_t longest);
const struct text_choice *parse_choice(struct parse *p, unsigned int i,
				       const struct text_choice *list, const char *what);
struct text_statement *parse_statement(struct parse *p, int what);

/* Return: false with @err: no file of that driver can be read */
bool parse_can(const struct driver *driver, char *err, size_t len);
/*
 * Return: whether @source is a file; it is in @t then, which has space for as many
 * statements and expectations as there may be. @head: read that alone
 */
bool parse_into(struct text *t, const struct text_source *source, bool head);
void parse_finish(struct text *t);
extern const char parse_summary[]; /* of a file without one */

/* parse_actor.c */
/* Return: number of the actor; -1 */
int parse_actor(struct parse *p, unsigned int i);
void parse_ring_flag(struct text_actor *a, const char *word);
/* first pass: an actor's name, so that what others do to it may come before */
bool parse_declare(struct parse *p, bool server, bool after_set_up);
bool parse_is_actor(const struct parse *p);
/* "server NAME", "client NAME": whose calls follow, and its properties */
bool parse_on(struct parse *p);

/* parse_call.c */
const struct text_call *parse_find_call(struct parse *p, unsigned int i);
void parse_offer_calls(const struct parse *p, struct near *near);
bool parse_call(struct parse *p);

/* condition.c: whether what was said can have an effect: of the head, when all is read;
 * of the call in this line
 */
bool parse_settings_meet(struct parse *p);
bool parse_number_meets(struct parse *p, unsigned int i, const struct text_arg *arg,
			long long number);
bool parse_call_meets(struct parse *p, const struct text_statement *s);

/* parse_expect.c */
bool parse_expect(struct parse *p);

#endif /* TEXT_PARSE_I_H */

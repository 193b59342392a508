/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words that a program can be made of: those of a driver's table that the subject can
 * do, with their hints.
 */
#ifndef FUZZ_VOCABULARY_H
#define FUZZ_VOCABULARY_H

#include "fuzz/program.h"
#include "text/hints.h"

#define VOCABULARY_CALLS  96
#define VOCABULARY_IDIOMS 32

/**
 * struct word_call - a call
 * @weight: against the others of its kind of actor
 * @hint: of each argument, or NULL
 */
struct word_call {
	const struct text_call *call;
	unsigned int weight;
	const struct text_hint *hint[TEXT_ARGS];
};

/** struct word_setting - @below: of its hint */
struct word_setting {
	const struct text_setting *setting;
	const struct text_hint *hint;
};

/**
 * struct vocabulary - all of them
 * @caps: of the subject
 * @idioms: pieces that belong together; the first @nr_usual are of use in any program
 */
struct vocabulary {
	const struct driver *driver;
	unsigned int caps;
	unsigned int nr_calls, nr_settings, nr_idioms, nr_usual;
	struct word_call calls[VOCABULARY_CALLS];
	struct word_setting settings[PROGRAM_SETTINGS];
	struct program *idioms[VOCABULARY_IDIOMS];
};

/**
 * vocabulary_make() - of a driver and what a subject can do
 * @err: one line if an idiom is no scenario
 *
 * Return: false with @err.
 */
bool vocabulary_make(struct vocabulary *v, const struct driver *driver, unsigned int caps,
		     char *err, size_t len);

/** vocabulary_call() - its number */
unsigned int vocabulary_call(const struct vocabulary *v, const struct text_call *call);

/** vocabulary_setting() - number of the setting with that word; @v->nr_settings: none */
unsigned int vocabulary_setting(const struct vocabulary *v, const char *word);

/** vocabulary_can() - whether the subject has what @needs says */
static inline bool vocabulary_can(const struct vocabulary *v, unsigned int needs)
{
	return !(needs & ~v->caps);
}

#endif /* FUZZ_VOCABULARY_H */

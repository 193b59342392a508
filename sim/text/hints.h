/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a generator of scenario files has to know of a driver's words besides their types:
 * how often they are of use, and with which values. A word without a hint is generated,
 * too.
 */
#ifndef TEXT_HINTS_H
#define TEXT_HINTS_H

#include <stdbool.h>

#define TEXT_HINT_VALUES 24
#define TEXT_USUAL	 10 /* weight of a word without a hint */

/**
 * struct text_hint - of a call, an argument or a setting; a list ends with a @weight of 0
 * @call: its word; NULL: any call, or a setting
 * @arg: word of an argument, "" of the one without; NULL: the call itself. Of a setting
 *	(@call NULL, too) it is the setting's word
 * @setting: it is of a setting
 * @weight: call: against the others; optional argument or setting: percent of its lines
 *	that have it, and, against the others, how often it is the one that is wrong or
 *	changed. Of a needed argument it means nothing
 * @below: word of a setting: values are below that, as a rule
 * @nr, @values: numbers that make a difference; of TEXT_CHANGE: differences
 * @most: no larger number is made up, though a file may say it [0: the argument's own
 *	limit]: what is played to its end, page by page, takes memory and time in
 *	proportion and brings nothing new
 * @names: TEXT_NAME: words, ended by NULL
 */
struct text_hint {
	const char *call, *arg;
	bool setting;
	unsigned int weight;
	const char *below;
	unsigned int nr;
	long long values[TEXT_HINT_VALUES], most;
	const char *const *names;
};

/**
 * struct text_hints - of a driver
 * @list: hints; of several for one word the first counts
 * @idioms: pieces of files, each a whole file: what belongs together, as a rule. The list
 *	ends with NULL
 * @seldom: likewise, of use in few programs
 */
struct text_hints {
	const struct text_hint *list;
	const char *const *idioms;
	const char *const *seldom;
};

#endif /* TEXT_HINTS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a command line with argp, but with errors of one line.
 */
#include "program/program.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/end.h"
#include "program/near.h"

void complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("uringsim: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/*
 * argp adds "Try ... --help" to getopt's message. That line goes to the parser's
 * own error stream, so it is dropped there and getopt's stays.
 */
static error_t one_line_only(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	state->err_stream = fopen("/dev/null", "w");
	return 0;
}

/* ---- misspelt options ---- */

/* those that argp adds */
static const struct argp_option usual[] = {
	{ "help", '?', NULL, 0, NULL, 0 },
	{ "usage", 0x1001, NULL, 0, NULL, 0 },
	{ "version", 'V', NULL, 0, NULL, 0 },
	{ 0 },
};

static bool is_end(const struct argp_option *o)
{
	return !o->name && !o->key && !o->doc && !o->group;
}

/* getopt takes the beginning of a name, too; which of several is meant it says itself */
static const struct argp_option *long_option(const struct argp_option *list,
					     const char *name, struct near *near)
{
	const struct argp_option *found = NULL;

	for (const struct argp_option *o = list; o && !is_end(o); o++) {
		if (!o->name)
			continue;
		if (!strncmp(o->name, name, strlen(name)))
			found = o;
		if (!(o->flags & OPTION_HIDDEN))
			near_offer(near, o->name);
	}
	return found;
}

static bool short_takes(const struct argp_option *list, int key)
{
	for (const struct argp_option *o = list; o && !is_end(o); o++)
		if (o->key == key)
			return o->arg && !(o->flags & OPTION_ARG_OPTIONAL);
	return false;
}

/* Return: whether the next word is the value of the option @word */
static bool look_at_long(const struct argp_option *list, const char *word)
{
	const struct argp_option *o, *own;
	char name[64];
	struct near near = { .typed = name };

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	own = long_option(list, name, &near);
	o = own ? own : long_option(usual, name, &near);
	if (!o && near.best) {
		complain("no option --%s; did you mean --%s?", name, near.best);
		exit(STATUS_USAGE);
	}
	return o && o->arg && !(o->flags & OPTION_ARG_OPTIONAL) && !strchr(word, '=');
}

/* likewise of letters */
static bool look_at_short(const struct argp_option *list, const char *letters)
{
	while (*letters && !short_takes(list, *letters))
		letters++;
	return *letters && !letters[1];
}

/*
 * A long option that is none, and like one that there is: getopt does not look for it.
 * Where there are no options, what follows the first word is somebody else's.
 */
static void look_for_misspelt(const struct argp_option *list, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (!strcmp(word, "--"))
			return;
		if (word[0] != '-' || !word[1]) {
			if (!list)
				return;
		} else if (word[1] == '-') {
			i += look_at_long(list, word + 2);
		} else {
			i += look_at_short(list, word + 1);
		}
	}
}

/* argp prints --help and the like, and ends the program by itself */
static bool reading;

static void look_at_help(int status, void *arg)
{
	(void)arg;
	if (!reading || status != STATUS_OK)
		return;
	status = end_with(status);
	if (status != STATUS_OK)
		end_child(status);
}

void read_arguments(const struct argp *argp, int argc, char **argv, void *input)
{
	const struct argp_child children[] = { { argp, 0, NULL, 0 }, { 0 } };
	const struct argp outer = {
		.parser = one_line_only,
		.children = children,
	};

	look_for_misspelt(argp->options, argc, argv);
	argp_err_exit_status = STATUS_USAGE;
	on_exit(look_at_help, NULL);
	reading = true;
	if (argp_parse(&outer, argc, argv, ARGP_IN_ORDER, NULL, input))
		exit(STATUS_USAGE);
	reading = false;
}

error_t take_schedule(int key, char *arg, const char **file, const char *to_do)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (*file) {
			complain("%s is one schedule too many", arg);
			exit(STATUS_USAGE);
		}
		*file = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		complain("name the schedule to %s", to_do);
		exit(STATUS_USAGE);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t refuse(int key, char *arg, struct argp_state *state)
{
	(void)state;
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	complain("%s is one argument too many", arg);
	exit(STATUS_USAGE);
}

void no_arguments(const char *summary, int argc, char **argv)
{
	const struct argp argp = { .parser = refuse, .doc = summary };

	read_arguments(&argp, argc, argv, NULL);
}

uint64_t option_number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && n >= min && n <= max)
		return n;
	complain("--%s takes a number from %" PRIu64 " to %" PRIu64 ", not %s", option,
		 min, max, text);
	exit(STATUS_USAGE);
}

double option_seconds(const char *option, const char *text)
{
	char *end;
	double s = strtod(text, &end);

	if (end != text && !*end && isfinite(s) && s > 0)
		return s;
	complain("--%s takes a number above 0, not %s", option, text);
	exit(STATUS_USAGE);
}

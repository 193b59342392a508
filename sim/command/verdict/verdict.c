// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of run and explore: known reports, failures, the verdict and the command that
 * plays the first failure again.
 */
#include "command/verdict/verdict.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/verdict/result.h"
#include "command/choose/tree.h"
#include "engine/keep.h"
#include "program/end.h"
#include "sched/hash.h"

static void say_as(struct verdict *v, enum saying say)
{
	if (v->say != SAY_LINES && v->say != say) {
		complain("either --verbose or --quiet");
		exit(STATUS_USAGE);
	}
	v->say = say;
}

bool verdict_option(struct verdict *v, int key)
{
	switch (key) {
	case 'v':
		say_as(v, SAY_ALL);
		return true;
	case 'q':
		say_as(v, SAY_FAILURES);
		return true;
	case 0x100:
		v->strict = true;
		return true;
	case 0x101:
		tree_for_bisect();
		return true;
	default:
		return false;
	}
}

/* ---- failures ---- */

const char *verdict_knows(struct verdict *v, const struct telling *t)
{
	return cause_knows(&v->told, t);
}

void verdict_tell(struct verdict *v, const struct telling *t, struct failure_how how)
{
	const char *text;

	how.all = v->say == SAY_ALL;
	text = cause_add(&v->told, t, &how);
	if (!how.all)
		return;
	fputs(text, stdout);
	fflush(stdout);
	cause_done(&v->told);
}

const char *verdict_group(const struct verdict *v, const struct report *r)
{
	return cause_group(&v->told, r);
}

/* ---- scenarios ---- */

void verdict_not_started(struct verdict *v, const struct player *p)
{
	v->asked++;
	v->not_started++;
	names_add(v->names, sizeof(v->names), player_scenario(p));
}

void verdict_say(struct verdict *v, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(v->sentence, sizeof(v->sentence), fmt, args);
	va_end(args);
	if (v->say == SAY_ALL)
		printf("verdict   %s\n", v->sentence);
}

void verdict_count(struct verdict *v, const uint64_t *known)
{
	for (unsigned int i = 0; i < SUPPRESS_MAX; i++)
		v->known[i] += known[i];
}

static unsigned int count_known(const uint64_t *known)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++)
		n += known[i] != 0;
	return n;
}

const char *verdict_words(unsigned int failures, uint64_t in, const uint64_t *known,
			  char *buf, size_t len)
{
	unsigned int n = count_known(known);
	char more[32] = "", where[40] = "";

	if (n)
		snprintf(more, sizeof(more), ", %u known", n);
	if (in)
		snprintf(where, sizeof(where), " in %" PRIu64 " of them", in);
	if (failures)
		snprintf(buf, len, "%u failure%s%s%s", failures, failures == 1 ? "" : "s",
			 where, more);
	else
		snprintf(buf, len, "nothing found%s", more);
	return buf;
}

/* ---- the end ---- */

/* Unused entries are told if they should have been used. */
static bool print_known(const struct verdict *v)
{
	bool judge = v->all && !v->not_started && !v->cut && !v->interrupted;
	unsigned int unused = suppress_nr() - count_known(v->known);

	if (v->say == SAY_ALL)
		suppressions_print(v->known);
	else if (v->say == SAY_LINES)
		suppressions_print_short(v->known);
	if (!judge || !unused || !(v->strict || v->say == SAY_ALL))
		return false;
	suppressions_print_unused(v->known);
	return v->strict;
}

/* as a shell reads it */
static void print_word(const char *word)
{
	bool plain = *word;

	for (const char *c = word; *c; c++)
		plain = plain && (isalnum((unsigned char)*c) || strchr("/._-+:=@,%", *c));
	if (plain) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (const char *c = word; *c; c++) {
		if (*c == '\'')
			fputs("'\\'", stdout);
		putchar(*c);
	}
	putchar('\'');
}

/* what is known then is to be known when it is repeated */
static void print_suppressions(const struct suppressions *s)
{
	if (s && s->not_the_drivers)
		fputs(" --suppress none", stdout);
	for (unsigned int i = 0; s && i < s->nr; i++) {
		fputs(" --suppress ", stdout);
		print_word(s->file[i]);
	}
}

static void print_replay(const struct verdict *v)
{
	const struct cause *g = cause_first(&v->told);

	if (!g || (!*cause_path(g) && !v->once))
		return;
	printf("replay    %s ", program_command());
	if (*cause_path(g)) {
		fputs("replay ", stdout);
		print_word(cause_path(g));
	} else {
		fputs("run ", stdout);
		print_word(cause_argument(g));
		fputs(v->subject->tree ? " --tree " : " --subject ", stdout);
		print_word(v->subject->tree ? v->subject->tree
					    : player_subject(v->subject));
		if (v->ring_flags)
			printf(" --ring-flags %s", v->ring_flags);
		if (v->detect)
			printf(" --detect %s", v->detect);
	}
	print_suppressions(v->suppressions);
	putchar('\n');
}

static void print_line(const struct verdict *v)
{
	unsigned int known = count_known(v->known);

	if (v->not_started && v->say != SAY_FAILURES) {
		fputs("left out  ", stdout);
		names_print(v->names, v->not_started);
		putchar('\n');
	}
	if (v->one && v->say == SAY_LINES && v->sentence[0])
		printf("verdict   %s\n", v->sentence);
	printf("total     %u scenario%s, %u failed, %u known", v->asked,
	       v->asked == 1 ? "" : "s", v->failed, known);
	if (v->cut)
		printf(", %u cut short", v->cut);
	if (v->not_started)
		printf(", %u not started", v->not_started);
	if (!v->failed && !v->unjudged)
		printf(": nothing found");
	putchar('\n');
}

static int status_of(const struct verdict *v, bool unused)
{
	if (v->failed || unused)
		return STATUS_FOUND;
	if (v->unjudged)
		return tree_unjudged();
	if (v->not_started || v->interrupted)
		return tree_unjudged() == STATUS_SKIP ? STATUS_SKIP : STATUS_CUT;
	return STATUS_OK;
}

int verdict_end(struct verdict *v)
{
	bool unused = print_known(v);

	cause_print(&v->told);
	print_line(v);
	print_replay(v);
	cause_free(&v->told);
	return status_of(v, unused);
}

int verdict_unwritten(int status)
{
	status = end_unwritten(status);
	return status == STATUS_USAGE && tree_unjudged() == STATUS_SKIP ? STATUS_SKIP
									: status;
}

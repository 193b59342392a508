// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists the words that a scenario file may have: settings, calls, and what is expected.
 */
#include <string.h>

#include "text/text_i.h"

static void print_settings(FILE *out, const struct text_setting *s)
{
	for (; s->word; s++) {
		fprintf(out, "  %s", s->word);
		if (s->type == SETTING_NUMBER)
			fprintf(out, " 0..%u", s->max);
		for (const struct text_choice *c = s->choices; c && c->word; c++)
			fprintf(out, "%s%s", c == s->choices ? " " : "|", c->word);
		fputs(s->type == SETTING_FLAGS ? " ...\n" : "\n", out);
	}
}

static const char *value_words(const struct text_words *words, const struct text_arg *arg)
{
	switch (arg->type) {
	case TEXT_NUMBER:
		return "N";
	case TEXT_CHANGE:
		return "[+-]N";
	case TEXT_ERROR:
		return "ERROR";
	case TEXT_NAME:
		return "NAME";
	case TEXT_RECORD:
		return words->kinds[arg->kind];
	case TEXT_ACTOR:
		return "ACTOR";
	default:
		return "";
	}
}

#define COLUMNS 96

/* @column: where the line is */
static void print_words(FILE *out, const char *words, unsigned int *column)
{
	size_t n = strlen(words) + 1;

	if (*column + n > COLUMNS) {
		fputs("\n       ", out);
		*column = 7;
	}
	*column += (unsigned int)n;
	fprintf(out, " %s", words);
}

static void print_arg(FILE *out, const struct text_words *words,
		      const struct text_arg *arg, unsigned int *column)
{
	const char *value = value_words(words, arg);
	char text[64];

	snprintf(text, sizeof(text), "%s%s%s%s%s", arg->needed ? "" : "[",
		 arg->word ? arg->word : "", arg->word && *value ? " " : "", value,
		 arg->needed ? "" : "]");
	print_words(out, text, column);
}

static void print_calls(FILE *out, const struct text_words *words,
			const struct text_call *c, enum text_actors actors)
{
	for (; c->word; c++) {
		if (c->actors != actors)
			continue;
		unsigned int column = (unsigned int)fprintf(out, "  %s", c->word);

		for (unsigned int i = 0; i < TEXT_ARGS; i++)
			if (c->args[i].type)
				print_arg(out, words, &c->args[i], &column);
		if (c->makes)
			print_words(out, "[as NAME]", &column);
		putc('\n', out);
	}
}

static void print_properties(FILE *out, const struct text_words *words, unsigned int kind,
			     unsigned int column)
{
	char text[64];

	for (const struct text_property *p = words->properties; p->word; p++)
		if (p->kind == kind) {
			snprintf(text, sizeof(text), "%s%s", p->word,
				 p->truth ? "" : " VALUE");
			print_words(out, text, &column);
		}
	putc('\n', out);
}

static void print_expectations(FILE *out, const struct text_words *words)
{
	bool told[32] = { false };
	int n;

	for (const struct text_call *c = words->calls; c->word; c++) {
		if (!c->makes || told[c->makes])
			continue;
		told[c->makes] = true;
		n = fprintf(out, "  name of a %s:", words->kinds[c->makes]);
		print_properties(out, words, c->makes, (unsigned int)n);
	}
	for (const struct text_thing *t = words->things; t->word; t++) {
		n = fprintf(out, "  %s%s:", t->word, t->numbered ? " N" : "");
		print_properties(out, words, t->kind, (unsigned int)n);
	}
}

void text_print_words(FILE *out, const struct driver *driver)
{
	const struct text_words *words = driver->words;

	fputs("configuration\n", out);
	print_settings(out, text_settings);
	print_settings(out, words->settings);
	fputs("every actor\n", out);
	print_calls(out, words, text_calls, ANY_ACTOR);
	fputs("clients\n", out);
	print_calls(out, words, words->calls, CLIENTS);
	fputs("servers\n", out);
	print_calls(out, words, text_calls, SERVERS);
	print_calls(out, words, words->calls, SERVERS);
	fputs("expect\n", out);
	print_expectations(out, words);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table as a page of the documentation, and as JSON.
 */
#include <json-c/json.h>
#include <string.h>

#include "command/fidelity/fidelity.h"

/* ---- the page ---- */

static const char head[] =
	"<!-- SPDX-License-Identifier: GPL-2.0-only -->\n"
	"# The simulator beside real kernels\n\n"
	"Written by `uringsim fidelity --page`; do not edit. Each check of each "
	"scenario, "
	"played by the simulator and by the kernel\n"
	"that the subject is made of, booted in QEMU (docs/real-kernel.md). Checks that "
	"are \"not visible\" look into the kernel.\n";

static void print_code(FILE *out, const char *text)
{
	fputs("| `", out);
	for (; *text; text++)
		fprintf(out, *text == '|' ? "\\|" : "%c", *text);
	fputs("` ", out);
}

static void print_summary(FILE *out, const struct table *table, const char *subject)
{
	size_t count[NR_VERDICTS] = { 0 };

	for (size_t i = 0; i < table->nr; i++)
		if (!strcmp(table->rows[i].subject, subject))
			count[row_verdict(&table->rows[i])]++;
	fprintf(out,
		"\n## %s\n\n%zu checks the same, %zu not visible from outside, %zu "
		"different with a reason, %zu without.\n\n",
		subject, count[SAME], count[NOT_VISIBLE], count[EXPLAINED],
		count[DIFFERS]);
	fputs("| scenario | check | simulated | real | |\n|---|---|---|---|---|\n", out);
}

static void print_row(FILE *out, const struct row *row, bool first)
{
	fprintf(out, "| %s ", first ? row->scenario : "");
	print_code(out, row->check);
	fprintf(out, "| %s | %s | %s%s%s |\n", seen_word(row->simulated),
		seen_word(row->real), verdict_word(row_verdict(row)),
		row->reason ? ": " : "", row->reason ? row->reason : "");
}

void page_print(FILE *out, const void *what)
{
	const struct table *table = what;
	const struct row *row, *before = NULL;

	fputs(head, out);
	for (size_t i = 0; i < table->nr; i++) {
		row = &table->rows[i];
		if (!before || strcmp(before->subject, row->subject) != 0)
			print_summary(out, table, row->subject);
		print_row(out, row,
			  !before || strcmp(before->scenario, row->scenario) != 0);
		before = row;
	}
}

/* ---- JSON ---- */

static void put(struct json_object *o, const char *key, const char *value)
{
	json_object_object_add(o, key, value ? json_object_new_string(value) : NULL);
}

void rows_print_json(FILE *out, const void *what)
{
	const struct table *table = what;

	fputs("[\n", out);
	for (size_t i = 0; i < table->nr; i++) {
		const struct row *row = &table->rows[i];
		struct json_object *o = need(json_object_new_object());

		put(o, "subject", row->subject);
		put(o, "scenario", row->scenario);
		put(o, "check", row->check);
		put(o, "simulated", seen_word(row->simulated));
		put(o, "real", seen_word(row->real));
		put(o, "verdict", verdict_word(row_verdict(row)));
		put(o, "reason", row->reason);
		fprintf(out, "%s%s\n",
			json_object_to_json_string_ext(
				o,
				JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
			i + 1 < table->nr ? "," : "");
		json_object_put(o);
	}
	fputs("]\n", out);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suppressions: finding their files, and printing what they suppressed.
 */
#include "command/verdict/suppressions.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/command.h"
#include "command/verdict/baseline.h"
#include "command/verdict/causes.h"
#include "detect/suppress.h"
#include "engine/known.h"

static void load(const char *path)
{
	char err[512];

	if (suppress_read(path, err, sizeof(err)))
		return;
	complain("%s", err);
	exit(STATUS_USAGE);
}

/* Refused before anything is played or said; a pipe can be read only once, and is later
 */
static void check(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return;
	load(path);
	suppress_clear();
}

void suppressions_name(struct suppressions *s, const char *file)
{
	if (!strcmp(file, "none")) {
		s->not_the_drivers = true;
		return;
	}
	for (unsigned int i = 0; i < s->nr; i++) {
		if (strcmp(s->file[i], file) != 0)
			continue;
		complain("--suppress %s comes twice", file);
		exit(STATUS_USAGE);
	}
	if (s->nr == SUPPRESSIONS_FILES) {
		complain("more than %d times --suppress", SUPPRESSIONS_FILES);
		exit(STATUS_USAGE);
	}
	check(file);
	s->file[s->nr++] = file;
}

void suppressions_load(const struct suppressions *s, const struct player *p)
{
	char err[512];

	suppress_clear();
	if (!s->not_the_drivers && !known_load(p, err, sizeof(err))) {
		complain("%s", err);
		exit(STATUS_USAGE);
	}
	if (!s->not_the_drivers && known_note()[0])
		printf("known     %s\n", known_note());
	for (unsigned int i = 0; i < s->nr; i++)
		load(s->file[i]);
	if (s->baseline)
		baseline_load(s->baseline);
}

static void print_entry(const char *label, const struct suppression *e)
{
	char words[512], finding[32] = "";

	if (e->finding)
		snprintf(finding, sizeof(finding), ", finding %u", e->finding);
	printf("%-9s %-10s  %s%s (%s", label, report_kind_name(e->kind),
	       suppress_words(e, words, sizeof(words)), finding, program_short(e->file));
	if (!e->group)
		printf(":%u", e->line);
	putchar(')');
}

void suppressions_print(const uint64_t *counts)
{
	for (unsigned int i = 0; i < suppress_nr(); i++) {
		const struct suppression *e = suppress_get(i);

		if (!counts[i])
			continue;
		print_entry("known", e);
		printf(": %" PRIu64 " report%s kept back: %s\n", counts[i],
		       counts[i] == 1 ? "" : "s", e->reason);
	}
}

/* ---- in short ---- */

#define FEW 3 /* entries, which are shown as they are */

/* All entries of one finding are one line, whatever shows it. */
static void print_finding(unsigned int finding, const uint64_t *counts)
{
	const struct suppression *first = NULL;
	uint64_t reports = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++) {
		if (suppress_get(i)->finding != finding || !counts[i])
			continue;
		first = first ? first : suppress_get(i);
		reports += counts[i];
	}
	if (first)
		printf("known     finding %u: %s (%" PRIu64 " report%s)\n", finding,
		       first->reason, reports, reports == 1 ? "" : "s");
}

/* what an entry that does no harm is about, in a word */
static const char *short_words(const struct suppression *e)
{
	if (e->object)
		return e->object;
	if (e->rule)
		return e->rule;
	return e->function ? e->function : report_kind_name(e->kind);
}

/* an entry before it says the same */
static bool is_named(unsigned int entry, const uint64_t *counts)
{
	const char *words = short_words(suppress_get(entry));

	for (unsigned int i = 0; i < entry; i++) {
		const struct suppression *e = suppress_get(i);

		if (!e->finding && counts[i] && !strcmp(short_words(e), words))
			return true;
	}
	return false;
}

static void print_harmless(const uint64_t *counts)
{
	char words[96] = "";
	unsigned int nr = 0, named = 0;
	uint64_t reports = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++) {
		const struct suppression *e = suppress_get(i);

		if (e->finding || e->group || !counts[i])
			continue;
		nr++;
		reports += counts[i];
		if (is_named(i, counts))
			continue;
		named++;
		names_add(words, sizeof(words), short_words(e));
	}
	if (!nr)
		return;
	printf("known     %u that do%s no harm, of ", nr, nr == 1 ? "es" : "");
	names_print(words, named);
	printf(" (%" PRIu64 " report%s; -v has the reason%s)\n", reports,
	       reports == 1 ? "" : "s", nr == 1 ? "" : "s");
}

/* what a saved result has */
static void print_saved(const uint64_t *counts)
{
	const char *file = NULL;
	unsigned int nr = 0;
	uint64_t reports = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++) {
		if (!suppress_get(i)->group || !counts[i])
			continue;
		file = suppress_get(i)->file;
		nr++;
		reports += counts[i];
	}
	if (nr)
		printf("known     %u group%s of failures that %s has (%" PRIu64
		       " report%s)\n",
		       nr, nr == 1 ? "" : "s", file, reports, reports == 1 ? "" : "s");
}

void suppressions_print_short(const uint64_t *counts)
{
	unsigned int most = 0, used = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++) {
		used += counts[i] != 0;
		if (suppress_get(i)->finding > most)
			most = suppress_get(i)->finding;
	}
	if (used <= FEW) {
		suppressions_print(counts);
		return;
	}
	for (unsigned int i = 1; i <= most; i++)
		print_finding(i, counts);
	print_harmless(counts);
	print_saved(counts);
}

void suppressions_print_unused(const uint64_t *counts)
{
	for (unsigned int i = 0; i < suppress_nr(); i++)
		if (!counts[i] && !suppress_get(i)->void_in) {
			print_entry("unused", suppress_get(i));
			putchar('\n');
		}
}

struct json_object *suppressions_json(const uint64_t *counts)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < suppress_nr(); i++) {
		const struct suppression *e = suppress_get(i);
		struct json_object *o;

		if (!counts[i])
			continue;
		o = json_object_new_object();
		json_object_object_add(o, "file",
				       json_object_new_string(program_short(e->file)));
		json_object_object_add(o, "line", json_object_new_int64(e->line));
		json_object_object_add(o, "kind",
				       json_object_new_string(report_kind_name(e->kind)));
		if (e->finding)
			json_object_object_add(o, "finding",
					       json_object_new_int64(e->finding));
		json_object_object_add(o, "reason", json_object_new_string(e->reason));
		json_object_object_add(o, "count", json_object_new_uint64(counts[i]));
		json_object_array_add(array, o);
	}
	return array;
}

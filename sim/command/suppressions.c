// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suppressions: finding their files, and printing what they suppressed.
 */
#include "command/suppressions.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "detect/suppress.h"
#include "engine/known.h"

void suppressions_name(struct suppressions *s, const char *file)
{
	if (!strcmp(file, "none")) {
		s->not_the_drivers = true;
		return;
	}
	if (s->nr == SUPPRESSIONS_FILES) {
		complain("more than %d times --suppress", SUPPRESSIONS_FILES);
		exit(STATUS_USAGE);
	}
	s->file[s->nr++] = file;
}

static void load(const char *path)
{
	char err[512];

	if (suppress_read(path, err, sizeof(err)))
		return;
	complain("%s", err);
	exit(STATUS_USAGE);
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
}

static void print_entry(const char *label, const struct suppression *e)
{
	char words[512], finding[32] = "";

	if (e->finding)
		snprintf(finding, sizeof(finding), ", finding %u", e->finding);
	printf("%-9s %-10s  %s%s (%s:%u)", label, report_kind_name(e->kind),
	       suppress_words(e, words, sizeof(words)), finding, program_short(e->file),
	       e->line);
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

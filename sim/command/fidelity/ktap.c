// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading what tests/kernel/run wrote: KTAP with one subtest for each scenario.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/fidelity/fidelity.h"

#define SUBJECT	 "# subject "
#define SUBTEST	 "    # Subtest: "
#define SKIPPED	 " # SKIP"
#define THE_TEXT "%*u %n"

/* struct place - where in the file we are */
struct place {
	char subject[64], scenario[64];
	size_t checks;
};

static void copy_word(char *to, size_t size, const char *from)
{
	size_t len = strnlen(from, size - 1);

	memcpy(to, from, len);
	to[len] = 0;
}

/* "    ok 3 TEXT" or "    not ok 3 TEXT": the text, and the result */
static char *check_of(char *line, enum seen *seen)
{
	char *text, *skipped;
	int at = 0;

	if (!strncmp(line, "    ok ", 7)) {
		*seen = SEEN_HOLDS;
		text = line + 7;
	} else if (!strncmp(line, "    not ok ", 11)) {
		*seen = SEEN_FAILS;
		text = line + 11;
	} else {
		return NULL;
	}
	sscanf(text, THE_TEXT, &at);
	if (!at)
		return NULL;
	skipped = strstr(text, SKIPPED);
	if (skipped) {
		*skipped = 0;
		*seen = SEEN_NOT_VISIBLE;
	}
	return text + at;
}

static void read_line(struct table *table, struct place *place, char *line)
{
	enum seen seen;
	char *check;

	line[strcspn(line, "\r\n")] = 0;
	if (!strncmp(line, SUBJECT, strlen(SUBJECT)))
		copy_word(place->subject, sizeof(place->subject), line + strlen(SUBJECT));
	if (!strncmp(line, SUBTEST, strlen(SUBTEST)))
		copy_word(place->scenario, sizeof(place->scenario),
			  line + strlen(SUBTEST));
	check = check_of(line, &seen);
	if (!check || !*place->subject || !*place->scenario)
		return;
	table_row(table, place->subject, place->scenario, check)->real = seen;
	place->checks++;
}

void ktap_read(struct table *table, const char *path)
{
	struct place place = { "", "", 0 };
	char line[1024];
	FILE *in = fopen(path, "re");

	if (!in) {
		complain("cannot read %s: %s", path, strerror(errno));
		exit(STATUS_USAGE);
	}
	while (fgets(line, sizeof(line), in))
		read_line(table, &place, line);
	fclose(in);
	if (!*place.subject) {
		complain("%s was not written by tests/kernel/run: it names no subject",
			 path);
		exit(STATUS_USAGE);
	}
}

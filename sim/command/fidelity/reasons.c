// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of reasons: which differences between the simulator and a real kernel are
 * known, and why they are there. A line "SUBJECT SCENARIO CHECK" names one, the
 * indented lines below it say why; "*" is any subject. "#" begins a remark.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/fidelity/fidelity.h"
#include "world/driver.h"

static void more_of_why(struct reason *r, const char *line)
{
	size_t had = r->why ? strlen(r->why) : 0;

	r->why = need(realloc(r->why, had + strlen(line) + 2));
	snprintf(r->why + had, strlen(line) + 2, "%s%s", had ? " " : "", line);
}

static struct reason *new_reason(const char *line, struct reason *next)
{
	struct reason *r = need(calloc(1, sizeof(*r)));

	r->what = need(strdup(line));
	r->next = next;
	return r;
}

struct reason *reasons_read(const char *path)
{
	struct reason *all = NULL;
	char line[1024];
	FILE *in = fopen(path, "re");

	if (!in) {
		complain("cannot read %s: %s", path, strerror(errno));
		exit(STATUS_USAGE);
	}
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = 0;
		if (!*line || *line == '#')
			continue;
		if (*line != '\t' && *line != ' ')
			all = new_reason(line, all);
		else if (all)
			more_of_why(all, line + strspn(line, " \t"));
	}
	fclose(in);
	for (struct reason *r = all; r; r = r->next) {
		if (r->why)
			continue;
		complain("%s gives no reason for: %s", path, r->what);
		exit(STATUS_USAGE);
	}
	return all;
}

static bool is_about(const struct reason *reason, const struct row *row)
{
	char name[512];

	snprintf(name, sizeof(name), "%s %s %s", row->subject, row->scenario, row->check);
	if (!strcmp(reason->what, name))
		return true;
	snprintf(name, sizeof(name), "* %s %s", row->scenario, row->check);
	return !strcmp(reason->what, name);
}

void reasons_give(const struct reason *reasons, struct table *table)
{
	for (; reasons; reasons = reasons->next)
		for (size_t i = 0; i < table->nr; i++)
			if (is_about(reasons, &table->rows[i]))
				table->rows[i].reason = reasons->why;
}

static const struct scenario *scenario_of(const struct row *row)
{
	const struct driver *d = program_drivers[0].driver;

	for (unsigned int i = 0; i < d->nr_scenarios; i++)
		if (!strcmp(d->scenarios[i]->name, row->scenario))
			return d->scenarios[i];
	return NULL;
}

void reasons_of_findings(struct table *table)
{
	for (size_t i = 0; i < table->nr; i++) {
		struct row *row = &table->rows[i];
		const struct scenario *s = scenario_of(row);

		if (s && s->finding && row->real == SEEN_NOT_MADE)
			row->reason = "not played there: a stock kernel hangs in it "
				      "(docs/findings.md)";
	}
}

void reasons_free(struct reason *reasons)
{
	while (reasons) {
		struct reason *next = reasons->next;

		free(reasons->what);
		free(reasons->why);
		free(reasons);
		reasons = next;
	}
}

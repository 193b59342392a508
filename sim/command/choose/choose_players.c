// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the scenarios or models that the command line names, and their subject.
 */
#include <stdlib.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "command/choose/caps.h"
#include "command/choose/choose.h"
#include "command/command.h"
#include "command/choose/tree.h"
#include "program/near.h"
#include "text/text.h"
#include "world/driver.h"

static struct player *new_players(unsigned int nr)
{
	struct player *p = calloc(nr ? nr : 1, sizeof(*p));

	if (!p) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	return p;
}

static void must_find_model(const char *name, struct model *m)
{
	if (model_find(name, m))
		return;
	complain("no model %s; there are %s; numbers from 1 to %d", name, model_forms(),
		 MODEL_MAX_TASKS);
	exit(STATUS_USAGE);
}

static unsigned int choose_models(const char *const *names, unsigned int nr,
				  struct player **out)
{
	unsigned int n = 0;

	if (!nr)
		while (model_usual(nr))
			nr++;
	else
		n = nr;
	*out = new_players(nr);
	for (unsigned int i = 0; i < nr; i++)
		must_find_model(n ? names[i] : model_usual(i), &(*out)[i].model);
	return nr;
}

static void offer_scenarios(struct near *near, const struct driver *d)
{
	for (unsigned int i = 0; i < d->nr_scenarios; i++)
		near_offer(near, d->scenarios[i]->name);
}

static const struct scenario *must_find_scenario(const struct driver *d, const char *name)
{
	const struct scenario *s = driver_scenario(d, name);
	struct near near = { .typed = name };

	if (s)
		return s;
	offer_scenarios(&near, d);
	if (near.best)
		complain("no scenario %s; did you mean %s?", name, near.best);
	else
		complain("no scenario %s (uringsim scenarios lists them)", name);
	exit(STATUS_USAGE);
}

/* a file's mistake is told with the driver that this program begins with */
static const struct scenario *must_read(const struct driver *d, const char *path)
{
	char err[PATH_MAX + 512];
	const struct text *t = text_read(path, d, err, sizeof(err));

	if (t)
		return text_scenario(t);
	complain("%s", err);
	exit(STATUS_USAGE);
}

static const struct scenario *must_have(const struct driver *d, const char *name)
{
	char note[PATH_MAX + 512];
	const struct scenario *s;

	if (!text_is_path(name))
		return must_find_scenario(d, name);
	s = must_read(d, name);
	if (text_note(s->text, note, sizeof(note)))
		complain("%s", note);
	return s;
}

static void must_suit(const struct scenario *s, const struct subject *subject)
{
	unsigned int lacks = s->needs & ~subject->driver->caps;
	char words[64];

	if (!lacks)
		return;
	complain("scenario %s needs %s, which subject %s does not have", s->name,
		 caps_words(command_driver(subject), lacks, "", words, sizeof(words)),
		 subject->name);
	exit(STATUS_USAGE);
}

/* the scenarios that a search plays */
static const struct scenario *to_play(const struct scenario *s, enum choose_for what)
{
	return what == CHOOSE_TO_SEARCH && s->small ? s->small : s;
}

static unsigned int choose_all(const struct subject *subject, const char *tree,
			       enum choose_for what, struct player *out)
{
	const struct driver *d = command_driver(subject);
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->nr_scenarios; i++)
		if (!(d->scenarios[i]->needs & ~subject->driver->caps))
			out[n++] = (struct player){
				.subject = subject,
				.tree = tree,
				.driver = d,
				.scenario = to_play(d->scenarios[i], what),
			};
	return n;
}

/* Names are looked at before a tree is built, which takes a while. */
static void must_be_somewhere(const char *name)
{
	const struct program_driver *d = program_drivers;

	if (text_is_path(name)) {
		must_read(d->driver, name);
		return;
	}
	do
		if (driver_scenario(d->driver, name))
			return;
	while ((++d)->driver);
	must_find_scenario(program_drivers[0].driver, name);
}

/* what --ring-flags adds and what a scenario has may exclude each other */
static void tell_lost_flags(const struct player *players, unsigned int nr)
{
	unsigned int lost = 0, added = world_added_ring_flags();
	const char *first = NULL;
	char flags[128], words[128];

	for (unsigned int i = 0; added && i < nr; i++) {
		if (!text_ring_flags_lost(players[i].scenario, added, words,
					  sizeof(words)))
			continue;
		if (!lost++) {
			first = player_scenario(&players[i]);
			memcpy(flags, words, sizeof(flags));
		}
	}
	if (lost == 1)
		complain("a ring with sqpoll has no %s: --ring-flags and %s do not go "
			 "together",
			 flags, first);
	else if (lost)
		complain("a ring with sqpoll has no %s: --ring-flags does not go "
			 "together with %s and %u more",
			 flags, first, lost - 1);
}

static bool is_same(const char *one, const char *other)
{
	struct stat a, b;

	if (!strcmp(one, other))
		return true;
	return text_is_path(one) && text_is_path(other) && !stat(one, &a) &&
	       !stat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

void choose_also(const char **names, unsigned int *nr, const char *name)
{
	for (unsigned int i = 0; i < *nr; i++)
		if (is_same(names[i], name))
			return;
	names[(*nr)++] = name;
}

unsigned int choose_players(const struct choice *c, enum choose_for what,
			    struct player **out)
{
	const struct subject *subject;
	const struct driver *d;
	const char *tree;

	if (c->subject && !c->tree && !strcmp(c->subject, MODEL_SUBJECT) &&
	    what == CHOOSE_TO_SEARCH)
		return choose_models(c->names, c->nr, out);
	for (unsigned int i = 0; i < c->nr; i++)
		must_be_somewhere(c->names[i]);
	subject = choose_subject(c->subject, c->tree, true);
	d = command_driver(subject);
	tree = c->tree ? tree_path() : NULL;
	*out = new_players(c->nr ? c->nr : d->nr_scenarios);
	if (!c->nr) {
		unsigned int nr = choose_all(subject, tree, what, *out);

		tell_lost_flags(*out, nr);
		return nr;
	}
	for (unsigned int i = 0; i < c->nr; i++) {
		const struct scenario *s = must_have(d, c->names[i]);

		must_suit(s, subject);
		(*out)[i] = (struct player){
			.subject = subject,
			.tree = tree,
			.driver = d,
			.scenario = to_play(s, what),
		};
	}
	tell_lost_flags(*out, c->nr);
	return c->nr;
}

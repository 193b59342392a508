// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding and reading the known reports of a subject. The files of shipped trees have a
 * hash of each function that their entries speak of: by them those of a --tree are found.
 */
#include "engine/known.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/suppress.h"
#include "program/program.h"

static char note[256];

/* the hash of @name in the subject; NULL: it has no such function */
static const char *sha_of(const struct subject *s, const char *name)
{
	for (unsigned int i = 0; i < s->nr_functions; i++)
		if (!strcmp(s->functions[i].name, name))
			return s->functions[i].sha;
	return NULL;
}

static bool is_same(const struct subject *s, const struct suppress_hash *h)
{
	const char *sha = sha_of(s, h->function);

	return sha && !strcmp(sha, h->sha);
}

/* ---- which file ---- */

/* struct choice - the file whose functions the subject has the most of */
struct choice {
	char name[64], path[PATH_MAX];
	unsigned int same;
};

static bool consider(const struct player *p, const char *name, struct choice *best,
		     char *err, size_t len)
{
	char file[PATH_MAX], path[PATH_MAX];
	unsigned int same = 0;

	snprintf(file, sizeof(file), "%s/%s", p->driver->known, name);
	suppress_clear();
	if (!program_file(path, file))
		return true;
	if (!suppress_read(path, err, len))
		return false;
	for (unsigned int i = 0; suppress_hash(i); i++)
		same += is_same(p->subject, suppress_hash(i));
	if (same <= best->same)
		return true;
	best->same = same;
	snprintf(best->name, sizeof(best->name), "%.63s", name);
	snprintf(best->path, sizeof(best->path), "%s", path);
	return true;
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Of those that fit equally the first by name; without any, @best->same is 0. */
static bool choose(const struct player *p, struct choice *best, char *err, size_t len)
{
	char folder[PATH_MAX];
	struct dirent **names;
	bool ok = true;
	int n;

	if (!program_file(folder, p->driver->known))
		return true;
	n = scandir(folder, &names, is_file, alphasort);
	for (int i = 0; i < n; i++) {
		ok = ok && consider(p, names[i]->d_name, best, err, len);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	suppress_clear();
	return ok;
}

/* ---- what of it counts ---- */

static bool has_hash(const char *function)
{
	const struct suppress_hash *h;

	for (unsigned int i = 0; (h = suppress_hash(i)); i++)
		if (!strcmp(h->function, function))
			return true;
	return false;
}

/* an entry that names no function whose text is known could be about anything */
static bool is_founded(unsigned int entry)
{
	const struct suppression *e = suppress_get(entry);
	char word[128];
	const char *list = e->code;

	if ((e->pair[0] && has_hash(e->pair[0]) && has_hash(e->pair[1])) ||
	    (e->function && has_hash(e->function)))
		return true;
	while (list && sscanf(list, " %127s", word) == 1) {
		if (has_hash(word))
			return true;
		list = strstr(list, word) + strlen(word);
	}
	return false;
}

static void drop_others(const struct player *p, const char *name)
{
	const char *first = NULL;
	const struct suppress_hash *h;
	unsigned int voided = 0;

	for (unsigned int i = 0; i < suppress_nr(); i++) {
		if (!is_founded(i))
			suppress_void(i, NULL);
		for (unsigned int k = 0; (h = suppress_hash(k)); k++)
			if (!is_same(p->subject, h) && suppress_void(i, h->function) &&
			    !first)
				first = h->function;
		voided += suppress_get(i)->void_in != NULL;
	}
	if (voided)
		snprintf(note, sizeof(note),
			 "%u of %u known reports of %s do not count: %s%s", voided,
			 suppress_nr(), name, first ? first : "their functions",
			 first ? "() is another one" : " are not known");
}

static bool load_for_tree(const struct player *p, char *err, size_t len)
{
	struct choice best = { .same = 0 };

	if (!choose(p, &best, err, len))
		return false;
	if (!best.same) {
		snprintf(note, sizeof(note),
			 "no tree whose reports are known is like this one");
		return true;
	}
	if (!suppress_read(best.path, err, len))
		return false;
	drop_others(p, best.name);
	return true;
}

const char *known_note(void)
{
	return note;
}

bool known_load(const struct player *p, char *err, size_t len)
{
	char name[PATH_MAX], path[PATH_MAX];

	suppress_clear();
	note[0] = '\0';
	if (!p->subject || !p->driver->known)
		return true;
	if (!program_file(path, p->driver->known)) {
		snprintf(note, sizeof(note),
			 "none: there is no folder %s of this program", p->driver->known);
		return true;
	}
	if (!strncmp(p->subject->name, "tree:", 5))
		return load_for_tree(p, err, len);
	snprintf(name, sizeof(name), "%s/%s", p->driver->known, p->subject->name);
	return !program_file(path, name) || suppress_read(path, err, len);
}

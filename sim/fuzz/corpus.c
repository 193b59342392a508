// SPDX-License-Identifier: GPL-2.0-only
/*
 * The corpus, in memory and in a folder.
 */
#include "fuzz/corpus.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/text_i.h"

bool corpus_add(struct corpus *c, const char *bytes, size_t size, unsigned int covers)
{
	struct corpus_entry *at = c->at;
	char *copy = malloc(size + 1);

	if (c->nr == c->space) {
		unsigned int space = c->space ? 2 * c->space : 64;

		at = realloc(c->at, space * sizeof(*at));
		if (at) {
			c->at = at;
			c->space = space;
		}
	}
	if (!at || !copy) {
		free(copy);
		return false;
	}
	memcpy(copy, bytes, size);
	copy[size] = '\0';
	c->at[c->nr].bytes = copy;
	c->at[c->nr].size = size;
	c->at[c->nr++].covers = covers;
	return true;
}

/* ---- folders ---- */

static int is_scenario(const struct dirent *entry)
{
	static const char ending[] = ".scenario";
	size_t n = strlen(entry->d_name), end = strlen(ending);

	return n > end && entry->d_name[0] != '.' &&
	       !strcmp(entry->d_name + n - end, ending);
}

/* Return: its bytes, ended by a zero; NULL: it cannot be read, or is none of ours */
static char *read_file(const char *path, size_t *size)
{
	char *bytes = malloc(TEXT_FILE + 1);
	FILE *in = fopen(path, "re");

	*size = bytes && in ? fread(bytes, 1, TEXT_FILE, in) : 0;
	if (in)
		fclose(in);
	if (!*size || *size == TEXT_FILE || memchr(bytes, '\0', *size)) {
		free(bytes);
		return NULL;
	}
	bytes[*size] = '\0';
	return bytes;
}

/* the smallest first: what covers the same is left out later; then by what it says */
static int by_size(const void *a, const void *b)
{
	const struct corpus_entry *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->bytes, y->bytes);
}

bool corpus_read(struct corpus *c, const char *dir, unsigned int *left_out, char *err,
		 size_t len)
{
	unsigned int first = c->nr;
	struct dirent **names;
	char path[PATH_MAX];
	int n = scandir(dir, &names, is_scenario, alphasort);

	if (n < 0) {
		snprintf(err, len, "cannot read %s: %s", dir, strerror(errno));
		return false;
	}
	for (int i = 0; i < n; i++) {
		size_t size;
		char *bytes;

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		bytes = read_file(path, &size);
		if (!bytes || !corpus_add(c, bytes, size, 0))
			++*left_out;
		free(bytes);
		free(names[i]);
	}
	free(names);
	if (c->nr > first)
		qsort(c->at + first, c->nr - first, sizeof(*c->at), by_size);
	return true;
}

bool corpus_write(const char *dir, const char *name, const char *bytes, size_t size,
		  char *err, size_t len)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	FILE *out;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s.scenario", dir, name);
	snprintf(temporary, sizeof(temporary), "%s/.%s.%ld", dir, name, (long)getpid());
	out = fopen(temporary, "we");
	ok = out && fwrite(bytes, 1, size, out) == size;
	if (out && fclose(out))
		ok = false;
	if (ok && !rename(temporary, path))
		return true;
	snprintf(err, len, "cannot write %s: %s", path, strerror(errno));
	unlink(temporary);
	return false;
}

bool corpus_program(const struct corpus *c, unsigned int i, const struct vocabulary *v,
		    struct text *t, struct program *p)
{
	const struct corpus_entry *e = &c->at[i];
	char err[256];

	if (!text_parse(t, "the corpus", e->bytes, e->size, err, sizeof(err)) ||
	    !vocabulary_can(v, text_scenario(t)->needs) || !program_of(p, v, t, e->bytes))
		return false;
	program_repair(p, v);
	return true;
}

void corpus_drop(struct corpus *c, bool (*gone)(void *arg, unsigned int nr), void *arg)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < c->nr; i++) {
		if (gone(arg, i))
			free(c->at[i].bytes);
		else
			c->at[kept++] = c->at[i];
	}
	c->nr = kept;
}

void corpus_free(struct corpus *c)
{
	for (unsigned int i = 0; i < c->nr; i++)
		free(c->at[i].bytes);
	free(c->at);
	*c = (struct corpus){ 0 };
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subjects that can be named on the command line, and those that could not
 * be built here.
 */
#ifndef SUBJECT_INSTALLED_H
#define SUBJECT_INSTALLED_H

/** struct installed - one name */
struct installed {
	char *name;
	char *path;   /* NULL: skipped */
	char *reason; /* why skipped, or NULL */
};

struct installed_list {
	struct installed *at;
	unsigned int nr;
};

/** installed_find() - all of them, by name; freed with installed_free() */
void installed_find(struct installed_list *list);
void installed_free(struct installed_list *list);

/** installed_reason() - why @name was skipped; NULL: it was not */
const char *installed_reason(const struct installed_list *list, const char *name);

/** installed_newest_linux() - the one of the highest version linux-X.Y that is built;
 * NULL: none */
const struct installed *installed_newest_linux(const struct installed_list *list);

#endif /* SUBJECT_INSTALLED_H */

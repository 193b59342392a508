// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a saved result. Each group of failures in it becomes an entry beside the known
 * reports: it is kept back, counted and said as they are.
 */
#include "command/verdict/baseline.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "detect/suppress.h"

/* as long as the program: entries have texts of it */
static struct json_object *saved;

static void refuse(const char *path)
{
	complain("%s is not the JSON of a result", path);
	exit(STATUS_USAGE);
}

static const char *must_have(struct json_object *o, const char *key, const char *path)
{
	struct json_object *value = json_object_object_get(o, key);

	if (!json_object_is_type(value, json_type_string))
		refuse(path);
	return json_object_get_string(value);
}

static bool is_there(enum report_kind kind, const char *group)
{
	for (unsigned int i = 0; i < suppress_nr(); i++) {
		const struct suppression *e = suppress_get(i);

		if (e->group && e->kind == kind && !strcmp(e->group, group))
			return true;
	}
	return false;
}

static enum report_kind kind_of(const char *name, const char *path)
{
	int kind = 0;

	while (kind < REPORT_NR_KINDS &&
	       strcmp(report_kind_name((enum report_kind)kind), name) != 0)
		kind++;
	if (kind == REPORT_NR_KINDS)
		refuse(path);
	return (enum report_kind)kind;
}

/* What is not modelled is no failure of the tree. */
static void add(struct json_object *failure, const char *path)
{
	enum report_kind kind = kind_of(must_have(failure, "kind", path), path);
	/* a result of an earlier version has but the group that was told */
	const char *key = json_object_object_get(failure, "report_group") ? "report_group"
									  : "group";
	const char *group = must_have(failure, key, path);

	if (kind == REPORT_UNMODELLED || is_there(kind, group) ||
	    suppress_saved(kind, group, path))
		return;
	complain("%s has too many groups of failures: with the known reports there can "
		 "be %d",
		 path, SUPPRESS_MAX);
	exit(STATUS_USAGE);
}

static struct json_object *must_be_array(struct json_object *o, const char *path)
{
	if (!json_object_is_type(o, json_type_array))
		refuse(path);
	return o;
}

static void add_all(struct json_object *result, const char *path)
{
	struct json_object *failures;

	if (!json_object_is_type(result, json_type_object))
		refuse(path);
	failures = must_be_array(json_object_object_get(result, "failures"), path);
	for (size_t i = 0; i < json_object_array_length(failures); i++) {
		struct json_object *one = json_object_array_get_idx(failures, i);

		if (!json_object_is_type(one, json_type_object))
			refuse(path);
		add(one, path);
	}
}

void baseline_load(const char *path)
{
	struct json_object *array;

	errno = 0;
	json_object_put(saved);
	saved = json_object_from_file(path);
	if (!saved && errno && errno != EINVAL) {
		complain("cannot read %s: %s", path, strerror(errno));
		exit(STATUS_USAGE);
	}
	array = must_be_array(saved, path);
	for (size_t i = 0; i < json_object_array_length(array); i++)
		add_all(json_object_array_get_idx(array, i), path);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of parts of objects. What the source's words for an object mean - "*queue" in
 * queue_create() - its debug information says: a variable of that function,
 * and the structure that it points to.
 */
#define _GNU_SOURCE
#include "symbols/field.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sched/hash.h"
#include "symbols/place_map.h"

#define KNOWN 64u /* places; a power of two */

/* struct kind - what an expression is, in the map of @code */
struct kind {
	const struct place_code *code;
	struct place_map_kind is;
};

static bool reads(const struct place_code *c, uint32_t at, const char *text)
{
	char name[PLACE_MAP_TEXT];

	place_map_text(c, at, name);
	return !strcmp(name, text);
}

/* ---- what an expression means ---- */

static bool type_named(const struct place_code *c, const char *name, struct kind *kind)
{
	struct place_map_type type;

	for (uint32_t i = 0; place_map_type(c, i, &type); i++) {
		if (!type.size || !reads(c, type.name, name))
			continue;
		*kind = (struct kind){ c, { .size = type.size, .type = i } };
		return true;
	}
	return false;
}

/* a variable of @func, or, failing that, of the file */
static bool var_named(const struct place_code *c, const char *func, const char *name,
		      struct kind *kind)
{
	struct place_map_var var;
	bool found = false;

	for (uint32_t i = 0; place_map_var(c, i, &var); i++) {
		bool own = var.func != PLACE_MAP_NONE;

		if (var.kind.type == PLACE_MAP_NONE || (!own && found) ||
		    !reads(c, var.name, name) || (own && !reads(c, var.func, func)))
			continue;
		*kind = (struct kind){ c, var.kind };
		found = true;
		if (own)
			break;
	}
	return found;
}

static bool member_named(struct kind *kind, const char *name)
{
	struct place_map_type type;
	struct place_map_field field;

	if (!place_map_type(kind->code, kind->is.type, &type))
		return false;
	for (uint32_t i = 0; i < type.nr; i++) {
		if (!place_map_field(kind->code, type.first + i, &field))
			return false;
		if (!reads(kind->code, field.name, name))
			continue;
		kind->is = field.kind;
		return true;
	}
	return false;
}

/* the next name of @text, copied to @name. Return: what follows it */
static const char *word(const char *text, char name[PLACE_MAP_TEXT])
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	snprintf(name, PLACE_MAP_TEXT, "%.*s", (int)n, text);
	return text + n;
}

static bool path(const struct place_code *c, const char *func, const char *text,
		 struct kind *kind)
{
	char name[PLACE_MAP_TEXT];

	text = word(text, name);
	if (!name[0] || !var_named(c, func, name, kind))
		return false;
	while (*text == '.' || !strncmp(text, "->", 2)) {
		text = word(text + (*text == '.' ? 1 : 2), name);
		if (!member_named(kind, name))
			return false;
	}
	return !*text;
}

/* the size of an object is kept in a variable: "pool_size" is that of "pool" */
static bool by_size(const struct place_code *c, const char *func, const char *text,
		    struct kind *kind)
{
	size_t n = strlen(text), suffix = strlen("_size");
	char name[PLACE_MAP_TEXT];

	if (n <= suffix || n >= sizeof(name) || strcmp(text + n - suffix, "_size") != 0)
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(n - suffix), text);
	if (!var_named(c, func, name, kind) || !kind->is.pointer)
		return false;
	kind->is.pointer = 0;
	return true;
}

static bool named(const struct place_code *c, const char *text, struct kind *kind)
{
	if (c && type_named(c, text, kind))
		return true;
	for (unsigned int i = 0; (c = place_map_code_nr(i)); i++)
		if (type_named(c, text, kind))
			return true;
	return false;
}

/* "sizeof(X) + more" allocates an X with something behind it */
static void strip_sizeof(char *text)
{
	int depth = 1;
	size_t n = strlen("sizeof(");

	if (strncmp(text, "sizeof(", n) != 0)
		return;
	for (; text[n]; n++) {
		depth += text[n] == '(' ? 1 : text[n] == ')' ? -1 : 0;
		if (!depth)
			break;
	}
	text[n] = '\0';
	memmove(text, text + strlen("sizeof("), n - strlen("sizeof(") + 1);
}

static bool find_kind(const struct sched_site *made, struct kind *kind)
{
	const struct place_code *c = place_map_code((uintptr_t)made);
	char copy[PLACE_MAP_TEXT], *text = copy;
	bool pointers = false;
	size_t n;

	if (!made->expr)
		return false;
	snprintf(copy, sizeof(copy), "%s", made->expr);
	strip_sizeof(text);
	n = strlen(text);
	if (n && text[n - 1] == '*') { /* of a type: an array of pointers */
		pointers = true;
		while (n && (text[n - 1] == '*' || text[n - 1] == ' '))
			text[--n] = '\0';
	}
	if (!strncmp(text, "struct ", 7)) {
		if (!named(c, text + 7, kind))
			return false;
		kind->is.pointer = pointers;
		return true;
	}
	if (*text == '*') {
		if (!c || !path(c, made->func, text + 1, kind) || !kind->is.pointer)
			return false;
		kind->is.pointer = 0;
		return true;
	}
	return (c && path(c, made->func, text, kind)) ||
	       (c && by_size(c, made->func, text, kind)) || named(c, text, kind);
}

/* struct known - what is known of a place where objects are allocated: a report of the
 * same object comes with each execution, and the map is gone through in small parts */
static struct known {
	const struct sched_site *made;
	const char *func, *expr; /* of it */
	struct kind kind;
	bool found;
} knowns[KNOWN];

static const struct known *know(const struct sched_site *made)
{
	struct known *k = &knowns[hash_word((uintptr_t)made) >> 32 & (KNOWN - 1)];

	if (k->made == made && k->func == made->func && k->expr == made->expr)
		return k;
	*k = (struct known){ .made = made, .func = made->func, .expr = made->expr };
	k->found = find_kind(made, &k->kind);
	return k;
}

void field_forget(void)
{
	memset(knowns, 0, sizeof(knowns));
}

/* ---- the part of it ---- */

static void append(struct field *f, const char *dot, const char *name)
{
	size_t n = strlen(f->path);

	snprintf(f->path + n, sizeof(f->path) - n, "%s%s", n ? dot : "", name);
}

/* the field of @type that has byte @offset; of several bits in it the first */
static bool field_at(const struct place_code *c, const struct place_map_type *type,
		     size_t offset, struct place_map_field *field)
{
	for (uint32_t i = 0; i < type->nr; i++) {
		if (!place_map_field(c, type->first + i, field))
			return false;
		if (offset >= field->offset &&
		    (offset < field->offset + field->kind.size ||
		     (field->kind.each && !field->kind.size)))
			return true;
	}
	return false;
}

static void descend(const struct place_code *c, uint32_t index, size_t offset,
		    struct field *f)
{
	struct place_map_type type;
	struct place_map_field field;
	char name[PLACE_MAP_TEXT];

	while (place_map_type(c, index, &type) && !type.whole &&
	       field_at(c, &type, offset, &field)) {
		place_map_text(c, field.name, name);
		if (name[0])
			append(f, ".", name);
		offset -= field.offset;
		if (field.bit)
			append(f, "", ",..."); /* others are in the same byte */
		if (field.kind.each) {
			append(f, "", "[]");
			offset %= field.kind.each;
		}
		if (field.kind.pointer || field.kind.type == PLACE_MAP_NONE)
			return;
		index = field.kind.type;
	}
}

static bool has_open_end(const struct place_code *c, const struct place_map_type *type)
{
	struct place_map_field last;

	return type->nr && place_map_field(c, type->first + type->nr - 1u, &last) &&
	       last.kind.each && !last.kind.size;
}

bool field_of(const struct sched_site *made, size_t size, size_t offset,
	      struct field *field)
{
	const struct known *known = made ? know(made) : NULL;
	struct place_map_type type;
	char name[PLACE_MAP_TEXT];
	struct kind kind;
	bool many;

	*field = (struct field){ "", "" };
	if (!known || !known->found)
		return false;
	kind = known->kind;
	if (!place_map_type(kind.code, kind.is.type, &type))
		return false;
	place_map_text(kind.code, type.name, name);
	if (kind.is.pointer) {
		snprintf(field->type, sizeof(field->type), "%.60s *[]", name);
		return true;
	}
	many = size >= 2 * (size_t)type.size && !(size % type.size) &&
	       !has_open_end(kind.code, &type);
	snprintf(field->type, sizeof(field->type), "%.60s%s", name, many ? "[]" : "");
	if (many)
		offset %= type.size;
	descend(kind.code, kind.is.type, offset, field);
	return true;
}

bool field_static(const void *addr, struct field *field)
{
	const struct place_code *c = place_map_code((uintptr_t)addr);
	struct place_map_var var;
	char name[PLACE_MAP_TEXT];
	size_t at, offset;

	*field = (struct field){ "", "" };
	if (!c)
		return false;
	at = (uintptr_t)addr - place_map_base(c);
	for (uint32_t i = 0; place_map_var(c, i, &var); i++) {
		if (!var.at || at < var.at || at - var.at >= var.kind.size)
			continue;
		place_map_text(c, var.name, name);
		snprintf(field->type, sizeof(field->type), "%.60s%s", name,
			 var.kind.each ? "[]" : "");
		offset = at - var.at;
		if (var.kind.each)
			offset %= var.kind.each;
		if (!var.kind.pointer && var.kind.type != PLACE_MAP_NONE)
			descend(c, var.kind.type, offset, field);
		return true;
	}
	return false;
}

const char *field_words(const struct field *field, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s%s", field->type, field->path[0] ? "." : "", field->path);
	return buf;
}

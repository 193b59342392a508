// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debug information of structures, and of the variables that have or point to one: by
 * them a byte of an object is named when a report is put into words (symbols/field.h).
 */
#define _GNU_SOURCE
#include "symbols/map/types.h"

#include <dwarf.h>
#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/place_map.h"

struct list types = { .each = sizeof(struct place_map_type) };
struct list fields = { .each = sizeof(struct place_map_field) };
struct list vars = { .each = sizeof(struct place_map_var) };

/* of each of the types, as long as its fields are still to be listed */
static struct list dies = { .each = sizeof(Dwarf_Die) };
/* struct known - type number @i is called @key; a tree of them (tsearch) */
struct known {
	char *key;
	uint32_t i;
};
static void *by_name;

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->key, ((const struct known *)b)->key);
}

/* Return: where the number of the type of that name is; UINT32_MAX if it is new */
static uint32_t *number_of(const char *key)
{
	struct known *k = malloc(sizeof(*k)), **found;

	if (!k)
		list_fail("memory", strerror(ENOMEM));
	*k = (struct known){ strdup(key), UINT32_MAX };
	found = k->key ? tsearch(k, &by_name, compare) : NULL;
	if (!found)
		list_fail("memory", strerror(ENOMEM));
	if (*found != k) {
		free(k->key);
		free(k);
	}
	return &(*found)->i;
}

/* ---- attributes ---- */

static bool number(Dwarf_Die *die, unsigned int name, uint32_t *to)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (!dwarf_attr_integrate(die, name, &attr) || dwarf_formudata(&attr, &value))
		return false;
	*to = (uint32_t)value;
	return true;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) &&
	       dwarf_formref_die(&attr, type);
}

/* @die's type without the words that change nothing; false: void */
static bool plain_type(Dwarf_Die *die, Dwarf_Die *type)
{
	if (!type_of(die, type))
		return false;
	for (;;) {
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_atomic_type:
		case DW_TAG_restrict_type:
			if (!type_of(type, type))
				return false;
			break;
		default:
			return true;
		}
	}
}

static bool is_structure(Dwarf_Die *type)
{
	int tag = dwarf_tag(type);

	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

static uint32_t size_of(Dwarf_Die *type)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(type, &size) ? 0 : (uint32_t)size;
}

/* ---- structures ---- */

static bool is_the_shims(Dwarf_Die *type)
{
	const char *file = dwarf_decl_file(type);

	return file && strstr(file, "kernel_shim/include/");
}

/* one without a name, as in "struct { } a;", is what stands at that place */
static uint32_t put_type(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);
	uint32_t size = size_of(die), *known;
	char key[300];

	if (name)
		snprintf(key, sizeof(key), "%s %u", name, size);
	else
		snprintf(key, sizeof(key), "@%lx", (unsigned long)dwarf_dieoffset(die));
	known = number_of(key);
	if (*known == UINT32_MAX) {
		const struct place_map_type type = {
			.name = put_text(name ? name : ""),
			.size = size,
			.whole = is_the_shims(die) && name,
		};

		*known = (uint32_t)types.nr;
		list_append(&types, &type, 1);
		list_append(&dies, die, 1);
	}
	return *known;
}

static struct place_map_kind kind_of(Dwarf_Die *die)
{
	struct place_map_kind kind = { .type = PLACE_MAP_NONE };
	Dwarf_Die type;

	if (!plain_type(die, &type))
		return kind;
	kind.size = size_of(&type);
	while (dwarf_tag(&type) == DW_TAG_array_type) {
		if (!plain_type(&type, &type))
			return kind;
		kind.each = size_of(&type);
	}
	if (dwarf_tag(&type) == DW_TAG_pointer_type) {
		kind.pointer = 1;
		if (!plain_type(&type, &type))
			return kind;
	}
	if (is_structure(&type))
		kind.type = put_type(&type);
	return kind;
}

static void put_field(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);
	struct place_map_field field = { .name = put_text(name ? name : "") };
	uint32_t bits;

	number(die, DW_AT_data_member_location, &field.offset);
	if (number(die, DW_AT_data_bit_offset, &bits)) {
		field.offset = bits / 8;
		field.bit = 1;
	}
	field.kind = kind_of(die);
	if (field.bit)
		field.kind.size = 1;
	list_append(&fields, &field, 1);
}

/* kind_of() appends types while they are listed: each comes to its turn */
static void put_all_fields(void)
{
	static size_t done;

	for (; done < types.nr; done++) {
		size_t first = fields.nr;
		Dwarf_Die die = ((Dwarf_Die *)dies.at)[done], child;
		struct place_map_type *type;

		if (!dwarf_child(&die, &child))
			do
				if (dwarf_tag(&child) == DW_TAG_member)
					put_field(&child);
			while (!dwarf_siblingof(&child, &child));
		type = (struct place_map_type *)types.at + done;
		type->first = (uint32_t)first;
		type->nr = (uint16_t)(fields.nr - first);
	}
}

/* ---- variables ---- */

static uint32_t address_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr, addr;
	Dwarf_Op *ops;
	Dwarf_Addr at;
	size_t nr;

	if (!dwarf_attr(die, DW_AT_location, &attr) ||
	    dwarf_getlocation(&attr, &ops, &nr) || nr != 1)
		return 0;
	if (ops->atom == DW_OP_addr)
		return (uint32_t)ops->number;
	/* clang: an index into a table of addresses */
	if (ops->atom != DW_OP_addrx || dwarf_getlocation_attr(&attr, ops, &addr) ||
	    dwarf_formaddr(&addr, &at))
		return 0;
	return (uint32_t)at;
}

static void put_var(Dwarf_Die *die, uint32_t func)
{
	const char *name = dwarf_diename(die);
	struct place_map_var var = { .func = func };

	if (!name)
		return;
	var.at = address_of(die);
	var.kind = kind_of(die);
	if (!var.at && var.kind.type == PLACE_MAP_NONE)
		return;
	var.name = put_text(name);
	list_append(&vars, &var, 1);
}

/* what was inlined has its variables where it is declared */
static void put_vars(Dwarf_Die *die, uint32_t func)
{
	Dwarf_Die child;
	const char *name;

	if (dwarf_child(die, &child))
		return;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_variable:
		case DW_TAG_formal_parameter:
			put_var(&child, func);
			break;
		case DW_TAG_lexical_block:
			put_vars(&child, func);
			break;
		case DW_TAG_subprogram:
			name = dwarf_diename(&child);
			put_vars(&child, name ? put_text(name) : PLACE_MAP_NONE);
			break;
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			if (dwarf_diename(&child) && size_of(&child))
				put_type(&child);
			break;
		default:
			break;
		}
	} while (!dwarf_siblingof(&child, &child));
}

/* a pointer to what this unit declares only points to what another one has */
static void complete(struct place_map_kind *kind)
{
	struct place_map_type *all = types.at, *type;

	if (kind->type == PLACE_MAP_NONE || all[kind->type].size)
		return;
	type = &all[kind->type];
	for (uint32_t i = 0; i < types.nr; i++) {
		if (all[i].size && all[i].name == type->name) {
			kind->type = i;
			return;
		}
	}
}

void types_list(Dwfl_Module *module)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias = 0;

	while ((unit = dwfl_module_nextcu(module, unit, &bias))) {
		put_vars(unit, PLACE_MAP_NONE);
		put_all_fields();
	}
	for (size_t i = 0; i < fields.nr; i++)
		complete(&((struct place_map_field *)fields.at)[i].kind);
	for (size_t i = 0; i < vars.nr; i++)
		complete(&((struct place_map_var *)vars.at)[i].kind);
}

static void free_known(void *known)
{
	free(((struct known *)known)->key);
	free(known);
}

void types_free(void)
{
	tdestroy(by_name, free_known);
	free(types.at);
	free(fields.at);
	free(vars.at);
	free(dies.at);
}

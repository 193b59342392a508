// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debug information of an address of a file, read with elfutils' libdw.
 */
#define _GNU_SOURCE
#include "symbols/map/place_debug.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The debug information is in the files themselves: nothing is looked for elsewhere. */
int place_no_debug_file(Dwfl_Module *m, void **data, const char *name, Dwarf_Addr base,
			const char *file, const char *link, GElf_Word crc, char **out)
{
	(void)m, (void)data, (void)name, (void)base;
	(void)file, (void)link, (void)crc, (void)out;
	return -1;
}

/*
 * What stands below sim as a tree is named as in a tree. Our own files are relative to
 * our top already, by the compiler's -fdebug-prefix-map.
 */
static const struct {
	const char *folder, *as;
} renames[] = {
	{ "sim/kernel/fs/", "fs/" },
	{ "sim/kernel/include/", "include/" },
};

#define NR_RENAMES (sizeof(renames) / sizeof(renames[0]))

static const char *after(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) ? NULL : path + n;
}

/* a copy of the file's name as the source's own macros would have it */
static char *name_file(const char *path, const char *compiled_in)
{
	const char *rest = compiled_in ? after(path, compiled_in) : NULL;
	char *name;

	if (rest && *rest == '/')
		path = rest + 1;
	for (size_t i = 0; i < NR_RENAMES; i++) {
		rest = after(path, renames[i].folder);
		if (rest && asprintf(&name, "%s%s", renames[i].as, rest) >= 0)
			return name;
	}
	return strdup(path);
}

#define DEPTH 64 /* of functions inlined into each other */

/**
 * struct nest - the function that the code at an address is in, then what was inlined
 * into it there, one into the other
 *
 * Not dwarf_getscopes(): that follows the source's scopes, which after link-time
 * optimisation are in other units, where it does not find them.
 */
struct nest {
	Dwarf_Die func[DEPTH];
	unsigned int nr;
};

static bool step_in(Dwarf_Die *die, Dwarf_Addr addr)
{
	Dwarf_Die next;

	if (dwarf_child(die, &next))
		return false;
	do {
		int tag = dwarf_tag(&next);

		if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine &&
		    tag != DW_TAG_lexical_block)
			continue;
		if (dwarf_haspc(&next, addr) > 0) {
			*die = next;
			return true;
		}
	} while (!dwarf_siblingof(&next, &next));
	return false;
}

static void find_nest(Dwarf_Die *unit, Dwarf_Addr addr, struct nest *nest)
{
	Dwarf_Die die = *unit;

	nest->nr = 0;
	while (nest->nr < DEPTH && step_in(&die, addr))
		if (dwarf_tag(&die) != DW_TAG_lexical_block)
			nest->func[nest->nr++] = die;
}

/* the innermost function, inlined or not, that the address belongs to */
static const char *name_function(Dwarf_Die *unit, Dwarf_Addr addr)
{
	struct nest nest;

	find_nest(unit, addr, &nest);
	return nest.nr ? dwarf_diename(&nest.func[nest.nr - 1]) : NULL;
}

/* the compilation unit; clang writes no table of what code which unit has */
static Dwarf_Die *unit_of(Dwfl_Module *module, Dwarf_Addr addr, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = module ? dwfl_module_addrdie(module, addr, bias) : NULL;

	if (unit || !module)
		return unit;
	while ((unit = dwfl_module_nextcu(module, unit, bias)))
		if (dwarf_haspc(unit, addr - *bias) > 0)
			break;
	return unit;
}

static const char *compiled_in(Dwarf_Die *unit)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
}

static void find_line(struct place_found *found, Dwarf_Die *unit, Dwarf_Addr addr)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, addr);
	const char *path = line ? dwarf_linesrc(line, NULL, NULL) : NULL;

	if (!path)
		return;
	dwarf_lineno(line, &found->line);
	found->file = name_file(path, compiled_in(unit));
}

void place_search(Dwfl_Module *module, Dwarf_Addr addr, struct place_found *found)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = unit_of(module, addr, &bias);

	*found = (struct place_found){ .file = NULL };
	if (unit) {
		find_line(found, unit, addr - bias);
		found->func = name_function(unit, addr - bias);
	}
}

/* ---- and what it was inlined into ---- */

/* where an inlined function was called: from its DW_AT_call_file and DW_AT_call_line */
static const char *call_place(Dwarf_Die *unit, Dwarf_Die *inlined, int *line)
{
	Dwarf_Attribute attr;
	Dwarf_Files *files;
	Dwarf_Word number;
	size_t nr;

	*line = 0;
	if (!dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attr), &number))
		*line = (int)number;
	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attr), &number) ||
	    dwarf_getsrcfiles(unit, &files, &nr))
		return NULL;
	return dwarf_filesrc(files, number, NULL, NULL);
}

static void tell(const char *path, const char *folder, int line, const char *func,
		 void (*fn)(const struct sched_site *place, void *arg), void *arg)
{
	char *file = path ? name_file(path, folder) : NULL;
	const struct sched_site place = {
		.file = file ? file : "?",
		.func = func ? func : "?",
		.line = line,
	};

	fn(&place, arg);
	free(file);
}

void place_search_callers(Dwfl_Module *module, Dwarf_Addr addr,
			  void (*fn)(const struct sched_site *place, void *arg),
			  void *arg)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = unit_of(module, addr, &bias);
	struct nest nest = { .nr = 0 };

	if (unit)
		find_nest(unit, addr - bias, &nest);
	for (unsigned int i = nest.nr; i > 1; i--) {
		int line;
		const char *path = call_place(unit, &nest.func[i - 1], &line);

		tell(path, compiled_in(unit), line, dwarf_diename(&nest.func[i - 2]), fn,
		     arg);
	}
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One file's debug information as places in the source, for the program that writes maps
 * (place_map_write.c).
 */
#ifndef SYMBOLS_PLACE_DEBUG_H
#define SYMBOLS_PLACE_DEBUG_H

#include <elfutils/libdwfl.h>

#include "sched/site.h"

/**
 * struct place_found - what is known of an address
 * @file: as __FILE__ names it, to be freed; NULL: not known
 * @func: the function in whose source @line is; NULL: not known
 * @line: as the compiler has it, see line_shown()
 */
struct place_found {
	char *file;
	const char *func;
	int line;
};

/** place_search() - the place of the code at @addr of @module, which may be NULL */
void place_search(Dwfl_Module *module, Dwarf_Addr addr, struct place_found *found);

/** place_search_callers() - call @fn with each place that it was inlined into */
void place_search_callers(Dwfl_Module *module, Dwarf_Addr addr,
			  void (*fn)(const struct sched_site *place, void *arg),
			  void *arg);

/** place_no_debug_file() - for struct Dwfl_Callbacks: there is no other file */
int place_no_debug_file(Dwfl_Module *m, void **data, const char *name, Dwarf_Addr base,
			const char *file, const char *link, GElf_Word crc, char **out);

#endif /* SYMBOLS_PLACE_DEBUG_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures and variables of a file, for the program that writes maps
 * (place_map_write.c).
 */
#ifndef SYMBOLS_MAP_TYPES_H
#define SYMBOLS_MAP_TYPES_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

#include "symbols/map/list.h"

/* of struct place_map_type, struct place_map_field, struct place_map_var */
extern struct list types, fields, vars;

/** types_list() - fill the lists with what @module has */
void types_list(Dwfl_Module *module);

/** types_free() - and empty them */
void types_free(void);

/** put_text() - where @s is among the strings of the map; place_map_write.c has it */
uint32_t put_text(const char *s);

#endif /* SYMBOLS_MAP_TYPES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a caller's frame is, by the unwind tables of a file.
 */
#ifndef SYMBOLS_MAP_FRAMES_H
#define SYMBOLS_MAP_FRAMES_H

#include <elfutils/libdwfl.h>

#include "symbols/map/list.h"
#include "symbols/place_map.h"

/** frames_at() - what the tables say of the code at @addr, an address of the file */
struct place_map_step frames_at(Dwarf_CFI *cfi, Dwarf_Addr addr, Dwarf_Addr *end);

/** frames_list() - append to @steps what they say of all code of @module */
void frames_list(Dwfl_Module *module, struct list *steps);

#endif /* SYMBOLS_MAP_FRAMES_H */

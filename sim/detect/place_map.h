/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map of a subject's code: which place in the source each address belongs to,
 * written beside it when it is built (SUBJECT.so.places). It says what the debug
 * information says, and is searched without reading that.
 */
#ifndef DETECT_PLACE_MAP_H
#define DETECT_PLACE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "sched/site.h"

#define PLACE_MAP_SUFFIX ".places"
#define PLACE_MAP_MAGIC	 "places1"
#define PLACE_MAP_ID	 20 /* bytes of a build id */

/**
 * struct place_map_head - what the file begins with; behind it stand @nr struct
 * place_map_part in order of addresses, @nr_sites struct place_map_site, and @text
 * bytes of strings
 */
struct place_map_head {
	char magic[8];
	uint8_t build_id[PLACE_MAP_ID];
	uint32_t nr, nr_sites, text;
};

/**
 * struct place_map_part - code from @from, an address of the file, up to the next part
 * @site: index; %PLACE_MAP_NONE: the debug information has to be asked
 */
struct place_map_part {
	uint32_t from, site;
};
#define PLACE_MAP_NONE UINT32_MAX

/* struct place_map_site - @file and @func are offsets of strings */
struct place_map_site {
	uint32_t file, func;
	int32_t line;
};

/**
 * place_map_find() - look for the code at @addr in the maps of what is loaded
 * @site: its file, function, and line as the compiler has it; good until
 *	place_map_forget()
 */
bool place_map_find(uintptr_t addr, struct sched_site *site);

/** place_map_forget() - code is about to be unloaded */
void place_map_forget(void);

#endif /* DETECT_PLACE_MAP_H */

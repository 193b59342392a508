/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map of a file's code, written beside it when it is built (FILE.places): which place
 * in the source each address belongs to, what that was inlined into, and how to find the
 * caller's frame. It replaces the debug information, whose readers take ten times as much
 * memory as the rest of the program.
 */
#ifndef SYMBOLS_PLACE_MAP_H
#define SYMBOLS_PLACE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#define PLACE_MAP_SUFFIX ".places"
#define PLACE_MAP_MAGIC	 "places3"
#define PLACE_MAP_ID	 20 /* bytes of a build id */

/**
 * struct place_map_head - what the file begins with; behind it stand @nr struct
 * place_map_part and @nr_steps struct place_map_step in order of addresses, @nr_sites
 * struct place_map_site, @nr_types struct place_map_type, @nr_fields struct
 * place_map_field,
 * @nr_vars struct place_map_var, and @text bytes of strings
 */
struct place_map_head {
	char magic[8];
	uint8_t build_id[PLACE_MAP_ID];
	uint32_t nr, nr_steps, nr_sites, nr_types, nr_fields, nr_vars, text;
};

/**
 * struct place_map_part - code from @from, an address of the file, up to the next part
 * @site: index; %PLACE_MAP_NONE: the debug information says nothing
 */
struct place_map_part {
	uint32_t from, site;
};
#define PLACE_MAP_NONE UINT32_MAX

/**
 * struct place_map_step - where the caller's frame is, for code from @from up to the next
 * step [kernel: struct orc_entry]
 * @base: enum place_map_base, to which @cfa is added, in bytes. The return address stands
 *	right below, and there the caller's stack pointer was
 * @bp: where the caller's frame pointer was saved, from there; 0: it is still the same
 */
struct place_map_step {
	uint32_t from;
	int32_t cfa;
	int16_t bp;
	uint16_t base;
};

enum place_map_base {
	PLACE_MAP_NO_CALLER, /* there is none, or it was not called in a known way */
	PLACE_MAP_STACK_POINTER,
	PLACE_MAP_FRAME_POINTER,
};

/**
 * struct place_map_site - @file and @func are offsets of strings
 * @caller: index of the site that this one was inlined into, or %PLACE_MAP_NONE
 */
struct place_map_site {
	uint32_t file, func;
	int32_t line;
	uint32_t caller;
};

/**
 * struct place_map_type - a structure or union
 * @name: offset of a string, "" if it has none
 * @size: in bytes; 0: it is declared only
 * @first, @nr: its fields
 * @whole: it is the shim's, whose fields mean nothing to a reader
 */
struct place_map_type {
	uint32_t name, size, first;
	uint16_t nr, whole;
};

/**
 * struct place_map_kind - of a field or a variable
 * @size: in bytes; of an array all of it, 0 if its length is open
 * @each: of an array's element; 0: it is none
 * @type: index of the structure that it is, or its elements, or, with @pointer, what it
 *	points to; %PLACE_MAP_NONE: of no structure
 */
struct place_map_kind {
	uint32_t size, each, type, pointer;
};

/** struct place_map_field - @bit: it is a bit field, and @offset that of its first byte
 */
struct place_map_field {
	uint32_t name, offset, bit;
	struct place_map_kind kind;
};

/**
 * struct place_map_var - a variable or parameter
 * @func: the function whose it is; %PLACE_MAP_NONE: none
 * @at: its address in the file; 0: it has none, or none of its own
 */
struct place_map_var {
	uint32_t func, name, at;
	struct place_map_kind kind;
};

#define PLACE_MAP_TEXT                                                  \
	256 /* bytes of a name, its end included; what is longer is cut \
	     */

/** struct place_map_place - a place; @line: as the compiler has it */
struct place_map_place {
	char file[PLACE_MAP_TEXT], func[PLACE_MAP_TEXT];
	int line;
};

/**
 * place_map_find() - look for the code at @addr in the maps of what is loaded
 * @depth: 0: the place itself, 1: what it was inlined into, and so on
 */
bool place_map_find(uintptr_t addr, unsigned int depth, struct place_map_place *place);

/** place_map_is_there() - whether the code at @addr has a map */
bool place_map_is_there(uintptr_t addr);

/** place_map_step() - how to go on from a frame whose code is at @addr */
bool place_map_step(uintptr_t addr, struct place_map_step *step);

/* for field.c: a file that is loaded, by the address of anything in it, or by number */
struct place_code;
const struct place_code *place_map_code(uintptr_t addr);
const struct place_code *place_map_code_nr(unsigned int nr);
uintptr_t place_map_base(const struct place_code *c);
bool place_map_type(const struct place_code *c, uint32_t i, struct place_map_type *type);
bool place_map_field(const struct place_code *c, uint32_t i,
		     struct place_map_field *field);
bool place_map_var(const struct place_code *c, uint32_t i, struct place_map_var *var);
void place_map_text(const struct place_code *c, uint32_t at, char to[PLACE_MAP_TEXT]);

/** place_map_forget() - code is about to be unloaded */
void place_map_forget(void);

#endif /* SYMBOLS_PLACE_MAP_H */

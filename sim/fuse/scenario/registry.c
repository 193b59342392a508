// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FUSE scenarios as an array, from list.h and list_files.h. What a file says is a
 * part of the program, byte by byte: the folder is needed by the build alone.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuse/scenario/scenario.h"
#include "text/text.h"

/* the bytes of files/@name.scenario as @symbol */
#define BYTES_OF(symbol, name)                                         \
	extern const char symbol[];                                    \
	__asm__(".pushsection .rodata\n" #symbol ":\n"                 \
		"\t.incbin \"" SCENARIO_FILES "/" name ".scenario\"\n" \
		"\t.byte 0\n"                                          \
		"\t.popsection\n");
#define SCENARIO_FILE(id, name) BYTES_OF(bytes_of_##id, name)
#define SMALL_FILE(id, name)	BYTES_OF(small_##id, name)
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE

/* struct file - @nr: of the scenario that it is, or is a smaller one of */
static const struct file {
	unsigned int nr;
	const char *name, *bytes;
} files[] = {
#define SCENARIO_FILE(id, name) { NUMBER_OF_##id, name ".scenario", bytes_of_##id },
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE
}, small_files[] = {
#define SCENARIO_FILE(id, name)
#define SMALL_FILE(id, name) { NUMBER_OF_##id, name ".scenario", small_##id },
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE
};

#define FILES	    (sizeof(files) / sizeof(files[0]))
#define SMALL_FILES (sizeof(small_files) / sizeof(small_files[0]))

static struct scenario small_from_file[SMALL_FILES];
static struct scenario from_file[FILES];

#define SCENARIO(name) extern const struct scenario scenario_##name;
#include "fuse/scenario/list.h"
#undef SCENARIO

const struct scenario *const fuse_scenarios[FUSE_SCENARIOS] = {
#define SCENARIO(name) &scenario_##name,
#include "fuse/scenario/list.h"
#undef SCENARIO
#define SCENARIO_FILE(id, name) &from_file[NUMBER_OF_##id - FUSE_SCENARIOS_IN_C],
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE
};

static struct scenario read_file(const struct file *file)
{
	const struct text *t;
	char err[256];

	t = text_built_in(file->name, file->bytes, &fuse_driver, err, sizeof(err));
	if (!t) {
		fprintf(stderr, "uringsim: %s\n", err);
		exit(3);
	}
	return *text_scenario(t);
}

void fuse_scenarios_load(void)
{
	for (size_t i = 0; i < FILES; i++)
		from_file[i] = read_file(&files[i]);
	for (size_t i = 0; i < SMALL_FILES; i++) {
		small_from_file[i] = read_file(&small_files[i]);
		from_file[small_files[i].nr - FUSE_SCENARIOS_IN_C].small =
			&small_from_file[i];
	}
}

/* programs look at the array from their first line on */
__attribute__((constructor)) static void load(void)
{
	fuse_scenarios_load();
}

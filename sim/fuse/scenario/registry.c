// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FUSE scenarios as an array, from list.h and list_files.h. What a file says is a
 * part of the program, byte by byte: the folder is needed by the build alone.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuse/scenario/scenario.h"
#include "text/text.h"

#define SCENARIO_FILE(id, name)                                        \
	extern const char bytes_of_##id[];                             \
	__asm__(".pushsection .rodata\n"                               \
		"bytes_of_" #id ":\n"                                  \
		"\t.incbin \"" SCENARIO_FILES "/" name ".scenario\"\n" \
		"\t.byte 0\n"                                          \
		"\t.popsection\n");
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE

static const struct {
	const char *name, *bytes;
} files[] = {
#define SCENARIO_FILE(id, name) { name ".scenario", bytes_of_##id },
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE
};

#define FILES (sizeof(files) / sizeof(files[0]))

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

void fuse_scenarios_load(void)
{
	const struct text *t;
	char err[256];

	for (size_t i = 0; i < FILES; i++) {
		t = text_built_in(files[i].name, files[i].bytes, &fuse_driver, err,
				  sizeof(err));
		if (!t) {
			fprintf(stderr, "uringsim: %s\n", err);
			exit(3);
		}
		from_file[i] = *text_scenario(t);
	}
}

/* programs look at the array from their first line on */
__attribute__((constructor)) static void load(void)
{
	fuse_scenarios_load();
}

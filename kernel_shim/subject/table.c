// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one symbol that a subject exports. What it was built from comes from
 * subject_config.h, which tools/build-subject writes.
 */
#include <linux/kernel.h>

#include "sched/lines.h"
#include "shim/subject.h"
#include "subject_config.h"

static const struct subject_file files[] = { SUBJECT_FILES };

static const struct call_lines lines[] = {
#include "subject_lines.h"
};

static const struct subject_function functions[] = {
#include "subject_functions.h"
};

/* the driver's glue has it */
extern const struct subject_driver subject_driver;

extern const struct subject uringsim_subject;

__attribute__((visibility("default"))) const struct subject uringsim_subject = {
	.abi = SUBJECT_ABI,
	.name = SUBJECT_NAME,
	.version = SUBJECT_VERSION,
	.compiler = SUBJECT_COMPILER,
	.unmodified = SUBJECT_UNMODIFIED,
#ifdef SHIM_HOOKED
	.hooked = true,
#endif
	.files = files,
	.nr_files = ARRAY_SIZE(files),
	.lines = lines,
	.nr_lines = ARRAY_SIZE(lines),
	.functions = functions,
	.nr_functions = ARRAY_SIZE(functions),
	.driver = &subject_driver,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map of a subject's code says what its debug information says, and is not believed
 * when it is another file's or damaged.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/place.h"
#include "symbols/map/frames.h"
#include "symbols/map/place_debug.h"
#include "symbols/place_map.h"
#include "subject/subject.h"
#include "subject/path.h"

#define STEP 3 /* bytes; no instruction that calls is shorter */

#ifdef __OPTIMIZE__
#define INLINES 1
#else
#define INLINES 0 /* the build type is that of the subject, too */
#endif

static char folder[] = "/tmp/place-map-XXXXXX";
static char copy[PATH_MAX], map[PATH_MAX + 16], writer[PATH_MAX + 32];

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.section_address = dwfl_offline_section_address,
	.find_debuginfo = place_no_debug_file,
};

/* struct code - what is executable of a file; @base: where address 0 of it is */
struct code {
	uintptr_t base, from, to;
};

static int find_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct code *c = arg;

	(void)size;
	if (info->dlpi_addr != c->base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X))
			continue;
		c->from = ph->p_vaddr;
		c->to = c->from + ph->p_memsz;
	}
	return 1;
}

static struct code code_of(const struct subject *subject)
{
	struct code c = { 0 };
	Dl_info info;

	assert_true(dladdr(subject, &info));
	c.base = (uintptr_t)info.dli_fbase;
	assert_int_equal(dl_iterate_phdr(find_code, &c), 1);
	return c;
}

static Dwfl_Module *open_file(const char *path, Dwfl **dwfl, Dwarf_Addr *bias)
{
	Dwfl_Module *module;

	*dwfl = dwfl_begin(&callbacks);
	module = dwfl_report_offline(*dwfl, path, path, -1);
	assert_non_null(module);
	assert_int_equal(dwfl_report_end(*dwfl, NULL, NULL), 0);
	assert_non_null(dwfl_module_getdwarf(module, bias));
	return module;
}

static void compare(Dwfl_Module *module, Dwarf_Addr bias, const struct code *c,
		    unsigned int *known)
{
	struct place_found found;
	struct place_map_place place;

	for (uintptr_t at = c->from; at < c->to; at += STEP) {
		place_search(module, at + bias, &found);
		if (place_map_find(c->base + at, 0, &place)) {
			assert_string_equal(place.file, found.file);
			assert_string_equal(place.func, found.func);
			assert_int_equal(place.line, found.line);
			++*known;
		} else {
			assert_false(found.file && found.func);
		}
		free(found.file);
	}
}

/* ---- what it was inlined into ---- */

/* struct callers - of the code at @addr, which the map is asked for at the same time */
struct callers {
	uintptr_t addr;
	unsigned int nr;
};

static void compare_caller(const struct sched_site *site, void *arg)
{
	struct callers *c = arg;
	struct place_map_place place;

	assert_true(place_map_find(c->addr, ++c->nr, &place));
	assert_string_equal(place.file, site->file);
	assert_string_equal(place.func, site->func);
	assert_int_equal(place.line, site->line);
}

static void compare_callers(Dwfl_Module *module, Dwarf_Addr bias, const struct code *c,
			    unsigned int *known)
{
	struct place_map_place place;

	for (uintptr_t at = c->from; at < c->to; at += STEP) {
		struct callers callers = { .addr = c->base + at };

		if (!place_map_find(callers.addr, 0, &place))
			continue;
		place_search_callers(module, at + bias, compare_caller, &callers);
		assert_false(place_map_find(callers.addr, callers.nr + 1, &place));
		*known += callers.nr;
	}
}

/* ---- the caller's frame ---- */

static void compare_steps(Dwfl_Module *module, const struct code *c, unsigned int *known)
{
	Dwarf_Addr bias, end;
	Dwarf_CFI *cfi = dwfl_module_eh_cfi(module, &bias);

	assert_non_null(cfi);
	for (uintptr_t at = c->from; at < c->to; at += STEP) {
		const struct place_map_step wanted = frames_at(cfi, at, &end);
		struct place_map_step step;

		if (!place_map_step(c->base + at, &step)) {
			assert_int_equal(wanted.base, PLACE_MAP_NO_CALLER);
			continue;
		}
		assert_int_equal(step.base, wanted.base);
		assert_int_equal(step.cfa, wanted.cfa);
		assert_int_equal(step.bp, wanted.bp);
		++*known;
	}
}

static const struct subject *load(const char *path)
{
	char err[512];
	const struct subject *subject = subject_load(path, err, sizeof(err));

	if (!subject)
		fail_msg("%s", err);
	return subject;
}

static void assert_agree(const char *path)
{
	const struct subject *subject = load(path);
	struct code c = code_of(subject);
	unsigned int known = 0;
	Dwarf_Addr bias;
	Dwfl *dwfl;
	Dwfl_Module *module = open_file(path, &dwfl, &bias);

	compare(module, bias, &c, &known);
	assert_true(known > (c.to - c.from) / STEP / 2);
	known = 0;
	compare_callers(module, bias, &c, &known);
	assert_true(known > 100 || !INLINES);
	known = 0;
	compare_steps(module, &c, &known);
	assert_true(known > (c.to - c.from) / STEP * 9 / 10);
	dwfl_end(dwfl);
	subject_unload(subject);
}

static void a_map_says_what_the_debug_information_says(void **state)
{
	(void)state;
	assert_agree(copy);
}

static void the_map_beside_a_subject_does(void **state)
{
	char path[PATH_MAX];

	(void)state;
	if (!subject_path_hooked("bufring", path) || !strstr(path, "/hooked/"))
		skip(); /* no subject with hooks in this build */
	assert_agree(path);
}

/* ---- maps that are not believed ---- */

static void run(const char *format, ...)
{
	char command[4 * PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	assert_int_equal(system(command), 0);
}

/* whether the map beside the copy is taken; if not, places have no names */
static bool is_believed(void)
{
	const struct subject *subject = load(copy);
	const void *code = (const void *)(uintptr_t)subject->driver->module_init;
	struct place_map_place place;
	bool believed = place_map_find((uintptr_t)code, 0, &place);

	assert_int_equal(place_map_is_there((uintptr_t)code), believed);

	assert_int_equal(strcmp(place_of((const char *)code + 1)->func, "?") != 0,
			 believed);
	subject_unload(subject);
	return believed;
}

static unsigned int open_files(void)
{
	unsigned int n = 0;
	DIR *dir = opendir("/proc/self/fd");

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* of the program as well, whose map is asked for first */
static void no_map_stays_open(void **state)
{
	const struct subject *subject;
	unsigned int before;

	(void)state;
	place_map_forget();
	before = open_files();
	assert_false(place_map_is_there((uintptr_t)no_map_stays_open));
	subject = load(copy);
	assert_true(place_map_is_there(
		(uintptr_t)(const void *)(uintptr_t)subject->driver->module_init));
	assert_int_equal(open_files(), before + 1);
	place_map_forget();
	assert_int_equal(open_files(), before);
	subject_unload(subject);
}

/* of a program whose standard input is closed */
static void a_map_may_be_the_file_of_number_zero(void **state)
{
	const struct subject *subject;
	struct place_map_place place;
	struct place_map_step step;
	int input = dup(STDIN_FILENO);
	uintptr_t code;

	(void)state;
	place_map_forget();
	close(STDIN_FILENO);
	subject = load(copy);
	code = (uintptr_t)(const void *)(uintptr_t)subject->driver->module_init;
	assert_true(place_map_find(code, 0, &place));
	assert_int_not_equal(lseek(STDIN_FILENO, 0, SEEK_END), -1);
	assert_true(place_map_is_there(code));
	assert_true(place_map_step(code, &step));
	subject_unload(subject);
	place_map_forget();
	assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_CUR), -1);
	if (input >= 0) {
		dup2(input, STDIN_FILENO);
		close(input);
	}
}

static void another_files_map_is_not_believed(void **state)
{
	unsigned int before;

	(void)state;
	assert_true(is_believed());
	run("printf x | dd of=%s bs=1 seek=12 conv=notrunc status=none", map);
	assert_false(is_believed());
	/* nor does it stay open */
	place_map_forget();
	before = open_files();
	assert_false(is_believed());
	assert_int_equal(open_files(), before);
}

static void a_damaged_map_is_not_believed(void **state)
{
	(void)state;
	run("%s %s && truncate -s -1 %s", writer, copy, map);
	assert_false(is_believed());
	run(": > %s", map);
	assert_false(is_believed());
	run("rm %s", map);
	assert_false(is_believed());
}

static void what_has_no_map_is_refused(void **state)
{
	(void)state;
	run("echo nothing > %s && ! %s %s 2> %s/words", map, writer, map, folder);
	run("test $(wc -l < %s/words) = 1", folder);
	run("! %s 2> /dev/null", writer);
}

/* a copy of the subject, with a map */
static bool prepare(void)
{
	char path[PATH_MAX];
	const char *program = getenv("URINGSIM");

	if (!subject_path("bufring", path))
		return false;
	if (!program || !mkdtemp(folder)) {
		fprintf(stderr, "no $URINGSIM, or no folder to work in\n");
		exit(1);
	}
	snprintf(writer, sizeof(writer), "$(dirname %s)/place-map", program);
	snprintf(copy, sizeof(copy), "%s/bufring.so", folder);
	snprintf(map, sizeof(map), "%s" PLACE_MAP_SUFFIX, copy);
	run("cp %s %s && %s %s", path, copy, writer, copy);
	return true;
}

/* a program that is installed has its map elsewhere */
static void a_map_may_be_beside_the_library(void **state)
{
	char before[PATH_MAX];

	(void)state;
	snprintf(before, sizeof(before), "%s", copy);
	run("mkdir -p %s/bin %s/lib/uringsim && %s %s && cp %s %s/bin/bufring.so && "
	    "mv %s %s/lib/uringsim/",
	    folder, folder, writer, copy, copy, folder, map, folder);
	snprintf(copy, sizeof(copy), "%s/bin/bufring.so", folder);
	assert_true(is_believed());
	run("mv %s/lib/uringsim/bufring.so%s %s/lib/", folder, PLACE_MAP_SUFFIX, folder);
	assert_false(is_believed());
	/* beside it is as good */
	run("mv %s/lib/bufring.so%s %s/bin/", folder, PLACE_MAP_SUFFIX, folder);
	assert_true(is_believed());
	snprintf(copy, sizeof(copy), "%s", before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_says_what_the_debug_information_says),
		cmocka_unit_test(the_map_beside_a_subject_does),
		cmocka_unit_test(no_map_stays_open),
		cmocka_unit_test(a_map_may_be_the_file_of_number_zero),
		cmocka_unit_test(another_files_map_is_not_believed),
		cmocka_unit_test(a_damaged_map_is_not_believed),
		cmocka_unit_test(what_has_no_map_is_refused),
		cmocka_unit_test(a_map_may_be_beside_the_library),
	};
	int failed;

	if (!prepare())
		return 77; /* the subject is not built */
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	run("rm -r %s", folder);
	return failed;
}

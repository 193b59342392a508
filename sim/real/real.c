// SPDX-License-Identifier: GPL-2.0-only
/*
 * The running kernel as a subject, its reports, and the functions of the simulator that
 * have no counterpart on a real kernel.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "detect/race.h"
#include "detect/report.h"
#include "real/real.h"
#include "world/soak.h"
#include "sched/lines.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/page.h"
#include "shim/param.h"
#include "subject/subject.h"

/* ---- reports ---- */

static struct report reports[REPORT_MAX];
static size_t nr_reports;

bool report(enum report_kind kind, const struct sched_site *site, const char *fmt, ...)
{
	struct report *r = &reports[nr_reports % REPORT_MAX];
	va_list ap;

	(void)site;
	nr_reports++;
	r->kind = kind;
	va_start(ap, fmt);
	vsnprintf(r->summary, sizeof(r->summary), fmt, ap);
	va_end(ap);
	return true;
}

void report_about(const char *rule, const char *object, const char *group)
{
	(void)rule, (void)object, (void)group;
}

void report_scenario(const char *name)
{
	(void)name;
}

size_t report_count(void)
{
	return nr_reports < REPORT_MAX ? nr_reports : REPORT_MAX;
}

const struct report *report_get(size_t i)
{
	return &reports[i];
}

void report_reset(void)
{
	nr_reports = 0;
}

/* ---- the module ---- */

int shim_param_set(const char *name, long value)
{
	char path[96];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/module/fuse/parameters/%s", name);
	f = fopen(path, "we");
	if (!f)
		return -1;
	fprintf(f, "%ld\n", value);
	return fclose(f) ? -1 : 0;
}

static int loaded(void)
{
	return 0;
}

static void stays_loaded(void)
{
}

const struct subject *real_subject(const char *name, unsigned int caps)
{
	static struct fuse_ops ops;
	static struct subject_driver driver;
	static struct subject subject;

	real_forget_files();
	real_reset_knobs();
	ops = (struct fuse_ops){
		.mount = real_mount,
		.request = real_request,
		.request_bg = real_request_bg,
		.forget = real_forget,
		.abort = real_abort,
		.umount = real_umount,
		.set_max_background = real_set_max_background,
		.set_knob = real_set_knob,
	};
	driver = (struct subject_driver){
		.name = "fuse",
		.caps = caps,
		.module_init = loaded,
		.module_exit = stays_loaded,
		.ops = &ops,
	};
	subject = (struct subject){
		.abi = SUBJECT_ABI,
		.name = name,
		.version = "",
		.compiler = "",
		.driver = &driver,
	};
	return &subject;
}

/* stub: the queues of a real kernel are not visible */
void fuse_watch(struct world *w, bool on)
{
	(void)w;
	(void)on;
}

/* stub: its rounds are for a world that is looked into */
const struct driver_soak fuse_soak = { .nr_configs = 0 };
/* nor is a booted kernel's way compared with another */
const struct driver_difference fuse_difference = { .note = NULL };

/* stub: likewise */
unsigned int fuse_stalled_calls(struct world *w)
{
	(void)w;
	return 0;
}

unsigned int subject_loads(void)
{
	return 0;
}

void subject_reset_globals(void)
{
}

/* stubs: the state of a booted kernel cannot be copied, so nobody takes a checkpoint */
void subject_checkpoint(struct checkpoint *c, const struct subject *of)
{
	(void)c;
	(void)of;
}

void rules_checkpoint(struct checkpoint *c)
{
	(void)c;
}

/* ---- no detectors ---- */

/* sched_hooks, which is zero for that, is at a fixed address. */
void real_map_hot(void)
{
	if (mmap(SCHED_HOT, 4096, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
		world_full("memory for sched_hooks");
}

void lines_of_subject(const struct call_lines *files, unsigned int nr)
{
	(void)files;
	(void)nr;
}

void race_acquire_slow(const volatile void *object)
{
	(void)object;
}

void race_ignore_slow(int by)
{
	(void)by;
}

bool hook_keep(void)
{
	return true;
}

void hook_look_away(void)
{
}

void hook_put_back(void)
{
}

void hook_static_used(bool (*fn)(unsigned int i, uintptr_t *from, uintptr_t *to))
{
	(void)fn;
}

unsigned long race_met(void)
{
	return 0;
}

void race_quiet_slow(void)
{
}

void race_release_slow(const volatile void *object)
{
	(void)object;
}

/* its tasks are switched by the real kernel alone */
void sched_point_slow(enum sched_what what, const void *object,
		      const struct sched_site *site)
{
	(void)what;
	(void)object;
	(void)site;
}

uint64_t sched_tasks_runnable(void)
{
	return 0;
}

/* dependencies of steps are for a search, and this kernel is not searched */
void sched_touch_slow(const void *object, bool changes)
{
	(void)object;
	(void)changes;
}

/* ---- not visible from outside ---- */

void shim_heap_mark(void)
{
}

unsigned int shim_heap_report_leaks(void)
{
	return 0;
}

unsigned int shim_page_report_leaks(void)
{
	return 0;
}

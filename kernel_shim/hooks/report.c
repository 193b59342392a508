// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said of an access that must not be. All but the last end the execution:
 * going on would change what the simulator itself keeps beside the objects.
 */
#include <stdio.h>

#include "symbols/place.h"
#include "detect/report.h"
#include "hooks.h"
#include "sched/lines.h"
#include "shadow.h"
#include "shim/heap.h"
#include "symbols/stacks.h"
#include "shim/page.h"
#include "shim/pin.h"
#include "shim/uring.h"

static const struct sched_site *site_of(struct hook_place at)
{
	return at.site ? at.site : place_of_subject(at.pc);
}

/* "write of 8 bytes"; of an object that the runtime uses no byte is named */
static const char *name_access(size_t n, unsigned int access, char *buf, size_t len)
{
	if (access & HOOK_ATOMIC)
		snprintf(buf, len, "use");
	else
		snprintf(buf, len, "%s of %zu byte%s",
			 access & HOOK_WRITE ? "write" : "read", n, n == 1 ? "" : "s");
	return buf;
}

static void add_place(const char *what, const char *by, const struct sched_site *site)
{
	report_detail("%s%s%s in %s:%d (%s)", what, by ? " by " : "", by ? by : "",
		      site->file, site_line(site), site->func);
}

static void report_freed(const struct shim_heap_object *o, const char *byte,
			 const char *what, struct hook_place at)
{
	const struct sched_site *site = site_of(at);

	shim_heap_report_about("use-after-free", o);
	if (report(REPORT_HEAP, site,
		   "use after free: %s at byte %ld of \"%s\" of %zu in %s, freed in %s",
		   what, o->offset, o->label, o->size, site->func, o->freed_at->func))
		stacks_about(report_last(), byte - o->offset);
	add_place("used", NULL, site);
	add_place("allocated", NULL, o->allocated_at);
	add_place("freed", o->freed_by, o->freed_at);
	sched_stop();
}

static void report_beside(const struct shim_heap_object *o, const char *what,
			  struct hook_place at)
{
	long behind = o->offset - (long)o->size;

	shim_heap_report_about("out-of-bounds", o);
	report_fatal(
		REPORT_HEAP, site_of(at),
		"out of bounds: %s, byte %ld %s \"%s\" of %zu bytes, allocated in %s:%d",
		what, behind >= 0 ? behind : -o->offset,
		behind >= 0 ? "behind" : "before", o->label, o->size,
		o->allocated_at->file, site_line(o->allocated_at));
}

static void report_frame(const void *p, const char *what, struct hook_place at)
{
	const struct shim_page *page = shim_page_of(p);
	const struct sched_site *by = page ? page->allocated_at : NULL;
	char name[32] = "memory that is no page frame";

	shim_page_name(p, name, sizeof(name));
	report_about(by ? "use-after-free" : "wild-access", "a page", NULL);
	if (by)
		report_fatal(REPORT_HEAP, site_of(at),
			     "use after free: %s at %s, a page allocated in %s:%d", what,
			     name, by->file, site_line(by));
	else
		report_fatal(REPORT_HEAP, site_of(at),
			     "wild access: %s at %s, which was never allocated", what,
			     name);
}

void hook_bad_access(const void *p, size_t n, size_t bad, unsigned int access,
		     struct hook_place at)
{
	const char *byte = (const char *)p + bad;
	struct shim_heap_object o;
	char what[40];

	name_access(n, access, what, sizeof(what));
	if ((uintptr_t)p >= ARENA_PAGES)
		report_frame(byte, what, at);
	else if (!shim_heap_find(byte, &o))
		report_fatal(REPORT_HEAP, site_of(at),
			     "wild access: %s of the heap, where nothing was allocated",
			     what);
	else if (o.freed_at && o.offset >= 0 && o.offset < (long)o.size)
		report_freed(&o, byte, what, at);
	else
		report_beside(&o, what, at);
}

void hook_wild_access(const void *p, size_t n, unsigned int access, struct hook_place at)
{
	uintptr_t a = (uintptr_t)p;
	char what[40];

	name_access(n, access, what, sizeof(what));
	if (a < 65536)
		report_fatal(REPORT_KERNEL, site_of(at), "NULL pointer: %s at %zu", what,
			     (size_t)a);
	else if (a >= (uintptr_t)-4096)
		report_fatal(REPORT_KERNEL, site_of(at), "error pointer %ld: %s", (long)a,
			     what);
	else if (a >> 40 == 0x6b6b6b)
		report_fatal(REPORT_HEAP, site_of(at),
			     "use after free: %s through a pointer from freed memory",
			     what);
	else if (a >> 40 == 0xfefefe || a >> 40 == 0xaaaaaa)
		report_fatal(REPORT_KERNEL, site_of(at),
			     "%s through a variable that was never written", what);
	else if (a >> 40 == 0xa5a5a5)
		report_fatal(REPORT_HEAP, site_of(at),
			     "%s through a pointer that was never written", what);
	else
		report_fatal(REPORT_KERNEL, site_of(at),
			     "%s through a pointer that is none", what);
}

void hook_unwritten(const void *p, size_t n, size_t bad, struct hook_place at)
{
	struct shim_heap_object o;
	char name[32];

	if ((uintptr_t)p < ARENA_PAGES && shim_heap_find((const char *)p + bad, &o)) {
		shim_heap_report_about("uninitialised", &o);
		report(REPORT_HEAP, site_of(at),
		       "uninitialised: byte %zu of %zu on the way to the user is byte "
		       "%ld of "
		       "\"%s\", allocated in %s:%d and never written",
		       bad, n, o.offset, o.label, o.allocated_at->file,
		       site_line(o.allocated_at));
		return;
	}
	shim_page_name((const char *)p + bad, name, sizeof(name));
	report_about("uninitialised", "a page", NULL);
	report(REPORT_HEAP, site_of(at),
	       "uninitialised: byte %zu of %zu on the way to the user, at %s, was never "
	       "written",
	       bad, n, name);
}

/* The frame at @p was mapped by vmap(), and neither mapping nor pin is left. */
static void report_ended(const void *p, const char *what, const char *after,
			 const struct sched_site *ended, struct hook_place at)
{
	char name[32];

	shim_page_name(p, name, sizeof(name));
	report_about("use-after-free", "a mapping of user pages", NULL);
	report_fatal(REPORT_HEAP, site_of(at),
		     "use after free: %s at %s after its %s in %s:%d (%s)", what, name,
		     after, ended->file, site_line(ended), ended->func);
}

/* of @n bytes at @p, of which the first is mapped by vmap(), how many lie in front of a
 * page that is not */
static size_t mapped_before_end(const char *p, size_t n)
{
	size_t done = SHIM_PAGE_SIZE - (uintptr_t)p % SHIM_PAGE_SIZE;

	while (done < n && shim_vmap_has(p + done))
		done += SHIM_PAGE_SIZE;
	return done < n ? done : n;
}

static void check_end(const void *p, size_t n, const char *what, struct hook_place at)
{
	size_t inside = mapped_before_end(p, n);
	char name[32];

	if (inside == n)
		return;
	shim_page_name(p, name, sizeof(name));
	report_about("out-of-bounds", "a mapping of user pages", NULL);
	report_fatal(REPORT_HEAP, site_of(at),
		     "out of bounds: %s at %s, of which %zu are behind what vmap has "
		     "mapped",
		     what, name, n - inside);
}

void hook_user_access(const void *p, size_t n, unsigned int access, struct hook_place at)
{
	const bool mapped = shim_vmap_has(p);
	const struct sched_site *ended;
	char name[32], what[40];
	const char *after;

	if (mapped || shim_page_is_addressed(p) || shim_uring_is_ring_memory(p)) {
		if (mapped &&
		    unlikely((uintptr_t)p % SHIM_PAGE_SIZE + n > SHIM_PAGE_SIZE))
			check_end(p, n, name_access(n, access, what, sizeof(what)), at);
		if (!(access & HOOK_WRITE))
			hook_fetched(p, n, at);
		return;
	}
	ended = shim_vmap_ended(p, &after);
	if (ended)
		report_ended(p, name_access(n, access, what, sizeof(what)), after, ended,
			     at);
	shim_page_name(p, name, sizeof(name));
	report(REPORT_USER, site_of(at),
	       "user pointer dereferenced: %s at %s without a copy function",
	       name_access(n, access, what, sizeof(what)), name);
}

/* by the offset in an SQE: what io_uring's own header calls it */
static const char *sqe_field(unsigned int offset)
{
	static const struct {
		unsigned int end;
		const char *name;
	} fields[] = {
		{ 1, "opcode" },      { 2, "flags" },	   { 4, "ioprio" },
		{ 8, "fd" },	      { 12, "cmd_op" },	   { 16, "__pad1" },
		{ 24, "addr" },	      { 28, "len" },	   { 32, "uring_cmd_flags" },
		{ 40, "user_data" },  { 42, "buf_index" }, { 44, "personality" },
		{ 48, "file_index" },
	};

	for (unsigned int i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (offset < fields[i].end)
			return fields[i].name;
	return NULL;
}

static void name_fetched(const void *p, char *buf, size_t len)
{
	int offset = shim_uring_sqe_offset(p);
	const char *field = offset < 0 ? NULL : sqe_field((unsigned int)offset);

	if (field)
		snprintf(buf, len, "sqe->%s", field);
	else if (offset >= 0)
		snprintf(buf, len, "sqe->cmd[%d]", offset - 48);
	else
		shim_page_name(p, buf, len);
}

void hook_twice(const void *p, size_t n, struct hook_place before, struct hook_place at)
{
	const struct sched_site *first = site_of(before), *second = site_of(at);
	char name[32] = "user memory", group[192];

	name_fetched(p, name, sizeof(name));
	snprintf(group, sizeof(group), "user: double fetch of %s in %s and %s",
		 name[0] == 's' ? name : "user memory", first->func, second->func);
	report_about("double-fetch", name, group);
	report_pair(REPORT_USER, second, first,
		    "double fetch: %zu byte%s of %s, read in %s:%d (%s), read again in "
		    "%s:%d (%s)",
		    n, n == 1 ? "" : "s", name, first->file, site_line(first),
		    first->func, second->file, site_line(second), second->func);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel heap [mm/slub.c, mm/util.c]. Kind: model.
 *
 * Objects come from size classes. A freed object is poisoned, waits in its
 * class's queue until QUARANTINE others were freed, and is looked at when it
 * is handed out again: who wrote to it in between is reported. Under
 * AddressSanitizer the same memory is also unreadable while it is free.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "detect/lock_order.h"
#include "detect/report.h"
#include "heap_i.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "sched/lines.h"
#include "sched/sanitizer.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "symbols/stacks.h"

#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#define hide(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define show(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define hide(p, n) ((void)(p), (void)(n))
#define show(p, n) ((void)(p), (void)(n))
#endif

#define NEW_WORD     0xa5a5a5a5a5a5a5a5ull
#define POISON_FREE  0x6b
#define POISON_WORD  0x6b6b6b6b6b6b6b6bull
#define REDZONE	     16 /* bytes behind every object that nobody may write */
#define REDZONE_BYTE 0xcc
#define REDZONE_WORD 0xccccccccccccccccull
#define QUARANTINE   16

#define ZERO_SIZE ((void *)16) /* what kmalloc(0) returns: not to be touched */

/* for tools/gdb */
extern const unsigned int heap_live_debugged;
__attribute__((used)) const unsigned int heap_live_debugged = HEAP_MAGIC_LIVE;

struct heap shim_heap;

void shim_heap_reset(void)
{
	char *base = (char *)ARENA_HEAP;

	if (shim_heap.bump > base) {
		show(base, (size_t)(shim_heap.bump - base));
		memset(base, 0, (size_t)(shim_heap.bump - base));
	}
	shim_heap.bump = base;
	for (uint64_t set = shim_heap.queued; set; set &= set - 1)
		memset(&shim_heap.queue[__builtin_ctzll(set)], 0,
		       sizeof(shim_heap.queue[0]));
	shim_heap.queued = 0;
	shim_heap.live.next = shim_heap.live.prev = &shim_heap.live;
	shim_heap.live_nr = shim_heap.live_bytes = 0;
	shim_heap.numbers = 0;
	if (shim_heap.had_caches)
		memset(shim_heap.caches, 0, sizeof(shim_heap.caches));
	shim_heap.had_caches = false;
}

bool shim_heap_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = ARENA_HEAP;
	*to = (uintptr_t)shim_heap.bump;
	return !i;
}

void shim_heap_checkpoint(struct checkpoint *c)
{
	const char *was = shim_heap.bump;
	unsigned int first;

	checkpoint_bytes(c, &shim_heap, offsetof(struct heap, log));
	first = shim_heap.numbers < HEAP_LOG_NR ? shim_heap.numbers : HEAP_LOG_NR;
	checkpoint_bytes(c, shim_heap.log, first * sizeof(shim_heap.log[0]));
	checkpoint_value(c, shim_heap.had_caches);
	checkpoint_value(c, shim_heap.caches);
	checkpoint_lines(c, (void *)ARENA_HEAP, (uintptr_t)shim_heap.bump - ARENA_HEAP,
			 (uintptr_t)was - ARENA_HEAP);
}

/* ---- size classes ---- */

static unsigned int class_of(size_t block)
{
	if (block <= HEAP_SMALL_STEP * HEAP_SMALL_NR)
		return (unsigned int)((block + HEAP_SMALL_STEP - 1) / HEAP_SMALL_STEP) -
		       1;
	for (unsigned int c = 0; c < HEAP_LARGE_NR; c++)
		if (block <= 1ul << (HEAP_LARGE_SHIFT + c))
			return HEAP_SMALL_NR + c;
	return HEAP_CLASSES;
}

static void *data_of(struct heap_object *o)
{
	return o + 1;
}

/* the bytes behind the header: object, redzone and what is left over */
static size_t room_of(const struct heap_object *o)
{
	return heap_class_size(o->class) - sizeof(*o);
}

/* the object in whole cache lines, which is what is filled; never more than its room */
static size_t lines_of(const struct heap_object *o)
{
	return (o->size + 63ul) & ~63ul;
}

/* the next report is about @o, more exactly its byte @offset, if that says something */
static void report_object(const char *rule, const struct heap_object *o, size_t offset)
{
	const struct shim_heap_object told = { .label = o->label,
					       .size = o->size,
					       .offset = (long)offset,
					       .made = shim_heap_made(o) };

	shim_heap_report_about(rule, &told);
}

static void report_touched(const struct heap_object *o, size_t from)
{
	const unsigned char *p = (const unsigned char *)(o + 1);

	while (p[from] == POISON_FREE)
		from++;
	report_object("use-after-free", o, from);
	if (report(REPORT_HEAP, o->freed_at,
		   "write after free: byte %zu of %u of \"%s\", allocated in %s:%d, "
		   "freed "
		   "here",
		   from, o->size, o->label, o->allocated_at->file,
		   site_line(o->allocated_at)))
		stacks_about(report_last(), o + 1);
}

/* sixteen bytes at a time, which is what every x86-64 has a register for */
typedef uint64_t chunk __attribute__((vector_size(16), may_alias));

/*
 * The freed bytes must still be as shim_kfree() left them. One pass looks at the
 * old bytes and writes the new ones: for a small object this is most of the work.
 */
static inline void refill(struct heap_object *o, size_t new_lines, uint64_t fill)
{
	const chunk poison = { POISON_WORD, POISON_WORD }, value = { fill, fill };
	chunk *p = data_of(o), *end = p + lines_of(o) / sizeof(*p);

	show(p, room_of(o));
	for (; p < end; p += 4) {
		chunk differs = (p[0] ^ poison) | (p[1] ^ poison) | (p[2] ^ poison) |
				(p[3] ^ poison);

		if (unlikely(differs[0] | differs[1])) {
			report_touched(o, (size_t)((char *)p - (char *)data_of(o)));
			break;
		}
		p[0] = p[1] = p[2] = p[3] = value;
	}
	/* after a report, or when the new object is the longer one */
	for (end = (chunk *)data_of(o) + new_lines / sizeof(*p); p < end; p++)
		*p = value;
}

static struct heap_object *take_block(unsigned int class)
{
	struct heap_object *o = shim_heap.queue[class].first;

	shim_heap.queue[class].first = o->next;
	shim_heap.queue[class].nr--;
	return o;
}

/* memory that was never used; failing that, what was freed a short time ago */
static struct heap_object *fresh_block(unsigned int class)
{
	struct heap_object *o = (struct heap_object *)shim_heap.bump;

	if (shim_heap.bump + heap_class_size(class) >
	    (char *)ARENA_HEAP + ARENA_HEAP_SIZE)
		return shim_heap.queue[class].nr ? take_block(class) : NULL;
	shim_heap.bump += heap_class_size(class);
	show(o, heap_class_size(class));
	o->class = (uint8_t) class;
	return o;
}

static struct heap_object *new_block(size_t size)
{
	unsigned int class = class_of(size + sizeof(struct heap_object) + REDZONE);

	if (class == HEAP_CLASSES)
		return NULL;
	return likely(shim_heap.queue[class].nr > QUARANTINE) ? take_block(class)
							      : fresh_block(class);
}

/* ---- allocate and free ---- */

static void enlist(struct heap_object *o)
{
	o->next = shim_heap.live.next;
	o->prev = &shim_heap.live;
	shim_heap.live.next->prev = o;
	shim_heap.live.next = o;
	shim_heap.live_nr++;
	shim_heap.live_bytes += o->size;
}

static void unlist(struct heap_object *o)
{
	o->next->prev = o->prev;
	o->prev->next = o->next;
	shim_heap.live_nr--;
	shim_heap.live_bytes -= o->size;
}

static void *hand_out(size_t size, unsigned int gfp, const char *label,
		      const struct sched_site *site)
{
	struct heap_object *o = new_block(size);
	char *p;

	if (!o)
		return NULL;
	/* memory that was never used has zeros */
	if (o->magic || !(gfp & SHIM_GFP_ZERO))
		refill(o, (size + 63) & ~63ul, gfp & SHIM_GFP_ZERO ? 0 : NEW_WORD);
	o->magic = HEAP_MAGIC_LIVE;
	o->size = (uint32_t)size;
	o->label = label;
	o->allocated_at = site;
	o->freed_at = NULL;
	o->marked = 0;
	o->number = shim_heap.numbers++;
	shim_heap.log[o->number % HEAP_LOG_NR] = (struct heap_entry){
		.label = label,
		.addr = (uintptr_t)data_of(o),
		.size = (uint32_t)size,
	};
	enlist(o);
	p = data_of(o);
	stacks_note(p, "allocated it");
	hook_fresh(p, size, gfp & SHIM_GFP_ZERO);
	memset(p + size, REDZONE_BYTE, REDZONE);
	hide(p + size, room_of(o) - size);
	return p;
}

/* the words of the source without '*', '&' or "struct" */
static const char *label_of(const struct sched_site *site)
{
	const char *s = site->expr ? site->expr : "object";

	if (*s == '*' || *s == '&')
		return s + 1;
	return *s == 's' && !strncmp(s, "struct ", 7) ? s + 7 : s;
}

static void *allocate(size_t size, unsigned int gfp, const char *label,
		      const struct sched_site *site)
{
	void *p;

	sched_point(SCHED_ALLOC, NULL, site);
	if (!(gfp & SHIM_GFP_ATOMIC))
		shim_might_sleep(site);
	if (!(gfp & SHIM_GFP_NOFAIL) && fault_hit(FAULT_ALLOC)) {
		sched_trace(SCHED_FAULT, NULL, (int64_t)size, site);
		return NULL;
	}
	p = hand_out(size, gfp, label, site);
	/* larger than any scenario needs: it is the subject that asks for too much */
	if (!p) {
		report_about("used-up", label, NULL);
		report_fatal(REPORT_HEAP, site,
			     "the simulated heap of %lu MiB is used up by %zu bytes for "
			     "\"%s\"",
			     ARENA_HEAP_SIZE >> 20, size, label);
	}
	return p;
}

void *shim_kmalloc(size_t size, unsigned int gfp, const struct sched_site *site)
{
	if (!size)
		return ZERO_SIZE;
	return allocate(size, gfp, label_of(site), site);
}

static void report_bad_free(const void *ptr, const struct sched_site *site)
{
	const struct heap_object *o = (const struct heap_object *)ptr - 1;
	bool ours = heap_has(ptr) && !((uintptr_t)ptr & 63);
	char name[96];

	if (ours && o->magic == HEAP_MAGIC_FREE && o->freed_at) {
		report_object("double-free", o, o->size);
		if (report(REPORT_HEAP, site,
			   "double free of \"%s\", freed before in %s:%d (%s)", o->label,
			   o->freed_at->file, site_line(o->freed_at), o->freed_at->func))
			stacks_about(report_last(), ptr);
		report_detail("allocated in %s:%d (%s)", o->allocated_at->file,
			      site_line(o->allocated_at), o->allocated_at->func);
	} else if (ours && shim_heap_name(ptr, name, sizeof(name)))
		report(REPORT_HEAP, site, "free of a pointer into the middle of %s",
		       name);
	else
		report(REPORT_HEAP, site,
		       "free of a pointer that no allocation returned");
}

/* is this what an allocation returned, and still allocated? */
static bool is_live(const void *ptr)
{
	return heap_has(ptr) && !((uintptr_t)ptr & 63) &&
	       ((const struct heap_object *)ptr - 1)->magic == HEAP_MAGIC_LIVE;
}

static void report_redzone(const struct heap_object *o, const struct sched_site *site)
{
	const unsigned char *p = (const unsigned char *)(o + 1) + o->size;
	unsigned int i = 0;

	while (p[i] == REDZONE_BYTE)
		i++;
	report_object("out-of-bounds", o, o->size);
	report(REPORT_HEAP, site,
	       "out of bounds: byte %u behind \"%s\" of %u bytes was written, allocated "
	       "in %s:%d",
	       i, o->label, o->size, o->allocated_at->file, site_line(o->allocated_at));
}

static void check_redzone(const struct heap_object *o, const struct sched_site *site)
{
	const char *p = (const char *)(o + 1) + o->size;
	uint64_t word[REDZONE / sizeof(uint64_t)];

	show(p, REDZONE);
	memcpy(word, p, sizeof(word));
	if (unlikely((word[0] ^ REDZONE_WORD) | (word[1] ^ REDZONE_WORD)))
		report_redzone(o, site);
}

void shim_kfree(const void *ptr, const struct sched_site *site)
{
	struct heap_object *o;

	if (!ptr || ptr == ZERO_SIZE)
		return;
	sched_point(SCHED_FREE, ptr, site);
	if (unlikely(!is_live(ptr))) {
		report_bad_free(ptr, site);
		return;
	}
	o = (struct heap_object *)ptr - 1;
	lock_order_freed(ptr, o->size, site);
	check_redzone(o, site);
	unlist(o);
	o->magic = HEAP_MAGIC_FREE;
	o->freed_at = site;
	o->freed_by = sched_current() ? (uint8_t)sched_current()->id : HEAP_NOBODY;
	stacks_note(ptr, "freed it");
	hook_freed(ptr, o->size, site);
	show(data_of(o), room_of(o));
	memset(data_of(o), POISON_FREE, lines_of(o));
	hide(data_of(o), room_of(o));
	/* ->next of the last one is not looked at, nor is ->last of an empty queue */
	shim_heap.queued |= 1ull << o->class;
	*(shim_heap.queue[o->class].nr++ ? &shim_heap.queue[o->class].last->next
					 : &shim_heap.queue[o->class].first) = o;
	shim_heap.queue[o->class].last = o;
}

/* ---- kmem_cache ---- */

struct shim_cache *shim_cache_create(const char *name, size_t size,
				     const struct sched_site *site)
{
	for (size_t i = 0; i < sizeof(shim_heap.caches) / sizeof(shim_heap.caches[0]);
	     i++) {
		if (shim_heap.caches[i].used)
			continue;
		shim_heap.caches[i] = (struct shim_cache){
			.name = name, .created_at = site, .size = size, .used = true
		};
		shim_heap.had_caches = true;
		return &shim_heap.caches[i];
	}
	report_fatal(REPORT_UNMODELLED, site, "more than 16 kmem caches");
	return NULL;
}

void shim_cache_destroy(struct shim_cache *cache, const struct sched_site *site)
{
	if (cache->live)
		report(REPORT_HEAP, site, "cache %s destroyed with %u objects in use",
		       cache->name, cache->live);
	cache->used = false;
}

void *shim_cache_alloc(struct shim_cache *cache, unsigned int gfp,
		       const struct sched_site *site)
{
	void *p = allocate(cache->size, gfp, cache->name, site);

	if (p)
		cache->live++;
	return p;
}

void shim_cache_free(struct shim_cache *cache, void *ptr, const struct sched_site *site)
{
	struct heap_object *o = (struct heap_object *)ptr - 1;

	if (heap_has(ptr) && o->magic == HEAP_MAGIC_LIVE) {
		if (o->label != cache->name)
			report(REPORT_HEAP, site, "\"%s\" freed to cache %s", o->label,
			       cache->name);
		cache->live--;
	}
	shim_kfree(ptr, site);
}

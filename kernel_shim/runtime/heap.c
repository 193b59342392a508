// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel heap [mm/slub.c, mm/util.c]. Kind: model.
 *
 * Objects come from size classes. A freed object is poisoned, waits in its
 * class's queue until SHIM_QUARANTINE others were freed, and is looked at when it
 * is handed out again: who wrote to it in between is reported. Under
 * AddressSanitizer the same memory is also unreadable while it is free.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "detect/lock_order.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/lines.h"
#include "sched/sanitizer.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/lock.h"

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
#define MAGIC_LIVE   0x11fe0b1eu
#define MAGIC_FREE   0xf4eedbadu
#define QUARANTINE   16
#define NOBODY	     UINT8_MAX

#define SMALL_STEP  64
#define SMALL_NR    32 /* classes of 64, 128, ... 2048 bytes */
#define LARGE_SHIFT 12 /* then 4 KiB, 8 KiB, ... */
#define LARGE_NR    14
#define CLASSES	    (SMALL_NR + LARGE_NR)
#define ZERO_SIZE   ((void *)16) /* what kmalloc(0) returns: not to be touched */

/* for tools/gdb */
extern const unsigned int heap_live_debugged;
__attribute__((used)) const unsigned int heap_live_debugged = MAGIC_LIVE;

/* in front of every object; 64 bytes keep objects aligned to a cache line */
struct object {
	struct object *next, *prev; /* live list, or next in the class's queue */
	const struct sched_site *allocated_at, *freed_at;
	const char *label;
	uint32_t magic, size, number;
	uint8_t class, marked, freed_by; /* number of a task */
	char pad[9];
};

_Static_assert(sizeof(struct object) == 64, "objects start on a cache line");

struct shim_cache {
	const char *name;
	size_t size;
	unsigned int live;
	bool used;
};

/* what was allocated, in order: gives names to addresses, also later */
struct log_entry {
	const char *label;
	uintptr_t addr;
	uint32_t size;
};
#define LOG_NR 65536u

static struct {
	char *bump;
	struct {
		struct object *first, *last;
		unsigned int nr;
	} queue[CLASSES];
	struct object live; /* list head */
	unsigned long live_nr, live_bytes;
	uint32_t numbers;
	struct log_entry log[LOG_NR];
	struct shim_cache caches[16];
} h;

void shim_heap_reset(void)
{
	char *base = (char *)ARENA_HEAP;

	if (h.bump > base) {
		show(base, (size_t)(h.bump - base));
		memset(base, 0, (size_t)(h.bump - base));
	}
	h.bump = base;
	memset(h.queue, 0, sizeof(h.queue));
	h.live.next = h.live.prev = &h.live;
	h.live_nr = h.live_bytes = 0;
	h.numbers = 0;
	memset(h.caches, 0, sizeof(h.caches));
}

/* ---- size classes ---- */

static unsigned int class_of(size_t block)
{
	if (block <= SMALL_STEP * SMALL_NR)
		return (unsigned int)((block + SMALL_STEP - 1) / SMALL_STEP) - 1;
	for (unsigned int c = 0; c < LARGE_NR; c++)
		if (block <= 1ul << (LARGE_SHIFT + c))
			return SMALL_NR + c;
	return CLASSES;
}

static size_t class_size(unsigned int class)
{
	if (class < SMALL_NR)
		return (class + 1) * (size_t)SMALL_STEP;
	return 1ul << (LARGE_SHIFT + class - SMALL_NR);
}

static void *data_of(struct object *o)
{
	return o + 1;
}

/* the bytes behind the header: object, redzone and what is left over */
static size_t room_of(const struct object *o)
{
	return class_size(o->class) - sizeof(*o);
}

/* the object in whole cache lines, which is what is filled; never more than its room */
static size_t lines_of(const struct object *o)
{
	return (o->size + 63ul) & ~63ul;
}

static void report_touched(const struct object *o, size_t from)
{
	const unsigned char *p = (const unsigned char *)(o + 1);

	while (p[from] == POISON_FREE)
		from++;
	report(REPORT_HEAP, o->freed_at,
	       "write after free: byte %zu of %u of \"%s\", allocated in %s:%d, freed "
	       "here",
	       from, o->size, o->label, o->allocated_at->file,
	       site_line(o->allocated_at));
}

/* sixteen bytes at a time, which is what every x86-64 has a register for */
typedef uint64_t chunk __attribute__((vector_size(16), may_alias));

/*
 * The freed bytes must still be as shim_kfree() left them. One pass looks at the
 * old bytes and writes the new ones: for a small object this is most of the work.
 */
static inline void refill(struct object *o, size_t new_lines, uint64_t fill)
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

static struct object *take_block(unsigned int class)
{
	struct object *o = h.queue[class].first;

	h.queue[class].first = o->next;
	h.queue[class].nr--;
	return o;
}

/* memory that was never used; failing that, what was freed a short time ago */
static struct object *fresh_block(unsigned int class)
{
	struct object *o = (struct object *)h.bump;

	if (h.bump + class_size(class) > (char *)ARENA_HEAP + ARENA_HEAP_SIZE)
		return h.queue[class].nr ? take_block(class) : NULL;
	h.bump += class_size(class);
	show(o, class_size(class));
	o->class = (uint8_t) class;
	return o;
}

static struct object *new_block(size_t size)
{
	unsigned int class = class_of(size + sizeof(struct object) + REDZONE);

	if (class == CLASSES)
		return NULL;
	return likely(h.queue[class].nr > QUARANTINE) ? take_block(class)
						      : fresh_block(class);
}

/* ---- allocate and free ---- */

static void enlist(struct object *o)
{
	o->next = h.live.next;
	o->prev = &h.live;
	h.live.next->prev = o;
	h.live.next = o;
	h.live_nr++;
	h.live_bytes += o->size;
}

static void unlist(struct object *o)
{
	o->next->prev = o->prev;
	o->prev->next = o->next;
	h.live_nr--;
	h.live_bytes -= o->size;
}

static void *hand_out(size_t size, unsigned int gfp, const char *label,
		      const struct sched_site *site)
{
	struct object *o = new_block(size);
	char *p;

	if (!o)
		return NULL;
	/* memory that was never used has zeros */
	if (o->magic || !(gfp & SHIM_GFP_ZERO))
		refill(o, (size + 63) & ~63ul, gfp & SHIM_GFP_ZERO ? 0 : NEW_WORD);
	o->magic = MAGIC_LIVE;
	o->size = (uint32_t)size;
	o->label = label;
	o->allocated_at = site;
	o->freed_at = NULL;
	o->marked = 0;
	o->number = h.numbers++;
	h.log[o->number % LOG_NR] = (struct log_entry){
		.label = label,
		.addr = (uintptr_t)data_of(o),
		.size = (uint32_t)size,
	};
	enlist(o);
	p = data_of(o);
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
	if (!p)
		report_fatal(REPORT_UNMODELLED, site,
			     "the simulated heap of %lu MiB is used up by %zu bytes for "
			     "\"%s\"",
			     ARENA_HEAP_SIZE >> 20, size, label);
	return p;
}

void *shim_kmalloc(size_t size, unsigned int gfp, const struct sched_site *site)
{
	if (!size)
		return ZERO_SIZE;
	return allocate(size, gfp, label_of(site), site);
}

static bool in_heap(const void *p)
{
	return (char *)p >= (char *)ARENA_HEAP + sizeof(struct object) &&
	       (char *)p < h.bump;
}

static void report_bad_free(const void *ptr, const struct sched_site *site)
{
	const struct object *o = (const struct object *)ptr - 1;
	bool ours = in_heap(ptr) && !((uintptr_t)ptr & 63);
	char name[96];

	if (ours && o->magic == MAGIC_FREE && o->freed_at)
		report(REPORT_HEAP, site,
		       "double free of \"%s\", freed before in %s:%d (%s)", o->label,
		       o->freed_at->file, site_line(o->freed_at), o->freed_at->func);
	else if (ours && shim_heap_name(ptr, name, sizeof(name)))
		report(REPORT_HEAP, site, "free of a pointer into the middle of %s",
		       name);
	else
		report(REPORT_HEAP, site,
		       "free of a pointer that no allocation returned");
}

/* is this what an allocation returned, and still allocated? */
static bool is_live(const void *ptr)
{
	return in_heap(ptr) && !((uintptr_t)ptr & 63) &&
	       ((const struct object *)ptr - 1)->magic == MAGIC_LIVE;
}

static void report_redzone(const struct object *o, const struct sched_site *site)
{
	const unsigned char *p = (const unsigned char *)(o + 1) + o->size;
	unsigned int i = 0;

	while (p[i] == REDZONE_BYTE)
		i++;
	report(REPORT_HEAP, site,
	       "out of bounds: byte %u behind \"%s\" of %u bytes was written, allocated "
	       "in %s:%d",
	       i, o->label, o->size, o->allocated_at->file, site_line(o->allocated_at));
}

static void check_redzone(const struct object *o, const struct sched_site *site)
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
	struct object *o;

	if (!ptr || ptr == ZERO_SIZE)
		return;
	sched_point(SCHED_FREE, ptr, site);
	if (unlikely(!is_live(ptr))) {
		report_bad_free(ptr, site);
		return;
	}
	o = (struct object *)ptr - 1;
	lock_order_freed(ptr, o->size, site);
	check_redzone(o, site);
	unlist(o);
	o->magic = MAGIC_FREE;
	o->freed_at = site;
	o->freed_by = sched_current ? (uint8_t)sched_current->id : NOBODY;
	hook_freed(ptr, o->size, site);
	show(data_of(o), room_of(o));
	memset(data_of(o), POISON_FREE, lines_of(o));
	hide(data_of(o), room_of(o));
	/* ->next of the last one is not looked at, nor is ->last of an empty queue */
	*(h.queue[o->class].nr++ ? &h.queue[o->class].last->next
				 : &h.queue[o->class].first) = o;
	h.queue[o->class].last = o;
}

/* ---- kmem_cache ---- */

struct shim_cache *shim_cache_create(const char *name, size_t size,
				     const struct sched_site *site)
{
	for (size_t i = 0; i < sizeof(h.caches) / sizeof(h.caches[0]); i++) {
		if (h.caches[i].used)
			continue;
		h.caches[i] =
			(struct shim_cache){ .name = name, .size = size, .used = true };
		return &h.caches[i];
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
	struct object *o = (struct object *)ptr - 1;

	if (in_heap(ptr) && o->magic == MAGIC_LIVE) {
		if (o->label != cache->name)
			report(REPORT_HEAP, site, "\"%s\" freed to cache %s", o->label,
			       cache->name);
		cache->live--;
	}
	shim_kfree(ptr, site);
}

/* ---- looking ---- */

unsigned long shim_heap_live(unsigned long *bytes)
{
	if (bytes)
		*bytes = h.live_bytes;
	return h.live_nr;
}

void shim_heap_mark(void)
{
	for (struct object *o = h.live.next; o != &h.live; o = o->next)
		o->marked = 1;
}

unsigned int shim_heap_report_leaks(void)
{
	unsigned int n = 0;

	/* oldest first: the list grows at its head */
	for (struct object *o = h.live.prev; o != &h.live; o = o->prev) {
		if (o->marked)
			continue;
		report(REPORT_HEAP, o->allocated_at,
		       "leak: \"%s\" of %u bytes is never freed", o->label, o->size);
		n++;
	}
	return n;
}

/* number + 1 of the youngest object that holds @addr; 0: none */
unsigned int shim_heap_tag(const void *addr)
{
	uintptr_t a = (uintptr_t)addr;
	uint32_t oldest = h.numbers > LOG_NR ? h.numbers - LOG_NR : 0;

	if (!in_heap(addr))
		return 0;
	for (uint32_t n = h.numbers; n > oldest; n--) {
		const struct log_entry *e = &h.log[(n - 1) % LOG_NR];

		if (a >= e->addr && a < e->addr + e->size)
			return n;
	}
	return 0;
}

int shim_heap_tag_name(unsigned int tag, const void *addr, char *buf, size_t len)
{
	uint32_t number = tag - 1, oldest = h.numbers > LOG_NR ? h.numbers - LOG_NR : 0;
	const struct log_entry *e = &h.log[number % LOG_NR];
	unsigned int ordinal = 1;
	size_t offset;

	if (!tag || number < oldest)
		return 0;
	for (uint32_t n = oldest; n < number; n++)
		ordinal += !strcmp(h.log[n % LOG_NR].label, e->label);
	offset = (uintptr_t)addr - e->addr;
	if (offset)
		snprintf(buf, len, "%s#%u+%zu", e->label, ordinal, offset);
	else
		snprintf(buf, len, "%s#%u", e->label, ordinal);
	return 1;
}

int shim_heap_name(const void *addr, char *buf, size_t len)
{
	return shim_heap_tag_name(shim_heap_tag(addr), addr, buf, len);
}

const char *shim_heap_kind(const void *addr, size_t *offset)
{
	unsigned int tag = shim_heap_tag(addr);
	const struct log_entry *e = &h.log[(tag - 1) % LOG_NR];

	if (!tag)
		return NULL;
	*offset = (uintptr_t)addr - e->addr;
	return e->label;
}

/* the youngest object whose block - header, object, what is behind - has @addr */
int shim_heap_find(const void *addr, struct shim_heap_object *found)
{
	uintptr_t a = (uintptr_t)addr;
	uint32_t oldest = h.numbers > LOG_NR ? h.numbers - LOG_NR : 0;

	for (uint32_t n = h.numbers; n > oldest; n--) {
		const struct log_entry *e = &h.log[(n - 1) % LOG_NR];
		const struct object *o = (const struct object *)e->addr - 1;
		const struct sched_task *t;

		if (a < (uintptr_t)o || a >= (uintptr_t)o + class_size(o->class))
			continue;
		t = o->freed_by == NOBODY ? NULL : sched_task_nr(o->freed_by);
		*found = (struct shim_heap_object){
			.label = o->label,
			.size = o->size,
			.offset = (long)(a - e->addr),
			.allocated_at = o->allocated_at,
			.freed_at = o->magic == MAGIC_FREE ? o->freed_at : NULL,
			.freed_by = t ? t->name : "-",
		};
		return 1;
	}
	return 0;
}

int shim_heap_is_live(const void *addr)
{
	const struct log_entry *e;
	unsigned int tag = shim_heap_tag(addr);

	if (!tag)
		return 0;
	e = &h.log[(tag - 1) % LOG_NR];
	return ((struct object *)e->addr - 1)->magic == MAGIC_LIVE;
}

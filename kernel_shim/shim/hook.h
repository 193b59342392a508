/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every memory access of a hooked subject comes by here: who looks at it, and how
 * the runtime announces what it does to kernel memory on the subject's behalf
 * (copies, clearing). Read by kernel code too: builtin types only.
 */
#ifndef SHIM_HOOK_H
#define SHIM_HOOK_H

#include "sched/sched.h"

/** enum hook_watcher - bits of sched_hooks(); 0: a hook returns at once */
enum hook_watcher {
	HOOK_HEAP = 1,	  /* is the memory allocated, within bounds, initialised */
	HOOK_USER = 2,	  /* is it a user pointer that is dereferenced */
	HOOK_RACE = 4,	  /* is it ordered after the accesses of others */
	HOOK_POINTS = 8,  /* is it a point of the scheduler (SCHED_LOAD, _STORE) */
	HOOK_PROOF = 16,  /* the self-test that no access escapes */
	HOOK_SETTLE = 32, /* of the next access alone: what a race wrote is there */
	HOOK_COVER = 64,  /* what it covers is kept (shim/cover.h) */
};
#define HOOK_DETECTORS (HOOK_HEAP | HOOK_USER | HOOK_RACE)

/** enum hook_access - how memory is accessed */
enum hook_access {
	HOOK_READ = 0,
	HOOK_WRITE = 1,
	HOOK_MARKED = 2, /* volatile: READ_ONCE, WRITE_ONCE; else plain */
	HOOK_ATOMIC = 4, /* one step of a read-modify-write; marked, too */
	HOOK_LEAVES = 8, /* a read on the way to the user: needs a value */
};

/**
 * hook_watch() - who is to look at each access, from the next shim_reset() on
 * @watchers: HOOK_*, of enum hook_watcher; 0, as at first: nobody
 *
 * Only for subjects that are built with hooks: in others nothing is announced, and
 * the heap's watcher would take every byte for uninitialised.
 */
void hook_watch(unsigned int watchers);

/** hook_proof() - HOOK_PROOF's watcher: what was announced, before anybody else hears */
extern void (*hook_proof)(const void *p, __SIZE_TYPE__ n, unsigned int access);

/** hook_reset() - a new execution; called by shim_reset(), last */
void hook_reset(void);

/**
 * hook_keep() - the heap's watcher is to know later what it knows now
 *
 * Return: false: that is too much. Context: between two steps.
 */
_Bool hook_keep(void);

/**
 * hook_look_away() - nobody watches, until hook_put_back(): what happens is what happened
 * before hook_keep()
 *
 * Context: right after hook_reset(), with the watchers of then.
 */
void hook_look_away(void);

/** hook_put_back() - watch again, and know what was kept */
void hook_put_back(void);

/* each shim_*_used() has so many parts of static data, of which one may be empty */
#define SHIM_PARTS 2u

/**
 * hook_static_used() - what of the callers' static data tasks may have accessed
 * @fn: part number @i; Return: false: there are no more
 *
 * The shim knows its own. What is not told is not part of a checkpoint.
 */
void hook_static_used(_Bool (*fn)(unsigned int i, __UINTPTR_TYPE__ *from,
				  __UINTPTR_TYPE__ *to));

/** hook_checkpoint() - what the watchers know is state of an execution */
struct checkpoint;
void hook_checkpoint(struct checkpoint *c);

/**
 * hook_range() - memory is about to be accessed by the runtime
 * @p, @len: bytes
 * @access: HOOK_*
 * @site: where
 *
 * For subjects it is __tsan_*() that calls; for the runtime this is for
 * copy_to_user() and whatever else reads or writes kernel memory in its name.
 */
void hook_range_slow(const void *p, __SIZE_TYPE__ len, unsigned int access,
		     const struct sched_site *site);

static inline void hook_range(const void *p, __SIZE_TYPE__ len, unsigned int access,
			      const struct sched_site *site)
{
	if (__builtin_expect(sched_hooks(), 0))
		hook_range_slow(p, len, access, site);
}

/** hook_two_pointers() - two pointers at @p, 16 bytes, are about to be written, marked */
void hook_two_pointers_slow(const void *p, const struct sched_site *site);

static inline void hook_two_pointers(const void *p, const struct sched_site *site)
{
	if (__builtin_expect(sched_hooks(), 0))
		hook_two_pointers_slow(p, site);
}

/**
 * hook_object() - the runtime is about to use an object of the subject's that has
 * rules of its own (a lock, a wait queue): is it there?
 * @p: its first byte, which stands for all of it
 */
void hook_object_slow(const void *p, const struct sched_site *site);

static inline void hook_object(const void *p, const struct sched_site *site)
{
	if (__builtin_expect(sched_hooks(), 0))
		hook_object_slow(p, site);
}

/**
 * hook_fresh() - memory is handed out
 * @p: its first byte
 * @len: so many bytes may be used, until it is freed
 * @written: they have a value
 */
void hook_fresh_slow(const void *p, __SIZE_TYPE__ len, int written);

static inline void hook_fresh(const void *p, __SIZE_TYPE__ len, int written)
{
	if (__builtin_expect(sched_hooks(), 0))
		hook_fresh_slow(p, len, written);
}

/** hook_freed() - memory is given back */
void hook_freed_slow(const void *p, __SIZE_TYPE__ len, const struct sched_site *site);

static inline void hook_freed(const void *p, __SIZE_TYPE__ len,
			      const struct sched_site *site)
{
	if (__builtin_expect(sched_hooks(), 0))
		hook_freed_slow(p, len, site);
}

/*
 * HOOK_USER: bytes of user memory that are read twice in one command or system call, in
 * two places, may have changed in between. How many readings are remembered of each
 * task's current one:
 */
extern unsigned char hook_fetches[SCHED_MAX_TASKS + 1];

/** hook_fetch_begins() - the current task begins another command or system call */
static inline void hook_fetch_begins(void)
{
	hook_fetches[sched_current_id()] = 0;
}

/**
 * hook_fetch_excuse() - @twofold says of bytes that two places have read whether user
 * mode gave them for two uses: then each was read once. NULL: none are
 */
void hook_fetch_excuse(_Bool (*twofold)(const void *p, __SIZE_TYPE__ n));

/** hook_fetch() - the runtime has read user memory on the subject's behalf */
void hook_fetch_slow(const void *p, __SIZE_TYPE__ len, const struct sched_site *site);

static inline void hook_fetch(const void *p, __SIZE_TYPE__ len,
			      const struct sched_site *site)
{
	if (__builtin_expect(sched_hooks() & HOOK_USER, 0))
		hook_fetch_slow(p, len, site);
}

/*
 * HOOK_POINTS: plain accesses are points of the scheduler, from the places in the code
 * that were learnt. hook_points_learn(), then executions that are watched with
 * HOOK_POINTS, hook_points_learnt() after each, then hook_points_use(), which returns
 * how many places there are.
 */
void hook_points_learn(void);
void hook_points_learnt(void);
unsigned int hook_points_use(void);

/*
 * The C library's memory functions, which announce what they access. Subjects with
 * hooks come here by way of kernel_shim/subject/memory.c.
 * @pc: where the subject calls them
 */
void *hook_memmove(void *to, const void *from, __SIZE_TYPE__ n, const void *pc);
void *hook_memset(void *to, int byte, __SIZE_TYPE__ n, const void *pc);
int hook_memcmp(const void *a, const void *b, __SIZE_TYPE__ n, const void *pc);
void *hook_memchr(const void *s, int c, __SIZE_TYPE__ n, const void *pc);
__SIZE_TYPE__ hook_strnlen(const char *s, __SIZE_TYPE__ n, const void *pc);
int hook_strncmp(const char *a, const char *b, __SIZE_TYPE__ n, const void *pc);
char *hook_strchr(const char *s, int c, const void *pc);

#endif /* SHIM_HOOK_H */

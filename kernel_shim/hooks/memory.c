// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory and string functions that announce what they access. Those whose length
 * only the bytes tell are announced when it is known: nobody else runs in between.
 */
#include <stdbool.h>
#include <string.h>

#include "hooks.h"

void hook_copied(const void *to, const void *from, size_t n)
{
	if ((sched_hooks() & HOOK_HEAP) && shadow_has(to) && shadow_has(from))
		shadow_copy(to, from, n);
}

/* to the user: the bytes need a value; in the kernel: they have one where they had */
static void announce_copy(const void *to, const void *from, size_t n, const void *pc)
{
	hook_access(from, n, is_user(to) ? HOOK_READ | HOOK_LEAVES : HOOK_READ, pc);
	hook_access(to, n, HOOK_WRITE, pc);
	hook_copied(to, from, n);
}

void *hook_memmove(void *to, const void *from, size_t n, const void *pc)
{
	if (n && sched_hooks())
		announce_copy(to, from, n, pc);
	return memmove(to, from, n);
}

void *hook_memset(void *to, int byte, size_t n, const void *pc)
{
	if (n)
		hook_access(to, n, HOOK_WRITE, pc);
	return memset(to, byte, n);
}

int hook_memcmp(const void *a, const void *b, size_t n, const void *pc)
{
	if (n) {
		hook_access(a, n, HOOK_READ, pc);
		hook_access(b, n, HOOK_READ, pc);
	}
	return memcmp(a, b, n);
}

void *hook_memchr(const void *s, int c, size_t n, const void *pc)
{
	const char *found = memchr(s, c, n);

	if (n)
		hook_access(s, found ? (size_t)(found + 1 - (const char *)s) : n,
			    HOOK_READ, pc);
	return (void *)(uintptr_t)found;
}

size_t hook_strnlen(const char *s, size_t n, const void *pc)
{
	size_t len = strnlen(s, n);

	if (n)
		hook_access(s, len < n ? len + 1 : n, HOOK_READ, pc);
	return len;
}

int hook_strncmp(const char *a, const char *b, size_t n, const void *pc)
{
	size_t seen = 0;

	while (seen < n && a[seen] && a[seen] == b[seen])
		seen++;
	if (seen < n)
		seen++;
	if (seen) {
		hook_access(a, seen, HOOK_READ, pc);
		hook_access(b, seen, HOOK_READ, pc);
	}
	return strncmp(a, b, n);
}

char *hook_strchr(const char *s, int c, const void *pc)
{
	const char *found = strchr(s, c);

	hook_access(s, found ? (size_t)(found + 1 - s) : strlen(s) + 1, HOOK_READ, pc);
	return (char *)(uintptr_t)found;
}

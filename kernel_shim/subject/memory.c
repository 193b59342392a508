// SPDX-License-Identifier: GPL-2.0-only
/*
 * The C library's memory and string functions, as a subject with hooks finds them:
 * each announces what it accesses. Kind: copy. A plain subject uses the program's.
 *
 * Also what compilers call for a structure that is copied or cleared. Hidden, as all
 * of a subject: whoever loads it keeps his own.
 */
#include <linux/string.h>

#ifdef SHIM_HOOKED
#include "shim/hook.h"

#define CALLER __builtin_return_address(0)

int bcmp(const void *a, const void *b, size_t n);

void *memcpy(void *to, const void *from, size_t n)
{
	return hook_memmove(to, from, n, CALLER);
}

void *memmove(void *to, const void *from, size_t n)
{
	return hook_memmove(to, from, n, CALLER);
}

void *memset(void *to, int byte, size_t n)
{
	return hook_memset(to, byte, n, CALLER);
}

int memcmp(const void *a, const void *b, size_t n)
{
	return hook_memcmp(a, b, n, CALLER);
}

int bcmp(const void *a, const void *b, size_t n)
{
	return hook_memcmp(a, b, n, CALLER);
}

void *memchr(const void *s, int c, size_t n)
{
	return hook_memchr(s, c, n, CALLER);
}

size_t strlen(const char *s)
{
	return hook_strnlen(s, -1UL, CALLER);
}

size_t strnlen(const char *s, size_t n)
{
	return hook_strnlen(s, n, CALLER);
}

int strcmp(const char *a, const char *b)
{
	return hook_strncmp(a, b, -1UL, CALLER);
}

int strncmp(const char *a, const char *b, size_t n)
{
	return hook_strncmp(a, b, n, CALLER);
}

char *strchr(const char *s, int c)
{
	return hook_strchr(s, c, CALLER);
}
#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler's own atomics, which become one call as a whole, and string functions:
 * what they give back, and that they are seen.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "cases.h"

struct counters {
	u8 byte;
	u16 half;
	u32 word;
	u64 wide;
	char text[16];
};

static unsigned int wrong;

#define EXPECT(what, value) (wrong += (u64)(what) != (u64)(value))
#define ORDER		    __ATOMIC_SEQ_CST

#define EACH_OF(type, p)                                                              \
	do {                                                                          \
		type expected = 5;                                                    \
                                                                                      \
		__atomic_store_n(p, 5, ORDER);                                        \
		EXPECT(__atomic_load_n(p, ORDER), 5);                                 \
		EXPECT(__atomic_exchange_n(p, 6, ORDER), 5);                          \
		EXPECT(__atomic_fetch_add(p, 3, ORDER), 6);                           \
		EXPECT(__atomic_fetch_sub(p, 1, ORDER), 9);                           \
		EXPECT(__atomic_fetch_or(p, 3, ORDER), 8);                            \
		EXPECT(__atomic_fetch_and(p, 6, ORDER), 11);                          \
		EXPECT(__atomic_fetch_xor(p, 7, ORDER), 2);                           \
		EXPECT(__atomic_fetch_nand(p, 1, ORDER), 5);                          \
		EXPECT(__atomic_load_n(p, ORDER), (type)~1ull);                       \
		EXPECT(__atomic_compare_exchange_n(p, &expected, 1, 0, ORDER, ORDER), \
		       0);                                                            \
		EXPECT(expected, (type)~1ull);                                        \
		EXPECT(__atomic_compare_exchange_n(p, &expected, 1, 1, ORDER, ORDER), \
		       1);                                                            \
		EXPECT(__sync_val_compare_and_swap(p, 1, 2), 1);                      \
		EXPECT(__sync_val_compare_and_swap(p, 1, 3), 2);                      \
		EXPECT(*(p), 2);                                                      \
	} while (0)

CASE(uses_builtin_atomics)
{
	struct counters *c = kzalloc(sizeof(*c), GFP_KERNEL);

	EACH_OF(u8, &c->byte);
	EACH_OF(u16, &c->half);
	EACH_OF(u32, &c->word);
	EACH_OF(u64, &c->wide);
	__atomic_signal_fence(ORDER);
	kfree(c);
}

CASE(counts_in_freed)
{
	struct counters *c = kzalloc(sizeof(*c), GFP_KERNEL);

	kfree(c);
	__asm__("" : "+r"(c));
	__atomic_fetch_add(&c->word, 1, ORDER);
}

static struct counters shared;

CASE(counts)
{
	__atomic_fetch_add(&shared.wide, 1, ORDER);
}

CASE(uses_string_functions)
{
	struct counters *c = kzalloc(sizeof(*c), GFP_KERNEL);
	char *volatile t = c->text;

	memcpy(t, "a string", 9);
	EXPECT(strlen(t), 8);
	EXPECT(strnlen(t, 3), 3);
	EXPECT(strcmp(t, "a string"), 0);
	EXPECT(strcmp(t, "a strong") < 0, 1);
	EXPECT(strncmp(t, "a strong", 5), 0);
	EXPECT(memcmp(t, "a stri", 6), 0);
	EXPECT(memcmp(t, "b", 1) < 0, 1);
	EXPECT(memchr(t, 'r', 16) == t + 4, 1);
	EXPECT(memchr(t, 'x', 9) == NULL, 1);
	EXPECT(strchr(t, 'g') == t + 7, 1);
	EXPECT(strchr(t, 'x') == NULL, 1);
	memmove(t + 2, t, 8);
	EXPECT(memcmp(t, "a a string", 10), 0);
	kfree(c);
}

CASE(wrong_results)
{
	unsigned int *n = arg;

	*n = wrong;
	wrong = 0;
}

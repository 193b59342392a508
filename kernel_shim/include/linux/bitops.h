/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for bitops.h. test_bit, set_bit and the other atomic ones: model, points of
 * the scheduler. Those with two underscores, and the searches: copy, plain accesses.
 */
#ifndef SHIM_LINUX_BITOPS_H
#define SHIM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/compiler.h>

#define test_bit(nr, addr)                                               \
	({                                                               \
		const unsigned long bit__ = (nr);                        \
		const volatile unsigned long *map__ = (addr);            \
                                                                         \
		shim_mark_read(map__ + BIT_WORD(bit__), #addr ", " #nr); \
		shim_order(marked_read(map__ + BIT_WORD(bit__)));        \
		!!(map__[BIT_WORD(bit__)] & BIT_MASK(bit__));            \
	})
#define test_bit_acquire(nr, addr)                                       \
	({                                                               \
		const unsigned long bit__ = (nr);                        \
		const volatile unsigned long *map__ = (addr);            \
                                                                         \
		shim_mark_read(map__ + BIT_WORD(bit__), #addr ", " #nr); \
		shim_order(acquire(map__ + BIT_WORD(bit__)));            \
		!!(map__[BIT_WORD(bit__)] & BIT_MASK(bit__));            \
	})

/*
 * to what @op makes of the word and the mask; the value is the old bit. @order is
 * that of Documentation/atomic_bitops.txt
 */
#define shim_change_bit(nr, addr, op, text, order)           \
	({                                                   \
		const unsigned long bit__ = (nr);            \
		volatile unsigned long *map__ = (addr);      \
		unsigned long old__;                         \
                                                             \
		map__ += BIT_WORD(bit__);                    \
		shim_mark_atomic((const void *)map__, text); \
		old__ = *map__;                              \
		*map__ = old__ op BIT_MASK(bit__);           \
		shim_order(atomic(map__, order));            \
		!!(old__ & BIT_MASK(bit__));                 \
	})

#define set_bit(nr, addr) \
	((void)shim_change_bit(nr, addr, |, #addr ", " #nr, RACE_RELAXED))
#define clear_bit(nr, addr) \
	((void)shim_change_bit(nr, addr, &~, #addr ", " #nr, RACE_RELAXED))
#define change_bit(nr, addr) \
	((void)shim_change_bit(nr, addr, ^, #addr ", " #nr, RACE_RELAXED))
#define clear_bit_unlock(nr, addr) \
	((void)shim_change_bit(nr, addr, &~, #addr ", " #nr, RACE_RELEASE))
#define test_and_set_bit(nr, addr) shim_change_bit(nr, addr, |, #addr ", " #nr, RACE_FULL)
#define test_and_clear_bit(nr, addr) \
	shim_change_bit(nr, addr, &~, #addr ", " #nr, RACE_FULL)
#define test_and_change_bit(nr, addr) \
	shim_change_bit(nr, addr, ^, #addr ", " #nr, RACE_FULL)
#define test_and_set_bit_lock(nr, addr)              \
	shim_change_bit(nr, addr, |, #addr ", " #nr, \
			old__ & BIT_MASK(bit__) ? RACE_RELAXED : RACE_ACQUIRE)

static inline void __set_bit(unsigned long nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned long nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline void __change_bit(unsigned long nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static inline bool __test_and_set_bit(unsigned long nr, unsigned long *addr)
{
	bool old = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, addr);
	return old;
}

static inline bool __test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
	bool old = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, addr);
	return old;
}

#define __assign_bit(nr, addr, val) ((val) ? __set_bit(nr, addr) : __clear_bit(nr, addr))
#define assign_bit(nr, addr, val)   ((val) ? set_bit(nr, addr) : clear_bit(nr, addr))

#define __ffs(word)	((unsigned long)__builtin_ctzl(word))
#define ffz(word)	__ffs(~(word))
#define __fls(word)	((unsigned long)(63 - __builtin_clzl(word)))
#define fls(x)		((x) ? 32 - __builtin_clz(x) : 0)
#define fls64(x)	((x) ? 64 - __builtin_clzll(x) : 0)
#define ffs(x)		__builtin_ffs(x)
#define hweight8(w)	((unsigned int)__builtin_popcount((u8)(w)))
#define hweight16(w)	((unsigned int)__builtin_popcount((u16)(w)))
#define hweight32(w)	((unsigned int)__builtin_popcount(w))
#define hweight64(w)	((unsigned long)__builtin_popcountll(w))
#define hweight_long(w) ((unsigned long)__builtin_popcountl(w))

#endif /* SHIM_LINUX_BITOPS_H */

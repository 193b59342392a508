// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls that gcc and clang put before each access under -fsanitize=thread. The
 * names and arguments are the compilers'; what they do is ours.
 *
 * Read-modify-writes by the compiler's builtins come here as a whole: kernel code
 * has them in its own headers, so they are seen here only in a tree that does not.
 *
 * Under AddressSanitizer gcc declares these names itself, in its own way: -fno-builtin
 * (CMakeLists.txt) keeps it from that.
 */
#include "hooks.h"
#include "sched/checkpoint.h"

#define HERE __builtin_return_address(0)

/* what a compiler calls is declared nowhere */
#define HOOK(name, ...)         \
	void name(__VA_ARGS__); \
	void name(__VA_ARGS__)

/*
 * One access. What looks at it is a function of its own, so that a hook that nobody looks
 * at saves no registers.
 */
#define ACCESS(name, n, access)                                                       \
	static __attribute__((noinline)) void watched_##name(void *p, const void *pc) \
	{                                                                             \
		hook_access(p, n, access, pc);                                        \
	}                                                                             \
	HOOK(__tsan_##name, void *p)                                                  \
	{                                                                             \
		if (unlikely(sched_hooks()))                                          \
			watched_##name(p, HERE);                                      \
	}

#define SIZED(n)                                               \
	ACCESS(read##n, n, HOOK_READ)                          \
	ACCESS(write##n, n, HOOK_WRITE)                        \
	ACCESS(volatile_read##n, n, HOOK_READ | HOOK_MARKED)   \
	ACCESS(volatile_write##n, n, HOOK_WRITE | HOOK_MARKED) \
	HOOK(__tsan_read_write##n, void *p)                    \
	{                                                      \
		hook_access(p, n, HOOK_READ, HERE);            \
		hook_access(p, n, HOOK_WRITE, HERE);           \
	}

#define UNALIGNED(n)                                                     \
	ACCESS(unaligned_read##n, n, HOOK_READ)                          \
	ACCESS(unaligned_write##n, n, HOOK_WRITE)                        \
	ACCESS(unaligned_volatile_read##n, n, HOOK_READ | HOOK_MARKED)   \
	ACCESS(unaligned_volatile_write##n, n, HOOK_WRITE | HOOK_MARKED) \
	HOOK(__tsan_unaligned_read_write##n, void *p)                    \
	{                                                                \
		hook_access(p, n, HOOK_READ, HERE);                      \
		hook_access(p, n, HOOK_WRITE, HERE);                     \
	}

SIZED(1)
SIZED(2)
SIZED(4)
SIZED(8)
SIZED(16)
UNALIGNED(2)
UNALIGNED(4)
UNALIGNED(8)
UNALIGNED(16)

/*
 * gcc announces "*to = *from" of structures as a write, and right behind it as a read
 * of the same length: a few instructions apart, which tells it from other pairs.
 */
#define PAIR_CODE 64

static struct {
	const void *to, *pc;
	unsigned long n;
} written;

void hook_pair_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, written);
}

HOOK(__tsan_write_range, void *p, unsigned long n)
{
	if (!n)
		return;
	hook_access(p, n, HOOK_WRITE, HERE);
	written.to = p;
	written.pc = HERE;
	written.n = n;
}

HOOK(__tsan_read_range, void *p, unsigned long n)
{
	if (!n)
		return;
	hook_access(p, n, HOOK_READ, HERE);
	if (n == written.n && (uintptr_t)HERE - (uintptr_t)written.pc < PAIR_CODE)
		hook_copied(written.to, p, n);
	written.n = 0;
}

/* called by each object's constructor, and by those of C++, which a kernel has not */
HOOK(__tsan_init, void)
{
}

HOOK(__tsan_vptr_update, void **p, void *value)
{
	(void)value;
	hook_access(p, sizeof(*p), HOOK_WRITE, HERE);
}

HOOK(__tsan_vptr_read, void **p)
{
	hook_access(p, sizeof(*p), HOOK_READ, HERE);
}

/* where a compiler cannot be told to leave them out */
HOOK(__tsan_func_entry, void *from)
{
	(void)from;
}

HOOK(__tsan_func_exit, void)
{
}

/* ---- the compiler's builtin atomics; @order is asked for nothing: full ---- */

#define RMW (HOOK_READ | HOOK_WRITE | HOOK_MARKED | HOOK_ATOMIC)

#define ATOMIC_FN(type, name, ...) \
	type name(__VA_ARGS__);    \
	type name(__VA_ARGS__)

#define ATOMIC_OP(type, bits, op)                                                        \
	ATOMIC_FN(type, __tsan_atomic##bits##_##op, volatile type *p, type v, int order) \
	{                                                                                \
		(void)order;                                                             \
		hook_access((const void *)(uintptr_t)p, sizeof(*p), RMW, HERE);          \
		return __atomic_##op(p, v, __ATOMIC_SEQ_CST);                            \
	}

#define ATOMIC_SWAP(type, bits, strength, weak)                                       \
	ATOMIC_FN(int, __tsan_atomic##bits##_compare_exchange_##strength,             \
		  volatile type *p, type *old, type v, int order, int fail)           \
	{                                                                             \
		(void)order;                                                          \
		(void)fail;                                                           \
		hook_access((const void *)(uintptr_t)p, sizeof(*p), RMW, HERE);       \
		return __atomic_compare_exchange_n(p, old, v, weak, __ATOMIC_SEQ_CST, \
						   __ATOMIC_SEQ_CST);                 \
	}

#define ATOMIC(type, bits)                                                             \
	ATOMIC_FN(type, __tsan_atomic##bits##_load, const volatile type *p, int order) \
	{                                                                              \
		(void)order;                                                           \
		hook_access((const void *)(uintptr_t)p, sizeof(*p),                    \
			    HOOK_READ | HOOK_MARKED, HERE);                            \
		return __atomic_load_n(p, __ATOMIC_SEQ_CST);                           \
	}                                                                              \
	ATOMIC_FN(void, __tsan_atomic##bits##_store, volatile type *p, type v,         \
		  int order)                                                           \
	{                                                                              \
		(void)order;                                                           \
		hook_access((const void *)(uintptr_t)p, sizeof(*p),                    \
			    HOOK_WRITE | HOOK_MARKED, HERE);                           \
		__atomic_store_n(p, v, __ATOMIC_SEQ_CST);                              \
	}                                                                              \
	ATOMIC_FN(type, __tsan_atomic##bits##_exchange, volatile type *p, type v,      \
		  int order)                                                           \
	{                                                                              \
		(void)order;                                                           \
		hook_access((const void *)(uintptr_t)p, sizeof(*p), RMW, HERE);        \
		return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                    \
	}                                                                              \
	ATOMIC_OP(type, bits, fetch_add)                                               \
	ATOMIC_OP(type, bits, fetch_sub)                                               \
	ATOMIC_OP(type, bits, fetch_and)                                               \
	ATOMIC_OP(type, bits, fetch_or)                                                \
	ATOMIC_OP(type, bits, fetch_xor)                                               \
	ATOMIC_OP(type, bits, fetch_nand)                                              \
	ATOMIC_SWAP(type, bits, strong, 0)                                             \
	ATOMIC_SWAP(type, bits, weak, 1)                                               \
	ATOMIC_FN(type, __tsan_atomic##bits##_compare_exchange_val, volatile type *p,  \
		  type old, type v, int order, int fail)                               \
	{                                                                              \
		(void)order;                                                           \
		(void)fail;                                                            \
		hook_access((const void *)(uintptr_t)p, sizeof(*p), RMW, HERE);        \
		__atomic_compare_exchange_n(p, &old, v, 0, __ATOMIC_SEQ_CST,           \
					    __ATOMIC_SEQ_CST);                         \
		return old;                                                            \
	}

ATOMIC(uint8_t, 8)
ATOMIC(uint16_t, 16)
ATOMIC(uint32_t, 32)
ATOMIC(uint64_t, 64)

HOOK(__tsan_atomic_thread_fence, int order)
{
	(void)order;
}

HOOK(__tsan_atomic_signal_fence, int order)
{
	(void)order;
}
